// What goes out and what comes back while servers behave.
#include <stdlib.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/base/version.h"
#include "gate/io/http.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/fakes.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

constexpr absl::Duration kAmple = absl::Seconds(30);  // never reached

HttpRequest To(const std::string& url) {
  HttpRequest request;
  request.url = url;
  return request;
}

std::vector<HttpExchange> PerformAll(Http& http, const std::vector<HttpRequest>& requests,
                                     int concurrency = 2, absl::Duration time_left = kAmple) {
  return http.Perform(requests, concurrency, time_left, nullptr);
}

HttpExchange Perform(const HttpRequest& request) {
  return PerformAll(*CurlHttp(fake::NoPause), {request}).at(0);
}

// A server that answers everything with "ok".
class CurlHttpTest : public testing::Test {
 protected:
  fake::Server server_{[](const fake::Request&) { return fake::Answer(200, "text/plain", "ok"); }};

  // The headers of the one request that came, as sent, one a line.
  std::string HeadersSent() {
    const std::vector<fake::Request> requests = server_.requests();
    if (requests.size() != 1) return absl::StrCat(requests.size(), " requests");
    return absl::StrJoin(requests[0].headers, "\n", absl::PairFormatter(": "));
  }
};

TEST_F(CurlHttpTest, ThePlainestRequestWhole) {
  HttpRequest request = To(server_.url() + "/api/v1/query");
  request.form = {{"query", "up"}, {"time", "1795212000"}};
  const HttpExchange exchange = Perform(request);
  EXPECT_EQ(exchange.end, HttpEnd::kAnswered);
  EXPECT_EQ(exchange.failure, "");
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(exchange.content_type, "text/plain");
  EXPECT_EQ(exchange.location, "");
  EXPECT_EQ(exchange.body, "ok");

  EXPECT_EQ(HeadersSent(),
            absl::StrCat("Host: 127.0.0.1:", server_.port(), "\nUser-Agent: slogate/", Version(),
                         "\nAccept: */*\nAccept-Encoding: identity\nContent-Length: 24"
                         "\nContent-Type: application/x-www-form-urlencoded"));
  const fake::Request sent = server_.requests().at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.target, "/api/v1/query");
  EXPECT_EQ(sent.body, "query=up&time=1795212000");
}

TEST_F(CurlHttpTest, CredentialsAndHeadersWhole) {
  HttpRequest request = To(server_.url() + "/prometheus/api/v1/query?tenant=a%20b");
  request.headers = {{"X-Scope-OrgID", "team a"}, {"X-Empty", ""}, {"X-Bytes", "\xc3\xa4\t;:"}};
  request.username = "gate";
  request.password = "s3cret: with \xc3\xa4";
  EXPECT_EQ(Perform(request).end, HttpEnd::kAnswered);
  EXPECT_EQ(
      HeadersSent(),
      absl::StrCat("Host: 127.0.0.1:", server_.port(),
                   "\nAuthorization: Basic Z2F0ZTpzM2NyZXQ6IHdpdGggw6Q=\nUser-Agent: slogate/",
                   Version(),
                   "\nAccept: */*\nAccept-Encoding: identity\nX-Scope-OrgID: team a\nX-Empty: "
                   "\nX-Bytes: \xc3\xa4\t;:\nContent-Length: 0"
                   "\nContent-Type: application/x-www-form-urlencoded"));
  EXPECT_EQ(server_.requests().at(0).target, "/prometheus/api/v1/query?tenant=a%20b");
}

TEST_F(CurlHttpTest, ABearerTokenIsAHeader) {
  HttpRequest request = To(server_.url());
  request.headers = {{"Authorization", "Bearer abc.def"}};
  EXPECT_EQ(Perform(request).end, HttpEnd::kAnswered);
  EXPECT_EQ(server_.requests().at(0).Header("Authorization"), "Bearer abc.def");
}

TEST_F(CurlHttpTest, AFormArrivesByteForByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  HttpRequest request = To(server_.url());
  request.form = {{"query", bytes}, {bytes, ""}, {"", "x"}, {"query", "sum(a{b=\"&=+%\"})"}};
  EXPECT_EQ(Perform(request).end, HttpEnd::kAnswered);
  EXPECT_EQ(server_.requests().at(0).form, request.form);
}

TEST_F(CurlHttpTest, ALargeFormGoesOutAtOnce) {
  HttpRequest request = To(server_.url());
  request.form = {{"query", std::string(1'500'000, 'x')}};
  const absl::Time start = absl::Now();
  EXPECT_EQ(Perform(request).end, HttpEnd::kAnswered);
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(900)) << "libcurl waits 1 s for a 100 Continue";
  EXPECT_EQ(server_.requests().at(0).Header("Expect"), "");
  EXPECT_EQ(server_.requests().at(0).form, request.form);
}

