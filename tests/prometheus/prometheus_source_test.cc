#include "gate/prometheus/prometheus_source.h"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "tests/testing/fake_prometheus.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

constexpr char kEventsText[] = "sum(increase(x_total[30d]))";
constexpr char kNewestText[] = "time() - max(timestamp(x_total))";
constexpr char kNewestSeenText[] = "group(last_over_time(x_total[5m]))";
constexpr char kStartText[] = "group(last_over_time(x_total[6h] offset 29d18h))";
constexpr char kBeforeText[] = "group(last_over_time(x_total[30d] offset 29d18h))";
constexpr char kOldestText[] =
    "time() - min(min_over_time(timestamp(x_total)[30d:6h]) or "
    "min_over_time(timestamp(x_total)[6h:5m]))";
constexpr char kSeenText[] = "group(last_over_time(x_total[30d]))";

const absl::Time kAt = absl::FromUnixSeconds(1795658347);

Question On(QuestionKind kind, absl::string_view over, std::string metric = "x_total") {
  return {kind, "main", Selector{std::move(metric), {}}, ParseDuration(over).value()};
}

const Question kClock = {QuestionKind::kClock, "main", {}, {}};

// A form as one line, not encoded.
std::string Form(const HttpRequest& request) {
  return absl::StrJoin(request.form, "&", absl::PairFormatter("="));
}

class PrometheusSourceTest : public testing::Test {
 protected:
  Evidence Measure(std::vector<Question> questions) {
    Deadline deadline(clock_, wait_);
    auto source = PrometheusSource("main", config_, credentials_, http_, deadline, progress_);
    return source->Measure(questions, kAt);
  }

  // The forms that were sent, one list a round.
  std::vector<std::vector<std::string>> Rounds() const {
    std::vector<std::vector<std::string>> rounds;
    for (const auto& batch : http_.batches) {
      rounds.emplace_back();
      for (const HttpRequest& request : batch.requests) rounds.back().push_back(Form(request));
    }
    return rounds;
  }

  fake::FixedClock clock_{kAt};
  absl::Duration wait_ = absl::Seconds(60);
  SourceConfig config_ = [] {
    SourceConfig config;
    config.url.value = "https://prometheus.example/prom//";
    config.concurrency = 3;
    return config;
  }();
  Credentials credentials_;
  Progress progress_;
  fake::PrometheusReplies replies_{kAt};
  // Called before each answer.
  std::function<void()> before_answer_ = [] {};
  fake::ScriptedHttp http_{[this](const HttpRequest& request) {
    before_answer_();
    return replies_(request);
  }};
};

std::string Shown(const Reading& reading) {
  std::string out = "no data";
  if (reading.value) {
    out =
        absl::StrCat(reading.value->low.ExactDecimal().value(), "..",
                     reading.value->high.ExactDecimal().value(), reading.estimate ? " about" : "");
  }
  for (const Finding& finding : reading.findings) {
    absl::StrAppend(&out, "; ", Word(finding.kind), ": ", finding.detail);
  }
  return out;
}

using Rounded = std::vector<std::vector<std::string>>;

TEST_F(PrometheusSourceTest, AsksForTheClockAtNoInstant) {
  const Evidence evidence = Measure({kClock});
  ASSERT_EQ(evidence.readings.size(), 1u);
  EXPECT_EQ(Shown(evidence.readings[0]), "1795658347..1795658347");
  EXPECT_EQ(Rounds(), (Rounded{{"query=time()&timeout=60s&nocache=1"}}));
  EXPECT_EQ(http_.batches[0].requests[0].url, "https://prometheus.example/prom/api/v1/query");
  EXPECT_EQ(http_.batches[0].concurrency, 3);
  EXPECT_EQ(http_.batches[0].time_left, absl::Seconds(60));
}

