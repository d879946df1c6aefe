// Servers that lie, break and stall, and requests that must not leave the house.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "gate/io/http.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/fakes.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

using Then = fake::Reply::Then;

HttpRequest To(const std::string& url) {
  HttpRequest request;
  request.url = url;
  return request;
}

std::vector<HttpExchange> PerformAll(const std::vector<HttpRequest>& requests, int concurrency,
                                     absl::Duration time_left) {
  return CurlHttp(fake::NoPause)->Perform(requests, concurrency, time_left, nullptr);
}

HttpExchange Perform(const HttpRequest& request, absl::Duration time_left = absl::Seconds(30)) {
  return PerformAll({request}, 1, time_left).at(0);
}

TEST(CurlHttpFailures, WhatServersDo) {
  const std::string json = "{\"status\":\"success\"}";
  struct Case {
    const char* name;
    fake::Reply reply;
    const char* failure;
    int status;
    const char* body;  // what came before the end
    size_t sent = 1;
  };
  constexpr size_t kAgain = limits::kTries;
  const char kReset[] = "the connection was reset", kTorn[] = "the answer broke off before its end",
             kSilent[] = "the server closed the connection without an answer",
             kNotHttp[] = "the answer is not HTTP",
             kCompressed[] = "the answer is compressed, which was not asked for";
  const Case cases[] = {
      {"closes", fake::CloseWithoutAnswer(), kSilent, 0, "", kAgain},
      {"resets", fake::ResetWithoutAnswer(), kReset, 0, "", kAgain},
      {"closes in the headers", fake::Raw("HTTP/1.1 200 OK\r\nContent-Ty"), kTorn, 200, ""},
      {"closes in the body", fake::WrongLength(json, json.size() + 1), kTorn, 200, json.c_str()},
      {"closes before the body", fake::WrongLength("", 5), kTorn, 200, ""},
      {"resets in the body",
       fake::Raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234", Then::kReset), kReset, 200,
       "1234", kAgain},
      {"closes between chunks",
       fake::Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n"), kTorn, 200,
       "1234"},
      {"closes in a chunk",
       fake::Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n12"), kTorn, 200, "12"},
      {"closes before the last line of the last chunk",
       fake::Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n0\r\n"), kTorn,
       200, "1234"},
      {"closes after 103 Early Hints", fake::Raw("HTTP/1.1 103 Early Hints\r\n\r\n"), kSilent, 103,
       ""},
      {"closes in the status line after 103",
       fake::Raw("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 20"), kSilent, 103, ""},
      {"speaks something else", fake::Raw("SSH-2.0-OpenSSH_9.2\r\n"), kNotHttp, 0, ""},
      {"speaks HTTP/0.9", fake::Raw("{\"status\":\"success\"}"), kNotHttp, 0, ""},
      {"sends headers without end", fake::EndlessHeaders(),
       "the headers of the answer are larger than 65536 bytes", 200, ""},
      {"compresses", fake::Answer(200, "", "\x1f\x8b", {{"Content-Encoding", "gzip"}}), kCompressed,
       200, ""},
      {"compresses twice", fake::Answer(200, "", "x", {{"Content-Encoding", "gzip, gzip"}}),
       kCompressed, 200, ""},
      {"compresses the transfer",
       fake::Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
       kCompressed, 200, ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const fake::Server server([&](const fake::Request&) { return c.reply; });
    const HttpExchange exchange = Perform(To(server.url()));
    EXPECT_EQ(exchange.end, HttpEnd::kFailed);
    EXPECT_EQ(exchange.failure, c.failure);
    EXPECT_EQ(exchange.status, c.status);
    EXPECT_EQ(exchange.body, c.body);
    EXPECT_EQ(server.requests().size(), c.sent);
  }
}

// No proper prefix of an answer is ever taken for the whole, but for the last LF after the last
// chunk, which has nothing left to say.
TEST(CurlHttpFailures, NoPrefixOfAnAnswerIsAnAnswer) {
  const std::string json = "{\"a\":\"0123456789\"}";
  for (const bool chunked : {false, true}) {
    const fake::Reply whole = chunked ? fake::ChunkedJson(json, 5) : fake::Json(json);
    for (const Then then : {Then::kClose, Then::kReset}) {
      const size_t enough = whole.bytes.size() - (chunked && then == Then::kClose ? 1 : 0);
      for (size_t size = 0; size < enough; ++size) {
        const fake::Server server(
            [&](const fake::Request&) { return fake::Raw(whole.bytes.substr(0, size), then); });
        const HttpExchange exchange = Perform(To(server.url()));
        EXPECT_EQ(exchange.end, HttpEnd::kFailed)
            << size << " bytes: " << whole.bytes.substr(0, size);
        EXPECT_NE(exchange.failure, "") << size;
      }
    }
  }
}

TEST(CurlHttpFailures, AnAnswerWithoutEndIsCut) {
  const fake::Server server([](const fake::Request&) { return fake::EndlessChunks(); });
  const HttpExchange exchange = Perform(To(server.url()));
  EXPECT_EQ(exchange.end, HttpEnd::kTooLarge);
  EXPECT_EQ(exchange.failure, "the answer is larger than 67108864 bytes");
  EXPECT_EQ(exchange.status, 200);
  EXPECT_LE(exchange.body.size(), limits::kAnswerBytes);
}

TEST(CurlHttpFailures, TheCapIsExact) {
  const std::string most(limits::kAnswerBytes, 'x');
  const fake::Server server([&](const fake::Request& request) {
    return fake::Answer(200, "", request.path == "/more" ? most + "x" : most);
  });
  const HttpExchange at_most = Perform(To(server.url()));
  EXPECT_EQ(at_most.end, HttpEnd::kAnswered);
  EXPECT_TRUE(at_most.body == most);
  EXPECT_EQ(Perform(To(server.url() + "/more")).end, HttpEnd::kTooLarge);
}

TEST(CurlHttpFailures, NobodyThere) {
  const fake::RefusingPort nobody;
  const HttpExchange refused = Perform(To(nobody.url()));
  EXPECT_EQ(refused.end, HttpEnd::kFailed);
  EXPECT_EQ(refused.failure, "connection refused");
  EXPECT_EQ(refused.status, 0);

  // A label of 64 letters cannot be in the DNS, so no name server is asked.
  const std::string name = std::string(64, 'a') + ".example";
  const HttpExchange unknown = Perform(To(absl::StrCat("http://", name, ":9090/api/v1/query")));
  EXPECT_EQ(unknown.end, HttpEnd::kFailed);
  EXPECT_EQ(unknown.failure, absl::StrCat("the name ", name, " is not known"));
}

TEST(CurlHttpFailures, NeverSent) {
  const fake::Server server([](const fake::Request&) { return fake::Json("{}"); });
  const fake::TempFolder folder;
  const std::string file = folder.Write("passwd", "root:x");
  const std::string host = absl::StrCat("127.0.0.1:", server.port());
  const auto with_header = [&](const std::string& name, const std::string& value) {
    HttpRequest request = To(server.url());
    request.headers = {{name, value}};
    return request;
  };
  HttpRequest nul_password = To(server.url());
  nul_password.username = "gate";
  nul_password.password = std::string("hunter2\0x", 9);
  const char kScheme[] = "the URL is not one of http or https",
             kUnreadable[] = "the URL cannot be read",
             kUser[] = "the URL holds a user name or a password";
  struct Case {
    const char* name;
    HttpRequest request;
    const char* failure;
  };
  const Case cases[] = {
      {"file", To("file://" + file), kScheme},
      {"file, upper case", To("FILE://" + file), kScheme},
      {"ftp", To("ftp://" + host), kScheme},
      {"gopher", To("gopher://" + host + "/_x"), kScheme},
      {"unknown scheme", To("prometheus://" + host), kScheme},
      {"no scheme", To("//" + host), kUnreadable},
      {"nothing", To(""), kUnreadable},
      {"no host", To("http://"), kUnreadable},
      {"bad port", To("http://127.0.0.1:99999"), kUnreadable},
      {"line break in the URL", To(server.url() + "/\r\nX: 1"), kUnreadable},
      {"NUL in the URL", To(server.url() + std::string("/a\0b", 4)), kUnreadable},
      {"password in the URL", To("http://gate:hunter2@" + host), kUser},
      {"user in the URL", To("http://hunter2@" + host), kUser},
      {"line break in a header", with_header("X-Scope-OrgID", "hunter2\r\nX-Admin: 1"),
       "the value of the header X-Scope-OrgID has a line break or a NUL byte"},
      {"header without a name", with_header("", "hunter2"),
       "a header has a name that no header may have"},
      {"NUL in a password", nul_password, "the user name or the password has a NUL byte"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const HttpExchange exchange = Perform(c.request);
    EXPECT_EQ(exchange.end, HttpEnd::kFailed);
    EXPECT_EQ(exchange.failure, c.failure);
    EXPECT_EQ(exchange.body, "");
    EXPECT_FALSE(absl::StrContains(exchange.failure, "hunter2"));
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST(CurlHttpFailures, TheTimeIsUp) {
  const std::string half = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 9\r\n\r\n1234";
  struct Case {
    const char* name;
    fake::Reply reply;
    const char* failure;
    int status;
    const char* body;
  };
  const Case cases[] = {
      {"no answer", fake::Hang(), "no answer in time", 0, ""},
      {"half an answer", fake::Raw(half, Then::kHold), "the answer was not complete in time", 200,
       "1234"},
      {"a body without end, slower than the cap",
       fake::Raw("HTTP/1.1 200 OK\r\n\r\n12", Then::kHold), "the answer was not complete in time",
       200, "12"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const fake::Server server([&](const fake::Request&) { return c.reply; });
    const absl::Time start = absl::Now();
    const HttpExchange exchange = Perform(To(server.url()), absl::Milliseconds(100));
    const absl::Duration took = absl::Now() - start;
    EXPECT_EQ(exchange.end, HttpEnd::kTimedOut);
    EXPECT_EQ(exchange.failure, c.failure);
    EXPECT_EQ(exchange.status, c.status);
    EXPECT_EQ(exchange.body, c.body);
    EXPECT_GE(took, absl::Milliseconds(90));
    EXPECT_LT(took, absl::Seconds(2));
  }
}

TEST(CurlHttpFailures, OneDeadlineForAll) {
  const fake::Server server([](const fake::Request& request) {
    return request.path == "/fast" ? fake::Json("{}") : fake::Hang();
  });
  const absl::Time start = absl::Now();
  const std::vector<HttpExchange> exchanges =
      PerformAll({To(server.url() + "/fast"), To(server.url() + "/a"), To(server.url() + "/b"),
                  To(server.url() + "/fast"), To(server.url() + "/fast")},
                 2, absl::Milliseconds(200));
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  ASSERT_EQ(exchanges.size(), 5U);
  EXPECT_EQ(exchanges[0].end, HttpEnd::kAnswered) << "what came in time counts";
  for (const size_t i : {1U, 2U}) {
    EXPECT_EQ(exchanges[i].end, HttpEnd::kTimedOut);
    EXPECT_EQ(exchanges[i].failure, "no answer in time");
  }
  for (const size_t i : {3U, 4U}) {
    EXPECT_EQ(exchanges[i].end, HttpEnd::kTimedOut);
    EXPECT_EQ(exchanges[i].failure, "not sent: the time was up");
  }
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(CurlHttpFailures, WithoutTimeNothingIsSent) {
  const fake::Server server([](const fake::Request&) { return fake::Json("{}"); });
  for (const absl::Duration time_left : {absl::ZeroDuration(), absl::Seconds(-1)}) {
    const HttpExchange exchange = Perform(To(server.url()), time_left);
    EXPECT_EQ(exchange.end, HttpEnd::kTimedOut);
    EXPECT_EQ(exchange.failure, "not sent: the time was up");
  }
  EXPECT_EQ(server.connections(), 0U);
}

// After a batch that timed out, its connections are not used for the next: a late answer would be
// taken for the answer to another question.
TEST(CurlHttpFailures, AStalledConnectionIsNotUsedAgain) {
  const fake::Server server([](const fake::Request& request) {
    return request.path == "/hang" ? fake::Hang() : fake::Json("{}");
  });
  const std::unique_ptr<Http> http = CurlHttp();
  const std::vector<HttpRequest> slow{To(server.url() + "/hang")}, fast{To(server.url())};
  EXPECT_EQ(http->Perform(slow, 1, absl::Milliseconds(100), nullptr).at(0).end, HttpEnd::kTimedOut);
  EXPECT_EQ(http->Perform(fast, 1, absl::Seconds(30), nullptr).at(0).end, HttpEnd::kAnswered);
  EXPECT_EQ(server.connections(), 2U);
}

// The one case in which libcurl asks again by itself: a server may close a kept connection at any
// time, and then has not seen the request. That is one try.
TEST(CurlHttpFailures, AKeptConnectionThatClosesIsReplacedOnce) {
  size_t asked = 0;
  const fake::Server server([&](const fake::Request&) {
    return ++asked == 1 ? fake::Json("{}") : fake::CloseWithoutAnswer();
  });
  const std::unique_ptr<Http> http = CurlHttp(fake::NoPause);
  const std::vector<HttpRequest> one{To(server.url())};
  EXPECT_EQ(http->Perform(one, 1, absl::Seconds(30), nullptr).at(0).end, HttpEnd::kAnswered);
  const HttpExchange second = http->Perform(one, 1, absl::Seconds(30), nullptr).at(0);
  EXPECT_EQ(second.end, HttpEnd::kFailed);
  EXPECT_EQ(second.failure, "the server closed the connection without an answer");
  EXPECT_EQ(server.requests().size(), 2U + limits::kTries);
  EXPECT_EQ(server.connections(), 1U + limits::kTries);
}

// A port whose queue is full: the system drops what knocks, as a firewall does.
class FullPort {
 public:
  FullPort() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* generic = reinterpret_cast<sockaddr*>(&address_);
    if (bind(listener_, generic, size) != 0 || listen(listener_, 0) != 0 ||
        getsockname(listener_, generic, &size) != 0) {
      abort();
    }
    for (int& client : clients_) {
      client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      (void)connect(client, generic, size);
    }
  }
  ~FullPort() {
    for (const int client : clients_) close(client);
    close(listener_);
  }
  std::string url() const { return absl::StrCat("http://127.0.0.1:", ntohs(address_.sin_port)); }

 private:
  int listener_;
  int clients_[4] = {};
  sockaddr_in address_{};
};

TEST(CurlHttpFailures, NoConnectionInTime) {
  const FullPort full;
  const HttpExchange exchange = Perform(To(full.url()), absl::Milliseconds(200));
  EXPECT_EQ(exchange.end, HttpEnd::kTimedOut);
  EXPECT_EQ(exchange.failure, "no connection in time");
}

}  // namespace
}  // namespace slogate