TEST(CurlHttp, AnswersOfEveryShape) {
  struct Case {
    const char* name;
    fake::Reply reply;
    int status;
    const char* content_type;
    const char* body;
  };
  const Case cases[] = {
      {"json", fake::Json("{}"), 200, "application/json", "{}"},
      {"an error is an answer",
       fake::Answer(503, "text/plain; charset=utf-8", "Service Unavailable"), 503,
       "text/plain; charset=utf-8", "Service Unavailable"},
      {"401 without a body", fake::Answer(401, "", "", {{"WWW-Authenticate", "Basic"}}), 401, "",
       ""},
      {"204", fake::Raw("HTTP/1.1 204 No Content\r\n\r\n", fake::Reply::Then::kKeepOpen), 204, "",
       ""},
      {"chunks", fake::ChunkedJson("{\"a\":\"0123456789\"}", 3), 200, "application/json",
       "{\"a\":\"0123456789\"}"},
      {"a trailer",
       fake::Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
                 "X-Trailer: 1\r\n\r\n"),
       200, "", "ok"},
      {"ends with the connection", fake::Raw("HTTP/1.1 200 OK\r\n\r\nall"), 200, "", "all"},
      {"HTTP/1.0", fake::Raw("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold"), 200, "", "old"},
      {"after 103 Early Hints",
       fake::Raw("HTTP/1.1 103 Early Hints\r\nContent-Type: a/b\r\n\r\n"
                 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
       200, "", "ok"},
      {"identity is no compression",
       fake::Answer(200, "text/plain", "ok", {{"Content-Encoding", "identity"}}), 200, "text/plain",
       "ok"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const fake::Server server([&](const fake::Request&) { return c.reply; });
    const HttpExchange exchange = Perform(To(server.url()));
    EXPECT_EQ(exchange.end, HttpEnd::kAnswered);
    EXPECT_EQ(exchange.failure, "");
    EXPECT_EQ(exchange.status, c.status);
    EXPECT_EQ(exchange.content_type, c.content_type);
    EXPECT_EQ(exchange.body, c.body);
  }
}

TEST(CurlHttp, ALargeAnswerComesWhole) {
  std::string body;
  for (int i = 0; i < 5'000'000; ++i) body += static_cast<char>('a' + i % 23);
  const fake::Server server([&](const fake::Request& request) {
    return request.path == "/chunked" ? fake::ChunkedJson(body, 1000) : fake::Json(body);
  });
  EXPECT_EQ(Perform(To(server.url())).body, body);
  EXPECT_EQ(Perform(To(server.url() + "/chunked")).body, body);
}

TEST(CurlHttp, NoRequestsNoExchanges) {
  EXPECT_EQ(PerformAll(*CurlHttp(), {}).size(), 0U);
  EXPECT_EQ(PerformAll(*CurlHttp(), {}, 2, absl::ZeroDuration()).size(), 0U);
}

TEST(CurlHttp, ExchangesStandInTheOrderOfTheRequests) {
  const fake::Server server(
      [](const fake::Request& request) { return fake::Answer(200, "text/plain", request.target); });
  const fake::RefusingPort nobody;
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 30; ++i) requests.push_back(To(absl::StrCat(server.url(), "/", i)));
  requests[7].url = "ftp://example/";
  requests[11].url = nobody.url();
  const std::vector<HttpExchange> exchanges = PerformAll(*CurlHttp(fake::NoPause), requests, 4);
  ASSERT_EQ(exchanges.size(), 30U);
  for (size_t i = 0; i < exchanges.size(); ++i) {
    if (i == 7 || i == 11) {
      EXPECT_EQ(exchanges[i].end, HttpEnd::kFailed);
    } else {
      EXPECT_EQ(exchanges[i].body, absl::StrCat("/", i));
    }
  }
}

TEST(CurlHttp, AtMostSoManyAtOnce) {
  for (const int concurrency : {1, 2, 5}) {
    const fake::Server server([](const fake::Request&) { return fake::Hang(); });
    const std::vector<HttpRequest> requests(8, To(server.url()));
    PerformAll(*CurlHttp(), requests, concurrency, absl::Milliseconds(300));
    EXPECT_EQ(server.requests().size(), static_cast<size_t>(concurrency));
    EXPECT_EQ(server.connections(), static_cast<size_t>(concurrency));
  }
}

TEST_F(CurlHttpTest, ConnectionsAreKeptFromOneBatchToTheNext) {
  const std::unique_ptr<Http> http = CurlHttp();
  const std::vector<HttpRequest> requests(32, To(server_.url()));
  PerformAll(*http, requests, 16);
  PerformAll(*http, requests, 16);
  EXPECT_EQ(server_.requests().size(), 64U);
  EXPECT_LE(server_.connections(), 16U);
}

