// slogate ledger report: what a month of releases came to, by service.
#include <map>
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
#include "gate/text/diagnostic.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

using json::Array;
using json::Object;
using json::Value;

struct OverrideInReport {
  std::string id, reason, ticket, asked_by;
  std::vector<std::string> approved_by;
  absl::Time used_at;
  std::optional<absl::Time> review_due;
  bool reviewed = false;
};

struct ServiceReport {
  int64_t decisions = 0, denied = 0, held = 0, proceeded_by_class = 0, observed = 0;
  int64_t deployed = 0, failed = 0, rolled_back = 0;
  int64_t refused_attempts = 0;
  std::set<std::string> blocked;  // decisions of the period
  // Reported as deployed although their decision was blocked.
  std::vector<std::string> against_decision;
  std::vector<OverrideInReport> overrides;  // those used
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
  void operator()(const OverrideRequested& request) {
    known_[request.id] = {
        request.id, request.reason, request.ticket, record_->actor.account, {}, {}, {}, false};
  }
  void operator()(const OverrideJudged& judged) {
    if (record_->kind == RecordKind::kOverrideApprove) {
      known_[judged.id].approved_by.push_back(record_->actor.account);
    } else if (record_->kind == RecordKind::kOverrideReview) {
      reviewed_.insert(judged.id);
    }
  }
  void operator()(const OverrideUsed& used) {
    if (used.again) return;
    OverrideInReport override = known_[used.id];
    override.id = used.id;
    override.used_at = record_->time;
    override.review_due = used.review_due;
    service_->overrides.push_back(std::move(override));
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
    for (auto& [name, service] : services_) {
      for (OverrideInReport& override : service.overrides) {
        override.reviewed = reviewed_.count(override.id) > 0;
      }
    }
    return std::move(services_);
  }

 private:
  const Record* record_ = nullptr;
  ServiceReport* service_ = nullptr;
  std::map<std::string, ServiceReport> services_;
  std::map<std::string, OverrideInReport> known_;
  std::set<std::string> reviewed_;
};

std::string ReviewText(const OverrideInReport& override, absl::Time now) {
  if (override.reviewed) return "reviewed";
  if (!override.review_due) return "no review asked for";
  return absl::StrCat(*override.review_due < now ? "REVIEW OVERDUE since " : "review due ",
                      PrintTime(*override.review_due));
}

std::string Text(const std::map<std::string, ServiceReport>& services, absl::Time now) {
  std::string text;
  for (const auto& [name, service] : services) {
    absl::StrAppend(&text, Printable(name), "\n  ", service.decisions,
                    " decisions: ", service.denied, " denied, ", service.held, " held; ",
                    service.proceeded_by_class, " let out by a change class, ",
                    service.overrides.size(), " by an override, ", service.observed,
                    " observed only\n  releases: ", service.deployed, " deployed, ", service.failed,
                    " failed, ", service.rolled_back, " rolled back\n");
    for (const OverrideInReport& override : service.overrides) {
      absl::StrAppend(&text, "  override ", override.id, "  used ", PrintTime(override.used_at),
                      "  asked by ", Printable(override.asked_by),
                      override.approved_by.empty()
                          ? ", approved by nobody"
                          : absl::StrCat(", approved by ",
                                         Printable(absl::StrJoin(override.approved_by, ", "))),
                      "  ", ReviewText(override, now), "\n    ", Printable(override.reason),
                      override.ticket.empty() ? "" : absl::StrCat("  ", Printable(override.ticket)),
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
    for (const OverrideInReport& override : service.overrides) {
      Array approved;
      for (const std::string& account : override.approved_by) approved.emplace_back(account);
      overrides.push_back(Object{
          {"id", override.id},
          {"used_at", PrintTime(override.used_at)},
          {"asked_by", override.asked_by},
          {"approved_by", std::move(approved)},
          {"reason", override.reason},
          {"ticket", override.ticket.empty() ? Value() : Value(override.ticket)},
          {"review_due", override.review_due ? Value(PrintTime(*override.review_due)) : Value()},
          {"reviewed", override.reviewed}});
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
  absl::Time now;
  const absl::Status read = (*ledger)->Read([&](LedgerView& view) {
    now = view.now();
    return view.Scan(query, [&](const Record& record) {
      collector.Take(record);
      return absl::OkStatus();
    });
  });
  if (!read.ok()) return FailOnLedger(world, read);
  const std::map<std::string, ServiceReport> services = collector.Finish();
  return Say(world,
             options.json ? absl::StrCat(json::Dump(Json(services)), "\n") : Text(services, now));
}

}  // namespace slogate
