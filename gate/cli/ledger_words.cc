#include "gate/cli/ledger_words.h"

#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/base/rational.h"
#include "gate/decision/screen.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

constexpr size_t kReasonShown = 60;  // in a line; show tells it whole

// "2026-11-23 03:12"
std::string Minute(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, absl::UTCTimeZone());
}

// A cell of a table, and the gap behind it.
std::string Padded(std::string text, size_t width) {
  const size_t columns = Columns(text);
  return text + std::string(columns < width ? width - columns : 1, ' ');
}

std::string About(const Subject& subject) {
  return Printable(subject.environment.empty()
                       ? subject.service
                       : absl::StrCat(subject.service, " → ", subject.environment));
}

// The version where there is one, for people; else the artifact's beginning.
std::string What(const Subject& subject) {
  constexpr size_t kShort = 15;  // "sha256:ab12cd34"
  return Printable(subject.version.empty() ? subject.artifact.substr(0, kShort) : subject.version);
}

std::string By(const Actor& actor) {
  return Printable(
      absl::StrCat(actor.account, " (known by ", actor.known_by,
                   actor.role.empty() ? "" : absl::StrCat("; database role ", actor.role), ")"));
}

std::string ShortId(const std::string& id) {
  constexpr size_t kPrefix = 7, kDigits = 16;  // of "sha256:…"
  return Printable(id.size() > kPrefix + kDigits ? id.substr(kPrefix, kDigits) : id);
}

// What a record says, in a word or two, and the id that show takes.
struct Saying {
  std::string what, id;

  void operator()(const std::monostate&) { what = "genesis"; }
  void operator()(const DecisionMade& made) {
    what = absl::AsciiStrToUpper(made.verdict);
    if (made.basis != "budget") absl::StrAppend(&what, " ", made.outcome, " (", made.basis, ")");
    id = ShortId(made.id);
  }
  void operator()(const OverrideRequested& request) {
    what = request.change.empty() ? "override asked" : absl::StrCat(request.change, " asked");
    id = request.id;
  }
  void operator()(const OverrideJudged& judged) { id = judged.id; }
  void operator()(const OverrideUsed& used) {
    what = used.again ? "override used again" : "override used";
    id = used.id;
  }
  void operator()(const ReleaseReported& release) {
    what = absl::StrCat("release ", Word(release.result));
    id = ShortId(release.decision);
  }
  void operator()(const TreeHead&) { what = "checkpoint"; }
  void operator()(const Repaired&) { what = "repair"; }
};

absl::string_view JudgementWord(RecordKind kind) {
  switch (kind) {
    case RecordKind::kOverrideApprove:
      return "override approved";
    case RecordKind::kOverrideReject:
      return "override rejected";
    case RecordKind::kOverrideRevoke:
      return "override revoked";
    case RecordKind::kOverrideReview:
      return "override reviewed";
    default:
      return "";
  }
}

// "-5.32 %", rounded down; "not known" for "".
std::string Percent(const std::string& ratio) {
  const std::optional<Rational> value = Rational::FromDecimal(ratio);
  if (!value) return "not known";
  return absl::StrCat((*value * 100).Fixed(2, Rounding::kDown), " %");
}

size_t UsesCounted(const Override& override) {
  size_t counted = 0;
  for (const OverrideUse& use : override.uses) counted += use.again ? 0 : 1;
  return counted;
}

class NoteWriter {
 public:
  void Row(absl::string_view name, const std::string& value) {
    if (!value.empty()) absl::StrAppend(&text, "  ", Padded(std::string(name), 13), value, "\n");
  }
  std::string text;
};

std::string WordOfSomebody(const OverrideWord& word) {
  return absl::StrCat(By(word.by), ", ", PrintTime(word.at),
                      word.text.empty() ? "" : absl::StrCat(": ", Printable(word.text)));
}

}  // namespace

