// What an SLI of each kind becomes in an environment.
#include <algorithm>
#include <utility>

#include "gate/policy/effective.h"

namespace slogate {
namespace {

using Half = std::optional<Placed<Selector>>;

EventsSli Whole(EventsSli events, const Labels& matchers) {
  const Selector total = events.total ? events.total->value : Selector();
  for (Half* half : {&events.good, &events.bad, &events.total}) {
    if (*half) (*half)->value = WithMatchers(Complete((*half)->value, total), matchers);
  }
  return events;
}

LatencySli Whole(LatencySli latency, const Labels& matchers) {
  latency.histogram.value = WithMatchers(std::move(latency.histogram.value), matchers);
  return latency;
}

ThresholdSli Whole(ThresholdSli threshold, const Labels& matchers) {
  std::visit([&](auto& value) { value = WithMatchers(value, matchers); }, threshold.value.value);
  if (threshold.watch) threshold.watch->value = WithMatchers(threshold.watch->value, matchers);
  return threshold;
}

SlicesSli Whole(SlicesSli slices, const Labels& matchers) {
  slices.events = Whole(std::move(slices.events), matchers);
  return slices;
}

QuerySli Whole(QuerySli query, const Labels& matchers) {
  query.total.value = WithMatchers(query.total.value, matchers);
  for (std::optional<Placed<Promql>>* half : {&query.good, &query.bad}) {
    if (*half) (*half)->value = WithMatchers((*half)->value, matchers);
  }
  query.watch.value = WithMatchers(query.watch.value, matchers);
  return query;
}

std::optional<DeadSelector> DeadAt(absl::string_view key, const Placed<Selector>& selector) {
  auto pair = Contradiction(selector.value);
  if (!pair) return std::nullopt;
  return DeadSelector{key, selector.at, std::move(pair->first), std::move(pair->second)};
}

std::optional<DeadSelector> DeadIn(const EventsSli& events) {
  const std::pair<absl::string_view, const Half&> halves[] = {
      {"total", events.total}, {"good", events.good}, {"bad", events.bad}};
  for (const auto& [name, half] : halves) {
    if (!half) continue;
    if (auto dead = DeadAt(name, *half)) return dead;
  }
  return std::nullopt;
}

std::optional<DeadSelector> DeadIn(const LatencySli& latency) {
  // An environment may add an `le`, too, and then there is no total.
  Placed<Selector> total = latency.histogram;
  total.value.matchers.push_back({"le", "=", "+Inf"});
  return DeadAt("histogram", total);
}

std::optional<DeadSelector> DeadIn(const ThresholdSli& threshold) {
  if (const auto* gauge = std::get_if<Selector>(&threshold.value.value)) {
    if (auto dead = DeadAt("value", {*gauge, threshold.value.at})) return dead;
  }
  return threshold.watch ? DeadAt("watch", *threshold.watch) : std::nullopt;
}

std::optional<DeadSelector> DeadIn(const SlicesSli& slices) { return DeadIn(slices.events); }

std::optional<DeadSelector> DeadIn(const QuerySli& query) { return DeadAt("watch", query.watch); }

bool HasNoPlace(const Promql& promql) { return !Mentions(promql, kMatchersPlaceholder); }

}  // namespace

Sli Completed(const Sli& sli, const Labels& matchers) {
  return std::visit([&](const auto& kind) -> Sli { return Whole(kind, matchers); }, sli);
}

EventsSli Completed(const EventsSli& events, const Labels& matchers) {
  return Whole(events, matchers);
}

const Placed<absl::Duration>* SliceOf(const Sli& sli) {
  if (const auto* threshold = std::get_if<ThresholdSli>(&sli)) return &threshold->slice;
  if (const auto* slices = std::get_if<SlicesSli>(&sli)) return &slices->slice;
  return nullptr;
}

std::optional<Position> FindWithoutMatchers(const Sli& sli) {
  if (const auto* threshold = std::get_if<ThresholdSli>(&sli)) {
    const auto* promql = std::get_if<Promql>(&threshold->value.value);
    if (promql != nullptr && HasNoPlace(*promql)) return threshold->value.at;
  }
  if (const auto* query = std::get_if<QuerySli>(&sli)) {
    if (HasNoPlace(query->total.value)) return query->total.at;
    const auto& half = query->bad ? query->bad : query->good;
    if (half && HasNoPlace(half->value)) return half->at;
  }
  return std::nullopt;
}

std::optional<DeadSelector> FindDeadSelector(const Sli& completed) {
  return std::visit([](const auto& kind) { return DeadIn(kind); }, completed);
}

}  // namespace slogate
