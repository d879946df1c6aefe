// Every form of query that slogate asks, answered by a real VictoriaMetrics: the truth of each
// series is known.
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "gate/prometheus/prometheus_source.h"
#include "tests/testing/series_generator.h"
#include "tests/testing/victoria_metrics_server.h"

namespace slogate {
namespace {

// Not on a multiple of anything, as no instant is.
const absl::Time kAt = absl::FromUnixSeconds(1767225600 + 3 * 3600 + 17 * 60 + 47);

// A counter of one event in ten seconds, whose samples go from `age` to `until` before kAt.
fake::Series Counter(std::string name, absl::Duration age, absl::Duration until,
                     absl::Duration step) {
  fake::Series series;
  series.name = std::move(name);
  series.labels = {{"service", "shop"}, {"code", "200"}};
  series.start = kAt - age;
  series.end = kAt - until;
  series.step = step;
  series.kind = fake::Series::Kind::kCounter;
  series.at = [step](absl::Time) { return absl::ToDoubleSeconds(step) / 10; };
  return series;
}

fake::Series WithLabels(fake::Series series, std::map<std::string, std::string> labels) {
  series.labels = std::move(labels);
  return series;
}

std::string Data() {
  const absl::Duration day = absl::Hours(24), minute = absl::Minutes(1);
  const fake::Series steady = Counter("steady_total", 35 * day, -minute, 2 * minute);
  return fake::OpenMetrics({{
      steady,
      WithLabels(steady, {{"service", "shop"}, {"code", "500"}}),
      WithLabels(steady, {{"service", "shops"}, {"code", "500"}}),
      WithLabels(steady, {{"service", "shops"}}),
      Counter("young_total", 2 * day + absl::Seconds(1234), -minute, minute),
      Counter("infant_total", 50 * minute, -minute, minute),
      Counter("gap_total", 35 * day, 31 * day, 4 * minute),
      Counter("gap_total", 29 * day, -minute, 4 * minute),
      Counter("late_total", 35 * day, 4 * minute, minute),
      Counter("ended_total", 35 * day, absl::Hours(2), 4 * minute),
      Counter("brief_total", 50 * minute, 30 * minute, minute),
      WithLabels(Counter("t_seconds_bucket", day, -minute, minute), {{"le", "0.30"}}),
      WithLabels(Counter("t_seconds_bucket", day, -minute, minute), {{"le", "1"}}),
      WithLabels(Counter("t_seconds_bucket", day, -minute, minute), {{"le", "+Inf"}}),
  }});
}

Question On(QuestionKind kind, absl::string_view over, const char* metric,
            std::vector<Matcher> matchers = {}) {
  return {kind, "main", Selector{metric, std::move(matchers)}, ParseDuration(over).value()};
}

Question Coverage(absl::string_view over, const char* metric) {
  Question question = On(QuestionKind::kCoverage, over, metric);
  question.max_age = absl::Minutes(5);
  return question;
}

std::string Shown(const Reading& reading) {
  if (!reading.findings.empty()) {
    return absl::StrCat(Word(reading.findings[0].kind), ": ", reading.findings[0].detail);
  }
  if (!reading.value) return "no data";
  return absl::StrCat(reading.value->low.ExactDecimal().value(), "..",
                      reading.value->high.ExactDecimal().value());
}

class VictoriaMetricsQuestions : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (NoVictoriaMetrics()) return;
    auto server = VictoriaMetricsServer::Start();
    ASSERT_TRUE(server.ok()) << server.status();
    const absl::Status imported = (*server)->Import(Data());
    ASSERT_TRUE(imported.ok()) << imported;
    server_ = *std::move(server);
  }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (const auto why = NoVictoriaMetrics()) GTEST_SKIP() << *why;
    ASSERT_NE(server_, nullptr);
  }

  Evidence Measure(const std::vector<Question>& questions, Asking asking = Asking::kTogether) {
    SourceConfig config;
    config.url.value = server_->url();
    const Deadline deadline(*clock_, absl::Seconds(60));
    return PrometheusSource("main", config, {}, *http_, deadline, {}, asking)
        ->Measure(questions, kAt);
  }

  static inline std::unique_ptr<VictoriaMetricsServer> server_;
  std::unique_ptr<Clock> clock_ = RealClock();
  std::unique_ptr<Http> http_ = CurlHttp();
};

