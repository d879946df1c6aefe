#include "gate/evidence/sli_latency.h"

#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

#define LE R"(le=~"0?[.]30*|3([.]0*)?[eE]-0*1")"

// Keys of readings.
constexpr char kAll[] = R"(events took_bucket{le="+Inf"} 1h)";
constexpr char kWithin[] = "events took_bucket{" LE "} 1h";
constexpr char kBucketReach[] = "history took_bucket{" LE "} 30d";
constexpr char kReach[] = R"(history took_bucket{le="+Inf"} 30d)";
constexpr char kBounds[] = "bucket_bounds took_bucket 5m";

LatencySli SliOf(const std::string& latency) {
  const EffectivePolicy policy =
      PolicyOf({.slos = {absl::StrCat("{name: fast, objective: 99%, window: 30d, sli: {latency: {",
                                      latency, "}}}")}});
  return std::get<LatencySli>(policy.slos.front().sli);
}

LatencySli Took() { return SliOf("histogram: took, within: 300ms"); }

absl::Duration Length(const char* text) { return ParseDuration(text).value(); }

TEST(LatencyQuestionsTest, AreTwoBucketsAndNothingElse) {
  EXPECT_EQ(Texts(AskEvents(Took(), "main", Length("1h"))), (Strings{kAll, kWithin}));
  const LatencySli narrow = SliOf("histogram: 'took{job=\"a\"}', within: 2s");
  EXPECT_EQ(Texts(AskEvents(narrow, "main", Length("5m"))),
            (Strings{R"(events took_bucket{job="a",le="+Inf"} 5m)",
                     R"(events took_bucket{job="a",le=~"2([.]0*)?|2([.]0*)?[eE][+-]?0*0"} 5m)"}));
  EXPECT_EQ(AskEvents(narrow, "spare", Length("5m")).back().source, "spare");
}

TEST(LatencyQuestionsTest, WatchTheBucketAtTheBound) {
  const std::vector<Selector> watched = WatchedSelectors(Took());
  ASSERT_EQ(watched.size(), 1u);
  EXPECT_EQ(Print(watched[0]), "took_bucket{" LE "}");
}

// Whether the selector of the bucket at `within` takes a bucket of this spelling.
bool Takes(const std::string& within, const std::string& spelling) {
  const LatencySli sli = SliOf(absl::StrCat("histogram: took, within: ", within));
  Selector bucket = WatchedSelectors(sli)[0];
  bucket.matchers.push_back({"le", "=", spelling});
  return !Contradiction(bucket);
}

struct SpellingCase {
  const char* within;
  Strings same, other;
};

TEST(LatencyQuestionsTest, TakeEverySpellingOfTheBoundAndOfNoOther) {
  const SpellingCase cases[] = {
      {"300ms",
       {"0.3", "0.30", "0.300", ".3", "3e-1", "3e-01", "3.0e-01", "3E-1", "3.0E-1"},
       {"0.03", "0.33", "3", "30", "0.35", "0.303", "3e-10", "3e-2", "3e1", "13e-1", "0x3", "",
        "+Inf", "00.30s", "10.3"}},
      {"1s",
       {"1", "1.0", "1.00", "1.", "1e0", "1e+00", "1.0e+00", "1.0E0"},
       {"10", "1.01", "11", "0.1", "1e1", "1e-01", "1e+01", "1x0"}},
      {"250ms",
       {"0.25", "0.250", "2.5e-1", "2.5e-01", "2.50E-01"},
       {"0.025", "2.5", "0.2", "0.5", "2e-1", "25e-1", "0x25"}},
      {"5ms", {"0.005", "0.0050", "5e-3", "5e-03", "5.0E-3"}, {"0.05", "0.5", "5e-30", "5e3"}},
      {"1s500ms", {"1.5", "1.50", "1.5e0", "1.5e+00"}, {"15", "1.05", "1.5e1", "1x5"}},
      {"10s", {"10", "10.0", "1e1", "1e+01", "1.0E1"}, {"1", "100", "1e-1", "1e+10", "1e0"}},
      {"2m", {"120", "120.0", "1.2e2", "1.2e+02", "1.20e+02"}, {"12", "1200", "1.2e-2", "1.2e20"}},
      {"1m40s", {"100", "100.0", "1e2", "1e+02"}, {"10", "1000", "1e+20"}},
      {"10s10ms", {"10.01", "10.010", "1.001e1", "1.001e+01"}, {"10.1", "10.001", "1.01e1"}},
  };
  for (const SpellingCase& test : cases) {
    for (const std::string& text : test.same) {
      EXPECT_TRUE(Takes(test.within, text)) << test.within << " as " << text;
    }
    for (const std::string& text : test.other) {
      EXPECT_FALSE(Takes(test.within, text)) << test.within << " as " << text;
    }
  }
}

