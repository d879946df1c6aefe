#include "gate/slo/forecast.h"

#include <algorithm>

#include <absl/strings/numbers.h>

namespace slogate {
namespace {

// `share` of a duration, in whole seconds, cut.
absl::Duration Part(absl::Duration whole, const Rational& share) {
  int64_t seconds = 0;
  const Rational part = share * Rational(absl::ToInt64Seconds(whole));
  return absl::SimpleAtoi(part.Fixed(0, Rounding::kDown), &seconds) ? absl::Seconds(seconds)
                                                                    : absl::ZeroDuration();
}

}  // namespace

std::optional<absl::Duration> UntilAtMost(const Rational& limit, const std::vector<Spent>& profile,
                                          absl::Duration window) {
  if (limit.sign() < 0 || profile.empty()) return std::nullopt;
  Rational within = 0;  // younger than the stretch
  for (const Spent& stretch : profile) {
    if (within + stretch.bad > limit) {
      // What fits of this stretch is its youngest part.
      const Rational share = *Quotient(limit - within, stretch.bad);
      const absl::Duration age = stretch.ago + Part(stretch.over, share);
      return std::max(window - age, absl::ZeroDuration());
    }
    within = within + stretch.bad;
  }
  return absl::ZeroDuration();
}

std::optional<Spent> MostSpent(const std::vector<Spent>& profile) {
  if (profile.empty()) return std::nullopt;
  const auto most = std::max_element(profile.begin(), profile.end(),
                                     [](const Spent& a, const Spent& b) { return a.bad < b.bad; });
  Rational all = 0;
  for (const Spent& stretch : profile) all = all + stretch.bad;
  if (all.sign() == 0 || most->bad * Rational(2) < all) return std::nullopt;
  return *most;
}

}  // namespace slogate
