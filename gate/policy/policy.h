// The two kinds of file as plain values: what a ReleasePolicy and a ServiceObjectives say, with the
// places of what a diagnostic or a reason may have to point to. Decoded by policy_types.cc, never
// changed afterwards.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

#include "gate/base/bounds.h"
#include "gate/base/rational.h"
#include "gate/policy/calendar.h"
#include "gate/policy/promql.h"
#include "gate/policy/selector.h"
#include "gate/policy/vocabulary.h"
#include "gate/text/diagnostic.h"

namespace slogate {

// A value with its place in the file.
template <class T>
struct Placed {
  T value{};
  Position at;
};

using Labels = std::map<std::string, std::string>;

// Where a secret is kept; never the secret itself.
struct Secret {
  enum class Kind : uint8_t { kFile, kEnvironment };
  Kind kind = Kind::kFile;
  std::string name;  // a path, or a variable's name
  Position at;
};

struct BearerToken {
  Secret token;
};

struct BasicAuth {
  std::string username;
  Secret password;
};

// Requests signed as Amazon's services want them (Signature Version 4).
struct SigV4Auth {
  std::string region;
  std::string service = "aps";  // Amazon Managed Service for Prometheus
  Secret access_key_id, secret_access_key;
  std::optional<Secret> session_token;
};

// A token that is asked for before measuring: OAuth 2.0, client credentials (RFC 6749 §4.4).
struct OAuth2Auth {
  Placed<std::string> token_url;  // like SourceConfig::url
  std::string client_id;
  Secret client_secret;
  std::vector<std::string> scopes;
  std::string audience;  // empty: not sent
};

using Auth =
    std::variant<std::monostate, BearerToken, BasicAuth, SigV4Auth, OAuth2Auth>;  // monostate: none

using HeaderValue = std::variant<std::string, Secret>;

// Files in PEM for https; empty where not named.
struct TlsConfig {
  Position at;
  Placed<std::string> ca_file;              // trusted in place of the machine's certificates
  Placed<std::string> cert_file, key_file;  // ours; both or neither
};

// How events are counted: by the server's increase(), or here from raw samples, which show what a
// counter held at its first one. Auto: from samples where the server offers them.
enum class Counting : uint8_t { kAuto, kPromql, kSamples };

// One Prometheus-compatible server.
struct SourceConfig {
  Position at;
  Placed<std::string>
      url;  // http or https, without credentials, query or fragment; may have a path prefix
  ServerKind kind = ServerKind::kPrometheus;
  Auth auth;
  std::map<std::string, Placed<HeaderValue>> headers;
  std::optional<TlsConfig> tls;
  Placed<std::string> proxy;  // http or https, with a port, without credentials; empty: none
  // Requests at once, 1 to limits::kConcurrencyMost; unset: as many as the way there is worth.
  std::optional<int> concurrency;
  Counting counting = Counting::kPromql;
};

// Whether samples may be asked for at all, whatever `counting` says.
bool MayReadSamples(const SourceConfig& source);

struct EnvironmentConfig {
  Position at;
  std::vector<Placed<std::string>> sources;     // names in ReleasePolicy::sources
  std::optional<Placed<Combining>> combine;     // set where there are several, and only there
  std::optional<Placed<absl::Duration>> delay;  // whole seconds; only where there are several
  Labels matchers;                              // added to every selector as label="value"
  std::optional<Enforcement> enforcement;       // unset: the policy's
};

// Which ledger every decision is recorded in. How it is reached, the command line says.
struct LedgerConfig {
  Position at;
  std::string id;  // the log_id of its first record
  // The hash of that first record, 64 hex digits: then no other ledger of the same id will do.
  std::optional<std::string> genesis;
};

// Somebody, by all accounts that are theirs, so that nobody approves what they asked for.
struct PersonConfig {
  Position at;
  std::vector<Placed<std::string>> accounts;  // "github:alice", as records name actors
  std::vector<Placed<std::string>> groups;
};

// How often within a time, for one service in one environment.
struct UsageLimit {
  Position at;
  int count = 0;                              // at least 1
  absl::Duration per = absl::ZeroDuration();  // whole seconds
};

// Whose consent is needed: of `approvals` different people, none of whom has asked for it.
struct Consent {
  int approvals = 1;                           // 0: nobody's
  std::vector<Placed<std::string>> approvers;  // groups; empty: anybody with an account
};

// What opens a closed gate by hand.
struct OverrideRules {
  Position at;
  Consent consent;
  size_t reason_min_length = 20;  // characters, blanks at the ends not counted
  std::optional<std::string> ticket_prefix;
  absl::Duration expires = absl::Hours(4);  // from the request on
  int uses = 1;
  std::vector<Placed<std::string>> never;  // ids of rules that no override opens
  std::optional<UsageLimit> limit;
  Consent beyond;  // what is needed once the limit is used up: never less than `consent`
  std::optional<absl::Duration> review_within;  // of its use
  std::vector<Placed<std::string>> vouching;    // CI systems whose word for who approved is taken
  std::string page;  // a URL where people ask for one and approve it; may be empty
};

// What makes a claimed change class count; without, the claim alone does.
struct Proof {
  Position at;
  // The ledger says that this digest ran in this environment within that time.
  std::optional<absl::Duration> released_before;
  std::optional<Consent> consent;  // or an approved request for the class; one of the two
};

// What kind of change a release is, and what such a change may skip.
struct ChangeClass {
  Position at;
  bool is_default = false;
  std::vector<Placed<std::string>> skips;  // "rules", "findings", a rule's id, or a finding's kind
  std::optional<std::string> ticket_prefix;  // a claim needs --ticket with this prefix
  std::optional<Proof> proof;
  std::optional<UsageLimit> limit;              // beyond it, the claim counts as the default class
  std::optional<absl::Duration> review_within;  // of a release that it let out
};

struct Threshold {
  Comparator comparator = Comparator::kAtMost;
  Rational value;  // percentages as ratios: 2% is 1/50
  Position at;
};

// The conditions of a rule: a closed set, so that a policy is checked completely before anything is
// measured.
struct BudgetRemaining {  // 1 - consumed, over the SLO's own window
  Threshold threshold;    // at_most, below
  // Once a recorded decision found it true, it stays true until more than this remains: a ratio
  // above the threshold.
  std::optional<Placed<Rational>> reopens_above = std::nullopt;
};
struct BudgetSpent {                         // the share of the window's budget that `over` used
  Threshold threshold;                       // at_least, above
  std::vector<Placed<absl::Duration>> over;  // all must hold; one where confirmed_over is set
  std::optional<Placed<absl::Duration>> confirmed_over;
};
struct BurnRate {
  Threshold threshold;  // above, at_least; a number, not a ratio
  std::vector<Placed<absl::Duration>> over;
};
struct SliLevel {       // good / total
  Threshold threshold;  // below, at_most
  std::vector<Placed<absl::Duration>> over;
};
struct LastRelease {  // of the service in this environment, by the ledger; about no SLO
  Placed<absl::Duration> younger_than;
};
// The time [from, to) in which releases stop; about no SLO. Stands in `freezes`, never in `rules`.
struct Freeze {
  absl::Time from, to;
  std::string reason;  // for people; may be empty
};
using Condition =
    std::variant<BudgetRemaining, BudgetSpent, BurnRate, SliLevel, LastRelease, Freeze>;

// Which SLOs a rule looks at: all, those that carry all these labels, or those of these names.
using SloSelection = std::variant<std::monostate, Labels, std::vector<Placed<std::string>>>;

struct Rule {
  Position at;
  std::string id;
  Condition when;
  Verdict verdict = Verdict::kDeny;
  SloSelection slos;
};

// A moment as a freeze says it: with an offset, or by the clocks of its time_zone.
using WrittenMoment = std::variant<absl::Time, absl::CivilSecond>;

// When releases stop, whatever is measured.
struct FreezeConfig {
  Position at;
  std::string id;                                 // beside the rules' ids
  std::vector<Placed<std::string>> environments;  // empty: all
  Placed<WrittenMoment> from, to;                 // `to` is the first moment after it
  std::optional<std::string> time_zone;           // what local moments are told by
  Verdict verdict = Verdict::kDeny;
  std::string reason;  // for people; may be empty
};

// What the policy says about findings, and the limits from which they begin.
struct FindingChoices {
  std::map<FindingKind, Verdict> verdicts;  // only those that the policy sets
  absl::Duration stale_older_than = absl::Minutes(5);
  Rational gap_coverage_below = *Quotient(9, 10);  // a ratio, above 0 and at most 1
  absl::Duration min_history = absl::Hours(24);
  absl::Duration clock_skew_more_than = absl::Seconds(30);
  Rational few_events_budget_below = 10;                // allowed events
  Rational few_events_confidence = *Quotient(95, 100);  // a ratio, above 0 and below 1

