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

// Everything read, sound or not.
struct Read {
  std::vector<ReleasePolicy> policies;
  std::vector<ServiceObjectives> objectives;
  Doubts doubts;
  std::vector<Diagnostic> diagnostics;
};

// `wanted` is the kind that the file's flag wants, or "" for either.
void Load(const SourceFile& file, const std::string& wanted, Read& read) {
  const std::optional<Node> root = ParseYaml(file, read.diagnostics);
  const std::string kind = root ? KindOf(file, *root, read.diagnostics) : "";
  if (kind.empty()) return read.doubts.AddFile();
  const Position at = root->Find("kind")->at;
  if (!wanted.empty() && kind != wanted) {
    Report(file, at, "wrong_kind",
           absl::StrCat(wanted == kPolicy ? "--policy" : "--slos", " wants a ", wanted,
                        ", and this file is a ", kind),
           "give the ReleasePolicy with --policy, and ServiceObjectives with --slos",
           read.diagnostics);
  } else if (kind == kPolicy && !read.policies.empty()) {
    Report(file, at, "second_policy",
           absl::StrCat("a second ReleasePolicy, beside ", read.policies.front().file),
           "give one ReleasePolicy", read.diagnostics);
  }
  if (kind == kPolicy) {
    read.policies.push_back(
        DecodeFile(ReleasePolicyType(), file.path, *root, read.doubts, read.diagnostics));
    read.policies.back().file = file.path;
  } else {
    read.objectives.push_back(
        DecodeFile(ServiceObjectivesType(), file.path, *root, read.doubts, read.diagnostics));
    read.objectives.back().file = file.path;
  }
}

void Check(Read& read) {
  if (read.policies.size() == 1) {
    CheckPolicyFiles(&read.policies[0], read.objectives, read.doubts, read.diagnostics);
    return;
  }
  // None, or nobody knows which of them is meant for the objectives.
  for (const ReleasePolicy& policy : read.policies) {
    CheckPolicyFiles(&policy, {}, read.doubts, read.diagnostics);
  }
  CheckPolicyFiles(nullptr, read.objectives, read.doubts, read.diagnostics);
}

}  // namespace

Parsed<PolicyFiles> LoadPolicyFiles(absl::Span<const SourceFile> files, const FilesGiven& given) {
  Read read;
  if (given.unreadable) read.doubts.AddFile();
  for (const SourceFile& file : files) {
    const char* const by_flag = file.path == given.policy ? kPolicy : kObjectives;
    Load(file, given.policy.empty() ? "" : by_flag, read);
  }
  Check(read);
  Parsed<PolicyFiles> result;
  result.diagnostics = std::move(read.diagnostics);
  if (HasErrors(result.diagnostics)) return result;
  PolicyFiles& loaded = result.value.emplace();
  if (!read.policies.empty()) loaded.policy = std::move(read.policies[0]);
  loaded.objectives = std::move(read.objectives);
  return result;
}

}  // namespace slogate