struct Case {
  const char* name;
  Question question;
  const char* shown;
  size_t requests;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class AskedOfVictoriaMetrics : public VictoriaMetricsQuestions,
                               public testing::WithParamInterface<Case> {};

TEST_P(AskedOfVictoriaMetrics, Answers) {
  const Evidence evidence = Measure({GetParam().question});
  EXPECT_EQ(Shown(evidence.readings.at(0)), GetParam().shown);
  EXPECT_EQ(evidence.answers.size(), GetParam().requests);
}

constexpr auto kEvents = QuestionKind::kEvents;
constexpr auto kNewest = QuestionKind::kNewestSample;
constexpr auto kHistory = QuestionKind::kHistory;
constexpr auto kSeen = QuestionKind::kSeriesSeen;
constexpr auto kBounds = QuestionKind::kBucketBounds;

INSTANTIATE_TEST_SUITE_P(
    Questions, AskedOfVictoriaMetrics,
    testing::Values(
        // Exact but for the noise that slogate allows for: 8640 a day.
        Case{"events",
             On(kEvents, "30d", "steady_total", {{"service", "=", "shop"}, {"code", "=", "200"}}),
             "259199.9997408..259200.0002592", 1},
        Case{"events_of_nothing", On(kEvents, "30d", "none_total"), "no data", 1},
        Case{"newest_of_steady", On(kNewest, "5m", "steady_total"), "0..0", 1},
        Case{"newest_of_late", On(kNewest, "5m", "late_total"), "240..240", 1},
        Case{"newest_of_ended", On(kNewest, "5m", "ended_total"), "no data", 2},
        // The truth is 7200 s.
        Case{"newest_of_ended_within_a_day", On(kNewest, "1d", "ended_total"), "6300..7200", 2},
        Case{"newest_of_nothing", On(kNewest, "1d", "none_total"), "no data", 2},
        Case{"history_of_steady", On(kHistory, "30d", "steady_total"), "2592000..2592000", 1},
        Case{"history_of_gap", On(kHistory, "30d", "gap_total"), "2592000..2592000", 2},
        // The truth is 174034 s: 2 d and 1234 s.
        Case{"history_of_young", On(kHistory, "30d", "young_total"), "163114..184714", 3},
        // The truth is 3000 s, for both; brief_total is at no point of the coarse grid.
        Case{"history_of_infant", On(kHistory, "30d", "infant_total"), "2880..24480", 3},
        Case{"history_of_brief", On(kHistory, "30d", "brief_total"), "2880..24480", 3},
        Case{"history_of_nothing", On(kHistory, "30d", "none_total"), "no data", 3},
        Case{"coverage_of_steady", Coverage("30d", "steady_total"), "120..120", 1},
        // A day is missing: four slots of six hours.
        Case{"coverage_of_gap", Coverage("30d", "gap_total"), "116..116", 1},
        Case{"coverage_of_nothing", Coverage("30d", "none_total"), "no data", 1},
        Case{"seen_of_brief", On(kSeen, "30d", "brief_total"), "1..1", 1},
        Case{"seen_of_nothing", On(kSeen, "30d", "none_total"), "0..0", 2},
        Case{"bounds", On(kBounds, "5m", "t_seconds_bucket"), "no_bucket: 0.30, 1", 1},
        Case{"no_bounds", On(kBounds, "5m", "none_seconds_bucket"), "no data", 1}),
    [](const auto& test) { return std::string(test.param.name); });

// What one query asks for several selectors, by labels that not every series bears and of which one
// value begins like another.
TEST_F(VictoriaMetricsQuestions, TogetherAsApart) {
  std::vector<Question> questions;
  for (const char* service : {"shop", "shops", "sho", "none"}) {
    for (const Matcher& code : {Matcher{"code", "=~", "5.."},
                                {"code", "!~", "5.."},
                                {"code", "=", "500"},
                                {"code", "!=", ""}}) {
      for (const auto kind : {kEvents, kNewest, kHistory, kSeen}) {
        questions.push_back(On(kind, "30d", "steady_total", {{"service", "=", service}, code}));
      }
    }
    for (const char* metric : {"steady_total", "young_total"}) {
      for (const auto kind : {kEvents, kNewest, kHistory}) {
        questions.push_back(On(kind, "30d", metric, {{"service", "=", service}}));
      }
      questions.push_back(Coverage("30d", metric));
      questions.back().selector.matchers = {{"service", "=", service}};
    }
  }
  const Evidence together = Measure(questions), apart = Measure(questions, Asking::kApart);
  for (size_t i = 0; i < questions.size(); ++i) {
    EXPECT_EQ(Shown(together.readings.at(i)), Shown(apart.readings.at(i)))
        << Word(questions[i].kind) << " of " << Print(questions[i].selector);
  }
  EXPECT_LT(together.answers.size(), apart.answers.size() / 2);
  const auto events = [&](std::vector<Matcher> matchers) {
    return Shown(*together.Find(On(kEvents, "30d", "steady_total", std::move(matchers))));
  };
  EXPECT_EQ(events({{"service", "=", "shop"}}), "518399.9994816..518400.0005184");
  EXPECT_EQ(events({{"service", "=", "shops"}, {"code", "!~", "5.."}}),
            "259199.9997408..259200.0002592");
  EXPECT_EQ(events({{"service", "=", "sho"}}), "no data");
}

TEST_F(VictoriaMetricsQuestions, ReadsAnyMatcherAsOneValue) {
  const Question question =
      On(kEvents, "1h", "steady_total", {{"path", "=~", ".*\\.\"}} or vector(0) #\n\xc3\xa9"}});
  EXPECT_EQ(Shown(Measure({question}).readings.at(0)), "no data");
}

// Its time is a vector; unless told otherwise, it answers as of half a minute ago.
TEST_F(VictoriaMetricsQuestions, TellsItsTime) {
  const absl::Time before = clock_->Now();
  const Evidence evidence = Measure({{QuestionKind::kClock, "main", {}, {}}});
  const absl::Time after = clock_->Now();
  const Reading& reading = evidence.readings.at(0);
  ASSERT_TRUE(reading.value.has_value()) << Shown(reading);
  EXPECT_TRUE(reading.value->exact());
  const auto seconds = [](absl::Time time) { return Rational(absl::ToUnixSeconds(time)); };
  EXPECT_GE(reading.value->low, seconds(before - absl::Seconds(30)));
  EXPECT_LE(reading.value->high, seconds(after) + Rational(1));
}

}  // namespace
}  // namespace slogate
