#include "gate/evidence/sli_latency.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include "gate/evidence/counter.h"

namespace slogate {
namespace {

// Only for the words of a finding, so over the shortest range in which everything is scraped.
constexpr absl::Duration kBoundsRange = absl::Minutes(5);

Selector Buckets(const LatencySli& sli) {
  Selector buckets = sli.histogram.value;
  buckets.metric += "_bucket";
  return buckets;
}

std::string InSeconds(absl::Duration bound) { return Seconds(bound).ExactDecimal().value_or(""); }

// A regular expression for every way in which programs write this bound: "0.3", "0.30", "3e-1";
// "1", "1.0", "1e+00". Prometheus 2 stores the spelling of the exposition, Prometheus 3 its own.
// Any one process writes a bound in one way at a time, so that no event is counted twice; where the
// spelling changes, one series ends and another begins, at the cost of a scrape's events.
std::string Spellings(absl::Duration bound) {
  const std::string seconds = InSeconds(bound);
  const size_t point = std::min(seconds.find('.'), seconds.size());
  const std::string whole = seconds.substr(0, point);
  const std::string fraction = point == seconds.size() ? "" : seconds.substr(point + 1);

  const std::string all = whole + fraction;
  const size_t first = all.find_first_not_of('0'), last = all.find_last_not_of('0');
  const std::string digits = all.substr(first, last - first + 1);
  const size_t exponent =
      first < whole.size() ? whole.size() - 1 - first : first + 1 - whole.size();
  const absl::string_view sign = first >= whole.size() ? "-" : exponent == 0 ? "[+-]?" : "[+]?";

  const auto decimal = [](const std::string& before, const std::string& after) {
    return after.empty() ? absl::StrCat(before, "([.]0*)?")
                         : absl::StrCat(before, "[.]", after, "0*");
  };
  return absl::StrCat(decimal(whole == "0" ? "0?" : whole, fraction), "|",
                      decimal(digits.substr(0, 1), digits.substr(1)), "[eE]", sign, "0*", exponent);
}

// The counter of good events: a bucket counts what took at most its bound.
Selector WithinBound(const LatencySli& sli) {
  Selector bucket = Buckets(sli);
  bucket.matchers.push_back({"le", "=~", Spellings(sli.within.value)});
  return bucket;
}

// The counter of all events. Every histogram has this bucket, always spelt so. It counts what
// _count counts, but bears the name and the labels of the other: whatever a scrape or a relabelling
// drops, it drops both, and one query can fetch both.
Selector AllEvents(const LatencySli& sli) {
  Selector bucket = Buckets(sli);
  bucket.matchers.push_back({"le", "=", "+Inf"});
  return bucket;
}

Question WhichBounds(const LatencySli& sli, const std::string& source) {
  return {QuestionKind::kBucketBounds, source, Buckets(sli), kBoundsRange};
}

Question History(const Selector& selector, const std::string& source, absl::Duration slo_window) {
  return {QuestionKind::kHistory, source, selector, slo_window};
}

// How far back the bucket goes, where that is known and may be less than `window`.
const Bounds* ShortReach(const LatencySli& sli, const std::string& source, absl::Duration window,
                         absl::Duration slo_window, const Evidence& evidence) {
  const Reading* history = evidence.Find(History(WithinBound(sli), source, slo_window));
  if (!HasData(history) || history->value->low >= Seconds(window)) return nullptr;
  return &*history->value;
}

Question NativeEvents(const LatencySli& sli, const std::string& source, absl::Duration window) {
  return {QuestionKind::kHistogramEvents, source, NativeSelector(sli), window};
}

Question NativeWithin(const LatencySli& sli, const std::string& source, absl::Duration window) {
  Question question{QuestionKind::kHistogramWithin, source, NativeSelector(sli), window};
  question.within = sli.within.value;
  return question;
}

bool NoBuckets(const LatencySli& sli, const std::string& source, absl::Duration window,
               const Evidence& evidence) {
  return IsEmpty(evidence.Find(EventsOf(AllEvents(sli), source, window))) &&
         IsEmpty(evidence.Find(EventsOf(WithinBound(sli), source, window)));
}

// A server that knows no native histograms has none.
bool KnowsNoSuch(const Reading* reading) {
  return reading != nullptr && !reading->findings.empty() &&
         reading->findings[0].kind == FindingKind::kRejectedQuery;
}

// The count of a native histogram over `window`; nothing but its findings where it has none.
std::variant<EventCount, std::vector<Finding>> CountNative(const LatencySli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           const Evidence& evidence) {
  const Reading* total = evidence.Find(NativeEvents(sli, source, window));
  const Reading* good = evidence.Find(NativeWithin(sli, source, window));
  std::vector<Finding> findings;
  if (!KnowsNoSuch(total)) AddFindings(total, findings);
  if (!findings.empty()) return findings;
  if (!HasData(total)) return std::vector<Finding>{NoSamples(AllEvents(sli), window)};
  EventCount count;
  count.estimate = count.interpolated = true;
  count.total = *total->value;
  if (count.total.high.sign() == 0) return count;  // the share of nothing is NaN
  AddFindings(good, findings);
  if (findings.empty() && !good->value) findings.push_back(NoSamples(NativeSelector(sli), window));
  if (!findings.empty()) return findings;
  count.bad = BadFrom(count.total - *good->value);
  count.good_exceeds_total = (count.total - *good->value).high.sign() < 0;
  return count;
}

Finding NoBucket(const LatencySli& sli) {
  return {FindingKind::kNoBucket,
          {},
          {},
          absl::StrCat("no bucket at ", InSeconds(sli.within.value), " s of ",
                       Print(sli.histogram.value))};
}

}  // namespace

std::vector<Selector> WatchedSelectors(const LatencySli& sli) { return {WithinBound(sli)}; }

std::vector<Selector> TotalCounters(const LatencySli& sli) { return {AllEvents(sli)}; }

const Selector& NativeSelector(const LatencySli& sli) { return sli.histogram.value; }

bool MayBeNative(const LatencySli& sli, const std::string& source, absl::Duration slo_window,
                 const Evidence& evidence) {
  return NoBuckets(sli, source, slo_window, evidence);
}

bool IsNative(const LatencySli& sli, const std::string& source, absl::Duration slo_window,
              const Evidence& evidence) {
  return MayBeNative(sli, source, slo_window, evidence) &&
         HasData(evidence.Find(NativeEvents(sli, source, slo_window)));
}

std::vector<Question> AskEvents(const LatencySli& sli, const std::string& source,
                                absl::Duration window) {
  return {EventsOf(AllEvents(sli), source, window), EventsOf(WithinBound(sli), source, window)};
}

std::vector<Question> AskFurther(const LatencySli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence) {
  const Reading* all = evidence.Find(EventsOf(AllEvents(sli), source, window));
  const Reading* within = evidence.Find(EventsOf(WithinBound(sli), source, window));
  if (NoBuckets(sli, source, window, evidence) && MayBeNative(sli, source, slo_window, evidence)) {
    return {NativeEvents(sli, source, window), NativeWithin(sli, source, window)};
  }
  if (!HasData(all)) return {};
  if (IsEmpty(within)) return {WhichBounds(sli, source)};
  if (ShortReach(sli, source, window, slo_window, evidence) == nullptr) return {};
  return {History(AllEvents(sli), source, slo_window)};
}

std::variant<EventCount, std::vector<Finding>> CountEvents(const LatencySli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence) {
  const Selector all = AllEvents(sli), within = WithinBound(sli);
  const Reading* total = evidence.Find(EventsOf(all, source, window));
  const Reading* good = evidence.Find(EventsOf(within, source, window));
  std::vector<Finding> findings;
  AddFindings(total, findings);
  AddFindings(good, findings);
  if (!findings.empty()) return findings;
  if (!total->value && !good->value && MayBeNative(sli, source, slo_window, evidence)) {
    return CountNative(sli, source, window, evidence);
  }
  if (!total->value) return std::vector<Finding>{NoSamples(all, window)};
  if (!good->value) {
    Finding missing = NoBucket(sli);
    const Reading* bounds = evidence.Find(WhichBounds(sli, source));
    if (bounds != nullptr && !bounds->findings.empty() &&
        bounds->findings[0].kind == FindingKind::kNoBucket) {
      absl::StrAppend(&missing.detail, "; there are ", bounds->findings[0].detail);
    }
    return std::vector<Finding>{std::move(missing)};
  }
  // Where the histogram is older than its bucket, the events before would all count as bad.
  if (const Bounds* reach = ShortReach(sli, source, window, slo_window, evidence)) {
    const Reading* whole = evidence.Find(History(all, source, slo_window));
    AddFindings(whole, findings);
    if (HasData(whole) && whole->value->low > reach->high) {
      findings.push_back(NoBucket(sli));
      findings.back().measured = reach->high;
      findings.back().limit = Seconds(window);
    }
    if (!findings.empty()) return findings;
  }

  EventCount count;
  count.estimate = total->estimate || good->estimate;
  count.step = total->step || good->step;
  count.total = *total->value;
  const Bounds rest = RestOf(all, count.total, *good, *good->value);
  count.bad = BadFrom(rest);
  count.good_exceeds_total = rest.high.sign() < 0;
  if (auto mismatch = Mismatch(count, all, within, window)) {
    return std::vector<Finding>{*std::move(mismatch)};
  }
  return count;
}

}  // namespace slogate
