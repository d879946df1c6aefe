#include <string>
#include <utility>

#include "gate/base/sha256.h"
#include "gate/decision/document.h"
#include "gate/decision/explanation.h"
#include "gate/decision/replay.h"
#include "tests/fuzz/fuzz.h"

namespace slogate {
namespace {

// With the digests of the policy files put right, which no chance would ever do.
std::string WithDigests(absl::string_view input) {
  absl::StatusOr<json::Value> json = json::Parse(input);
  if (!json.ok() || !json->is_object()) return std::string(input);
  const auto policy = json->object().find("policy");
  if (policy == json->object().end()) return std::string(input);
  const auto files = policy->second.object().find("files");
  if (files == policy->second.object().end()) return std::string(input);
  for (json::Value& file : files->second.array()) {
    if (file["text"].is_string()) file.object()["sha256"] = Sha256Hex(file["text"].text());
  }
  return json::Dump(*json);
}

}  // namespace

bool FuzzDecision(absl::string_view input) {
  const absl::StatusOr<Document> document = ReadDocument(WithDigests(input));
  if (!document.ok()) {
    RequirePrintable(std::string(document.status().message()), "a refusal is printable");
    return false;
  }
  const Parsed<Decision> decision = Replay(*document, {});
  if (!decision.value) {
    Require(HasErrors(decision.diagnostics), "no decision without a mistake in the policy");
    RequirePrintable(Render(decision.diagnostics, document->inputs.files), "which is printable");
    return false;
  }
  const Ruling& ruling = decision.value->ruling;
  Require(ruling.outcome == Outcome::kBlocked || ruling.verdict == Verdict::kAllow ||
              ruling.verdict == Verdict::kWarn || ruling.enforcement == Enforcement::kObserve ||
              (ruling.basis == Basis::kOverride && ruling.opened_by),
          "hold and deny proceed only where nobody enforces them, or people override them");
  Require(ruling.verdict < Verdict::kHold || !ruling.closed_by.empty(),
          "what is closed says by which rules");
  RequirePrintable(Explanation(*decision.value, "decision.json", "sha256:0"),
                   "an explanation is printable");

  const std::string written = WriteDocument(*decision.value);
  const absl::StatusOr<Document> again = ReadDocument(written);
  Require(again.ok(), "what was written can be read");
  if (!again.ok()) return false;
  Require(again->id_matches, "with its id");
  const Parsed<Decision> twice = Replay(*again, {});
  Require(twice.value.has_value(), "and decided again");
  if (!twice.value) return false;
  Decision repeated = *twice.value;
  repeated.command = decision.value->command;  // is not recorded
  Require(WriteDocument(repeated) == written, "to the same bytes");
  return true;
}

}  // namespace slogate
