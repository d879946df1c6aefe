#include "gate/evidence/plan.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

constexpr char kTotalBad[] = R"(total: requests, bad: '{code=~"5.."}')";
constexpr char kTotalBadOfApi[] = R"(total: requests, bad: '{code="503"}')";
constexpr char kGoodBad[] = "good: served, bad: failed";

constexpr char kConfirmed[] =
    "{id: confirmed, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, "
    "verdict: hold}";
constexpr char kSlow[] = "{id: slow, when: {burn_rate: {above: 1, over: [3d, 6h]}}, verdict: warn}";

Strings Printed(const std::vector<absl::Duration>& durations) {
  Strings texts;
  for (const absl::Duration duration : durations) texts.push_back(PrintDuration(duration));
  return texts;
}

struct WindowsCase {
  const char* name;
  PolicyParts parts;
  Strings want;
};

TEST(WindowsForTest, AreTheSlosOwnAndThoseOfTheRulesThatApply) {
  const std::string slo = SloWith("availability", kTotalBad);
  const WindowsCase cases[] = {
      {"its own alone", {.slos = {slo}}, {"30d"}},
      {"all conditions, shortest first, each once",
       {.rules = {kSpent, kConfirmed, kFastBurn, kSlow}, .slos = {slo}},
       {"5m", "1h", "6h", "3d", "30d"}},
      {"its own even where no rule reads it", {.rules = {kFastBurn}, .slos = {slo}}, {"1h", "30d"}},
      {"an SLI over the whole window",
       {.rules = {"{id: low, when: {sli: {below: 99%, over: [30d, 12h]}}, verdict: warn}"},
        .slos = {slo}},
       {"12h", "30d"}},
      {"no window of rules about other SLOs",
       {.rules = {kSpent,
                  "{id: other, when: {burn_rate: {above: 1, over: 2h}}, verdict: warn, slos: "
                  "[latency]}"},
        .slos = {slo, SloWith("latency", kGoodBad)}},
       {"30d"}},
  };
  for (const WindowsCase& test : cases) {
    const EffectivePolicy policy = PolicyOf(test.parts);
    EXPECT_EQ(Printed(WindowsFor(policy, policy.slos.front(),
                                 ApplicabilityOf(policy, policy.slos.front()))),
              test.want)
        << test.name;
  }
}

TEST(FirstQuestionsTest, AreAllThatOneSloNeeds) {
  const EffectivePolicy policy =
      PolicyOf({.rules = {kSpent, kConfirmed}, .slos = {SloWith("availability", kTotalBad)}});
  const std::vector<Question> questions = FirstQuestions(policy);
  EXPECT_EQ(Texts(questions), (Strings{
                                  "events requests 5m",
                                  "events requests 1h",
                                  "events requests 30d",
                                  R"(events requests{code=~"5.."} 5m)",
                                  R"(events requests{code=~"5.."} 1h)",
                                  R"(events requests{code=~"5.."} 30d)",
                                  "newest_sample requests 5m",
                                  "history requests 30d",
                                  "coverage requests 30d 5m",
                              }));
  for (const Question& question : questions) EXPECT_EQ(question.source, "main");
}

TEST(FirstQuestionsTest, AskNothingTwiceForTwoSlos) {
  const EffectivePolicy policy =
      PolicyOf({.slos = {SloWith("availability", kTotalBad), SloWith("overload", kTotalBadOfApi),
                         SloWith("orders", kGoodBad)},
                .more = "findings: {stale: {older_than: 10m}}\n"});
  EXPECT_EQ(Texts(FirstQuestions(policy)), (Strings{
                                               "events failed 30d",
                                               "events requests 30d",
                                               R"(events requests{code="503"} 30d)",
                                               R"(events requests{code=~"5.."} 30d)",
                                               "events served 30d",
                                               "newest_sample failed 10m",
                                               "newest_sample requests 10m",
                                               "newest_sample served 10m",
                                               "history failed 30d",
                                               "history requests 30d",
                                               "history served 30d",
                                               "coverage failed 30d 10m",
                                               "coverage requests 30d 10m",
                                               "coverage served 30d 10m",
                                           }));
}

// Two buckets, and of these the one at the bound is watched.
TEST(FirstQuestionsTest, AreFiveForALatencySlo) {
  const EffectivePolicy policy =
      PolicyOf({.slos = {"{name: fast, objective: 99%, window: 30d, sli: {latency: {histogram: "
                         "took, within: 250ms}}}"}});
  EXPECT_EQ(Texts(FirstQuestions(policy)),
            (Strings{R"(events took_bucket{le="+Inf"} 30d)",
                     R"(events took_bucket{le=~"0?[.]250*|2[.]50*[eE]-0*1"} 30d)",
                     R"(newest_sample took_bucket{le=~"0?[.]250*|2[.]50*[eE]-0*1"} 5m)",
                     R"(history took_bucket{le=~"0?[.]250*|2[.]50*[eE]-0*1"} 30d)",
                     R"(coverage took_bucket{le=~"0?[.]250*|2[.]50*[eE]-0*1"} 30d 5m)"}));
}

