// The questions against a real Prometheus: the truth of each series is known.
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "gate/prometheus/prometheus_source.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/series_generator.h"

namespace slogate {
namespace {

// Not on a multiple of anything, as no instant is.
const absl::Time kAt = absl::FromUnixSeconds(1767225600 + 3 * 3600 + 17 * 60 + 47);

// A counter of one event in ten seconds, whose samples go from `age` to `until` before kAt.
fake::Series Counter(std::string name, absl::Duration age, absl::Duration until,
                     absl::Duration step) {
  fake::Series series;
  series.name = std::move(name);
  series.start = kAt - age;
  series.end = kAt - until;
  series.step = step;
  series.kind = fake::Series::Kind::kCounter;
  series.at = [step](absl::Time) { return absl::ToDoubleSeconds(step) / 10; };
  return series;
}

std::string Data() {
  const absl::Duration day = absl::Hours(24), minute = absl::Minutes(1);
  return fake::OpenMetrics({{
      Counter("steady_total", 35 * day, -minute, 2 * minute),
      Counter("young_total", 2 * day + absl::Seconds(1234), -minute, minute),
      Counter("infant_total", absl::Minutes(50), -minute, minute),
      Counter("gap_total", 35 * day, 31 * day, 4 * minute),
      Counter("gap_total", 29 * day, -minute, 4 * minute),
      Counter("ended_total", 35 * day, absl::Hours(2), 4 * minute),
      Counter("brief_total", absl::Minutes(50), absl::Minutes(30), minute),
  }});
}

class RealPrometheus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus()) return;
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(Data(), folder_->path());
    ASSERT_TRUE(filled.ok()) << filled;
    PrometheusOptions options;
    options.data = folder_->path();
    auto server = PrometheusServer::Start(options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  static void TearDownTestSuite() {
    server_.reset();
    folder_.reset();
  }

  void SetUp() override {
    if (auto why = NoPrometheus()) GTEST_SKIP() << *why;
    ASSERT_NE(server_, nullptr);
  }

  Evidence Measure(std::vector<Question> questions) {
    SourceConfig config;
    config.url.value = server_->url();
    Deadline deadline(*clock_, absl::Seconds(60));
    return PrometheusSource("main", config, {}, *http_, deadline, {})->Measure(questions, kAt);
  }

  static std::unique_ptr<fake::TempFolder> folder_;
  static std::unique_ptr<PrometheusServer> server_;
  std::unique_ptr<Clock> clock_ = RealClock();
  std::unique_ptr<Http> http_ = CurlHttp();
};

std::unique_ptr<fake::TempFolder> RealPrometheus::folder_;
std::unique_ptr<PrometheusServer> RealPrometheus::server_;

Question On(QuestionKind kind, absl::string_view over, std::string metric) {
  return {kind, "main", Selector{std::move(metric), {}}, ParseDuration(over).value()};
}

Question Coverage(absl::string_view over, std::string metric) {
  Question question = On(QuestionKind::kCoverage, over, std::move(metric));
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

struct Case {
  const char* name;
  Question question;
  const char* shown;
  size_t requests;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class Asked : public RealPrometheus, public testing::WithParamInterface<Case> {};

TEST_P(Asked, Answers) {
  const Evidence evidence = Measure({GetParam().question});
  EXPECT_EQ(Shown(evidence.readings.at(0)), GetParam().shown);
  EXPECT_EQ(evidence.answers.size(), GetParam().requests);
}

constexpr auto kNewest = QuestionKind::kNewestSample;
constexpr auto kHistory = QuestionKind::kHistory;
constexpr auto kSeen = QuestionKind::kSeriesSeen;
constexpr auto kEvents = QuestionKind::kEvents;

INSTANTIATE_TEST_SUITE_P(
    Questions, Asked,
    testing::Values(
        Case{"newest_of_steady", On(kNewest, "5m", "steady_total"), "0..0", 1},
        Case{"newest_of_ended", On(kNewest, "5m", "ended_total"), "no data", 2},
        // The truth is 7200 s.
        Case{"newest_of_ended_within_a_day", On(kNewest, "1d", "ended_total"), "6540..7440", 2},
        Case{"newest_of_nothing", On(kNewest, "1d", "none_total"), "no data", 2},
        Case{"history_of_steady", On(kHistory, "30d", "steady_total"), "2592000..2592000", 1},
        Case{"history_of_ended", On(kHistory, "30d", "ended_total"), "2592000..2592000", 1},
        Case{"history_of_gap", On(kHistory, "30d", "gap_total"), "2592000..2592000", 2},
        // The truth is 174034 s: 2 d and 1234 s.
        Case{"history_of_young", On(kHistory, "30d", "young_total"), "163114..184714", 3},
        // The truth is 3000 s, for both; brief_total is at no point of the coarse grid.
        Case{"history_of_infant", On(kHistory, "30d", "infant_total"), "2880..24480", 3},
        Case{"history_of_brief", On(kHistory, "30d", "brief_total"), "2880..24480", 3},
        Case{"history_of_young_over_a_day", On(kHistory, "1d", "young_total"), "86400..86400", 1},
        Case{"history_of_nothing", On(kHistory, "30d", "none_total"), "no data", 3},
        Case{"coverage_of_steady", Coverage("30d", "steady_total"), "120..120", 1},
        Case{"coverage_of_an_hour", Coverage("1h", "steady_total"), "12..12", 1},
        // A day is missing where the window begins.
        Case{"coverage_of_gap", Coverage("30d", "gap_total"), "116..116", 1},
        Case{"coverage_of_ended", Coverage("30d", "ended_total"), "120..120", 1},
        Case{"coverage_of_young", Coverage("30d", "young_total"), "8..8", 1},
        Case{"coverage_of_nothing", Coverage("30d", "none_total"), "no data", 1},
        Case{"seen_of_brief", On(kSeen, "30d", "brief_total"), "1..1", 1},
        Case{"seen_only_in_the_index", On(kSeen, "5m", "brief_total"), "1..1", 2},
        Case{"seen_of_nothing", On(kSeen, "30d", "none_total"), "0..0", 2},
        Case{"events_of_nothing", On(kEvents, "30d", "none_total"), "no data", 1}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(RealPrometheus, CountsEventsAndSaysItIsAnEstimate) {
  const Evidence evidence =
      Measure({On(kEvents, "30d", "steady_total"), On(kEvents, "1h", "steady_total")});
  const double truths[] = {30 * 8640, 360};
  for (size_t i = 0; i < 2; ++i) {
    const Reading& reading = evidence.readings[i];
    ASSERT_TRUE(reading.value.has_value()) << Shown(reading);
    EXPECT_TRUE(reading.estimate);
    EXPECT_LT(reading.value->low, reading.value->high);
    EXPECT_NEAR(std::stod(reading.value->low.ExactDecimal().value()), truths[i], truths[i] / 1000);
  }
}

TEST_F(RealPrometheus, ReadsAnyMatcherAsOneValue) {
  Question question = On(kEvents, "1h", "steady_total");
  question.selector.matchers = {{"path", "=~", ".*\\.\"}} or vector(0) #\n\xc3\xa9"}};
  EXPECT_EQ(Shown(Measure({question}).readings.at(0)), "no data");
}

TEST_F(RealPrometheus, TellsItsTime) {
  const absl::Time before = clock_->Now();
  const Evidence evidence = Measure({{QuestionKind::kClock, "main", {}, {}}});
  const absl::Time after = clock_->Now();
  const Reading& reading = evidence.readings.at(0);
  ASSERT_TRUE(reading.value.has_value()) << Shown(reading);
  EXPECT_TRUE(reading.value->exact());
  EXPECT_GE(reading.value->low, Rational(absl::ToUnixSeconds(before)));
  EXPECT_LE(reading.value->high, Rational(absl::ToUnixSeconds(after) + 1));
}

TEST_F(RealPrometheus, RefusesWhatItCannotEvaluate) {
  // No rule of policies lets such a window through; the server's words come back.
  Question question = On(kEvents, "1h", "steady_total");
  question.over = absl::ZeroDuration();
  const Reading reading = Measure({question}).readings.at(0);
  EXPECT_EQ(Shown(reading),
            "rejected_query: HTTP 400: bad_data: invalid parameter \"query\": 1:27: parse error: "
            "duration must be greater than 0");
}

}  // namespace
}  // namespace slogate