// What each kind of server is told beside the question, of both sorts of request.
TEST_F(PrometheusSourceTest, TellsEachKindOfServerWhatItHasToKnow) {
  struct Case {
    ServerKind kind;
    const char* query;
    const char* series;
  };
  constexpr char kQuery[] = "query=group(last_over_time(x_total[30d]))&time=1795658347&timeout=60s";
  constexpr char kSeries[] = "match[]=x_total&start=1&limit=1";
  const Case cases[] = {{ServerKind::kPrometheus, "&nocache=1", ""},
                        {ServerKind::kVictoriaMetrics, "&nocache=1", ""},
                        {ServerKind::kThanos, "&partial_response=false&dedup=true",
                         "&partial_response=false&dedup=true"},
                        {ServerKind::kMimir, "", ""}};
  for (const Case& c : cases) {
    SCOPED_TRACE(Word(c.kind));
    config_.kind = c.kind;
    http_.batches.clear();
    Measure({On(QuestionKind::kSeriesSeen, "30d")});
    EXPECT_EQ(Rounds(),
              (Rounded{{absl::StrCat(kQuery, c.query)}, {absl::StrCat(kSeries, c.series)}}));
  }
}

TEST_F(PrometheusSourceTest, SignsEveryRequestWhereKeysAreGiven) {
  credentials_.aws_sigv4 = "aws:amz:eu-central-1:aps";
  credentials_.username = "AKID";
  credentials_.password = "key";
  Measure({On(QuestionKind::kSeriesSeen, "30d")});
  ASSERT_EQ(http_.batches.size(), 2u);
  for (const auto& batch : http_.batches) {
    EXPECT_EQ(batch.requests.at(0).aws_sigv4, "aws:amz:eu-central-1:aps");
    EXPECT_EQ(batch.requests.at(0).username, "AKID");
    EXPECT_EQ(batch.requests.at(0).password, "key");
  }
}

// More requests at once than two only where the policy says so, or where the way is long.
TEST_F(PrometheusSourceTest, AsksMoreAtOnceOfWhoIsFarAway) {
  const auto asked_at_once = [&](std::optional<int> concurrency, absl::Duration wait) {
    config_.concurrency = concurrency;
    http_.batches.clear();
    fake::ScriptedHttp http{[&](const HttpRequest& request) {
      HttpExchange exchange = replies_(request);
      exchange.wait = wait;
      return exchange;
    }};
    Deadline deadline(clock_, wait_);
    auto source = PrometheusSource("main", config_, credentials_, http, deadline, progress_);
    source->Measure({kClock}, kAt);
    source->Measure({On(QuestionKind::kEvents, "30d")}, kAt);
    return http.batches.back().concurrency;
  };
  EXPECT_EQ(asked_at_once(std::nullopt, absl::Milliseconds(9)), 2);
  EXPECT_EQ(asked_at_once(std::nullopt, absl::Milliseconds(10)), 4);
  EXPECT_EQ(asked_at_once(1, absl::Milliseconds(20)), 1);
  EXPECT_EQ(asked_at_once(8, absl::Milliseconds(1)), 8);
}

TEST_F(PrometheusSourceTest, SendsTheCredentialsWithEveryRequest) {
  credentials_.headers = {{"Authorization", "Bearer s3cr3t"}, {"X-Scope-OrgID", "tenant"}};
  credentials_.username = "gate";
  credentials_.password = "hunter2";
  Measure({kClock, On(QuestionKind::kSeriesSeen, "30d")});
  size_t requests = 0;
  for (const auto& batch : http_.batches) {
    for (const HttpRequest& request : batch.requests) {
      ++requests;
      EXPECT_EQ(request.headers, credentials_.headers);
      EXPECT_EQ(request.username, "gate");
      EXPECT_EQ(request.password, "hunter2");
      EXPECT_FALSE(absl::StrContains(request.url, "hunter2"));
      EXPECT_FALSE(absl::StrContains(Form(request), "hunter2"));
    }
  }
  EXPECT_EQ(requests, 3u);
}

