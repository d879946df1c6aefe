#include "gate/prometheus/promql.h"

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

constexpr char kQuery[] = "/api/v1/query";
constexpr char kSeries[] = "/api/v1/series";

const Selector kSelector = {"http_requests_total", {{"service", "=", "checkout"}}};

Question On(QuestionKind kind, absl::string_view over) {
  return {kind, "main", kSelector, ParseDuration(over).value()};
}

struct AsksCase {
  const char* name;
  Question question;
  std::vector<Ask> asks;
};

void PrintTo(const AsksCase& test, std::ostream* out) { *out << test.name; }

class Asks : public testing::TestWithParam<AsksCase> {};

TEST_P(Asks, AreTheseTexts) {
  const std::vector<Ask> asks = AsksFor(GetParam().question);
  ASSERT_EQ(asks.size(), GetParam().asks.size());
  for (size_t i = 0; i < asks.size(); ++i) {
    EXPECT_EQ(asks[i].path, GetParam().asks[i].path);
    EXPECT_EQ(asks[i].query, GetParam().asks[i].query);
    EXPECT_EQ(asks[i].pinned, GetParam().asks[i].pinned);
    EXPECT_EQ(asks[i].bounds, GetParam().asks[i].bounds);
  }
}

#define SEL "http_requests_total{service=\"checkout\"}"

