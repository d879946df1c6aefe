#include "gate/prometheus/promql_written.h"

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "gate/prometheus/grouping.h"
#include "gate/prometheus/promql.h"

namespace slogate {
namespace {

const Selector kTotal = {"all_total", {{"job", "=", "a"}}};
const Selector kBad = {"bad_total", {}};

Question Over(QuestionKind kind, absl::string_view over, Selector selector = {}) {
  return {kind, "main", std::move(selector), ParseDuration(over).value()};
}

Question Slices(QuestionKind kind, absl::string_view over, Slicing slicing, Selector selector) {
  Question question = Over(kind, over, std::move(selector));
  question.slicing = std::move(slicing);
  return question;
}

Question Within(absl::Duration bound) {
  Question question = Over(QuestionKind::kHistogramWithin, "1h", kTotal);
  question.within = bound;
  return question;
}

Question Promqls(QuestionKind kind, absl::string_view over, const char* text) {
  Question question = Over(kind, over);
  question.promql = {text};
  return question;
}

Question SlicesOf(const char* text, Comparator comparator, const char* limit) {
  Question question = Promqls(QuestionKind::kSlicesWhere, "1d", text);
  question.slicing = Slicing{absl::Minutes(5),
                             Slicing::Of::kValue,
                             {},
                             false,
                             comparator,
                             Rational::FromDecimal(limit).value()};
  return question;
}

Slicing Share(bool beside, Comparator comparator, const char* limit) {
  return {absl::Minutes(10),
          Slicing::Of::kEvents,
          kBad,
          beside,
          comparator,
          Rational::FromDecimal(limit).value()};
}

struct Case {
  const char* name;
  Question question;
  const char* text;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class WrittenTest : public testing::TestWithParam<Case> {};

TEST_P(WrittenTest, IsThisText) {
  const std::vector<Ask> asks = AsksFor(GetParam().question);
  ASSERT_EQ(asks.size(), 1U);
  EXPECT_EQ(QueryText(asks[0]), GetParam().text);
  EXPECT_TRUE(IsPinned(asks[0]));
  EXPECT_STREQ(PathOf(asks[0]), kQueryPath);
}

#define ALL "sum(increase(all_total{job=\"a\"}[10m]))"
#define BAD "sum(increase(bad_total[10m]))"
#define BOTH "((" ALL " or 0 * " BAD ") + (" BAD " or 0 * " ALL "))"

INSTANTIATE_TEST_SUITE_P(
    Kinds, WrittenTest,
    testing::Values(
        Case{"a_query", Promqls(QuestionKind::kNumber, "90m", "n[$window] - m[$window]"),
             "n[1h30m] - m[1h30m]"},
        Case{"slices_with_a_value",
             Slices(QuestionKind::kSlices, "30d", {absl::Minutes(5)}, {"queue", {}}),
             "sum_over_time((last_over_time(queue[4m59s999ms]) >= bool "
             "-Inf)[29d23h59m59s500ms:5m])"},
        Case{"slices_where_it_is_high",
             Slices(QuestionKind::kSlicesWhere, "1h",
                    {absl::Minutes(5),
                     Slicing::Of::kValue,
                     {},
                     false,
                     Comparator::kAbove,
                     Rational::FromDecimal("-0.5").value()},
                    {"queue", {}}),
             "sum_over_time((last_over_time(queue[4m59s999ms]) > bool -0.5)[59m59s500ms:5m])"},
        Case{"slices_by_promql", SlicesOf("a or b", Comparator::kBelow, "1e-7"),
             "sum_over_time(((a or b) < bool 0.0000001)[23h59m59s500ms:5m])"},
        Case{"at_most", SlicesOf("a", Comparator::kAtMost, "2"),
             "sum_over_time(((a) <= bool 2)[23h59m59s500ms:5m])"},
        Case{"what_is_over_at_the_start_belongs_to_no_slice",
             Slices(QuestionKind::kSlices, "1h7m", {absl::Minutes(30)}, {"queue", {}}),
             "sum_over_time((last_over_time(queue[29m59s999ms]) >= bool -Inf)[59m59s500ms:30m])"},
        Case{"slices_with_events",
             Slices(QuestionKind::kSlices, "1h", {absl::Minutes(10), Slicing::Of::kEvents}, kTotal),
             "sum_over_time((" ALL " > bool 0)[59m59s500ms:10m])"},
        Case{"slices_with_events_of_two",
             Slices(QuestionKind::kSlices, "1h", Share(true, Comparator::kAbove, "0"), kTotal),
             "sum_over_time((" BOTH " > bool 0)[59m59s500ms:10m])"},
        Case{"slices_by_a_share",
             Slices(QuestionKind::kSlicesWhere, "1h", Share(false, Comparator::kAbove, "0.01"),
                    kTotal),
             "sum_over_time((" BAD " / " ALL " > bool 0.01)[59m59s500ms:10m])"},
        Case{"slices_by_a_share_of_both",
             Slices(QuestionKind::kSlicesWhere, "1h", Share(true, Comparator::kAtLeast, "0.99"),
                    kTotal),
             "sum_over_time((" BAD " / " BOTH " >= bool 0.99)[59m59s500ms:10m])"},
        Case{"events_of_native_histograms", Over(QuestionKind::kHistogramEvents, "30d", kTotal),
             "histogram_count(sum(increase(all_total{job=\"a\"}[30d])))"},
        Case{"fast_events_of_native_histograms", Within(absl::Milliseconds(300)),
             "histogram_fraction(0, 0.3, sum(increase(all_total{job=\"a\"}[1h]))) * "
             "histogram_count(sum(increase(all_total{job=\"a\"}[1h])))"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(WrittenTest, AnswersMeanWhatTheySay) {
  const Question slices = Slices(QuestionKind::kSlices, "1h", {absl::Minutes(5)}, {"queue", {}});
  EXPECT_EQ(MeaningOf(slices, 0, 7), Bounds::Exactly(7));
  const Bounds noisy = {Rational::FromDecimal("999.999999").value(),
                        Rational::FromDecimal("1000.000001").value()};
  EXPECT_EQ(MeaningOf(Promqls(QuestionKind::kNumber, "1h", "n"), 0, 1000), noisy);
  EXPECT_EQ(MeaningOf(Over(QuestionKind::kHistogramEvents, "1h", kTotal), 0, 1000), noisy);
  EXPECT_EQ(MeaningOf(Within(absl::Seconds(1)), 0, 1000), noisy);
}

// Each is asked by itself, whatever it has in common with another.
TEST(WrittenTest, AreNotGrouped) {
  std::vector<Ask> asks;
  for (const char* text : {"a{b=\"c\"}", "a{b=\"d\"}"}) {
    asks.push_back(AsksFor(Promqls(QuestionKind::kNumber, "1h", text))[0]);
  }
  EXPECT_EQ(GroupAsks(asks).size(), 2U);
}

}  // namespace
}  // namespace slogate
