#include "gate/slo/binomial.h"

#include <algorithm>

#include <absl/strings/numbers.h>
#include <boost/math/special_functions/beta.hpp>

namespace slogate {
namespace {

// Boost comes within 10^-13 of these values; the ends are moved outwards by far more than that.
const Rational& Noise() {
  static const Rational noise = *Rational::FromDecimal("0.000000001");
  return noise;
}

double Double(const Rational& value) {
  double result = 0;
  return absl::SimpleAtod(value.Significant(17, Rounding::kDown), &result) ? result : 0;
}

// The ratio below which a share `tail` of the Beta distribution with these parameters lies.
Rational BetaQuantile(const Rational& a, const Rational& b, double tail) {
  using boost::math::policies::domain_error;
  using boost::math::policies::errno_on_error;
  using boost::math::policies::evaluation_error;
  using boost::math::policies::overflow_error;
  using boost::math::policies::policy;
  using Quiet = policy<domain_error<errno_on_error>, overflow_error<errno_on_error>,
                       evaluation_error<errno_on_error>>;
  // NaN where it could not be worked out: then nothing is plausible rather than anything.
  return Rational::FromDouble(boost::math::ibeta_inv(Double(a), Double(b), tail, Quiet()))
      .value_or(-1);
}

}  // namespace

Bounds PlausibleBadRatio(const EventCount& count, const Rational& confidence) {
  const double tail = Double(*Quotient(Rational(1) - confidence, 2));
  Bounds ratio{0, 1};
  const Rational least_bad = std::min(count.bad.low, count.total.high);
  const Rational least_good = count.total.high - least_bad;
  if (least_bad.sign() > 0) {
    const Rational low = BetaQuantile(least_bad, least_good + 1, tail);
    if (low.sign() > 0) ratio.low = low * (Rational(1) - Noise());
  }
  const Rational most_bad = std::min(count.bad.high, count.total.low);
  const Rational most_good = count.total.low - most_bad;
  if (most_good.sign() > 0) {
    const Rational high = BetaQuantile(most_bad + 1, most_good, 1 - tail);
    if (high.sign() > 0) ratio.high = std::min(Rational(1), high * (Rational(1) + Noise()));
  }
  return ratio;
}

EventCount Plausible(const EventCount& count, const Rational& confidence) {
  if (count.total.low.sign() <= 0) return count;
  const Bounds ratio = PlausibleBadRatio(count, confidence);
  EventCount plausible = count;
  // What was read stays possible: more bad events than events may have been.
  plausible.bad = {std::min(count.bad.low, ratio.low * count.total.low),
                   std::max(count.bad.high, ratio.high * count.total.high)};
  return plausible;
}

}  // namespace slogate