struct FurtherCase {
  const char* name;
  Readings readings;
  Strings want;
};

TEST(LatencyFurtherTest, AsksOnlyWhatIsOpen) {
  const FurtherCase cases[] = {
      {"all is there", {{kAll, "100"}, {kWithin, "90"}, {kBucketReach, "2592000"}}, {}},
      {"nobody was fast", {{kAll, "100"}, {kWithin, "0"}, {kBucketReach, "2592000"}}, {}},
      {"no bucket", {{kAll, "100"}, {kWithin, "none"}, {kBucketReach, "none"}}, {kBounds}},
      {"no bucket of late",
       {{kAll, "100"}, {kWithin, "none"}, {kBucketReach, "2592000"}},
       {kBounds}},
      {"no such histogram", {{kAll, "none"}, {kWithin, "none"}, {kBucketReach, "none"}}, {}},
      {"a failure", {{kAll, "100"}, {kWithin, "timed_out"}, {kBucketReach, "2592000"}}, {}},
      {"the other failure", {{kAll, "timed_out"}, {kWithin, "none"}, {kBucketReach, "none"}}, {}},
      {"a bucket as old as the window",
       {{kAll, "100"}, {kWithin, "90"}, {kBucketReach, "3600..9000"}},
       {}},
      {"a bucket that is younger",
       {{kAll, "100"}, {kWithin, "90"}, {kBucketReach, "1800..2100"}},
       {kReach}},
      {"its age is not known", {{kAll, "100"}, {kWithin, "90"}, {kBucketReach, "timed_out"}}, {}},
      {"nobody asked", {}, {}},
  };
  for (const FurtherCase& test : cases) {
    EXPECT_EQ(Texts(AskFurther(Took(), "main", Length("1h"), Length("30d"), Told(test.readings))),
              test.want)
        << test.name;
  }
}

struct CountCase {
  const char* name;
  Readings readings;
  Strings want;  // the count, or the findings
};

class CountLatencyTest : public testing::TestWithParam<CountCase> {};

void PrintTo(const CountCase& test, std::ostream* out) { *out << test.name; }

TEST_P(CountLatencyTest, ComesTo) {
  const auto counted =
      CountEvents(Took(), "main", Length("1h"), Length("30d"), Told(GetParam().readings));
  Strings texts;
  if (const auto* count = std::get_if<EventCount>(&counted)) {
    texts.push_back(Text(*count) + (count->good_exceeds_total ? ", more good" : ""));
  } else {
    for (const Finding& finding : std::get<std::vector<Finding>>(counted)) {
      texts.push_back(Text(finding));
    }
  }
  EXPECT_EQ(texts, GetParam().want);
}

constexpr char kOld[] = "2592000";
constexpr char kNone[] = "no_bucket: no bucket at 0.3 s of took";

