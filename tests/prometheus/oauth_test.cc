#include "gate/prometheus/oauth.h"

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/prometheus/prometheus_source.h"
#include "tests/testing/fake_prometheus.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

constexpr char kJson[] = "application/json";
constexpr char kTokenUrl[] = "https://login.example/token";
constexpr char kGiven[] =
    R"({"access_token":"tok-77aa01bc","token_type":"Bearer","expires_in":3600})";

const absl::Time kAt = absl::FromUnixSeconds(1795658347);

SourceConfig Source() {
  SourceConfig source;
  source.url.value = "https://prometheus.example";
  source.proxy.value = "http://proxy.example:3128";
  return source;
}

Credentials Client() {
  Credentials credentials;
  credentials.token = TokenRequest{
      kTokenUrl, {{"grant_type", "client_credentials"}, {"client_secret", "hunter2-hunter2"}}};
  credentials.headers = {{"X-Scope-OrgID", "tenant"}};
  credentials.secrets = {"hunter2-hunter2"};
  credentials.tls = std::make_shared<const HttpTls>();
  return credentials;
}

TEST(FetchToken, AsksOnceAndSendsOnlyWhatIsForTheGiver) {
  fake::ScriptedHttp http({fake::Answered(200, kJson, kGiven)});
  Credentials credentials = Client();
  EXPECT_FALSE(FetchToken(Source(), credentials, http, absl::Seconds(7)));
  ASSERT_EQ(http.batches.size(), 1u);
  EXPECT_EQ(http.batches[0].time_left, absl::Seconds(7));
  ASSERT_EQ(http.batches[0].requests.size(), 1u);
  const HttpRequest& request = http.batches[0].requests[0];
  EXPECT_EQ(request.url, kTokenUrl);
  EXPECT_EQ(request.form, credentials.token->form);
  EXPECT_EQ(request.headers, (fake::Headers{{"Accept", "application/json"}}))
      << "the tenant is the source's business";
  EXPECT_EQ(request.proxy, "http://proxy.example:3128");
  EXPECT_EQ(request.tls, credentials.tls);
  EXPECT_EQ(credentials.headers,
            (fake::Headers{{"X-Scope-OrgID", "tenant"}, {"Authorization", "Bearer tok-77aa01bc"}}));
  EXPECT_EQ(MaskCredentials(credentials, "hunter2-hunter2 gave tok-77aa01bc"), "*** gave ***");
}

struct Case {
  const char* name;
  HttpExchange exchange;
  const char* shown;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class NoToken : public testing::TestWithParam<Case> {};

TEST_P(NoToken, IsAFinding) {
  fake::ScriptedHttp http({GetParam().exchange});
  Credentials credentials = Client();
  const std::optional<Finding> finding = FetchToken(Source(), credentials, http, absl::Seconds(7));
  ASSERT_TRUE(finding);
  EXPECT_EQ(absl::StrCat(Word(finding->kind), ": ", finding->detail),
            absl::StrCat(GetParam().shown));
  EXPECT_EQ(credentials.headers.size(), 1u) << "nothing is sent as if it were a token";
}

Case Without(const char* name, absl::string_view body) {
  return {
      name, fake::Answered(200, kJson, body),
      "unauthorized: no token from https://login.example/token: HTTP 200 without a bearer token "
      "that can be sent on"};
}

INSTANTIATE_TEST_SUITE_P(
    All, NoToken,
    testing::Values(
        Case{"refused", fake::NotAnswered(HttpEnd::kFailed, "connection refused"),
             "unreachable: no token from https://login.example/token: connection refused"},
        Case{"late", fake::NotAnswered(HttpEnd::kTimedOut, "no answer in time"),
             "timed_out: no token from https://login.example/token: no answer in time"},
        Case{"endless", fake::NotAnswered(HttpEnd::kTooLarge, "the answer is too large"),
             "unreachable: no token from https://login.example/token: the answer is too large"},
        Case{"wrong_secret",
             fake::Answered(
                 401, kJson,
                 R"({"error":"invalid_client","error_description":"hunter2-hunter2 is wrong"})"),
             "unauthorized: no token from https://login.example/token: HTTP 401: invalid_client: "
             "*** "
             "is wrong"},
        Case{"wrong_scope", fake::Answered(400, kJson, R"({"error":"invalid_scope"})"),
             "unauthorized: no token from https://login.example/token: HTTP 400: invalid_scope"},
        Case{"login_page", fake::Answered(200, "text/html", "<h1>Log in</h1>"),
             "unauthorized: no token from https://login.example/token: HTTP 200 without a bearer "
             "token that can be sent on"},
        Case{"redirect", fake::Answered(302, "text/html", "tok-77aa01bc"),
             "unauthorized: no token from https://login.example/token: HTTP 302"},
        Case{"error_with_a_token", fake::Answered(500, kJson, kGiven),
             "unreachable: no token from https://login.example/token: HTTP 500"},
        Case{"busy", fake::Answered(429, "text/plain", "slow down"),
             "unreachable: no token from https://login.example/token: HTTP 429"},
        Without("nothing", "{}"), Without("a_list", "[]"), Without("null", "null"),
        Without("empty_token", R"({"access_token":"","token_type":"bearer"})"),
        Without("no_text", R"({"access_token":{},"token_type":"bearer"})"),
        Without("no_type", R"({"access_token":"tok"})"),
        Without("another_type", R"({"access_token":"tok","token_type":"mac"})"),
        Without("a_second_header", R"({"access_token":"tok\r\nX-Evil: 1","token_type":"bearer"})"),
        Without("a_blank", R"({"access_token":"to k","token_type":"bearer"})"),
        Without("no_ascii", R"({"access_token":"tök","token_type":"bearer"})")),
    [](const auto& test) { return std::string(test.param.name); });

TEST(FetchToken, TakesNoTokenThatIsTooLong) {
  for (const auto& [length, taken] : {std::pair{8'000, true}, std::pair{70'000, false}}) {
    fake::ScriptedHttp http(
        {fake::Answered(200, kJson,
                        absl::StrCat(R"({"token_type":"BEARER","access_token":")",
                                     std::string(static_cast<size_t>(length), 'x'), "\"}"))});
    Credentials credentials = Client();
    EXPECT_EQ(FetchToken(Source(), credentials, http, absl::Seconds(7)).has_value(), !taken);
  }
}