INSTANTIATE_TEST_SUITE_P(
    Kinds, Asks,
    testing::Values(
        AsksCase{"clock", {QuestionKind::kClock, "main", {}, {}}, {{kQuery, "time()", false}}},
        AsksCase{
            "events", On(QuestionKind::kEvents, "30d"), {{kQuery, "sum(increase(" SEL "[30d]))"}}},
        AsksCase{"events_over_mixed_units",
                 On(QuestionKind::kEvents, "90m"),
                 {{kQuery, "sum(increase(" SEL "[1h30m]))"}}},
        AsksCase{"events_over_weeks",
                 On(QuestionKind::kEvents, "4w"),
                 {{kQuery, "sum(increase(" SEL "[28d]))"}}},
        AsksCase{"bucket_bounds",
                 On(QuestionKind::kBucketBounds, "5m"),
                 {{kQuery, "group by (le) (last_over_time(" SEL "[5m]))", true, true}}},
        AsksCase{"newest_sample",
                 On(QuestionKind::kNewestSample, "5m"),
                 {{kQuery, "time() - max(timestamp(" SEL "))"},
                  {kQuery, "group(last_over_time(" SEL "[5m]))"}}},
        AsksCase{"newest_sample_beyond_the_lookback",
                 On(QuestionKind::kNewestSample, "1d"),
                 {{kQuery, "time() - max(timestamp(" SEL "))"},
                  {kQuery, "time() - max(max_over_time(timestamp(" SEL ")[1d:15m]))"}}},
        AsksCase{"history_of_a_month",
                 On(QuestionKind::kHistory, "30d"),
                 {{kQuery, "group(last_over_time(" SEL "[6h] offset 29d18h))"},
                  {kQuery, "group(last_over_time(" SEL "[30d] offset 29d18h))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL
                           ")[30d:6h]) or min_over_time(timestamp(" SEL ")[6h:5m]))"}}},
        AsksCase{"history_step_in_whole_seconds",
                 On(QuestionKind::kHistory, "10d1m"),
                 {{kQuery, "group(last_over_time(" SEL "[2h] offset 9d22h1m))"},
                  {kQuery, "group(last_over_time(" SEL "[10d1m] offset 9d22h1m))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL
                           ")[10d1m:2h]) or min_over_time(timestamp(" SEL ")[2h:5m]))"}}},
        AsksCase{"history_of_an_hour_needs_no_second_grid",
                 On(QuestionKind::kHistory, "1h"),
                 {{kQuery, "group(last_over_time(" SEL "[5m] offset 55m))"},
                  {kQuery, "group(last_over_time(" SEL "[1h] offset 55m))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL ")[1h:5m]))"}}},
        AsksCase{"history_shorter_than_the_lookback",
                 On(QuestionKind::kHistory, "5m"),
                 {{kQuery, "group(last_over_time(" SEL "[2m30s] offset 2m30s))"},
                  {kQuery, "group(last_over_time(" SEL "[5m] offset 2m30s))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL ")[5m:2m30s]))"}}},
        AsksCase{"history_of_a_second_has_no_offset_zero",
                 On(QuestionKind::kHistory, "1s"),
                 {{kQuery, "group(last_over_time(" SEL "[1s]))"},
                  {kQuery, "group(last_over_time(" SEL "[1s]))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL ")[1s:1s]))"}}},
        AsksCase{"series_seen",
                 On(QuestionKind::kSeriesSeen, "30d"),
                 {{kQuery, "group(last_over_time(" SEL "[30d]))"}, {kSeries, SEL, false}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(AsksFor, QuotesWhatASelectorSays) {
  Question question = On(QuestionKind::kEvents, "1h");
  question.selector.matchers = {{"path", "=~", "a\\.b\"} or vector(0) #\n"}};
  EXPECT_EQ(AsksFor(question)[0].query,
            "sum(increase(http_requests_total{path=~\"a\\\\.b\\\"} or vector(0) #\\n\"}[1h]))");
}

struct MeaningCase {
  const char* name;
  Question question;
  size_t index;
  const char* value;
  const char* low;  // nullptr: no such data
  const char* high;
};

void PrintTo(const MeaningCase& test, std::ostream* out) { *out << test.name; }

class Meaning : public testing::TestWithParam<MeaningCase> {};

TEST_P(Meaning, IsThis) {
  const MeaningCase& test = GetParam();
  const auto bounds = MeaningOf(test.question, test.index, *Rational::FromDecimal(test.value));
  ASSERT_EQ(bounds.has_value(), test.low != nullptr);
  if (!bounds) return;
  EXPECT_EQ(bounds->low.ExactDecimal(), test.low);
  EXPECT_EQ(bounds->high.ExactDecimal(), test.high);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Meaning,
    testing::Values(
        MeaningCase{"clock_is_not_cut",
                    {QuestionKind::kClock, "main", {}, {}},
                    0,
                    "1795658347.123",
                    "1795658347.123",
                    "1795658347.123"},
        MeaningCase{"no_events_are_exactly_none", On(QuestionKind::kEvents, "1h"), 0, "0", "0",
                    "0"},
        MeaningCase{"events_have_float_noise", On(QuestionKind::kEvents, "1h"), 0, "1000",
                    "999.999999", "1000.000001"},
        MeaningCase{"age", On(QuestionKind::kNewestSample, "5m"), 0, "12.5", "12.5", "12.5"},
        MeaningCase{"age_zero", On(QuestionKind::kNewestSample, "5m"), 0, "0", "0", "0"},
        MeaningCase{"age_at_the_limit", On(QuestionKind::kNewestSample, "2m"), 0, "120", "120",
                    "120"},
        MeaningCase{"age_beyond_the_window", On(QuestionKind::kNewestSample, "2m"), 0, "120.001",
                    nullptr, nullptr},
        MeaningCase{"somewhere_in_the_window", On(QuestionKind::kNewestSample, "5m"), 1, "1", "0",
                    "300"},
        MeaningCase{"age_on_the_grid", On(QuestionKind::kNewestSample, "1d"), 1, "7200", "6300",
                    "7200"},
        MeaningCase{"age_in_the_first_cell_of_the_grid", On(QuestionKind::kNewestSample, "1d"), 1,
                    "400", "0", "400"},
        MeaningCase{"data_where_the_window_begins", On(QuestionKind::kHistory, "30d"), 0, "1",
                    "2592000", "2592000"},
        MeaningCase{"data_before_the_window", On(QuestionKind::kHistory, "30d"), 1, "1", "2592000",
                    "2592000"},
        MeaningCase{"oldest_sample_on_the_grid", On(QuestionKind::kHistory, "30d"), 2, "172800.5",
                    "172800.5", "194400.5"},
        MeaningCase{"seen_by_its_samples", On(QuestionKind::kSeriesSeen, "30d"), 0, "1", "1", "1"},
        MeaningCase{"seen_in_the_index", On(QuestionKind::kSeriesSeen, "30d"), 1, "1", "1", "1"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
