// slogate explain and slogate replay: what a stored decision says, and whether it would be made
// again.
#include <optional>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/limits.h"
#include "gate/cli/commands.h"
#include "gate/cli/report.h"
#include "gate/decision/document.h"
#include "gate/decision/explanation.h"
#include "gate/decision/replay.h"
#include "gate/policy/load.h"

namespace slogate {
namespace {

std::optional<Document> Open(const std::string& path, World& world) {
  absl::StatusOr<std::string> bytes = world.files.Read(path, limits::kDecisionBytes);
  if (!bytes.ok()) {
    Complain(world, bytes.status());
    return std::nullopt;
  }
  absl::StatusOr<Document> document = ReadDocument(*bytes);
  if (!document.ok()) {
    Complain(world, absl::StrCat("slogate: ", path, ": ", document.status().message(), "\n"));
    return std::nullopt;
  }
  if (!document->id_matches) {
    Complain(world,
             absl::StrCat(
                 "slogate: warning: ", path,
                 " was changed after it was written: its id is not the digest of its content\n"));
  }
  return *std::move(document);
}

// The decision made again from the document, by its own policy or by `other`.
std::optional<Decision> DecideAgain(const Document& document, const std::vector<SourceFile>& other,
                                    World& world) {
  Parsed<Decision> decision = Replay(document, other);
  if (decision.value) return std::move(decision.value);
  ShowDiagnostics(world, decision.diagnostics, other.empty() ? document.inputs.files : other);
  return std::nullopt;
}

// Whoever wrote the document may have put anything into it.
std::string RulingText(const json::Value& document) {
  return Printable(absl::StrCat(document["verdict"].text(), ", ", document["outcome"].text()));
}

// The files that stand for `options`' other policy: with the recorded SLO files, unless it has SLOs
// of its own or others are named.
std::optional<std::vector<SourceFile>> OtherFiles(const ReplayOptions& options,
                                                  const Document& document, World& world) {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> paths = {options.policy};
  paths.insert(paths.end(), options.slos.begin(), options.slos.end());
  std::vector<SourceFile> files = ReadFiles(world, paths, diagnostics);
  ShowDiagnostics(world, diagnostics, files);
  if (HasErrors(diagnostics)) return std::nullopt;
  const Parsed<PolicyFiles> alone = LoadPolicyFiles({files[0]});
  const bool brings_slos = alone.value && alone.value->policy && !alone.value->policy->slos.empty();
  if (options.slos.empty() && !brings_slos) {
    files.insert(files.end(), document.inputs.files.begin() + 1, document.inputs.files.end());
  }
  return files;
}

}  // namespace

int Explain(const ExplainOptions& options, World& world) {
  const std::optional<Document> document = Open(options.decision, world);
  if (!document) return kExitUsage;
  const std::optional<Decision> decision = DecideAgain(*document, {}, world);
  if (!decision) return kExitUsage;
  std::string text;
  if ((*document).json["verdict"].text() != Word(decision->ruling.verdict)) {
    text = absl::StrCat("Recorded as ", RulingText(document->json),
                        "; by this version of slogate it is ", Word(decision->ruling.verdict),
                        ", as told below.\n\n");
  }
  return SayQuoting(world, absl::StrCat(text, Explanation(*decision, options.decision,
                                                          Printable(document->json["id"].text()))));
}

int Replay(const ReplayOptions& options, World& world) {
  const std::optional<Document> document = Open(options.decision, world);
  if (!document) return kExitUsage;
  std::vector<SourceFile> other;
  if (!options.policy.empty()) {
    std::optional<std::vector<SourceFile>> files = OtherFiles(options, *document, world);
    if (!files) return kExitUsage;
    other = *std::move(files);
  }
  const std::optional<Decision> decision = DecideAgain(*document, other, world);
  if (!decision) return kExitUsage;
  const absl::StatusOr<json::Value> replayed = json::Parse(WriteDocument(*decision));
  if (!replayed.ok()) {
    Complain(world, replayed.status());
    return kExitInternal;
  }
  if (!other.empty()) {
    return SayQuoting(world, absl::StrCat("recorded  ", RulingText(document->json), "  by ",
                                          Printable(document->inputs.files.front().path),
                                          "\nreplayed  ", RulingText(*replayed), "  by ",
                                          options.policy, "\n\n", ScreenText(*decision)));
  }
  const std::vector<std::string> differences = Differences(document->json, *replayed);
  if (differences.empty())
    return Say(world, absl::StrCat("same: ", RulingText(*replayed), ", as recorded\n"));
  const int said =
      SayQuoting(world, absl::StrCat("different: recorded ", RulingText(document->json),
                                     "; replayed ", RulingText(*replayed), "\ndiffers in ",
                                     Printable(absl::StrJoin(differences, ", ")), "\n"));
  return said == kExitOk ? 1 : said;
}

}  // namespace slogate
