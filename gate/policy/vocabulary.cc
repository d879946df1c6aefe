#include "gate/policy/vocabulary.h"

#include <array>

#include <absl/strings/str_join.h>

namespace slogate {
namespace {

constexpr std::array<absl::string_view, 5> kVerdicts = {"none", "allow", "warn", "hold", "deny"};

constexpr std::array<absl::string_view, 4> kServerKinds = {"prometheus", "victoriametrics",
                                                           "thanos", "mimir"};

constexpr FindingTraits kFindings[] = {
    {FindingKind::kUnreachable, "unreachable", false, Verdict::kHold,
     "Nobody answered at the source's URL, or only with a server error."},
    {FindingKind::kUnauthorized, "unauthorized", false, Verdict::kHold,
     "The source refused the credentials (401 or 403)."},
    {FindingKind::kRejectedQuery, "rejected_query", false, Verdict::kHold,
     "The source refused the query."},
    {FindingKind::kTimedOut, "timed_out", false, Verdict::kHold,
     "No complete answer came before the deadline, or the source gave up."},
    {FindingKind::kMalformedAnswer, "malformed_answer", false, Verdict::kHold,
     "What came back is not the answer to the question: a login page, a redirect, broken JSON, a "
     "wrong shape."},
    {FindingKind::kTooLarge, "too_large", false, Verdict::kHold,
     "The answer is larger than slogate reads, or the query loads more than the source allows."},
    {FindingKind::kPartialAnswer, "partial_answer", false, Verdict::kHold,
     "The source warned that data was left out."},
    {FindingKind::kNotFinite, "not_finite", false, Verdict::kHold, "The value is NaN or infinite."},
    {FindingKind::kManySeries, "many_series", false, Verdict::kHold,
     "Several series came back where one sum was asked for."},
    {FindingKind::kClockSkew, "clock_skew", false, Verdict::kHold,
     "The source's clock differs by more than the limit from the gate's, or from another "
     "source's."},
    {FindingKind::kNoBucket, "no_bucket", false, Verdict::kHold,
     "The histogram has no bucket at the bound, or has not had it all the time. Nothing is "
     "interpolated."},
    {FindingKind::kNoSeries, "no_series", false, Verdict::kHold,
     "The selector matches nothing: usually a wrong name."},
    {FindingKind::kStale, "stale", false, Verdict::kHold, "The newest sample is too old."},
    {FindingKind::kGap, "gap", true, Verdict::kHold,
     "Samples cover too little of the SLO's window, from the first stored one on."},
    {FindingKind::kShortHistory, "short_history", true, Verdict::kWarn,
     "Less is stored than the window is long. Below min_history it is a hold, whatever is set."},
    {FindingKind::kBirths, "births", true, Verdict::kWarn,
     "Most counters began at about one time, so they may be old ones under new labels. What they "
     "began "
     "with is not counted."},
    {FindingKind::kNoTraffic, "no_traffic", true, Verdict::kHold,
     "The SLO's own window holds no events, so nothing says how much of the budget is spent."},
    {FindingKind::kFewEvents, "few_events", true, Verdict::kWarn,
     "The budget allows less than budget_below events, and chance may have decided what was "
     "counted."},
};

}  // namespace

absl::string_view Word(Verdict verdict) { return kVerdicts[static_cast<size_t>(verdict)]; }

absl::string_view Word(Enforcement enforcement) {
  return enforcement == Enforcement::kEnforce ? "enforce" : "observe";
}

absl::string_view Word(Combining combining) {
  return combining == Combining::kSum ? "sum" : "worst";
}

absl::string_view Word(ServerKind kind) { return kServerKinds[static_cast<size_t>(kind)]; }

std::optional<ServerKind> ServerKindFromWord(absl::string_view word) {
  for (size_t i = 0; i < kServerKinds.size(); ++i) {
    if (kServerKinds[i] == word) return static_cast<ServerKind>(i);
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> ParametersOf(ServerKind kind) {
  if (kind != ServerKind::kThanos) return {};
  return {{"partial_response", "false"}, {"dedup", "true"}};
}

std::string ParametersText(ServerKind kind) {
  return absl::StrJoin(ParametersOf(kind), " and ", absl::PairFormatter("="));
}

absl::Span<const FindingTraits> AllFindings() { return kFindings; }

const FindingTraits& Traits(FindingKind kind) { return kFindings[static_cast<size_t>(kind)]; }

absl::string_view Word(FindingKind kind) { return Traits(kind).word; }

std::optional<FindingKind> FindingFromWord(absl::string_view word) {
  for (const FindingTraits& traits : kFindings) {
    if (traits.word == word) return traits.kind;
  }
  return std::nullopt;
}

}  // namespace slogate
