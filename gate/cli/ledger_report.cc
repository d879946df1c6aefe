// slogate ledger report: what a month of releases came to, by service.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/cli/commands.h"
#include "gate/cli/ledger_access.h"
#include "gate/cli/report.h"
#include "gate/history/override.h"
#include "gate/text/diagnostic.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

using json::Array;
using json::Object;
using json::Value;

struct UsedOverride {
  std::string id;
  absl::Time at;
  std::optional<absl::Time> review_due;
  Override whole;  // with what was said of it before and after the period, too
};

struct ServiceReport {
  int64_t decisions = 0, denied = 0, held = 0, proceeded_by_class = 0, observed = 0;
  int64_t deployed = 0, failed = 0, rolled_back = 0;
  int64_t refused_attempts = 0;
  std::set<std::string> blocked;  // decisions of the period
  // Reported as deployed although their decision was blocked.
  std::vector<std::string> against_decision;
  std::vector<UsedOverride> overrides;
};

// Collects the period's records, in their order.
class Collector {
 public:
  void Take(const Record& record) {
    ServiceReport& service = services_[record.subject.service];
    if (!record.refused.empty()) {
      ++service.refused_attempts;
      return;
    }
    record_ = &record;
    service_ = &service;
    std::visit(*this, record.payload);
  }

  void operator()(const std::monostate&) {}
  void operator()(const TreeHead&) {}
  void operator()(const Repaired&) {}
  void operator()(const DecisionMade& made) {
    ++service_->decisions;
    if (made.outcome == "blocked") service_->blocked.insert(made.id);
    if (made.verdict == "deny") ++service_->denied;
    if (made.verdict == "hold") ++service_->held;
    if (made.basis == "class") ++service_->proceeded_by_class;
    if (made.basis == "observe") ++service_->observed;
  }
  void operator()(const OverrideRequested&) {}
  void operator()(const OverrideJudged&) {}
  void operator()(const OverrideUsed& used) {
    if (!used.again) service_->overrides.push_back({used.id, record_->time, used.review_due, {}});
  }
  void operator()(const ReleaseReported& release) {
    switch (release.result) {
      case ReleaseReported::Result::kDeployed:
        ++service_->deployed;
        if (service_->blocked.count(release.decision) > 0) {
          service_->against_decision.push_back(release.decision);
        }
        return;
      case ReleaseReported::Result::kFailed:
        ++service_->failed;
        return;
      case ReleaseReported::Result::kRolledBack:
        ++service_->rolled_back;
        return;
    }
  }

  std::map<std::string, ServiceReport> Finish() {
    services_.erase("");  // records of the ledger itself
    return std::move(services_);
  }

 private:
  const Record* record_ = nullptr;
  ServiceReport* service_ = nullptr;
  std::map<std::string, ServiceReport> services_;
};

