// What is sent again over the wire, and through which proxy.
#include <stdlib.h>

#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "gate/io/http.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

HttpRequest To(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.form = {{"query", "up"}};
  return request;
}

HttpExchange Perform(const HttpRequest& request) {
  return CurlHttp(fake::NoPause)->Perform({request}, 1, absl::Seconds(30), nullptr).at(0);
}

TEST(CurlRetry, TheAnswerOfALaterTryIsTheAnswer) {
  const fake::Reply failures[] = {
      fake::Answer(429, "text/plain", "slow down"), fake::Answer(502, "text/html", "Bad Gateway"),
      fake::Answer(503, "text/plain", "Service Unavailable", {{"Retry-After", "0"}}),
      fake::CloseWithoutAnswer(), fake::ResetWithoutAnswer()};
  size_t asked = 0;
  const fake::Server server([&](const fake::Request&) {
    return asked < std::size(failures) ? failures[asked++] : fake::Json("{}");
  });
  const HttpExchange exchange = Perform(To(server.url()));
  EXPECT_EQ(exchange.end, HttpEnd::kAnswered);
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(exchange.body, "{}");
  EXPECT_EQ(exchange.failure, "");
  EXPECT_EQ(exchange.retry_after, "");
  EXPECT_FALSE(exchange.may_pass);
  ASSERT_EQ(server.requests().size(), limits::kTries);
  for (const fake::Request& request : server.requests()) EXPECT_EQ(request.Form("query"), "up");
}

TEST(CurlRetry, HowOftenAStatusIsAskedFor) {
  struct Case {
    int status;
    const char* type;
    const char* body;
    size_t sent;
  };
  const Case cases[] = {
      {400, "application/json", "{}", 1},
      {401, "text/plain", "", 1},
      {403, "text/plain", "", 1},
      {404, "text/plain", "", 1},
      {422, "application/json", R"({"errorType":"timeout"})", 1},
      {500, "text/plain", "", 1},
      {503, "application/json", R"({"errorType":"timeout"})", 1},
      {503, "application/json", R"({"errorType":"unavailable"})", limits::kTries},
      {503, "text/plain", "Service Unavailable", limits::kTries},
      {429, "text/plain", "", limits::kTries},
      {502, "text/plain", "", limits::kTries},
      {504, "text/plain", "", limits::kTries},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.status, " ", c.type));
    const fake::Server server(
        [&](const fake::Request&) { return fake::Answer(c.status, c.type, c.body); });
    EXPECT_EQ(Perform(To(server.url())).status, c.status);
    EXPECT_EQ(server.requests().size(), c.sent);
  }
}

TEST(CurlRetry, AskedToWaitLongerThanThereIsTime) {
  const fake::Server server([](const fake::Request&) {
    return fake::Answer(503, "text/plain", "Service Unavailable", {{"Retry-After", "86400"}});
  });
  const absl::Time start = absl::Now();
  const HttpExchange exchange = Perform(To(server.url()));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5)) << "it is given up at once";
  EXPECT_EQ(exchange.status, 503);
  EXPECT_EQ(exchange.given_up, "Retry-After (86400 s) is beyond the deadline");
  EXPECT_EQ(server.requests().size(), 1U);
}

// While one request waits its turn, the only place is for others; and the deadline ends the wait.
TEST(CurlRetry, OthersGoOnMeanwhile) {
  const fake::Server server([](const fake::Request& request) {
    return request.path == "/busy" ? fake::Answer(429, "text/plain", "") : fake::Json("{}");
  });
  const auto longest = [](absl::Duration) { return absl::Minutes(1); };
  const absl::Time start = absl::Now();
  const std::vector<HttpRequest> requests = {To(server.url() + "/busy"), To(server.url() + "/a"),
                                             To(server.url() + "/b")};
  const std::vector<HttpExchange> exchanges =
      CurlHttp(longest)->Perform(requests, 1, absl::Milliseconds(300), nullptr);
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(exchanges[0].end, HttpEnd::kAnswered);
  EXPECT_EQ(exchanges[0].status, 429) << "what it came to before the time was up";
  EXPECT_EQ(exchanges[1].status, 200);
  EXPECT_EQ(exchanges[2].status, 200);
  EXPECT_EQ(server.requests().size(), 3U);
}