std::string RecordLine(const Record& record) {
  Saying saying{std::string(JudgementWord(record.kind)), ""};
  std::visit(saying, record.payload);
  if (!record.refused.empty()) absl::StrAppend(&saying.what, " REFUSED");
  std::string line = absl::StrCat(Padded(absl::StrCat(record.seq), 7), Minute(record.time), "  ",
                                  Padded(saying.what, 22), Padded(About(record.subject), 26), " ",
                                  Padded(What(record.subject), 16),
                                  Padded(Printable(record.actor.account), 20), saying.id);
  if (!record.refused.empty()) absl::StrAppend(&line, "  ", Printable(record.refused));
  return std::string(absl::StripTrailingAsciiWhitespace(line));
}

std::string StateOf(const Override& override, absl::Time now) {
  if (override.revoked) return "revoked";
  if (override.rejected) return "rejected";
  if (UsesCounted(override) >= static_cast<size_t>(override.request.uses)) return "used";
  if (now >= override.request.expires_at) return "expired";
  if (override.approvals.empty()) return "asked";
  std::vector<std::string> names;
  for (const OverrideWord& approval : override.approvals) names.push_back(approval.by.account);
  return absl::StrCat("approved by ", Printable(absl::StrJoin(names, ", ")));
}

std::string OverrideLine(const Override& override, absl::Time now) {
  std::string reason = Printable(override.request.reason);
  if (Columns(reason) > kReasonShown) reason = absl::StrCat(Cut(reason, kReasonShown));
  return absl::StrCat(Padded(override.request.id, 17), Minute(override.requested_at), "  ",
                      Padded(StateOf(override, now), 25), Padded(About(override.subject), 27),
                      Padded(Printable(override.requested_by.account), 20), reason);
}

std::string AuditNote(const Override& override, absl::Time now) {
  const OverrideRequested& request = override.request;
  NoteWriter note;
  note.text = absl::StrCat("Override ", request.id, ": ", StateOf(override, now), "\n");
  note.Row("for", About(override.subject));
  note.Row("version", Printable(override.subject.version));
  note.Row("artifact", Printable(override.subject.artifact));
  note.Row(request.change.empty() ? "opens" : "proves",
           request.change.empty() ? absl::StrCat("rules ", absl::StrJoin(request.rules, ", "))
                                  : absl::StrCat("change class ", Printable(request.change)));
  note.Row("asked by",
           absl::StrCat(By(override.requested_by), ", ", PrintTime(override.requested_at)));
  note.Row("reason", Printable(request.reason));
  note.Row("ticket", Printable(request.ticket));
  for (const OverrideWord& approval : override.approvals) {
    note.Row("approved by", WordOfSomebody(approval));
  }
  if (override.rejected) note.Row("rejected", WordOfSomebody(*override.rejected));
  if (override.revoked) note.Row("revoked", WordOfSomebody(*override.revoked));
  note.Row("expires", PrintTime(request.expires_at));
  note.Row("uses", absl::StrCat(UsesCounted(override), " of ", request.uses));
  for (const OverrideUse& use : override.uses) {
    note.Row("used", absl::StrCat(PrintTime(use.at), " by decision ", ShortId(use.decision),
                                  use.again ? ", again after a failed release" : "",
                                  use.review_due && override.reviews.empty()
                                      ? absl::StrCat("; review due ", PrintTime(*use.review_due))
                                      : ""));
  }
  for (const OverrideWord& review : override.reviews) note.Row("reviewed", WordOfSomebody(review));
  note.Row("decision", request.decision.empty() ? "asked for in the same step" : request.decision);
  note.Row("policy", absl::StrCat(Printable(request.policy.name),
                                  " sha256:", Printable(request.policy.sha256)));
  note.Row("run", Printable(override.subject.run_url));
  for (const SloNote& slo : request.slos) {
    note.Row("budget", absl::StrCat(Printable(slo.name), ": ", Percent(slo.remaining_ratio),
                                    " remaining then"));
  }
  return note.text;
}

}  // namespace slogate
