#include "gate/prometheus/series_list.h"

#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "gate/policy/vocabulary.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

constexpr int64_t kNow = 1'795'403'560;

const Selector kByService{"", {{"__name__", "=~", ".+_total"}, {"service", "=", "shop"}}};
const Selector kByJob{"", {{"__name__", "=~", ".+_total"}, {"job", "=", "shop"}}};
const std::vector<std::string> kBy = {"__name__", "code"};

std::string Part(const std::string& labels, const std::string& value, int64_t time = kNow) {
  return absl::StrCat("{\"metric\":{", labels, "},\"value\":[", time, ",\"", value, "\"]}");
}

std::string Body(const std::vector<std::string>& parts, const std::string& more = "") {
  return absl::StrCat(R"({"status":"success","data":{"resultType":"vector","result":[)",
                      absl::StrJoin(parts, ","), "]}", more, "}");
}

// The groups as "labels count" lines, or the finding as "! kind: detail".
std::string List(Http& http, const Credentials& credentials = {}) {
  SourceConfig source;
  source.url.value = "https://prometheus.example/prom/";
  const auto listed = ListSeries({kByService, kByJob}, kBy, source, credentials,
                                 absl::FromUnixMillis(kNow * 1000 + 700), absl::Seconds(20), http);
  if (const auto* finding = std::get_if<Finding>(&listed)) {
    return absl::StrCat("! ", Word(finding->kind), ": ", finding->detail, "\n");
  }
  std::string text;
  for (const SeriesGroup& group : std::get<std::vector<SeriesGroup>>(listed)) {
    absl::StrAppend(&text, absl::StrJoin(group.labels, " ", absl::PairFormatter("=")), " ",
                    group.count.Fixed(0, Rounding::kDown), "\n");
  }
  return text;
}

TEST(SeriesList, AsksEachSelectorAtTheSameTime) {
  fake::ScriptedHttp http({fake::Answered(200, "application/json", Body({})),
                           fake::Answered(200, "application/json", Body({}))});
  Credentials credentials;
  credentials.headers = {{"Authorization", "Bearer t0ken"}};
  EXPECT_EQ(List(http, credentials), "");
  ASSERT_EQ(http.batches.size(), 1);
  EXPECT_EQ(http.batches[0].time_left, absl::Seconds(20));
  ASSERT_EQ(http.batches[0].requests.size(), 2);
  const char* queries[] = {R"(count by (__name__, code) ({__name__=~".+_total",service="shop"}))",
                           R"(count by (__name__, code) ({__name__=~".+_total",job="shop"}))"};
  for (size_t i = 0; i < 2; ++i) {
    const HttpRequest& request = http.batches[0].requests[i];
    EXPECT_EQ(request.url, "https://prometheus.example/prom/api/v1/query");
    EXPECT_EQ(
        request.form,
        (std::vector<std::pair<std::string, std::string>>{
            {"query", queries[i]}, {"time", "1795403560"}, {"timeout", "20s"}, {"nocache", "1"}}));
    EXPECT_EQ(request.headers, credentials.headers);
  }
}

struct Case {
  const char* name;
  HttpExchange first;  // to the first of two; the second finds one series
  std::string want;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class SeriesListAnswers : public testing::TestWithParam<Case> {};

TEST_P(SeriesListAnswers, AreReadStrictly) {
  fake::ScriptedHttp http(
      {GetParam().first,
       fake::Answered(200, "application/json", Body({Part(R"("__name__":"b_total")", "1")}))});
  EXPECT_EQ(List(http), GetParam().want);
}

HttpExchange Ok(const std::string& body) { return fake::Answered(200, "application/json", body); }

INSTANTIATE_TEST_SUITE_P(
    All, SeriesListAnswers,
    testing::ValuesIn(std::vector<Case>{
        {"Groups",
         Ok(Body({Part(R"("__name__":"a_total","code":"200")", "12"),
                  Part(R"("__name__":"a_total")", "3")})),
         "__name__=a_total code=200 service=shop 12\n__name__=a_total service=shop 3\n"
         "__name__=b_total job=shop 1\n"},
        {"None", Ok(Body({})), "__name__=b_total job=shop 1\n"},
        {"OneThatIsNotAskedFor", Ok(Body({Part(R"("__name__":"a_total","pod":"x")", "1")})),
         "! malformed_answer: a sum by __name__, code came with other labels: "
         "{\"metric\":{\"__name__\":\"a_total\",\"pod\":\"x\"},\"value\":[1795403560,\"1\"]}\n"},
        {"AnotherTime", Ok(Body({Part(R"("__name__":"a_total")", "1", kNow - 1)})),
         "! malformed_answer: the answer is for the time 1795403559, not for 1795403560\n"},
        {"NotANumber", Ok(Body({Part(R"("__name__":"a_total")", "NaN")})),
         "! not_finite: the value is NaN\n"},
        {"NotWhole",
         Ok(Body({Part(R"("__name__":"a_total")", "1")}, R"(,"warnings":["results truncated"])")),
         "! partial_answer: the server warned: results truncated\n"},
        {"Refused", fake::Answered(401, "text/plain", "who are you?"),
         "! unauthorized: HTTP 401: who are you?\n"},
        {"Redirected", fake::Answered(302, "text/html", "Found"),
         "! malformed_answer: HTTP 302: redirected to nowhere; slogate follows no redirects: put "
         "the "
         "final URL into the policy\n"},
        {"Silent", fake::NotAnswered(HttpEnd::kTimedOut, ""),
         "! timed_out: no complete answer before the deadline\n"},
    }),
    [](const auto& test) { return test.param.name; });

TEST(SeriesList, TooManyGroupsAreAFinding) {
  std::vector<std::string> parts;
  for (size_t i = 0; i <= limits::kParts; ++i) {
    parts.push_back(Part(absl::StrCat(R"("__name__":"a)", i, "_total\""), "1"));
  }
  fake::ScriptedHttp http({Ok(Body(parts)), Ok(Body({}))});
  EXPECT_EQ(
      List(http),
      "! too_large: the answer has 10001 series, more than the 10000 that slogate puts together\n");
}

TEST(SeriesList, ATornListIsNone) {
  fake::ScriptedHttp http({Ok(Body({Part(R"("__name__":"a_total")", "1")}))});
  EXPECT_EQ(List(http), "! unreachable: nothing was scripted\n");
}

}  // namespace
}  // namespace slogate