// A run asks a dead server for its clock first, and for the rest afterwards.
TEST(CurlRetry, OneBatchTellsTheNextThatAServerIsDead) {
  const fake::Server server([](const fake::Request&) { return fake::CloseWithoutAnswer(); });
  const std::unique_ptr<Http> http = CurlHttp(fake::NoPause);
  http->Perform({To(server.url() + "/clock")}, 2, absl::Seconds(30), nullptr);
  EXPECT_EQ(server.requests().size(), limits::kTries);
  const std::vector<HttpRequest> rest(4, To(server.url() + "/rest"));
  http->Perform(rest, 2, absl::Seconds(30), nullptr);
  EXPECT_EQ(server.requests().size(), limits::kTries + rest.size());
}

TEST(CurlProxy, SeesTheWholeUrlOfAPlainSource) {
  const fake::Server proxy([](const fake::Request&) { return fake::Json("{}"); });
  HttpRequest request = To("http://prometheus.test:9090/api/v1/query");
  request.proxy = proxy.url();
  setenv("no_proxy", "*", 1);  // changes nothing
  const HttpExchange exchange = Perform(request);
  unsetenv("no_proxy");
  EXPECT_EQ(exchange.end, HttpEnd::kAnswered) << exchange.failure;
  EXPECT_EQ(exchange.body, "{}");
  ASSERT_EQ(proxy.requests().size(), 1U);
  EXPECT_EQ(proxy.requests()[0].target, "http://prometheus.test:9090/api/v1/query");
  EXPECT_EQ(proxy.requests()[0].Header("Host"), "prometheus.test:9090");
}

TEST(CurlProxy, HearsNoSecretsOfAnHttpsSource) {
  const fake::Server proxy(
      [](const fake::Request&) { return fake::Answer(407, "text/plain", "who are you?"); });
  HttpRequest request = To("https://prometheus.test:9090/api/v1/query");
  request.proxy = proxy.url();
  request.headers = {{"Authorization", "Bearer hunter2"}, {"X-Scope-OrgID", "hunter2"}};
  const HttpExchange exchange = Perform(request);
  EXPECT_EQ(exchange.end, HttpEnd::kFailed);
  EXPECT_EQ(exchange.failure,
            absl::StrCat("the proxy ", proxy.url(), " made no connection: HTTP 407"));
  EXPECT_EQ(exchange.content_type, "") << "nothing of the proxy's is taken for the source's";
  EXPECT_EQ(exchange.body, "");
  ASSERT_EQ(proxy.requests().size(), 1U);
  const fake::Request connect = proxy.requests()[0];
  EXPECT_EQ(connect.method, "CONNECT");
  EXPECT_EQ(connect.target, "prometheus.test:9090");
  for (const auto& [name, value] : connect.headers) EXPECT_NE(value, "hunter2") << name;
  EXPECT_EQ(connect.Header("Authorization"), "");
}

TEST(CurlProxy, IsTriedAgainWhereItMayPass) {
  const fake::Server proxy(
      [](const fake::Request&) { return fake::Answer(503, "text/plain", "later"); });
  HttpRequest request = To("https://prometheus.test:9090/");
  request.proxy = proxy.url();
  EXPECT_EQ(Perform(request).failure,
            absl::StrCat("the proxy ", proxy.url(), " made no connection: HTTP 503"));
  EXPECT_EQ(proxy.requests().size(), limits::kTries);
}

TEST(CurlProxy, ThatIsNotThere) {
  const fake::RefusingPort nobody;
  const fake::Server server([](const fake::Request&) { return fake::Json("{}"); });
  HttpRequest request = To(server.url());
  request.proxy = nobody.url();
  EXPECT_EQ(Perform(request).failure,
            absl::StrCat("the proxy ", nobody.url(), ": connection refused"));
  EXPECT_EQ(server.connections(), 0U) << "it is never gone round";
}

TEST(CurlProxy, NeverSentThroughAProxyThatIsNone) {
  const fake::Server server([](const fake::Request&) { return fake::Json("{}"); });
  struct Case {
    const char* proxy;
    const char* failure;
  };
  const Case cases[] = {
      {"socks5://127.0.0.1:1", "the proxy's URL is not one of http or https"},
      {"http://ops:hunter2@127.0.0.1:1", "the proxy's URL holds a user name or a password"},
      {"127.0.0.1:1", "the proxy's URL cannot be read"},
  };
  for (const Case& c : cases) {
    HttpRequest request = To(server.url());
    request.proxy = c.proxy;
    EXPECT_EQ(Perform(request).failure, c.failure);
  }
  EXPECT_EQ(server.connections(), 0U);
}

}  // namespace
}  // namespace slogate