TEST_F(CurlHttpTest, OneRequestsCredentialsAreNotTheNexts) {
  HttpRequest first = To(server_.url()), second = To(server_.url());
  first.username = "gate";
  first.password = "secret";
  first.headers = {{"X-Scope-OrgID", "a"}};
  PerformAll(*CurlHttp(), {first, second}, 1);
  ASSERT_EQ(server_.requests().size(), 2U);
  EXPECT_EQ(server_.requests()[1].Header("Authorization"), "");
  EXPECT_EQ(server_.requests()[1].Header("X-Scope-OrgID"), "");
}

TEST(CurlHttp, ProgressIsHeardWhileNothingEnds) {
  const fake::Server server([](const fake::Request& request) {
    return request.path == "/hang" ? fake::Hang() : fake::Json("{}");
  });
  std::vector<size_t> heard;
  absl::Time last = absl::Now();
  absl::Duration longest_silence;
  const std::vector<HttpRequest> requests{To(server.url() + "/hang"), To(server.url())};
  CurlHttp()->Perform(requests, 2, absl::Seconds(1.5), [&](size_t ended) {
    heard.push_back(ended);
    longest_silence = std::max(longest_silence, absl::Now() - last);
    last = absl::Now();
  });
  EXPECT_LT(longest_silence, absl::Milliseconds(700)) << "200 ms, and what a busy machine adds";
  EXPECT_EQ(std::set<size_t>(heard.begin(), heard.end()), (std::set<size_t>{0, 1}));
  EXPECT_TRUE(std::is_sorted(heard.begin(), heard.end()));
}

TEST(CurlHttp, ARedirectIsShownAndNotFollowed) {
  const fake::Server other([](const fake::Request&) { return fake::Json("{}"); });
  for (const int status : {301, 302, 303, 307, 308}) {
    const std::string target = other.url() + "/login?next=a";
    const fake::Server server([&](const fake::Request&) {
      return fake::Answer(status, "text/html", "moved", {{"Location", target}});
    });
    HttpRequest request = To(server.url());
    request.username = "gate";
    const HttpExchange exchange = Perform(request);
    EXPECT_EQ(exchange.end, HttpEnd::kAnswered);
    EXPECT_EQ(exchange.status, status);
    EXPECT_EQ(exchange.location, target);
    EXPECT_EQ(exchange.body, "moved");
  }
  EXPECT_EQ(other.connections(), 0U);
}

TEST(CurlHttp, OnlyARedirectHasALocation) {
  const fake::Server server([](const fake::Request&) {
    return fake::Answer(201, "text/plain", "", {{"Location", "/elsewhere"}});
  });
  EXPECT_EQ(Perform(To(server.url())).location, "");
}

TEST_F(CurlHttpTest, CookiesAreNotKept) {
  const fake::Server server([](const fake::Request&) {
    return fake::Answer(200, "text/plain", "ok", {{"Set-Cookie", "session=1"}});
  });
  PerformAll(*CurlHttp(), {To(server.url()), To(server.url())}, 1);
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(server.requests()[1].Header("Cookie"), "");
}

TEST_F(CurlHttpTest, TheEnvironmentChangesNothing) {
  const fake::Server proxy([](const fake::Request&) { return fake::Json("\"by proxy\""); });
  const fake::TempFolder home;
  const std::string netrc = home.Write(".netrc", "machine 127.0.0.1 login eve password x\n");
  const std::vector<std::pair<std::string, std::string>> variables = {{"http_proxy", proxy.url()},
                                                                      {"HTTP_PROXY", proxy.url()},
                                                                      {"https_proxy", proxy.url()},
                                                                      {"HTTPS_PROXY", proxy.url()},
                                                                      {"all_proxy", proxy.url()},
                                                                      {"ALL_PROXY", proxy.url()},
                                                                      {"no_proxy", ""},
                                                                      {"NO_PROXY", ""},
                                                                      {"NETRC", netrc},
                                                                      {"HOME", home.path()},
                                                                      {"CURL_HOME", home.path()}};
  std::vector<std::pair<std::string, std::string>> before;
  for (const auto& [name, value] : variables) {
    if (const char* old = getenv(name.c_str())) before.emplace_back(name, old);
    setenv(name.c_str(), value.c_str(), 1);
  }
  const HttpExchange exchange = Perform(To(server_.url()));
  for (const auto& [name, value] : variables) unsetenv(name.c_str());
  for (const auto& [name, value] : before) setenv(name.c_str(), value.c_str(), 1);

  EXPECT_EQ(exchange.body, "ok");
  EXPECT_EQ(proxy.connections(), 0U);
  ASSERT_EQ(server_.requests().size(), 1U);
  EXPECT_EQ(server_.requests()[0].Header("Authorization"), "");
}

}  // namespace
}  // namespace slogate