  Verdict For(FindingKind kind) const;  // the policy's choice or the default
};

struct EventsSli {  // exactly two of the three; a matchers-only half is added to `total`
  Position at;
  std::optional<Placed<Selector>> good, bad, total;
};

// Good are the events that a histogram of seconds, classic or native, counts as at most `within`.
struct LatencySli {
  Position at;
  Placed<Selector> histogram;     // without _bucket; slogate adds that and `le`
  Placed<absl::Duration> within;  // at most that long; whole milliseconds, at least one
};

// What slices of time without data count as.
enum class NoData : uint8_t { kSkip, kBad, kGood };

// A value at the end of each slice of time; the slices are the events.
struct ThresholdSli {
  Position at;
  Placed<std::variant<Promql, Selector>> value;  // of one series; a Selector where it is a gauge's
  Threshold threshold;                           // at_most or at_least: what a good slice has
  Placed<absl::Duration> slice;                  // whole seconds
  NoData no_data = NoData::kSkip;
  std::optional<Placed<Selector>> watch;  // whose samples tell the data's age; set for all Promql
};

// The share of good events in each slice of time; the slices are the events.
struct SlicesSli {
  EventsSli events;
  Placed<Rational> ratio;  // the least share of good events in a good slice; above 0, at most 1
  Placed<absl::Duration> slice;  // whole seconds
  NoData no_data = NoData::kSkip;
};

// Events counted by the author's own PromQL.
struct QuerySli {
  Position at;
  Placed<Promql> total;
  std::optional<Placed<Promql>> good, bad;  // exactly one
  Placed<Selector> watch;                   // whose samples tell the data's age
};

using Sli = std::variant<EventsSli, LatencySli, ThresholdSli, SlicesSli, QuerySli>;

struct Slo {
  Position at;
  std::string name;
  Labels labels;               // its own; the file's are added by Combine
  Rational objective;          // the target share of good events, 0 < objective < 1
  std::string objective_text;  // as written: "99.9%"
  Window window;
  Sli sli;
};

struct Metadata {
  std::string name;
  std::string runbook;  // a URL shown at hold and deny; may be empty
};

struct ReleasePolicy {
  std::string file;
  Position at;
  Metadata metadata;
  std::map<std::string, SourceConfig> sources;
  std::map<std::string, EnvironmentConfig> environments;
  Enforcement enforcement = Enforcement::kEnforce;
  std::map<std::string, ChangeClass> changes;  // empty: one class, "feature", that skips nothing
  std::vector<Rule> rules;
  std::vector<FreezeConfig> freezes;
  FindingChoices findings;
  std::optional<LedgerConfig> ledger;
  std::map<std::string, PersonConfig> people;
  std::optional<OverrideRules> overrides;  // without, nothing opens a closed gate by hand
  // A small shop keeps its SLOs in the policy.
  std::optional<Placed<std::string>> service;
  Labels labels;
  std::vector<Slo> slos;
};

struct ServiceObjectives {
  std::string file;
  Position at;
  Placed<std::string> service;
  Labels labels;
  std::vector<Slo> slos;
};

}  // namespace slogate
