#include "gate/evidence/sli_events.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/evidence/counter.h"

namespace slogate {
namespace {

// The two counters an SLI names, whole: (total, bad), (total, good) or (good, bad). They are looked up
// for every window, so that none is copied that is whole as it stands.
class Counters {
 public:
  explicit Counters(const EventsSli& sli) {
    if (!sli.total) {
      first_ = &sli.good->value;
      second_ = &sli.bad->value;
      return;
    }
    first_ = &sli.total->value;
    second_ = sli.bad ? &sli.bad->value : &sli.good->value;
    if (!second_->matchers_only()) return;
    completed_ = Complete(*second_, *first_);
    second_ = &completed_;
  }
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;

  const Selector& first() const { return *first_; }
  const Selector& second() const { return *second_; }

 private:
  const Selector *first_, *second_;
  Selector completed_;
};

// The labels by which `counter` picks some of the total's own series; none where it is another
// counter. Goes by the selectors and not by how they were written: Combine makes every half whole.
std::vector<std::string> LabelsWithin(const EventsSli& sli, const Selector& counter) {
  if (!sli.total || counter.metric != sli.total->value.metric) return {};
  const std::vector<Matcher>& all = sli.total->value.matchers;
  const auto has = [](const std::vector<Matcher>& matchers, const Matcher& matcher) {
    return std::find(matchers.begin(), matchers.end(), matcher) != matchers.end();
  };
  std::vector<std::string> labels;
  for (const Matcher& matcher : counter.matchers) {
    const bool known = std::find(labels.begin(), labels.end(), matcher.label) != labels.end();
    if (!known && !has(all, matcher)) labels.push_back(matcher.label);
  }
  const bool within = std::all_of(all.begin(), all.end(), [&](const Matcher& matcher) {
    return has(counter.matchers, matcher);
  });
  return within ? labels : std::vector<std::string>();
}

const Reading* FindEvents(const Evidence& evidence, const Selector& selector,
                          const std::string& source, absl::Duration window) {
  return evidence.Find(EventsOf(selector, source, window));
}

}  // namespace

// A part of the total counts zero
// when the total's series carry its labels at all: a code="500" series is only born with the first
// failure. Any other counter must have been seen itself.
Question SeenOf(const EventsSli& sli, const Selector& counter, const std::string& source,
                absl::Duration slo_window) {
  Question question{QuestionKind::kSeriesSeen, source, counter, slo_window};
  const std::vector<std::string> labels = LabelsWithin(sli, counter);
  if (labels.empty()) return question;
  Selector carries;
  for (const std::string& label : labels) carries.matchers.push_back({label, "!=", ""});
  question.selector = Complete(carries, sli.total->value);
  return question;
}

Finding NoSeriesOf(const EventsSli& sli, const Selector& counter, absl::Duration window,
                   bool looked) {
  const std::vector<std::string> labels = LabelsWithin(sli, counter);
  if (!looked) return NoSamples(counter, window);
  Finding finding{FindingKind::kNoSeries, {}, {}, ""};
  if (labels.empty()) {
    finding.detail = absl::StrCat("the source has never seen a series of ", Print(counter));
  } else {
    finding.detail = absl::StrCat("no series of ", Print(sli.total->value), " carries the label ",
                                  absl::StrJoin(labels, " and "));
  }
  return finding;
}

std::vector<Selector> WatchedSelectors(const EventsSli& sli) {
  if (sli.total) return {sli.total->value};
  return {sli.good->value, sli.bad->value};
}

std::vector<Selector> TotalCounters(const EventsSli& sli) { return WatchedSelectors(sli); }

std::vector<Question> AskEvents(const EventsSli& sli, const std::string& source,
                                absl::Duration window) {
  const Counters counters(sli);
  return {EventsOf(counters.first(), source, window), EventsOf(counters.second(), source, window)};
}

std::vector<Question> AskFurther(const EventsSli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence) {
  const Counters counters(sli);
  std::vector<Question> questions;
  const auto ask = [&](const Selector& counter, const Selector& other) {
    const bool missing = IsEmpty(FindEvents(evidence, counter, source, window)) &&
                         !HasData(FindEvents(evidence, counter, source, slo_window));
    if (missing && HasData(FindEvents(evidence, other, source, window))) {
      questions.push_back(SeenOf(sli, counter, source, slo_window));
    }
  };
  ask(counters.second(), counters.first());
  if (!sli.total) ask(counters.first(), counters.second());
  return questions;
}

std::variant<EventCount, std::vector<Finding>> CountEvents(const EventsSli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence) {
  const Counters counters(sli);
  const Reading* first = FindEvents(evidence, counters.first(), source, window);
  const Reading* second = FindEvents(evidence, counters.second(), source, window);
  std::vector<Finding> findings;
  AddFindings(first, findings);
  AddFindings(second, findings);
  if (!findings.empty()) return findings;

  // A counter's value; zero where it has no data but is known to exist.
  const auto value_of = [&](const Selector& counter, const Reading* reading,
                            const Reading* other) -> std::optional<Bounds> {
    if (reading->value) return reading->value;
    const bool may_be_zero = HasData(other) && (!sli.total || counter != sli.total->value);
    if (may_be_zero && HasData(FindEvents(evidence, counter, source, slo_window))) return Bounds{};
    const Reading* seen =
        may_be_zero ? evidence.Find(SeenOf(sli, counter, source, slo_window)) : nullptr;
    if (seen != nullptr && !seen->findings.empty()) {
      findings.insert(findings.end(), seen->findings.begin(), seen->findings.end());
      return std::nullopt;
    }
    if (HasData(seen) && seen->value->low.sign() > 0) return Bounds{};
    findings.push_back(NoSeriesOf(sli, counter, window, seen != nullptr));
    return std::nullopt;
  };
  const std::optional<Bounds> a = value_of(counters.first(), first, second);
  const std::optional<Bounds> b = value_of(counters.second(), second, first);
  if (!a || !b) return findings;

  EventCount count;
  count.estimate = first->estimate || second->estimate;
  count.step = first->step || second->step;
  if (!sli.total) {
    count.total = *a + *b;
    count.bad = *b;
  } else {
    const Bounds rest = RestOf(counters.first(), *a, *second, *b);
    count.total = *a;
    count.bad = sli.bad ? *b : BadFrom(rest);
    count.good_exceeds_total = !sli.bad && rest.high.sign() < 0;
  }
  if (auto mismatch = Mismatch(count, counters.first(), counters.second(), window)) {
    return std::vector<Finding>{*std::move(mismatch)};
  }
  return count;
}

}  // namespace slogate
