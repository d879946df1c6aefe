#include "gate/history/record.h"

#include <limits>
#include <type_traits>
#include <utility>

#include <absl/status/status.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

using json::Array;
using json::Object;
using json::Value;

template <class Enum>
struct Named {
  Enum value;
  absl::string_view word;
};

constexpr Named<RecordKind> kKinds[] = {
    {RecordKind::kGenesis, "genesis"},
    {RecordKind::kDecision, "decision"},
    {RecordKind::kOverrideRequest, "override_request"},
    {RecordKind::kOverrideApprove, "override_approve"},
    {RecordKind::kOverrideReject, "override_reject"},
    {RecordKind::kOverrideUse, "override_use"},
    {RecordKind::kOverrideRevoke, "override_revoke"},
    {RecordKind::kOverrideReview, "override_review"},
    {RecordKind::kRelease, "release"},
    {RecordKind::kCheckpoint, "checkpoint"},
    {RecordKind::kRepair, "repair"},
};
constexpr Named<ReleaseReported::Result> kResults[] = {
    {ReleaseReported::Result::kFailed, "failed"},
    {ReleaseReported::Result::kDeployed, "deployed"},
    {ReleaseReported::Result::kRolledBack, "rolled_back"},
};
constexpr Named<Truth> kTruths[] = {
    {Truth::kUnknown, "unknown"}, {Truth::kFalse, "false"}, {Truth::kTrue, "true"}};
constexpr Named<Verdict> kVerdicts[] = {{Verdict::kNone, "none"},
                                        {Verdict::kAllow, "allow"},
                                        {Verdict::kWarn, "warn"},
                                        {Verdict::kHold, "hold"},
                                        {Verdict::kDeny, "deny"}};

absl::Span<const Named<RecordKind>> WordsFor(RecordKind) { return kKinds; }
absl::Span<const Named<ReleaseReported::Result>> WordsFor(ReleaseReported::Result) {
  return kResults;
}
absl::Span<const Named<Truth>> WordsFor(Truth) { return kTruths; }
absl::Span<const Named<Verdict>> WordsFor(Verdict) { return kVerdicts; }

template <class Enum>
absl::string_view WordOf(Enum value) {
  for (const Named<Enum>& named : WordsFor(value)) {
    if (named.value == value) return named.word;
  }
  return "";
}

template <class Enum>
std::optional<Enum> FromWord(absl::string_view word) {
  for (const Named<Enum>& named : WordsFor(Enum{})) {
    if (named.word == word) return named.value;
  }
  return std::nullopt;
}

// The members of a record are told once, by the functions Members() below, to a Writer or a Reader.
class Writer {
 public:
  explicit Writer(Object& out) : out_(out) {}

  void operator()(const char* key, const std::string& text) { out_[key] = text; }
  void operator()(const char* key, const bool& value) { out_[key] = value; }
  void operator()(const char* key, const int& number) {
    out_[key] = Value::Number(int64_t{number});
  }
  void operator()(const char* key, const int64_t& number) { out_[key] = Value::Number(number); }
  void operator()(const char* key, const absl::Time& time) { out_[key] = PrintTime(time); }
  void operator()(const char* key, const std::optional<absl::Time>& time) {
    out_[key] = time ? Value(PrintTime(*time)) : Value();
  }
  // What most records have no use for: absent then.
  void WhereSet(const char* key, const std::optional<absl::Time>& time) {
    if (time) (*this)(key, time);
  }
  template <class Enum, class = std::enable_if_t<std::is_enum_v<Enum>>>
  void operator()(const char* key, const Enum& value) {
    out_[key] = WordOf(value);
  }
  // "" is null.
  void Text(const char* key, const std::string& text) {
    out_[key] = text.empty() ? Value() : Value(text);
  }
  // A decimal that JSON has as a number; "" is null.
  void Decimal(const char* key, const std::string& text) {
    out_[key] = text.empty() ? Value() : Value::Number(text);
  }
  void operator()(const char* key, const std::vector<std::string>& texts) {
    Array array;
    for (const std::string& text : texts) array.emplace_back(text);
    out_[key] = std::move(array);
  }
  template <class T>
  void operator()(const char* key, const std::vector<T>& values) {
    Array array;
    for (const T& value : values) array.push_back(ValueOf(value));
    out_[key] = std::move(array);
  }
  template <class T, class = std::enable_if_t<std::is_class_v<T>>, class = void>
  void operator()(const char* key, const T& value) {
    out_[key] = ValueOf(value);
  }

 private:
  template <class T>
  static Value ValueOf(const T& value) {
    Object object;
    Writer writer(object);
    Members(writer, const_cast<T&>(value));  // told to a writer, which changes nothing
    return object;
  }

  Object& out_;
};

// Takes what is there and remembers the first member that is not what it must be. Members too many, and
// another form, show when what was read is written again.
class Reader {
 public:
  Reader(const Value& in, std::string& wrong) : in_(in), wrong_(wrong) {}

