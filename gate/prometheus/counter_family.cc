#include "gate/prometheus/counter_family.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "gate/prometheus/plain_matcher.h"

namespace slogate {
namespace {

// Apart from it, buckets of one histogram are the same.
constexpr char kBucketLabel[] = "le";

bool Contains(const std::vector<Matcher>& all, const std::vector<Matcher>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

std::vector<Matcher> BesidesBuckets(const Selector& selector) {
  std::vector<Matcher> matchers;
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.label != kBucketLabel) matchers.push_back(matcher);
  }
  return matchers;
}

// Adds `selector` as a part of a read, or as a new one.
void Add(const Selector& selector, CounterFamily& family) {
  for (size_t i = 0; i < family.reads.size(); ++i) {
    const std::vector<Matcher>& whole = family.reads[i].matchers;
    if (family.reads[i].metric != selector.metric || !Contains(selector.matchers, whole)) continue;
    std::vector<Matcher> rest;
    std::set_difference(selector.matchers.begin(), selector.matchers.end(), whole.begin(),
                        whole.end(), std::back_inserter(rest));
    if (!std::all_of(rest.begin(), rest.end(), IsPlain)) continue;
    family.counted.push_back({selector, i, std::move(rest)});
    return;
  }
  family.counted.push_back({selector, family.reads.size()});
  family.reads.push_back(selector);
}

}  // namespace

std::optional<size_t> WholeOf(size_t part, const CounterFamily& family) {
  const Selector& selector = family.counted[part].selector;
  Selector buckets{selector.metric, BesidesBuckets(selector)};
  if (buckets.matchers != selector.matchers) {
    buckets.matchers.push_back({kBucketLabel, "=", "+Inf"});
    buckets = Normal(std::move(buckets));
  }
  std::optional<size_t> whole;
  for (size_t i = 0; i < family.counted.size(); ++i) {
    const Selector& other = family.counted[i].selector;
    if (i == part || other.metric != selector.metric) continue;
    if (other == buckets) return i;
    const size_t so_far = whole ? family.counted[*whole].selector.matchers.size() : 0;
    if (Contains(selector.matchers, other.matchers) && (!whole || other.matchers.size() > so_far))
      whole = i;
  }
  return whole;
}

Selector Normal(Selector selector) {
  selector.matchers = SortedMatchers(std::move(selector.matchers));
  return selector;
}

std::vector<CounterFamily> FamiliesOf(absl::Span<const Question> questions) {
  absl::Duration max_age = absl::ZeroDuration();
  std::map<Selector, std::set<absl::Duration, std::greater<>>> windows;
  for (const Question& question : questions) {
    max_age = std::max(max_age, question.max_age);
    const bool until_now = question.ago == absl::ZeroDuration();
    if (question.kind == QuestionKind::kEvents && until_now && !question.selector.metric.empty())
      windows[Normal(question.selector)].insert(question.over);
  }
  if (max_age == absl::ZeroDuration()) max_age = absl::Minutes(5);

  std::vector<const Selector*> selectors;  // what contains others has fewer matchers than they
  for (const auto& [selector, over] : windows) selectors.push_back(&selector);
  std::stable_sort(selectors.begin(), selectors.end(), [](const Selector* a, const Selector* b) {
    return a->matchers.size() < b->matchers.size();
  });

  std::vector<CounterFamily> families;
  std::vector<std::set<absl::Duration, std::greater<>>> all_windows;
  for (const Selector* selector : selectors) {
    const auto found =
        std::find_if(families.begin(), families.end(), [&](const CounterFamily& family) {
          const std::vector<Matcher> common = BesidesBuckets(family.reads[0]);
          return family.reads[0].metric == selector->metric ? Contains(selector->matchers, common)
                                                            : BesidesBuckets(*selector) == common;
        });
    const auto number = static_cast<size_t>(found - families.begin());
    if (found == families.end()) {
      families.push_back({{}, {}, {}, max_age});
      all_windows.emplace_back();
    }
    Add(*selector, families[number]);
    all_windows[number].insert(windows[*selector].begin(), windows[*selector].end());
  }
  for (size_t i = 0; i < families.size(); ++i)
    families[i].windows.assign(all_windows[i].begin(), all_windows[i].end());
  return families;
}

}  // namespace slogate
