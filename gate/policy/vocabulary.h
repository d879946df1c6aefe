// Words that policies, evidence and decisions share: verdicts and kinds of findings, each named
// once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

namespace slogate {

// What policy and evidence say. Ordered: the strongest of several is the largest. Zero is no
// verdict.
enum class Verdict : uint8_t { kNone, kAllow, kWarn, kHold, kDeny };

absl::string_view Word(Verdict verdict);  // "allow", "warn", "hold", "deny"; "none"

// Whether a verdict opens the gate or closes it: `observe` lets every outcome proceed and says so.
enum class Enforcement : uint8_t { kEnforce, kObserve };

absl::string_view Word(Enforcement enforcement);

// How the counts of several sources become one.
enum class Combining : uint8_t {
  kSum,    // each has events of its own: they are added
  kWorst,  // all have the same events: the count with the larger share of bad ones
};

absl::string_view Word(Combining combining);  // "sum", "worst"

// What speaks Prometheus' HTTP API at a source's URL.
enum class ServerKind : uint8_t { kPrometheus, kVictoriaMetrics, kThanos, kMimir };

absl::string_view Word(ServerKind kind);  // "prometheus", …
std::optional<ServerKind> ServerKindFromWord(absl::string_view word);

// What every request to such a server says beside the question, as name and value: that data which is
// missing is no answer, and that replicas count once.
std::vector<std::pair<std::string, std::string>> ParametersOf(ServerKind kind);
std::string ParametersText(ServerKind kind);  // "partial_response=false and dedup=true"; may be ""

// Defects of the data, not of the service.
enum class FindingKind : uint8_t {
  kUnreachable,      // nobody answered, or only with a server error
  kUnauthorized,     // 401 or 403
  kRejectedQuery,    // the server refused the query
  kTimedOut,         // no complete answer in time
  kMalformedAnswer,  // an answer that is none: not JSON, wrong shape, status and body disagree, a
                     // redirect
  kTooLarge,         // more data than the gate, or the server, is willing to handle
  kPartialAnswer,    // the server warned that data was left out
  kNotFinite,        // NaN or an infinity
  kManySeries,       // several series where one was asked for
  kClockSkew,        // two clocks, of the servers and the gate, differ by more than the limit
  kNoBucket,         // the histogram has no bucket at the bound
  kNoSeries,         // the selector matches nothing: usually a wrong name
  kStale,            // the newest sample is too old
  kGap,              // too little of the window is covered by samples
  kShortHistory,     // less is stored than the window is long
  kBirths,           // counters look new and may be old: what they began with is not counted
  kNoTraffic,        // the SLO's own window holds no events
  kFewEvents,        // the budget allows few events: chance may decide
};

struct FindingTraits {
  FindingKind kind;
  absl::string_view word;  // "no_series"
  // Whether a policy may set allow or warn; all others are hold or deny.
  bool may_be_softened;
  Verdict verdict;        // where the policy says nothing
  absl::string_view doc;  // one sentence for the reference page
};

absl::Span<const FindingTraits> AllFindings();  // in the order of the enum
const FindingTraits& Traits(FindingKind kind);
absl::string_view Word(FindingKind kind);
std::optional<FindingKind> FindingFromWord(absl::string_view word);

}  // namespace slogate
