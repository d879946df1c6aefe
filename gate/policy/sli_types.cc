#include <string>
#include <utility>

#include "gate/policy/policy_parts.h"
#include "gate/policy/scalar_types.h"

namespace slogate {
namespace {

Type<Placed<Selector>> PlacedSelector() { return WithPlace<Placed<Selector>>(SelectorType()); }

Type<Placed<absl::Duration>> PlacedSlice() {
  return WithPlace<Placed<absl::Duration>>(SliceType());
}

constexpr char kGood[] = "The events that were good.";
constexpr char kBad[] = "The events that were not.";
constexpr char kTotal[] = "All valid events.";
constexpr char kSlice[] =
    "How long a slice is. No rule may look at less, and slices end on multiples of it.";
constexpr char kNoData[] =
    "What slices without a value, NaN too, count as. Left out: they are not counted. Either way "
    "they "
    "are missing to the finding gap.";

Type<EventsSli> EventsType() {
  return Struct<EventsSli>("Events", "events",
                           "Counters of events: two of the three. One half may be matchers alone, "
                           "without a metric's "
                           "name; they are then added to those of total.")
      .Place(&EventsSli::at)
      .Optional("good", &EventsSli::good, PlacedSelector(), kGood)
      .Optional("bad", &EventsSli::bad, PlacedSelector(), kBad)
      .Optional("total", &EventsSli::total, PlacedSelector(), kTotal);
}

Type<LatencySli> LatencyType() {
  return Struct<LatencySli>("Latency", "latency",
                            "Events timed by a histogram, classic or native; good are those that "
                            "were fast enough.")
      .Place(&LatencySli::at)
      .Required("histogram", &LatencySli::histogram, PlacedSelector(),
                "The histogram, in seconds; without _bucket and without le, which slogate adds.")
      .Required("within", &LatencySli::within,
                WithPlace<Placed<absl::Duration>>(LatencyBoundType()),
                "A good event takes at most that long. A classic histogram needs a bucket at just "
                "this bound; what a native one has there is interpolated.");
}

Type<ThresholdSli> ThresholdType() {
  Struct<ThresholdSli> threshold("Threshold", "threshold",
                                 "A value at the end of each slice of time. The slices are what is "
                                 "counted; good are those whose value is within the threshold.");
  threshold.Place(&ThresholdSli::at)
      .Required("value", &ThresholdSli::value,
                WithPlace<Placed<std::variant<Promql, Selector>>>(GaugeType()),
                "A gauge, or PromQL; of one series.");
  for (const auto& [word, comparator] :
       {std::pair("at_most", Comparator::kAtMost), std::pair("at_least", Comparator::kAtLeast)}) {
    threshold.Choice<Rational>(
        word, SampleNumberType(),
        [comparator = comparator](Rational value, const Node& node, ThresholdSli& out) {
          out.threshold = {comparator, std::move(value), node.at};
        },
        "What the value of a good slice is.");
  }
  return threshold.Required("slice", &ThresholdSli::slice, PlacedSlice(), kSlice)
      .Optional("no_data", &ThresholdSli::no_data, NoDataType(), kNoData, "skip")
      .Optional("watch", &ThresholdSli::watch, PlacedSelector(),
                "The series whose samples tell whether the data is fresh and whole. Needed where "
                "value is PromQL. Left out: value itself.");
}

Type<SlicesSli> SlicesType() {
  const Type<Placed<Selector>> selector = PlacedSelector();
  Struct<SlicesSli> slices(
      "Slices", "slices",
      "Events by slices of time: two of good, bad and total, as in events. The "
      "slices are what is counted; good are those in which enough events were.");
  const auto half = [&](const char* key, std::optional<Placed<Selector>> EventsSli::*member,
                        const char* doc) {
    slices.Add({key, selector.shape, Presence::kOptional, "", doc},
               [selector, member](const Node& node, Decoder& decoder, SlicesSli& out) {
                 selector.decode(node, decoder, (out.events.*member).emplace());
               });
  };
  half("good", &EventsSli::good, kGood);
  half("bad", &EventsSli::bad, kBad);
  half("total", &EventsSli::total, kTotal);
  const Type<SlicesSli> members =
      slices
          .Required("ratio", &SlicesSli::ratio, WithPlace<Placed<Rational>>(CoverageType()),
                    "At least this share of a good slice's events is good.")
          .Required("slice", &SlicesSli::slice, PlacedSlice(), kSlice)
          .Optional("no_data", &SlicesSli::no_data, NoDataType(),
                    "What slices without an event count as. Left out: they are not counted. "
                    "Either way those without a sample are missing to the finding gap.",
                    "skip");
  return {members.shape, [members](const Node& node, Decoder& decoder, SlicesSli& out) {
            out.events.at = node.at;
            members.decode(node, decoder, out);
          }};
}

Type<QuerySli> QueryType() {
  const auto promql = WithPlace<Placed<Promql>>(PromqlType());
  Struct<QuerySli> query("Query", "query",
                         "Events counted by PromQL of your own, for what the other kinds cannot "
                         "say: total and one of good and bad.");
  query.Place(&QuerySli::at)
      .Required("total", &QuerySli::total, promql, "All valid events within $window.")
      .Choice<Placed<Promql>>(
          "good", promql,
          [](Placed<Promql> good, const Node&, QuerySli& out) { out.good = std::move(good); },
          kGood)
      .Choice<Placed<Promql>>(
          "bad", promql,
          [](Placed<Promql> bad, const Node&, QuerySli& out) { out.bad = std::move(bad); }, kBad);
  return query.Required("watch", &QuerySli::watch, PlacedSelector(),
                        "The series whose samples tell whether the data is fresh and whole.");
}

template <class T>
void SetSli(T value, const Node&, Sli& out) {
  out = std::move(value);
}

}  // namespace

Type<Sli> SliType() {
  return Struct<Sli>("Sli", "an SLI", "What is measured: good events of all.")
      .Choice<EventsSli>("events", EventsType(), SetSli<EventsSli>, "Counted events.")
      .Choice<LatencySli>("latency", LatencyType(), SetSli<LatencySli>, "Timed events.")
      .Choice<ThresholdSli>("threshold", ThresholdType(), SetSli<ThresholdSli>,
                            "Slices of time, by a value.")
      .Choice<SlicesSli>("slices", SlicesType(), SetSli<SlicesSli>,
                         "Slices of time, by their events.")
      .Choice<QuerySli>("query", QueryType(), SetSli<QuerySli>, "Events by PromQL.");
}

}  // namespace slogate