  void operator()(const char* key, std::string& text) {
    if (!in_[key].is_string()) return Fail(key);
    text = in_[key].text();
  }
  void operator()(const char* key, bool& value) {
    if (!in_[key].is_bool()) return Fail(key);
    value = in_[key].boolean();
  }
  void operator()(const char* key, int64_t& number) {
    if (!in_[key].is_number() || !absl::SimpleAtoi(in_[key].text(), &number)) Fail(key);
  }
  void operator()(const char* key, int& number) {
    int64_t wide = 0;
    (*this)(key, wide);
    if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
      return Fail(key);
    }
    number = static_cast<int>(wide);
  }
  void operator()(const char* key, absl::Time& time) {
    const std::optional<absl::Time> parsed = ParseTime(in_[key].text());
    if (!in_[key].is_string() || !parsed) return Fail(key);
    time = *parsed;
  }
  void operator()(const char* key, std::optional<absl::Time>& time) {
    if (!in_[key].is_null()) (*this)(key, time.emplace());
  }
  void WhereSet(const char* key, std::optional<absl::Time>& time) { (*this)(key, time); }
  template <class Enum, class = std::enable_if_t<std::is_enum_v<Enum>>>
  void operator()(const char* key, Enum& value) {
    const std::optional<Enum> known = FromWord<Enum>(in_[key].text());
    if (!in_[key].is_string() || !known) return Fail(key);
    value = *known;
  }
  void Text(const char* key, std::string& text) {
    if (!in_[key].is_null()) (*this)(key, text);
  }
  void Decimal(const char* key, std::string& text) {
    if (in_[key].is_null()) return;
    if (!in_[key].is_number()) return Fail(key);
    text = in_[key].text();
  }
  void operator()(const char* key, std::vector<std::string>& texts) {
    if (!in_[key].is_array()) return Fail(key);
    for (const Value& element : in_[key].array()) {
      if (!element.is_string()) return Fail(key);
      texts.push_back(element.text());
    }
  }
  template <class T>
  void operator()(const char* key, std::vector<T>& values) {
    if (!in_[key].is_array()) return Fail(key);
    for (const Value& element : in_[key].array()) {
      Reader reader(element, wrong_);
      Members(reader, values.emplace_back());
    }
  }
  template <class T, class = std::enable_if_t<std::is_class_v<T>>, class = void>
  void operator()(const char* key, T& value) {
    Reader reader(in_[key], wrong_);
    Members(reader, value);
  }

 private:
  void Fail(const char* key) {
    if (wrong_.empty()) wrong_ = absl::StrCat("\"", key, "\" is missing or not what it must be");
  }

  const Value& in_;
  std::string& wrong_;
};

template <class Io>
void Members(Io& io, Actor& actor) {
  io("account", actor.account);
  io("known_by", actor.known_by);
  io.Text("role", actor.role);
}

template <class Io>
void Members(Io& io, Subject& subject) {
  io("service", subject.service);
  io.Text("environment", subject.environment);
  io.Text("artifact", subject.artifact);
  io.Text("version", subject.version);
  io.Text("commit", subject.commit);
  io.Text("run_url", subject.run_url);
}

template <class Io>
void Members(Io& io, SloNote& slo) {
  io("name", slo.name);
  io.Decimal("objective", slo.objective);
  io("window_seconds", slo.window_seconds);
  io.Decimal("total", slo.total);
  io.Decimal("bad", slo.bad);
  io.Decimal("remaining_ratio", slo.remaining_ratio);
  io("until", slo.until);
  io.WhereSet("since", slo.since);
}

template <class Io>
void Members(Io& io, RuleNote& rule) {
  io("id", rule.rule);
  io.Text("slo", rule.slo);
  io("truth", rule.truth);
  io("verdict", rule.verdict);
  io("closed", rule.closed);
}

template <class Io>
void Members(Io& io, PolicyNote& policy) {
  io("name", policy.name);
  io("sha256", policy.sha256);
}

template <class Io>
void Members(Io& io, RefusedOverride& refused) {
  io("override", refused.id);
  io("why", refused.why);
}

template <class Io>
void Members(Io& io, DecisionMade& made) {
  io("decision", made.id);
  io("verdict", made.verdict);
  io("outcome", made.outcome);
  io("basis", made.basis);
  io("enforcement", made.enforcement);
  io("exit_code", made.exit_code);
  io("instant", made.instant);
  io("change", made.change);
  io("change_claimed", made.change_claimed);
  io.Text("ticket", made.ticket);
  io("policy", made.policy);
  io("slos", made.slos);
  io("rules", made.rules);
  io("findings", made.findings);
  io("closed_by", made.closed_by);
  io.Text("override", made.override_id);
  io("refused_overrides", made.refused_overrides);
}

template <class Io>
void Members(Io& io, OverrideRequested& request) {
  io("override", request.id);
  io.Text("decision", request.decision);
  io.Text("change", request.change);
  io("rules", request.rules);
  io("reason", request.reason);
  io.Text("ticket", request.ticket);
  io("expires_at", request.expires_at);
  io("uses", request.uses);
  io("policy", request.policy);
  io("slos", request.slos);
}