INSTANTIATE_TEST_SUITE_P(
    Buckets, CountLatencyTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"BadIsWhatTookLonger",
         {{kAll, "1000"}, {kWithin, "990"}, {kBucketReach, kOld}},
         {"10 of 1000"}},
        {"NobodyWasFast", {{kAll, "1000"}, {kWithin, "0"}, {kBucketReach, kOld}}, {"1000 of 1000"}},
        {"NobodyCame", {{kAll, "0"}, {kWithin, "0"}, {kBucketReach, kOld}}, {"0 of 0"}},
        {"Estimates",
         {{kAll, "~1000.5"}, {kWithin, "~990"}, {kBucketReach, kOld}},
         {"10.5 of 1000.5 (estimate)"}},
        {"MoreGoodThanTotal",
         {{kAll, "1000"}, {kWithin, "1004"}, {kBucketReach, kOld}},
         {"0..4 of 1000, more good"}},
        {"PerhapsMoreGoodThanTotal",
         {{kAll, "999..1001"}, {kWithin, "1000"}, {kBucketReach, kOld}},
         {"0..1 of 999..1001"}},
        {"GoodWithoutTotal",
         {{kAll, "0"}, {kWithin, "2"}, {kBucketReach, kOld}},
         {R"(not_finite: events of took_bucket{le=~"0?[.]30*|3([.]0*)?[eE]-0*1"} but none of took_bucket{le="+Inf"} in the last 1 h: the two do not count the same thing)"}},
        {"NoBucketIsNotZero", {{kAll, "1000"}, {kWithin, "none"}, {kBounds, "none"}}, {kNone}},
        {"NorWhereThereWasOneEarlier",
         {{kAll, "1000"}, {kWithin, "none"}, {kBucketReach, kOld}, {kBounds, "none"}},
         {kNone}},
        {"NorWhereNobodyCame", {{kAll, "0"}, {kWithin, "none"}, {kBounds, "none"}}, {kNone}},
        {"NoBucketNamesThoseThereAre",
         {{kAll, "1000"}, {kWithin, "none"}, {kBounds, "no_bucket"}},
         {absl::StrCat(kNone, "; there are said of bucket_bounds took_bucket 5m")}},
        {"NoBucketWhereTheBoundsFail",
         {{kAll, "1000"}, {kWithin, "none"}, {kBounds, "timed_out"}},
         {kNone}},
        {"NoBucketWhereNobodyAskedForTheBounds", {{kAll, "1000"}, {kWithin, "none"}}, {kNone}},
        {"NoHistogram",
         {{kAll, "none"}, {kWithin, "none"}},
         {R"(no_series: no series of took_bucket{le="+Inf"} has two samples in the last 1 h)"}},
        {"ABucketWithoutATotal",
         {{kAll, "none"}, {kWithin, "5"}},
         {R"(no_series: no series of took_bucket{le="+Inf"} has two samples in the last 1 h)"}},
        {"Failures",
         {{kAll, "timed_out"}, {kWithin, "unreachable"}},
         {absl::StrCat("timed_out: said of ", kAll),
          absl::StrCat("unreachable: said of ", kWithin)}},
        {"NobodyAsked",
         {},
         {"malformed_answer: the question was not asked",
          "malformed_answer: the question was not asked"}},
        {"TheBucketIsYoungerThanTheHistogram",
         {{kAll, "1000"}, {kWithin, "400"}, {kBucketReach, "1500..1800"}, {kReach, "3600"}},
         {"no_bucket, 1800 against 3600: no bucket at 0.3 s of took"}},
        {"BothAreYoung",
         {{kAll, "1000"}, {kWithin, "990"}, {kBucketReach, "1500..1800"}, {kReach, "1500..1800"}},
         {"10 of 1000"}},
        {"PerhapsBothAreAsYoung",
         {{kAll, "1000"}, {kWithin, "990"}, {kBucketReach, "1500..1800"}, {kReach, "1800..2100"}},
         {"10 of 1000"}},
        {"YoungButOldEnoughForThisWindow",
         {{kAll, "1000"}, {kWithin, "990"}, {kBucketReach, "3600..3900"}, {kReach, kOld}},
         {"10 of 1000"}},
        {"NobodyKnowsHowOldTheHistogramIs",
         {{kAll, "1000"}, {kWithin, "400"}, {kBucketReach, "1500"}, {kReach, "timed_out"}},
         {absl::StrCat("timed_out: said of ", kReach)}},
        {"NobodyAskedHowOldTheHistogramIs",
         {{kAll, "1000"}, {kWithin, "400"}, {kBucketReach, "1500"}},
         {"malformed_answer: the question was not asked"}},
    }),
    [](const auto& test) { return std::string(test.param.name); });

TEST(LatencyEnvironmentTest, MatchersStandOnBothBuckets) {
  const EffectivePolicy policy = PolicyOf(
      {.slos = {"{name: fast, objective: 99%, window: 30d, sli: {latency: {histogram: took, "
                "within: 300ms}}}"},
       .more = "environments: {production: {sources: [main], matchers: {env: prod}}}\n",
       .environment = "production"});
  const auto& sli = std::get<LatencySli>(policy.slos.front().sli);
  EXPECT_EQ(Texts(AskEvents(sli, "main", Length("1h"))),
            (Strings{R"(events took_bucket{env="prod",le="+Inf"} 1h)",
                     "events took_bucket{env=\"prod\"," LE "} 1h"}));
}

}  // namespace
}  // namespace slogate