class TokenSource : public testing::Test {
 protected:
  Evidence Measure(int times) {
    Evidence all;
    const auto source = PrometheusSource("main", Source(), Client(), http_,
                                         Deadline(clock_, absl::Seconds(60)), {});
    for (int i = 0; i < times; ++i) {
      all.Append(source->Measure({{QuestionKind::kClock, "main", {}, {}}}, kAt));
    }
    return all;
  }

  fake::FixedClock clock_{kAt};
  std::string token_answer_ = kGiven;
  int token_status_ = 200;
  fake::PrometheusReplies replies_{kAt};
  std::vector<std::string> asked_;  // whom, with the Authorization that was shown
  fake::ScriptedHttp http_{[this](const HttpRequest& request) {
    std::string shown;
    for (const auto& [name, value] : request.headers) {
      if (name == "Authorization") shown = value;
    }
    asked_.push_back(absl::StrCat(request.url, " ", shown));
    return request.url == kTokenUrl ? fake::Answered(token_status_, kJson, token_answer_)
                                    : replies_(request);
  }};
};

TEST_F(TokenSource, OneTokenForAllThatIsAsked) {
  const Evidence evidence = Measure(2);
  EXPECT_EQ(asked_, (std::vector<std::string>{
                        "https://login.example/token ",
                        "https://prometheus.example/api/v1/query Bearer tok-77aa01bc",
                        "https://prometheus.example/api/v1/query Bearer tok-77aa01bc"}));
  ASSERT_EQ(evidence.answers.size(), 2u) << "what the giver said is not recorded";
  EXPECT_TRUE(evidence.readings[0].value);
}

TEST_F(TokenSource, WithoutATokenNobodyIsAskedAndNothingIsKnown) {
  token_status_ = 401;
  token_answer_ = R"({"error":"invalid_client"})";
  const Evidence evidence = Measure(2);
  EXPECT_EQ(asked_, std::vector<std::string>{"https://login.example/token "}) << "nor asked again";
  EXPECT_TRUE(evidence.answers.empty());
  ASSERT_EQ(evidence.readings.size(), 2u);
  for (const Reading& reading : evidence.readings) {
    EXPECT_FALSE(reading.value);
    ASSERT_EQ(reading.findings.size(), 1u);
    EXPECT_EQ(reading.findings[0].kind, FindingKind::kUnauthorized);
  }
}

// A server that echoes its token must not get it into a document.
TEST_F(TokenSource, TheTokenIsMaskedWhereItIsEchoed) {
  replies_.Always(fake::Answer(403, "text/plain", "tok-77aa01bc is not good enough"));
  const Evidence evidence = Measure(1);
  ASSERT_EQ(evidence.answers.size(), 1u);
  EXPECT_EQ(evidence.answers[0].body, "*** is not good enough");
  EXPECT_FALSE(absl::StrContains(evidence.readings[0].findings.at(0).detail, "tok-77"));
}

}  // namespace
}  // namespace slogate