TEST_F(PrometheusSourceTest, AnswersEachQuestionInOrderWithOneRoundForAll) {
  replies_.Value(kEventsText, "1000")
      .Value(kNewestText, "12")
      .Value(kStartText, "1")
      .Value(kSeenText, "1");
  const Evidence evidence =
      Measure({On(QuestionKind::kSeriesSeen, "30d"), On(QuestionKind::kEvents, "30d"),
               On(QuestionKind::kNewestSample, "5m"), On(QuestionKind::kHistory, "30d")});
  ASSERT_EQ(evidence.readings.size(), 4u);
  EXPECT_EQ(Shown(evidence.readings[0]), "1..1");
  EXPECT_EQ(Shown(evidence.readings[1]), "999.999999..1000.000001 about");
  EXPECT_EQ(Shown(evidence.readings[2]), "12..12");
  EXPECT_EQ(Shown(evidence.readings[3]), "2592000..2592000");
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(evidence.readings[i].answers, std::vector<size_t>{i});
  const auto form = [](const char* query) {
    return absl::StrCat("query=", query, "&time=1795658347&timeout=60s&nocache=1");
  };
  EXPECT_EQ(Rounds(),
            (Rounded{{form(kSeenText), form(kEventsText), form(kNewestText), form(kStartText)}}));
}

TEST_F(PrometheusSourceTest, RecordsWhatWasAskedAndSaid) {
  replies_.Value(kEventsText, "0");
  const Evidence evidence = Measure({On(QuestionKind::kEvents, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "0..0 about");
  ASSERT_EQ(evidence.answers.size(), 1u);
  const Answer& answer = evidence.answers[0];
  EXPECT_EQ(answer.source, "main");
  EXPECT_EQ(answer.path, "/api/v1/query");
  EXPECT_EQ(answer.query, kEventsText);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(
      answer.body,
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795658347,"0"]}]}})");
}

