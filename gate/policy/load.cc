#include "gate/policy/load.h"

#include <string>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/suggest.h"
#include "gate/policy/check.h"
#include "gate/policy/policy_types.h"
#include "gate/text/node.h"
#include "gate/text/type.h"

namespace slogate {
namespace {

constexpr char kPolicy[] = "ReleasePolicy";
constexpr char kObjectives[] = "ServiceObjectives";

void Report(const SourceFile& file, Position at, const char* id, std::string message,
            std::string hint, std::vector<Diagnostic>& diagnostics) {
  diagnostics.push_back({.id = id,
                         .file = file.path,
                         .at = at,
                         .message = std::move(message),
                         .hint = std::move(hint)});
}

// The value of `kind`, or "" where there is none to go by, which has been told.
std::string KindOf(const SourceFile& file, const Node& root, std::vector<Diagnostic>& diagnostics) {
  const std::string hint = absl::StrCat("write 'kind: ", kPolicy, "' or 'kind: ", kObjectives, "'");
  if (root.kind != Node::Kind::kMap) {
    if (!root.unreadable) {
      Report(file, root.at, "wrong_kind",
             absl::StrCat("expected a policy, found ", KindName(root.kind)),
             "a file begins with 'apiVersion: slogate/v1' and 'kind: …'", diagnostics);
    }
    return "";
  }
  const Node* kind = root.Find("kind");
  if (kind == nullptr || IsNull(*kind) || kind->kind != Node::Kind::kScalar) {
    if (kind == nullptr || !kind->unreadable) {
      Report(file, kind == nullptr ? root.at : kind->at, "missing_key",
             "the file does not say its kind", hint, diagnostics);
    }
    return "";
  }
  if (kind->scalar != kPolicy && kind->scalar != kObjectives) {
    Report(file, kind->at, "unknown_kind",
           absl::StrCat("unknown kind '", Cut(kind->scalar, 80), "'",
                        DidYouMean(kind->scalar, {kPolicy, kObjectives})),
           hint, diagnostics);
    return "";
  }
  return kind->scalar;
}

void Load(const SourceFile& file, PolicyFiles& files, std::vector<Diagnostic>& diagnostics) {
  const std::optional<Node> root = ParseYaml(file, diagnostics);
  if (!root) return;
  const std::string kind = KindOf(file, *root, diagnostics);
  if (kind == kObjectives) {
    ServiceObjectives objectives =
        DecodeFile(ServiceObjectivesType(), file.path, *root, diagnostics);
    objectives.file = file.path;
    files.objectives.push_back(std::move(objectives));
  } else if (kind == kPolicy) {
    ReleasePolicy policy = DecodeFile(ReleasePolicyType(), file.path, *root, diagnostics);
    policy.file = file.path;
    if (files.policy) {
      Report(file, root->Find("kind")->at, "second_policy",
             absl::StrCat("a second ReleasePolicy, beside ", files.policy->file),
             "give one ReleasePolicy", diagnostics);
      return;
    }
    files.policy = std::move(policy);
  }
}

}  // namespace

Parsed<PolicyFiles> LoadPolicyFiles(absl::Span<const SourceFile> files) {
  Parsed<PolicyFiles> result;
  PolicyFiles loaded;
  for (const SourceFile& file : files) Load(file, loaded, result.diagnostics);
  if (!HasErrors(result.diagnostics)) CheckPolicyFiles(loaded, result.diagnostics);
  if (!HasErrors(result.diagnostics)) result.value = std::move(loaded);
  return result;
}

}  // namespace slogate
