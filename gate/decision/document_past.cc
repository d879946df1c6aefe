#include "gate/decision/document_past.h"

#include <utility>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

using json::Array;
using json::Object;
using json::Value;

Value TextOrNull(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value DecimalOrNull(const std::string& text) {
  return text.empty() ? Value() : Value::Number(text);
}

Object ActorValue(const Actor& actor) {
  return {
      {"account", actor.account}, {"known_by", actor.known_by}, {"role", TextOrNull(actor.role)}};
}

Value ApprovalsValue(const std::vector<OverrideWord>& approvals) {
  Array array;
  for (const OverrideWord& word : approvals) {
    Object approval = ActorValue(word.by);
    approval["at"] = PrintTime(word.at);
    array.emplace_back(std::move(approval));
  }
  return array;
}

Value BudgetsValue(const std::vector<SloNote>& slos) {
  Array array;
  for (const SloNote& slo : slos) {
    array.push_back(Object{{"name", slo.name},
                           {"objective", DecimalOrNull(slo.objective)},
                           {"window_seconds", Value::Number(slo.window_seconds)},
                           {"total", DecimalOrNull(slo.total)},
                           {"bad", DecimalOrNull(slo.bad)},
                           {"remaining_ratio", DecimalOrNull(slo.remaining_ratio)}});
  }
  return array;
}

}  // namespace

Value TextsValue(const std::vector<std::string>& texts) {
  Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

Value OverrideValue(const Ruling& ruling) {
  if (!ruling.opened_by) return {};
  const OverrideTaken& taken = *ruling.opened_by;
  const OverrideRequested& request = taken.entry.request;
  const Subject& subject = taken.entry.subject;
  return Object{{"id", request.id},
                {"requested_by", ActorValue(taken.entry.requested_by)},
                {"approved_by", ApprovalsValue(taken.entry.approvals)},
                {"requested_at", PrintTime(taken.entry.requested_at)},
                {"scope", Object{{"service", subject.service},
                                 {"environment", TextOrNull(subject.environment)},
                                 {"artifact", subject.artifact},
                                 {"change", TextOrNull(request.change)},
                                 {"rules", TextsValue(request.rules)}}},
                {"reason", request.reason},
                {"ticket", TextOrNull(request.ticket)},
                {"decision", TextOrNull(request.decision)},
                {"budgets", BudgetsValue(request.slos)},
                {"policy_sha256", request.policy.sha256},
                {"expires_at", PrintTime(taken.expires_at)},
                {"uses", Object{{"allowed", Value::Number(int64_t{taken.allowed})},
                                {"used", Value::Number(int64_t{taken.used})}}},
                {"again", taken.again},
                {"review_due", taken.review_due ? Value(PrintTime(*taken.review_due)) : Value()},
                {"run_url", TextOrNull(subject.run_url)}};
}

Value RefusedValue(const Ruling& ruling) {
  Array array;
  for (const RefusedOverride& refused : ruling.refused) {
    array.push_back(Object{{"id", refused.id}, {"text", refused.why}});
  }
  return array;
}

Value HistoryValue(const std::optional<History>& history) {
  if (!history) return {};
  Array records;
  for (const Record& record : history->records) records.emplace_back(record.bytes);
  return Object{{"ledger", history->log_id},
                {"now", PrintTime(history->now)},
                {"clock", PrintTime(history->clock.value_or(history->now))},
                {"records", std::move(records)}};
}

absl::StatusOr<std::optional<History>> ReadHistory(const Value& value) {
  if (value.is_null()) return std::nullopt;
  const std::optional<absl::Time> now = ParseTime(value["now"].text());
  const std::optional<absl::Time> clock = ParseTime(value["clock"].text());
  if (!value["ledger"].is_string() || !value["now"].is_string() || !now ||
      !value["clock"].is_string() || !clock || !value["records"].is_array()) {
    return absl::InvalidArgumentError("\"history\" has no ledger, time and records");
  }
  History history{value["ledger"].text(), *now, {}, clock};
  for (const Value& bytes : value["records"].array()) {
    if (!bytes.is_string()) return absl::InvalidArgumentError("a record of \"history\" is no text");
    absl::StatusOr<Record> record = ReadRecord(bytes.text());
    if (!record.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("a record of \"history\" is none: ", record.status().message()));
    }
    if (!history.records.empty() && record->seq <= history.records.back().seq) {
      return absl::InvalidArgumentError("the records of \"history\" are not in their order");
    }
    history.records.push_back(*std::move(record));
  }
  return history;
}

}  // namespace slogate