template <class Io>
void Members(Io& io, OverrideJudged& judged) {
  io("override", judged.id);
  io.Text("text", judged.text);
}

template <class Io>
void Members(Io& io, OverrideUsed& used) {
  io("override", used.id);
  io("decision", used.decision);
  io("again", used.again);
  io("review_due", used.review_due);
  io("slos", used.slos);
  io.Text("change", used.change);
  io.Text("ticket", used.ticket);
}

template <class Io>
void Members(Io& io, ReleaseReported& release) {
  io("decision", release.decision);
  io("result", release.result);
}

template <class Io>
void Members(Io& io, TreeHead& head) {
  io("root", head.root);
  io("frontier", head.frontier);
}

template <class Io>
void Members(Io& io, Repaired& repaired) {
  io("reason", repaired.reason);
  io("lost_lines", repaired.lost_lines);
  io("lost_root", repaired.lost_root);
}

template <class Io>
void Members(Io& /*io*/, std::monostate& /*genesis*/) {}

Payload EmptyPayload(RecordKind kind) {
  switch (kind) {
    case RecordKind::kGenesis:
      return std::monostate();
    case RecordKind::kDecision:
      return DecisionMade();
    case RecordKind::kOverrideRequest:
      return OverrideRequested();
    case RecordKind::kOverrideApprove:
    case RecordKind::kOverrideReject:
    case RecordKind::kOverrideRevoke:
    case RecordKind::kOverrideReview:
      return OverrideJudged();
    case RecordKind::kOverrideUse:
      return OverrideUsed();
    case RecordKind::kRelease:
      return ReleaseReported();
    case RecordKind::kCheckpoint:
      return TreeHead();
    case RecordKind::kRepair:
      return Repaired();
  }
  return std::monostate();
}

// Of a release, as most records are, or of the ledger itself.
bool IsAboutLedger(RecordKind kind) {
  return kind == RecordKind::kGenesis || kind == RecordKind::kCheckpoint ||
         kind == RecordKind::kRepair;
}

template <class Io>
void Members(Io& io, Record& record) {
  io("kind", record.kind);
  io("seq", record.seq);
  io("log_id", record.log_id);
  io("prev", record.prev);
  io("nonce", record.nonce);
  io("gate", record.gate);
  io("time", record.time);
  io("actor", record.actor);
  if constexpr (std::is_same_v<Io, Reader>) record.payload = EmptyPayload(record.kind);
  if (!IsAboutLedger(record.kind)) {
    io("subject", record.subject);
    io.Text("refused", record.refused);
  }
  std::visit([&io](auto& payload) { Members(io, payload); }, record.payload);
}

}  // namespace

absl::string_view Word(RecordKind kind) { return WordOf(kind); }
std::optional<RecordKind> RecordKindFromWord(absl::string_view word) {
  return FromWord<RecordKind>(word);
}
std::vector<RecordKind> AllRecordKinds() {
  std::vector<RecordKind> kinds;
  for (const Named<RecordKind>& named : kKinds) kinds.push_back(named.value);
  return kinds;
}
std::vector<RecordKind> OverrideKinds() {
  return {RecordKind::kOverrideRequest, RecordKind::kOverrideApprove, RecordKind::kOverrideReject,
          RecordKind::kOverrideUse,     RecordKind::kOverrideRevoke,  RecordKind::kOverrideReview};
}
absl::string_view Word(ReleaseReported::Result result) { return WordOf(result); }
std::optional<ReleaseReported::Result> ResultFromWord(absl::string_view word) {
  return FromWord<ReleaseReported::Result>(word);
}

std::string WriteRecord(const Record& record) {
  Object object{{"v", Value::Number(kRecordVersion)}};
  Writer writer(object);
  Record told = record;
  Members(writer, told);
  return json::Dump(object);
}

absl::StatusOr<Record> ReadRecord(absl::string_view bytes) {
  const absl::StatusOr<Value> json = json::Parse(bytes);
  if (!json.ok()) return json.status();
  int64_t version = 0;
  if (!absl::SimpleAtoi((*json)["v"].text(), &version) || version < kRecordVersion) {
    return absl::InvalidArgumentError("no record of a ledger: it has no version \"v\"");
  }
  if (version > kRecordVersion) {
    return absl::FailedPreconditionError(absl::StrCat("a record of version ", version,
                                                      ", and this slogate knows version ",
                                                      kRecordVersion, ": use a newer slogate"));
  }
  Record record;
  std::string wrong;
  Reader reader(*json, wrong);
  Members(reader, record);
  if (!wrong.empty()) return absl::InvalidArgumentError(wrong);
  if (WriteRecord(record) != bytes) {
    return absl::InvalidArgumentError("not in the form that slogate writes");
  }
  record.bytes = std::string(bytes);
  return record;
}

}  // namespace slogate