TEST(FollowUpQuestionsTest, AskOnceForTheBoundsWhereTheBucketIsMissing) {
  const EffectivePolicy policy =
      PolicyOf({.rules = {kSpent, kFastBurn},
                .slos = {"{name: fast, objective: 99%, window: 30d, sli: {latency: {histogram: "
                         "took, within: 250ms}}}"}});
  const Readings readings = {
      {R"(events took_bucket{le="+Inf"} 1h)", "100"},
      {R"(events took_bucket{le="+Inf"} 30d)", "100000"},
      {R"(events took_bucket{le=~"0?[.]250*|2[.]50*[eE]-0*1"} 1h)", "none"},
      {R"(events took_bucket{le=~"0?[.]250*|2[.]50*[eE]-0*1"} 30d)", "none"},
  };
  EXPECT_EQ(Texts(FollowUpQuestions(policy, Told(readings))),
            Strings{"bucket_bounds took_bucket 5m"});
}

TEST(ClockQuestionTest, HasASourceAndNothingElse) {
  EXPECT_EQ(ClockQuestion("main"),
            (Question{QuestionKind::kClock, "main", {}, absl::ZeroDuration()}));
}

TEST(FollowUpQuestionsTest, AreWhatTheFirstAnswersLeaveOpen) {
  const EffectivePolicy policy =
      PolicyOf({.rules = {kSpent, kFastBurn},
                .slos = {SloWith("availability", kTotalBad), SloWith("overload", kTotalBadOfApi),
                         SloWith("orders", kGoodBad)}});
  Readings readings = {
      {"events requests 1h", "10000"},
      {"events requests 30d", "5000000"},
      {R"(events requests{code=~"5.."} 1h)", "none"},
      {R"(events requests{code=~"5.."} 30d)", "none"},
      {R"(events requests{code="503"} 1h)", "none"},
      {R"(events requests{code="503"} 30d)", "none"},
      {"events served 1h", "100"},
      {"events served 30d", "100000"},
      {"events failed 1h", "none"},
      {"events failed 30d", "none"},
  };
  EXPECT_EQ(Texts(FollowUpQuestions(policy, Told(readings))),
            (Strings{"series_seen failed 30d", R"(series_seen requests{code!=""} 30d)"}));
  readings[R"(events requests{code=~"5.."} 30d)"] = "12";
  readings[R"(events requests{code="503"} 30d)"] = "0";
  readings["events failed 30d"] = "timed_out";
  EXPECT_EQ(Texts(FollowUpQuestions(policy, Told(readings))), Strings{"series_seen failed 30d"});
  readings["events failed 1h"] = "timed_out";
  EXPECT_EQ(Texts(FollowUpQuestions(policy, Told(readings))), Strings{});
  EXPECT_EQ(Texts(FollowUpQuestions(policy, Evidence())), Strings{});
}

// Answers from a table, "none" to what it lacks, and keeps what it was asked.
class TableSource : public Source {
 public:
  explicit TableSource(Readings readings) : readings_(std::move(readings)) {}

  Evidence Measure(absl::Span<const Question> questions, absl::Time at) override {
    asked.push_back(Texts({questions.begin(), questions.end()}));
    instants.push_back(at);
    Evidence evidence;
    for (const Question& question : questions) {
      const auto known = readings_.find(Text(question));
      evidence.readings.push_back(
          Answered(Text(question), known == readings_.end() ? "none" : known->second));
      evidence.readings.back().answers = {evidence.answers.size()};
      evidence.answers.push_back({"main", "/", Text(question), 200, ""});
    }
    return evidence;
  }

  std::vector<Strings> asked;
  std::vector<absl::Time> instants;

 private:
  Readings readings_;
};

TEST(MeasureAllTest, AsksTheOpenQuestionsAtTheSameInstantAndKeepsAllAnswers) {
  const EffectivePolicy policy = PolicyOf({.slos = {SloWith("availability", kTotalBad)}});
  TableSource source(
      {{"events requests 30d", "5000"}, {R"(series_seen requests{code!=""} 30d)", "1"}});
  const absl::Time at = absl::FromUnixSeconds(1795403560);
  const Evidence evidence = MeasureAll(policy, source, at);
  const Strings first = {"events requests 30d", R"(events requests{code=~"5.."} 30d)",
                         "newest_sample requests 5m", "history requests 30d",
                         "coverage requests 30d 5m"};
  const Strings then = {R"(series_seen requests{code!=""} 30d)"};
  EXPECT_EQ(source.asked, (std::vector<Strings>{first, then}));
  EXPECT_EQ(source.instants, (std::vector<absl::Time>{at, at}));
  ASSERT_EQ(evidence.readings.size(), 6u);
  for (const Reading& reading : evidence.readings) {
    ASSERT_EQ(reading.answers.size(), 1u);
    EXPECT_EQ(evidence.answers.at(reading.answers[0]).query, Text(reading.question));
  }
}

TEST(MeasureAllTest, AsksOnceWhereNothingIsOpen) {
  const EffectivePolicy policy = PolicyOf({.slos = {SloWith("availability", kTotalBad)}});
  TableSource source(
      {{"events requests 30d", "5000"}, {R"(events requests{code=~"5.."} 30d)", "0"}});
  EXPECT_EQ(MeasureAll(policy, source, absl::UnixEpoch()).readings.size(), 5u);
  EXPECT_EQ(source.asked.size(), 1u);
}

}  // namespace
}  // namespace slogate
