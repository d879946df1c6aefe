// slogate ledger list and show, override list and show: looking things up.
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "adapters/github/github.h"
#include "gate/cli/commands.h"
#include "gate/cli/ledger_access.h"
#include "gate/cli/ledger_words.h"
#include "gate/cli/report.h"
#include "gate/text/diagnostic.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

// Lines as they come. Whoever reads them may be a pager that is closed: no failure of the ledger.
class Output {
 public:
  // `quotes`: lines for people, which hold what others wrote; otherwise for machines, as they are.
  Output(World& world, bool quotes)
      : world_(world), token_(quotes && GithubReads(world.environment) ? world.new_token() : "") {}

  absl::Status Line(absl::string_view line) {
    const bool first = lines_++ == 0 && !token_.empty();
    written_ = world_.out.Write(absl::StrCat(first ? BeginGithubGuard(token_) : "", line, "\n"));
    return written_;
  }
  // The exit code, `read` being what reading the ledger came to; `none` is said where nothing was
  // found.
  int Finish(const absl::Status& read, absl::string_view none) {
    if (written_.ok() && lines_ > 0 && !token_.empty()) {
      written_ = world_.out.Write(EndGithubGuard(token_));
    }
    if (!written_.ok()) {
      Complain(world_, written_);
      return kExitInternal;
    }
    if (!read.ok()) return FailOnLedger(world_, read);
    if (lines_ == 0) Complain(world_, absl::StrCat("slogate: ", none, "\n"));
    return kExitOk;
  }
  size_t lines() const { return lines_; }

 private:
  World& world_;
  std::string token_;  // "" where nothing has to be guarded
  absl::Status written_;
  size_t lines_ = 0;
};

// JSON over several lines; what somebody wrote into it may hold what a terminal obeys.
std::string PrintableLines(absl::string_view text) {
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    lines.push_back(Printable(line));
  }
  return absl::StrJoin(lines, "\n");
}

// The override with this id and all that was recorded of it, in order.
absl::StatusOr<std::vector<Record>> RecordsOfOverride(LedgerView& view, const std::string& id) {
  RecordQuery query;
  query.kinds = OverrideKinds();
  query.id = id;
  return view.Find({query});
}

absl::Status ListOverrides(LedgerView& view, const RecordQuery& query, bool json, Output& out) {
  std::vector<std::string> ids;
  const absl::Status found = view.Scan(query, [&](const Record& record) {
    if (const auto* request = std::get_if<OverrideRequested>(&record.payload)) {
      if (record.refused.empty()) ids.push_back(request->id);
    }
    return absl::OkStatus();
  });
  if (!found.ok()) return found;
  for (const std::string& id : ids) {
    const absl::StatusOr<std::vector<Record>> records = RecordsOfOverride(view, id);
    if (!records.ok()) return records.status();
    if (json) {
      for (const Record& record : *records) {
        if (const absl::Status said = out.Line(record.bytes); !said.ok()) return said;
      }
      continue;
    }
    for (const Override& override : OverridesIn(*records)) {
      if (const absl::Status said = out.Line(OverrideLine(override, view.now())); !said.ok()) {
        return said;
      }
    }
  }
  return absl::OkStatus();
}

// What `id` names: an override, a decision with what followed from it, or a record by its number.
RecordQuery QueryFor(const ShowOptions& options) {
  RecordQuery query;
  int64_t seq = 0;
  constexpr size_t kDecisionDigits = 8;
  if (!options.overrides && options.id.size() < kDecisionDigits &&
      absl::SimpleAtoi(options.id, &seq)) {
    query.from = seq;
    query.to = seq + 1;
    return query;
  }
  if (options.overrides || absl::StartsWith(options.id, "ov-")) {
    query.kinds = OverrideKinds();
    query.id = options.id;
  } else {
    query.kinds = {RecordKind::kDecision};
    query.id =
        absl::StartsWith(options.id, "sha256:") ? options.id : absl::StrCat("sha256:", options.id);
  }
  return query;
}

absl::Status ShowFound(const std::vector<Record>& records, absl::Time now, bool json, Output& out) {
  const std::vector<Override> overrides = OverridesIn(records);
  if (!json && !overrides.empty()) {
    for (const Override& override : overrides) {
      const std::string note = AuditNote(override, now);
      if (const absl::Status said = out.Line(note.substr(0, note.size() - 1)); !said.ok()) {
        return said;
      }
    }
    return absl::OkStatus();
  }
  for (const Record& record : records) {
    std::string text = record.bytes;
    if (!json) {
      const absl::StatusOr<json::Value> value = json::Parse(record.bytes);
      if (!value.ok()) return value.status();
      text = absl::StrCat(RecordLine(record), "\n", PrintableLines(json::DumpPretty(*value)));
    }
    if (const absl::Status said = out.Line(text); !said.ok()) return said;
  }
  return absl::OkStatus();
}

}  // namespace

int ListRecords(const ListOptions& options, World& world) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(options, std::nullopt, world);
  if (!ledger.ok()) return FailOnLedger(world, ledger.status());
  RecordQuery query;
  if (options.overrides) query.kinds = {RecordKind::kOverrideRequest};
  if (!options.kind.empty()) query.kinds = {*RecordKindFromWord(options.kind)};
  query.service = options.service;
  query.environment = options.environment;
  query.verdict = options.verdict;
  query.actor = options.person;
  query.since = options.since;
  query.until = options.until;
  query.newest_first = true;
  if (options.most > 0) query.most = options.most;
  Output out(world, !options.json);
  const absl::Status read = (*ledger)->Read([&](LedgerView& view) -> absl::Status {
    if (options.overrides) return ListOverrides(view, query, options.json, out);
    return view.Scan(query, [&](const Record& record) {
      return out.Line(options.json ? record.bytes : RecordLine(record));
    });
  });
  return out.Finish(read, "nothing like that is recorded");
}

int ShowRecords(const ShowOptions& options, World& world) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(options, std::nullopt, world);
  if (!ledger.ok()) return FailOnLedger(world, ledger.status());
  Output out(world, !options.json);
  const absl::Status read = (*ledger)->Read([&](LedgerView& view) -> absl::Status {
    const absl::StatusOr<std::vector<Record>> records = view.Find({QueryFor(options)});
    if (!records.ok()) return records.status();
    return ShowFound(*records, view.now(), options.json, out);
  });
  const int code = out.Finish(
      read, absl::StrCat("there is no ", options.overrides ? "override " : "record ", options.id,
                         " in this ledger; slogate ", options.overrides ? "override" : "ledger",
                         " list shows the newest"));
  return code == kExitOk && out.lines() == 0 ? kExitUsage : code;
}

}  // namespace slogate
