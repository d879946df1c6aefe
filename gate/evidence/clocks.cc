#include "gate/evidence/clocks.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/evidence/counter.h"

namespace slogate {
namespace {

// By how much a clock is ahead of the gate's: a clock that stands between the times at which it was asked
// and had answered may be right.
std::optional<Bounds> Ahead(const Reading& clock, const AskedAt& asked) {
  if (!clock.value) return std::nullopt;
  const auto since_epoch = [](absl::Time time) { return Seconds(time - absl::UnixEpoch()); };
  return Bounds{clock.value->low - since_epoch(asked.after),
                clock.value->high - since_epoch(asked.before)};
}

Finding Skew(const Rational& skew, absl::Duration limit, absl::string_view side,
             absl::string_view whose) {
  return {FindingKind::kClockSkew, skew, Seconds(limit),
          absl::StrCat("the source's clock is ", skew.Fixed(0, Rounding::kUp), " s ", side, " ",
                       whose)};
}

}  // namespace

std::optional<absl::Time> OldestOf(absl::Span<const Reading> clocks) {
  std::optional<Rational> oldest;
  for (const Reading& clock : clocks) {
    if (clock.value && (!oldest || clock.value->low < *oldest)) oldest = clock.value->low;
  }
  int64_t seconds = 0;
  if (!oldest || !absl::SimpleAtoi(oldest->Fixed(0, Rounding::kDown), &seconds))
    return std::nullopt;
  return absl::FromUnixSeconds(seconds);
}

void CheckClocks(absl::Span<Reading> clocks, absl::Span<const AskedAt> asked,
                 absl::Duration limit) {
  std::vector<std::optional<Bounds>> ahead;
  for (size_t i = 0; i < clocks.size(); ++i) ahead.push_back(Ahead(clocks[i], asked[i]));
  for (size_t i = 0; i < clocks.size(); ++i) {
    if (!ahead[i]) continue;
    std::optional<Finding> skewed;
    const Rational behind = -ahead[i]->high;
    const Rational skew = std::max(behind, ahead[i]->low);
    if (skew > Seconds(limit)) {
      skewed = Skew(skew, limit, behind > ahead[i]->low ? "behind" : "ahead of", "the gate's");
    }
    for (size_t j = 0; j < clocks.size() && !skewed; ++j) {
      if (!ahead[j]) continue;
      const Rational apart = ahead[i]->low - ahead[j]->high;
      if (apart <= Seconds(limit)) continue;
      skewed = Skew(apart, limit, "ahead of that of", clocks[j].question.source);
    }
    if (!skewed) continue;
    clocks[i].value.reset();
    clocks[i].findings.push_back(*std::move(skewed));
  }
}

}  // namespace slogate
