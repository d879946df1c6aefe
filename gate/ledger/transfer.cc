#include "gate/ledger/transfer.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>

#include "gate/base/duration.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

// No record begins so: the first of its members is the actor.
constexpr absl::string_view kTrailerStart = "{\"checkpoint\":";

std::string Cell(const std::string& text) {
  const bool formula =
      !text.empty() && absl::string_view("=+-@\t\r").find(text[0]) != absl::string_view::npos;
  const std::string safe = formula ? absl::StrCat("'", text) : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  return absl::StrCat("\"", absl::StrReplaceAll(safe, {{"\"", "\"\""}}), "\"");
}

std::string Line(const std::vector<std::string>& cells) {
  return absl::StrCat(absl::StrJoin(cells, ",",
                                    [](std::string* out, const std::string& cell) {
                                      absl::StrAppend(out, Cell(cell));
                                    }),
                      "\r\n");
}

// What differs by kind: verdict, outcome, basis, id, decision, reason, ticket.
struct Particulars {
  std::string verdict, outcome, basis, override_id, decision, text, ticket;

  void operator()(const std::monostate&) {}
  void operator()(const DecisionMade& made) {
    verdict = made.verdict;
    outcome = made.outcome;
    basis = made.basis;
    override_id = made.override_id;
    decision = made.id;
    ticket = made.ticket;
  }
  void operator()(const OverrideRequested& request) {
    override_id = request.id;
    decision = request.decision;
    text = request.reason;
    ticket = request.ticket;
  }
  void operator()(const OverrideJudged& judged) {
    override_id = judged.id;
    text = judged.text;
  }
  void operator()(const OverrideUsed& used) {
    override_id = used.id;
    decision = used.decision;
  }
  void operator()(const ReleaseReported& release) {
    decision = release.decision;
    outcome = std::string(Word(release.result));
  }
  void operator()(const TreeHead& head) { text = head.root; }
  void operator()(const Repaired& repaired) { text = repaired.reason; }
};

}  // namespace

std::string ExportTrailer(const Checkpoint& head) {
  return absl::StrCat(json::Dump(json::Object{{"checkpoint", PrintCheckpoint(head)},
                                              {"kind", "export"},
                                              {"v", json::Value::Number(kRecordVersion)}}),
                      "\n");
}

absl::StatusOr<ExportReader::Line> ExportReader::Add(absl::string_view line) {
  if (head_) return absl::InvalidArgumentError("something follows the last line of the export");
  if (!absl::StartsWith(line, kTrailerStart)) return Line::kRecord;
  const absl::StatusOr<json::Value> trailer = json::Parse(line);
  if (!trailer.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the last line of the export: ", trailer.status().message()));
  }
  const absl::StatusOr<Checkpoint> head = ParseCheckpoint((*trailer)["checkpoint"].text());
  if (!head.ok()) return head.status();
  head_ = *head;
  return Line::kTrailer;
}

absl::StatusOr<Checkpoint> ExportReader::Finish() const {
  if (!head_) {
    return absl::InvalidArgumentError(
        "the export has no last line, which names its head: it was cut off, or is none");
  }
  return *head_;
}

std::string CsvHeader() {
  return Line({"seq",      "time",    "kind",    "service", "environment", "artifact", "version",
               "commit",   "verdict", "outcome", "basis",   "override",    "decision", "account",
               "known_by", "role",    "text",    "ticket",  "refused",     "run_url",  "gate"});
}

std::string CsvLine(const Record& record) {
  Particulars what;
  std::visit(what, record.payload);
  const Subject& subject = record.subject;
  return Line({absl::StrCat(record.seq),
               PrintTime(record.time),
               std::string(Word(record.kind)),
               subject.service,
               subject.environment,
               subject.artifact,
               subject.version,
               subject.commit,
               what.verdict,
               what.outcome,
               what.basis,
               what.override_id,
               what.decision,
               record.actor.account,
               record.actor.known_by,
               record.actor.role,
               what.text,
               what.ticket,
               record.refused,
               subject.run_url,
               record.gate});
}

}  // namespace slogate
