// Latency by a native histogram: found out by asking, where there are no buckets.
#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/evidence/plan.h"
#include "gate/evidence/sli_latency.h"
#include "gate/evidence/watched.h"
#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

constexpr absl::Duration kMonth = absl::Hours(30 * 24), kHour = absl::Hours(1);

EffectivePolicy Policy() {
  return PolicyOf(
      {.rules = {kSpent, kFastBurn},
       .slos = {"{name: fast, objective: 99%, window: 30d, sli: {latency: {histogram: took, "
                "within: 300ms}}}"}});
}

LatencySli Sli() { return std::get<LatencySli>(Policy().slos.front().sli); }

// What is asked about buckets first, over `window`.
std::vector<Question> Buckets(absl::Duration window) { return AskEvents(Sli(), "main", window); }

Evidence WithoutBuckets() {
  Evidence evidence = Told(Buckets(kMonth), {"none", "none"});
  evidence.Append(Told(Buckets(kHour), {"none", "none"}));
  return evidence;
}

std::vector<Question> Natives(absl::Duration window) {
  return AskFurther(Sli(), "main", window, kMonth, WithoutBuckets());
}

TEST(NativeHistogramTest, IsAskedForWhereThereIsNoBucket) {
  EXPECT_EQ(Texts(Natives(kHour)),
            (Strings{"histogram_events took 1h", "histogram_within took 1h"}));
  EXPECT_EQ(Natives(kHour)[1].within, absl::Milliseconds(300));
}

struct OtherCase {
  const char* name;
  Strings month, hour;  // of all events, and those within
};

TEST(NativeHistogramTest, IsNotAskedForElsewhere) {
  const OtherCase cases[] = {
      {"buckets", {"100", "90"}, {"10", "9"}},
      {"buckets that ended", {"100", "90"}, {"none", "none"}},
      {"buckets that perhaps ended", {"timed_out", "none"}, {"none", "none"}},
      {"a bucket only", {"none", "90"}, {"none", "none"}},
      {"all but the bucket", {"100", "none"}, {"none", "none"}},
      {"nobody asked", {"", ""}, {"none", "none"}},
  };
  for (const OtherCase& test : cases) {
    Evidence evidence = Told(Buckets(kMonth), test.month);
    evidence.Append(Told(Buckets(kHour), test.hour));
    for (const Question& question : AskFurther(Sli(), "main", kHour, kMonth, evidence)) {
      EXPECT_NE(question.kind, QuestionKind::kHistogramEvents) << test.name;
    }
  }
}

struct CountCase {
  const char* name;
  Strings native;  // how many, and how many of them within the bound
  Strings want;
};

void PrintTo(const CountCase& test, std::ostream* out) { *out << test.name; }

class CountNativeTest : public testing::TestWithParam<CountCase> {};

TEST_P(CountNativeTest, ComesTo) {
  Evidence evidence = WithoutBuckets();
  evidence.Append(Told(Natives(kHour), GetParam().native));
  EXPECT_EQ(Texts(CountEvents(Sli(), "main", kHour, kMonth, evidence)), GetParam().want);
}

constexpr char kNothing[] =
    R"(no_series: no series of took_bucket{le="+Inf"} has two samples in the last 1 h)";

INSTANTIATE_TEST_SUITE_P(
    Answers, CountNativeTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"interpolated", {"480", "336.384"}, {"143.616 of 480 (estimate) (interpolated)"}},
        {"exact_counts_are_no_less_so", {"480", "480"}, {"0 of 480 (estimate) (interpolated)"}},
        {"more_good_than_all", {"480", "481"}, {"0..1 of 480 (estimate) (interpolated)"}},
        {"nobody_came_and_their_share_is_nan",
         {"0", "not_finite"},
         {"0 of 0 (estimate) (interpolated)"}},
        {"a_share_that_is_nan_of_some",
         {"5", "not_finite"},
         {"not_finite: said of histogram_within 1"}},
        {"a_share_that_is_missing",
         {"5", "none"},
         {"no_series: no series of took has two samples in the last 1 h"}},
        {"no_such_histogram", {"none", "none"}, {kNothing}},
        {"a_server_that_knows_none", {"rejected_query", "rejected_query"}, {kNothing}},
        {"a_failure", {"timed_out", "none"}, {"timed_out: said of histogram_events 0"}},
        {"the_other_failure", {"480", "timed_out"}, {"timed_out: said of histogram_within 1"}},
        {"nobody_asked", {"", ""}, {"malformed_answer: the question was not asked"}},
        {"nobody_asked_for_the_share",
         {"480", ""},
         {"malformed_answer: the question was not asked"}},
    }),
    [](const auto& test) { return std::string(test.param.name); });

TEST(NativeHistogramTest, IsWhatIsWatchedThen) {
  const EffectivePolicy policy = Policy();
  const EffectiveSlo& slo = policy.slos.front();
  Evidence evidence = WithoutBuckets();
  EXPECT_EQ(Texts(FollowUpQuestions(policy, evidence)),
            (Strings{"newest_sample took 5m", "history took 30d", "coverage took 30d 5m",
                     "histogram_events took 1h", "histogram_events took 30d",
                     "histogram_within took 1h", "histogram_within took 30d"}));
  EXPECT_NE(Print(Watched("main", slo, evidence).at(0)), "took");
  evidence.Append(Told(Natives(kMonth), {"100000", "99500"}));
  evidence.Append(Told(Natives(kHour), {"480", "470"}));
  EXPECT_EQ(Print(Watched("main", slo, evidence).at(0)), "took");
  evidence.Append(Told({{"newest_sample took 5m", "none"},
                        {"history took 30d", "86400"},
                        {"coverage took 30d 5m", "2"}}));
  const SloEvidence weighed = Weigh(policy, slo, {kHour, kMonth}, evidence);
  EXPECT_EQ(Text(weighed.counts.at(kMonth)), "500 of 100000 (estimate) (interpolated)");
  Strings findings;
  for (const SloFinding& found : weighed.findings) findings.push_back(Text(found.finding));
  EXPECT_EQ(
      findings,
      (Strings{"stale, nothing against 300: took", "short_history, 86400 against 2592000: took",
               "gap, 0.5 against 0.9: 2 of 4 slots of 6 h since the first sample end without "
               "a sample of took"}));
}

}  // namespace
}  // namespace slogate