// Puts together the overrides that were used, from all that the ledger has of them.
absl::Status Complete(LedgerView& view, std::map<std::string, ServiceReport>& services) {
  for (auto& [name, service] : services) {
    for (UsedOverride& used : service.overrides) {
      RecordQuery query;
      query.id = used.id;
      const absl::StatusOr<std::vector<Record>> records = view.Find({query});
      if (!records.ok()) return records.status();
      std::vector<Override> found = OverridesIn(*records);
      if (!found.empty()) used.whole = std::move(found.front());
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> Approvers(const Override& override) {
  std::vector<std::string> accounts;
  for (const OverrideWord& approval : override.approvals) accounts.push_back(approval.by.account);
  return accounts;
}

std::string ReviewText(const UsedOverride& override, absl::Time now) {
  if (!override.whole.reviews.empty()) return "reviewed";
  if (!override.review_due) return "no review asked for";
  return absl::StrCat(*override.review_due < now ? "REVIEW OVERDUE since " : "review due ",
                      PrintTime(*override.review_due));
}

std::string Text(const std::map<std::string, ServiceReport>& services, absl::Time now) {
  std::string text;
  for (const auto& [name, service] : services) {
    absl::StrAppend(&text, Printable(name), "\n  ", service.decisions,
                    service.decisions == 1 ? " decision: " : " decisions: ", service.denied,
                    " denied, ", service.held, " held; ", service.proceeded_by_class,
                    " let out by a change class, ", service.overrides.size(), " by an override, ",
                    service.observed, " observed only\n  releases: ", service.deployed,
                    " deployed, ", service.failed, " failed, ", service.rolled_back,
                    " rolled back\n");
    for (const UsedOverride& used : service.overrides) {
      const std::vector<std::string> approvers = Approvers(used.whole);
      const OverrideRequested& request = used.whole.request;
      absl::StrAppend(&text, "  override ", used.id, "  used ", PrintTime(used.at), "  asked by ",
                      Printable(used.whole.requested_by.account), ", approved by ",
                      approvers.empty() ? "nobody" : Printable(absl::StrJoin(approvers, ", ")),
                      "  ", ReviewText(used, now), "\n    ", Printable(request.reason),
                      request.ticket.empty() ? "" : absl::StrCat("  ", Printable(request.ticket)),
                      "\n");
    }
    for (const std::string& decision : service.against_decision) {
      absl::StrAppend(&text, "  RELEASED AGAINST ITS DECISION: ", Printable(decision), "\n");
    }
    if (service.refused_attempts > 0) {
      absl::StrAppend(&text, "  ", service.refused_attempts,
                      service.refused_attempts == 1 ? " attempt" : " attempts",
                      " refused: slogate ledger list "
                      "--service ",
                      Printable(name), "\n");
    }
  }
  return text.empty() ? "Nothing is recorded in that time.\n" : text;
}

Value Json(const std::map<std::string, ServiceReport>& services) {
  const auto number = [](int64_t count) { return Value::Number(count); };
  Object all;
  for (const auto& [name, service] : services) {
    Array overrides, against;
    for (const UsedOverride& used : service.overrides) {
      Array approved;
      for (const std::string& account : Approvers(used.whole)) approved.emplace_back(account);
      const OverrideRequested& request = used.whole.request;
      overrides.push_back(
          Object{{"id", used.id},
                 {"used_at", PrintTime(used.at)},
                 {"asked_by", used.whole.requested_by.account},
                 {"approved_by", std::move(approved)},
                 {"reason", request.reason},
                 {"ticket", request.ticket.empty() ? Value() : Value(request.ticket)},
                 {"review_due", used.review_due ? Value(PrintTime(*used.review_due)) : Value()},
                 {"reviewed", !used.whole.reviews.empty()}});
    }
    for (const std::string& decision : service.against_decision) against.emplace_back(decision);
    all[name] = Object{{"decisions", number(service.decisions)},
                       {"denied", number(service.denied)},
                       {"held", number(service.held)},
                       {"let_out_by_class", number(service.proceeded_by_class)},
                       {"observed", number(service.observed)},
                       {"deployed", number(service.deployed)},
                       {"failed", number(service.failed)},
                       {"rolled_back", number(service.rolled_back)},
                       {"refused_attempts", number(service.refused_attempts)},
                       {"overrides", std::move(overrides)},
                       {"released_against_decision", std::move(against)}};
  }
  return all;
}

}  // namespace

int ReportLedger(const LedgerReportOptions& options, World& world) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(options, std::nullopt, world);
  if (!ledger.ok()) return FailOnLedger(world, ledger.status());
  RecordQuery query;
  query.service = options.service;
  query.since = options.from;
  if (options.to != absl::InfiniteFuture()) query.until = options.to;
  Collector collector;
  std::map<std::string, ServiceReport> services;
  absl::Time now;
  const absl::Status read = (*ledger)->Read([&](LedgerView& view) {
    now = view.now();
    const absl::Status scanned = view.Scan(query, [&](const Record& record) {
      collector.Take(record);
      return absl::OkStatus();
    });
    services = collector.Finish();
    return scanned.ok() ? Complete(view, services) : scanned;
  });
  if (!read.ok()) return FailOnLedger(world, read);
  if (options.json) return Say(world, absl::StrCat(json::Dump(Json(services)), "\n"));
  return SayQuoting(world, Text(services, now));
}

}  // namespace slogate