TEST_F(PrometheusSourceTest, NoDataIsNoValueAndNoFinding) {
  const Evidence evidence =
      Measure({On(QuestionKind::kEvents, "30d"), On(QuestionKind::kNewestSample, "5m"),
               On(QuestionKind::kHistory, "30d"), On(QuestionKind::kSeriesSeen, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "no data");
  EXPECT_EQ(Shown(evidence.readings[1]), "no data");
  EXPECT_EQ(Shown(evidence.readings[2]), "no data");
  EXPECT_EQ(Shown(evidence.readings[3]), "0..0");
  const auto form = [](const char* query) {
    return absl::StrCat("query=", query, "&time=1795658347&timeout=60s&nocache=1");
  };
  EXPECT_EQ(Rounds(),
            (Rounded{{form(kEventsText), form(kNewestText), form(kStartText), form(kSeenText)},
                     {form(kNewestSeenText), form(kBeforeText), "match[]=x_total&start=1&limit=1"},
                     {form(kOldestText)}}));
}

struct RoundsCase {
  const char* name;
  Question question;
  const char* query;  // the only one that finds something
  const char* value;
  const char* shown;
  size_t rounds;
};

void PrintTo(const RoundsCase& test, std::ostream* out) { *out << test.name; }

class Later : public PrometheusSourceTest, public testing::WithParamInterface<RoundsCase> {};

TEST_P(Later, RoundsFindWhatTheFirstDidNot) {
  replies_.Value(GetParam().query, GetParam().value);
  const Evidence evidence = Measure({GetParam().question});
  EXPECT_EQ(Shown(evidence.readings[0]), GetParam().shown);
  EXPECT_EQ(http_.batches.size(), GetParam().rounds);
  EXPECT_EQ(evidence.readings[0].answers.size(), GetParam().rounds);
  EXPECT_EQ(evidence.answers.back().query, GetParam().query);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Later,
    testing::Values(RoundsCase{"newest_beyond_the_lookback", On(QuestionKind::kNewestSample, "5m"),
                               kNewestSeenText, "1", "0..300", 2},
                    RoundsCase{"newest_beyond_the_window", On(QuestionKind::kNewestSample, "2m"),
                               kNewestText, "150", "no data", 1},
                    RoundsCase{"gap_where_the_window_begins", On(QuestionKind::kHistory, "30d"),
                               kBeforeText, "1", "2592000..2592000", 2},
                    RoundsCase{"short_history", On(QuestionKind::kHistory, "30d"), kOldestText,
                               "172800", "172800..194400", 3}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(PrometheusSourceTest, SeriesOfTheIndexAreSeen) {
  replies_.Series("x_total", {{{"__name__", "x_total"}}});
  const Evidence evidence = Measure({On(QuestionKind::kSeriesSeen, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "1..1");
  ASSERT_EQ(evidence.answers.size(), 2u);
  EXPECT_EQ(evidence.answers[1].path, "/api/v1/series");
  EXPECT_EQ(evidence.answers[1].query, "x_total");
}

TEST_F(PrometheusSourceTest, AnIndexThatCannotSayIsANo) {
  replies_.Instead("x_total", fake::ErrorReply(422, "execution", "not here"));
  const Evidence evidence = Measure({On(QuestionKind::kSeriesSeen, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "0..0");
  EXPECT_EQ(evidence.answers[1].status, 422);
}

TEST_F(PrometheusSourceTest, AFailureBeforeTheIndexIsAFinding) {
  replies_.Instead(kSeenText, fake::ErrorReply(422, "execution", "not here"));
  replies_.Series("x_total", {{{"__name__", "x_total"}}});
  const Evidence evidence = Measure({On(QuestionKind::kSeriesSeen, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "no data; rejected_query: HTTP 422: execution: not here");
  EXPECT_EQ(http_.batches.size(), 1u);
}

TEST_F(PrometheusSourceTest, AFindingEndsTheSearch) {
  replies_.Instead(kBeforeText, fake::ErrorReply(503, "timeout", "query timed out"));
  replies_.Value(kOldestText, "172800");
  const Evidence evidence = Measure({On(QuestionKind::kHistory, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "no data; timed_out: HTTP 503: timeout: query timed out");
  EXPECT_EQ(http_.batches.size(), 2u);
}

TEST_F(PrometheusSourceTest, NegativeCountsAndAgesAreNone) {
  replies_.Value(kEventsText, "-0.5").Value(kNewestText, "-3").Value(kOldestText, "-1");
  const Evidence evidence =
      Measure({On(QuestionKind::kEvents, "30d"), On(QuestionKind::kNewestSample, "5m"),
               On(QuestionKind::kHistory, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "no data; malformed_answer: the value is negative: -0.5");
  EXPECT_EQ(Shown(evidence.readings[1]), "no data; malformed_answer: the value is negative: -3");
  EXPECT_EQ(Shown(evidence.readings[2]), "no data; malformed_answer: the value is negative: -1");
}

TEST_F(PrometheusSourceTest, AsksNothingTwice) {
  replies_.Value("group(last_over_time(x_total[5m]))", "1");
  // The second request of the newest sample is the first of the series seen.
  const Evidence evidence =
      Measure({On(QuestionKind::kSeriesSeen, "5m"), On(QuestionKind::kNewestSample, "5m"),
               On(QuestionKind::kSeriesSeen, "5m")});
  EXPECT_EQ(Shown(evidence.readings[0]), "1..1");
  EXPECT_EQ(Shown(evidence.readings[1]), "0..300");
  EXPECT_EQ(Shown(evidence.readings[2]), "1..1");
  EXPECT_EQ(evidence.readings[0].answers, (std::vector<size_t>{0}));
  EXPECT_EQ(evidence.readings[1].answers, (std::vector<size_t>{1, 0}));
  EXPECT_EQ(evidence.readings[2].answers, (std::vector<size_t>{0}));
  EXPECT_EQ(evidence.answers.size(), 2u);
  EXPECT_EQ(http_.batches.size(), 1u);
}

TEST_F(PrometheusSourceTest, WithoutTimeNothingIsAsked) {
  wait_ = absl::ZeroDuration();
  const Evidence evidence = Measure({kClock, On(QuestionKind::kSeriesSeen, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "no data; timed_out: not asked: the time was up before");
  EXPECT_EQ(Shown(evidence.readings[1]), "no data; timed_out: not asked: the time was up before");
  EXPECT_TRUE(evidence.answers.empty());
  EXPECT_TRUE(http_.batches.empty());
}

TEST_F(PrometheusSourceTest, TheTimeMayBeUpBetweenRounds) {
  before_answer_ = [this] { clock_.monotonic += absl::Seconds(59.5); };
  const Evidence evidence =
      Measure({On(QuestionKind::kHistory, "30d"), On(QuestionKind::kEvents, "30d")});
  EXPECT_EQ(Shown(evidence.readings[0]), "no data; timed_out: not asked: the time was up before");
  EXPECT_EQ(evidence.readings[0].answers, std::vector<size_t>{0});
  EXPECT_EQ(Shown(evidence.readings[1]), "no data");
  EXPECT_EQ(http_.batches.size(), 1u);
}

TEST_F(PrometheusSourceTest, TheServerIsToldWholeSecondsAndAtLeastOne) {
  before_answer_ = [this] { clock_.monotonic += absl::Seconds(59.5); };
  wait_ = absl::Milliseconds(119'400);
  Measure({On(QuestionKind::kHistory, "30d")});
  ASSERT_EQ(http_.batches.size(), 3u);
  EXPECT_EQ(fake::FormValue(http_.batches[0].requests[0], "timeout"), "119s");
  EXPECT_EQ(fake::FormValue(http_.batches[1].requests[0], "timeout"), "59s");
  EXPECT_EQ(http_.batches[1].time_left, absl::Milliseconds(59'900));
  EXPECT_EQ(fake::FormValue(http_.batches[2].requests[0], "timeout"), "1s");
  EXPECT_EQ(http_.batches[2].time_left, absl::Milliseconds(400));
}

TEST_F(PrometheusSourceTest, NobodyAnswersIsAFindingForEachQuestion) {
  replies_.Always(fake::ResetWithoutAnswer());
  const Evidence evidence =
      Measure({On(QuestionKind::kEvents, "30d"), On(QuestionKind::kSeriesSeen, "30d")});
  for (const Reading& reading : evidence.readings) {
    EXPECT_EQ(Shown(reading), "no data; unreachable: the connection was reset");
  }
  EXPECT_EQ(evidence.answers[0].status, 0);
  EXPECT_EQ(evidence.answers[0].body, "");
}

TEST_F(PrometheusSourceTest, ProgressAddsUpOverTheRounds) {
  std::vector<std::pair<size_t, size_t>> heard;
  progress_ = [&](size_t ended, size_t sent) { heard.emplace_back(ended, sent); };
  Measure({On(QuestionKind::kNewestSample, "5m"), On(QuestionKind::kEvents, "30d")});
  EXPECT_EQ(heard, (std::vector<std::pair<size_t, size_t>>{{1, 2}, {2, 2}, {3, 3}}));
}

TEST_F(PrometheusSourceTest, SecretsThatTheServerEchoesAreNowhere) {
  credentials_.headers = {{"Authorization", "Bearer s3cr3t-t0ken"}};
  credentials_.secrets = {"s3cr3t-t0ken"};
  // In a failure, in a refusal, in an index, and in an answer that is otherwise right.
  replies_.Instead(kEventsText,
                   fake::ErrorReply(422, "execution", "who is s3cr3t-t0ken? czNjcjN0LXQwa2Vu"));
  replies_.Instead(kNewestText, fake::Answer(401, "text/plain", "bad token 's3cr3t-t0ken'"));
  replies_.Instead(kStartText, fake::WarnedReply(R"({"resultType":"vector","result":[]})",
                                                 {"partial for s3cr3t-t0ken"}));
  replies_.Instead("x_total", fake::Json(R"({"status":"success","data":[{"a":"s3cr3t-t0ken"}]})"));
  replies_.Instead(
      "sum(increase(y_total[1h]))",
      fake::Json(
          R"({"status":"success","infos":["s3cr3t-t0ken"],"data":{"resultType":"vector","result":[{"metric":{},"value":[1795658347,"5"]}]}})"));
  const Evidence evidence =
      Measure({On(QuestionKind::kEvents, "30d"), On(QuestionKind::kNewestSample, "5m"),
               On(QuestionKind::kHistory, "30d"), On(QuestionKind::kSeriesSeen, "30d"),
               On(QuestionKind::kEvents, "1h", "y_total")});
  EXPECT_EQ(Shown(evidence.readings[0]),
            "no data; rejected_query: HTTP 422: execution: who is ***? ***");
  EXPECT_EQ(Shown(evidence.readings[1]), "no data; unauthorized: HTTP 401: bad token '***'");
  EXPECT_EQ(Shown(evidence.readings[2]),
            "no data; partial_answer: the server warned: partial for ***");
  EXPECT_EQ(Shown(evidence.readings[3]), "1..1");
  EXPECT_EQ(Shown(evidence.readings[4]), "4.999999995..5.000000005 about");
  EXPECT_EQ(evidence.answers.size(), 6u);
  for (const Answer& answer : evidence.answers) {
    EXPECT_FALSE(absl::StrContains(answer.body, "s3cr3t-t0ken")) << answer.body;
    EXPECT_FALSE(absl::StrContains(answer.body, "czNjcjN0LXQwa2Vu")) << answer.body;
  }
}

// One SLO's total and bad, and another's that differs in the service.
Question EventsOf(absl::string_view service, absl::string_view code) {
  Question question = On(QuestionKind::kEvents, "30d");
  question.selector.matchers = {{"service", "=", std::string(service)}};
  if (!code.empty()) question.selector.matchers.push_back({"code", "=~", std::string(code)});
  return question;
}

const std::vector<Question> kTwoSlos = {EventsOf("a", ""), EventsOf("a", "5.."), EventsOf("b", ""),
                                        EventsOf("b", "5..")};
constexpr char kTwoSlosText[] = "sum by (service, code) (increase(x_total{service=~\"a|b\"}[30d]))";

class Together : public PrometheusSourceTest {
 protected:
  // The readings of two SLOs, one a line.
  std::string Readings() {
    evidence_ = Measure(kTwoSlos);
    return absl::StrJoin(evidence_.readings, "\n", [](std::string* out, const Reading& reading) {
      absl::StrAppend(out, Shown(reading), " from ", absl::StrJoin(reading.answers, ","));
    });
  }
  // The queries that were sent, one list a round.
  std::string Queries() const {
    std::vector<std::string> rounds;
    for (const auto& batch : http_.batches) {
      std::vector<std::string> queries;
      for (const HttpRequest& request : batch.requests)
        queries.push_back(fake::FormValue(request, "query"));
      rounds.push_back(absl::StrJoin(queries, "\n"));
    }
    return absl::StrJoin(rounds, "\n--\n");
  }

  Evidence evidence_;
};

TEST_F(Together, OneAnswerServesFourQuestions) {
  replies_.Vector(kTwoSlosText, {{{{"service", "a"}, {"code", "200"}}, "990"},
                                 {{{"service", "a"}, {"code", "503"}}, "10"},
                                 {{{"service", "b"}, {"code", "200"}}, "500"}});
  EXPECT_EQ(Readings(),
            "999.999999..1000.000001 about from 0\n"
            "9.99999999..10.00000001 about from 0\n"
            "499.9999995..500.0000005 about from 0\n"
            "no data from 0");
  EXPECT_EQ(Queries(), kTwoSlosText);
  ASSERT_EQ(evidence_.answers.size(), 1u);
  EXPECT_EQ(evidence_.answers[0].query, kTwoSlosText);
  EXPECT_TRUE(absl::StrContains(evidence_.answers[0].body, "990"));
}

TEST_F(Together, WhatFailsIsTheFindingOfAllAndNobodyAsksAgain) {
  replies_.Instead(kTwoSlosText, fake::ErrorReply(503, "timeout", "query timed out"));
  const std::string finding = "no data; timed_out: HTTP 503: timeout: query timed out from 0";
  EXPECT_EQ(Readings(), absl::StrJoin(std::vector<std::string>(4, finding), "\n"));
  EXPECT_EQ(Queries(), kTwoSlosText);
}

// The queries of each alone.
constexpr char kApartTexts[] =
    "sum(increase(x_total{service=\"a\"}[30d]))\n"
    "sum(increase(x_total{service=\"a\",code=~\"5..\"}[30d]))\n"
    "sum(increase(x_total{service=\"b\"}[30d]))\n"
    "sum(increase(x_total{service=\"b\",code=~\"5..\"}[30d]))";

TEST_F(Together, WhatIsRefusedOrTooLargeIsAskedApart) {
  replies_.Value("sum(increase(x_total{service=\"a\"}[30d]))", "7");
  for (const fake::Reply& reply :
       {fake::ErrorReply(422, "execution", "query processing would load too many samples"),
        fake::ErrorReply(400, "bad_data", "regular expressions are not allowed here")}) {
    http_.batches.clear();
    replies_.Instead(kTwoSlosText, reply);
    EXPECT_EQ(Readings(),
              "6.999999993..7.000000007 about from 0,1\n"
              "no data from 0,2\nno data from 0,3\nno data from 0,4");
    EXPECT_EQ(Queries(), absl::StrCat(kTwoSlosText, "\n--\n", kApartTexts));
    EXPECT_EQ(evidence_.answers[0].status, reply.bytes.substr(9, 3) == "422" ? 422 : 400);
  }
}

TEST_F(Together, WhatIsRefusedApartTooIsAFinding) {
  replies_.Always(fake::ErrorReply(422, "execution", "too many samples"));
  const std::string finding = "no data; too_large: HTTP 422: execution: too many samples from 0,";
  EXPECT_EQ(Readings(), absl::StrCat(finding, "1\n", finding, "2\n", finding, "3\n", finding, "4"));
  EXPECT_EQ(http_.batches.size(), 2u);
}

TEST_F(Together, OnlyWhoCannotBeToldExactlyIsAskedApart) {
  replies_.Vector(kTwoSlosText, {{{{"service", "a"}, {"code", "50\n"}}, "1"},
                                 {{{"service", "b"}, {"code", "500"}}, "2"}});
  replies_.Value("sum(increase(x_total{service=\"a\",code=~\"5..\"}[30d]))", "1");
  EXPECT_EQ(Readings(),
            "0.999999999..1.000000001 about from 0\n"
            "0.999999999..1.000000001 about from 0,1\n"
            "1.999999998..2.000000002 about from 0\n"
            "1.999999998..2.000000002 about from 0");
  EXPECT_EQ(
      Queries(),
      absl::StrCat(kTwoSlosText, "\n--\nsum(increase(x_total{service=\"a\",code=~\"5..\"}[30d]))"));
}

TEST_F(Together, TheTimeMayBeUpBeforeTheyAreAskedApart) {
  before_answer_ = [this] { clock_.monotonic += absl::Seconds(61); };
  replies_.Always(fake::ErrorReply(422, "execution", "too many samples"));
  const std::string finding = "no data; timed_out: not asked: the time was up before from 0";
  EXPECT_EQ(Readings(), absl::StrJoin(std::vector<std::string>(4, finding), "\n"));
  EXPECT_EQ(http_.batches.size(), 1u);
}

TEST_F(Together, OrEachApartWhereThatIsAskedFor) {
  Deadline deadline(clock_, wait_);
  PrometheusSource("main", config_, credentials_, http_, deadline, progress_, Asking::kApart)
      ->Measure(kTwoSlos, kAt);
  EXPECT_EQ(Queries(), kApartTexts);
}

TEST_F(PrometheusSourceTest, KeepsAnswersWholeAndTheRestShort) {
  const std::string padding(5000, 'x');
  const std::string whole = absl::StrCat(R"({"status":"success","infos":[")", padding,
                                         R"("],"data":{"resultType":"vector","result":[]}})");
  replies_.Instead(kEventsText, fake::Json(whole));
  replies_.Instead(kSeenText, fake::Answer(200, "text/html", padding));
  replies_.Instead(
      "group(last_over_time(x_total[1h]))",
      fake::Json(R"({"status":"success","data":{"resultType":"vector","result":[]}})"));
  replies_.Instead("x_total", fake::Json(absl::StrCat(R"({"status":"success","data":[{"a":")",
                                                      padding, "\"}]}")));
  const Evidence evidence =
      Measure({On(QuestionKind::kEvents, "30d"), On(QuestionKind::kSeriesSeen, "30d"),
               On(QuestionKind::kSeriesSeen, "1h")});
  ASSERT_EQ(evidence.answers.size(), 4u);
  EXPECT_EQ(evidence.answers[0].body, whole);
  EXPECT_EQ(evidence.answers[1].body, std::string(1200, 'x') + "…");
  EXPECT_EQ(evidence.answers[3].body.size(), 1200u + std::string("…").size());
  EXPECT_EQ(Shown(evidence.readings[2]), "1..1");
}

}  // namespace
}  // namespace slogate
