#include "gate/decision/audit.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/limits.h"
#include "gate/decision/consent.h"
#include "gate/decision/sentences.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

std::string KnownText(const std::string& known_by) {
  if (known_by.empty()) return "known by nothing";
  if (known_by == kVouchedFor) return "vouched for by the CI system";
  if (known_by == "database" || known_by == "operating system") {
    return absl::StrCat("known by the ", known_by);
  }
  return absl::StrCat("claimed by ", Printable(known_by));
}

std::string WordText(const OverrideWord& word) {
  return absl::StrCat(ActorText(word.by), " at ", MomentText(word.at),
                      word.text.empty() ? "" : absl::StrCat(": ", Printable(word.text)));
}

// The subject of a record, and what its payload names.
struct AboutText {
  std::string operator()(const DecisionMade& made) const {
    return absl::StrCat(" ", Printable(made.id), ": ", Printable(made.verdict), ", ",
                        Printable(made.outcome), ", basis ", Printable(made.basis));
  }
  std::string operator()(const OverrideRequested& request) const {
    return absl::StrCat(" ", Printable(request.id));
  }
  std::string operator()(const OverrideJudged& judged) const {
    return absl::StrCat(" ", Printable(judged.id));
  }
  std::string operator()(const OverrideUsed& used) const {
    return absl::StrCat(" ", Printable(used.id), used.again ? ", again" : "");
  }
  std::string operator()(const ReleaseReported& release) const {
    return absl::StrCat(" of ", Printable(release.decision), ": ", Word(release.result));
  }
  template <class T>
  std::string operator()(const T& /*of the ledger itself*/) const {
    return "";
  }
};

}  // namespace

std::string ActorText(const Actor& actor) {
  return absl::StrCat(actor.account.empty() ? "somebody" : Printable(actor.account), " (",
                      KnownText(actor.known_by), ")");
}

std::string ConsentSentence(const OverrideTaken& taken) {
  const Override& entry = taken.entry;
  std::string text = absl::StrCat(
      ActorText(entry.requested_by), " asked for it at ", MomentText(entry.requested_at),
      " because ", Quoted(Cut(Printable(entry.request.reason), limits::kQuotedBytes)));
  if (!entry.request.ticket.empty()) {
    absl::StrAppend(&text, ", ticket ", Printable(entry.request.ticket));
  }
  std::vector<std::string> approvals;
  for (const OverrideWord& word : entry.approvals) {
    approvals.push_back(absl::StrCat(ActorText(word.by), " at ", MomentText(word.at)));
  }
  absl::StrAppend(&text, "; ",
                  approvals.empty()
                      ? "nobody had to approve"
                      : absl::StrCat("approved by ", absl::StrJoin(approvals, " and by ")));
  return text;
}

std::string OverrideSentence(const Ruling& ruling) {
  const OverrideTaken& taken = *ruling.opened_by;
  return absl::StrCat(
      "OVERRIDDEN by ", Printable(taken.entry.request.id), ": the release proceeds although the ",
      "verdict is ", absl::AsciiStrToUpper(Word(ruling.verdict)), ". ", ConsentSentence(taken),
      ". Use ", taken.used, " of ", taken.allowed,
      taken.again ? " again, as the release before it failed" : "", ", until ",
      MomentText(taken.expires_at),
      taken.review_due ? absl::StrCat("; to be reviewed by ", MomentText(*taken.review_due)) : "",
      ".");
}

std::vector<std::pair<std::string, std::string>> AuditLines(const OverrideTaken& taken) {
  const Override& entry = taken.entry;
  std::vector<std::pair<std::string, std::string>> lines = {
      {"id", Printable(entry.request.id)},
      {"asked for by",
       absl::StrCat(ActorText(entry.requested_by), " at ", MomentText(entry.requested_at))},
      {"reason", Printable(entry.request.reason)},
  };
  const auto add = [&](const char* name, std::string text) {
    if (!text.empty()) lines.emplace_back(name, std::move(text));
  };
  add("ticket", Printable(entry.request.ticket));
  for (const OverrideWord& word : entry.approvals) add("approved by", WordText(word));
  add("artifact", Printable(entry.subject.artifact));
  add("change class", Printable(entry.request.change));
  add("rules", Printable(absl::StrJoin(entry.request.rules, ", ")));
  add("asked after", Printable(entry.request.decision));
  add("policy then",
      Printable(absl::StrCat(entry.request.policy.name, "  sha256:", entry.request.policy.sha256)));
  for (const SloNote& slo : entry.request.slos) {
    add("budget then",
        Printable(absl::StrCat(
            Quoted(slo.name), ": ",
            slo.remaining_ratio.empty() ? "not known" : absl::StrCat(slo.remaining_ratio, " left"),
            slo.bad.empty() ? "" : absl::StrCat(", ", slo.bad, " bad of ", slo.total, " events"))));
  }
  add("expires", MomentText(taken.expires_at));
  add("use", absl::StrCat(taken.used, " of ", taken.allowed,
                          taken.again ? ", again after a release that failed" : ""));
  if (taken.review_due) add("review by", MomentText(*taken.review_due));
  add("run", Printable(entry.subject.run_url));
  return lines;
}

std::vector<std::pair<std::string, std::string>> HistoryLines(const History& history) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const Record& record : history.records) {
    lines.emplace_back(
        absl::StrCat(record.seq),
        absl::StrCat(
            Word(record.kind), std::visit(AboutText{}, record.payload), " by ",
            ActorText(record.actor), " at ", MomentText(record.time),
            record.refused.empty() ? "" : absl::StrCat("; refused: ", Printable(record.refused))));
  }
  return lines;
}

}  // namespace slogate
