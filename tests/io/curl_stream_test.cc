// Contents that are no form, and answers that go into a sink.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "gate/io/http.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

constexpr absl::Duration kAmple = absl::Seconds(30);  // never reached
constexpr char kType[] = "application/x-streamed-protobuf";

std::string AllBytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

struct Sunk {
  HttpExchange exchange;
  std::string bytes;
  size_t pieces = 0, tries = 0;
};

// What a server that answers so leaves behind; the sink takes `most` bytes.
Sunk Ask(const std::function<fake::Reply(const fake::Request&)>& answer, size_t most = 1'000'000) {
  Sunk sunk;
  fake::Server server(answer);
  HttpRequest request;
  request.url = server.url();
  request.content = {"application/x-protobuf", AllBytes()};
  request.sink = {kType, [&](absl::string_view bytes) {
                    EXPECT_FALSE(bytes.empty());
                    sunk.bytes.append(bytes.data(), bytes.size());
                    ++sunk.pieces;
                    return sunk.bytes.size() <= most;
                  }};
  sunk.exchange = CurlHttp(fake::NoPause)->Perform({request}, 1, kAmple, nullptr).at(0);
  sunk.tries = server.requests().size();
  return sunk;
}

Sunk Ask(const fake::Reply& reply, size_t most = 1'000'000) {
  return Ask([&](const fake::Request&) { return reply; }, most);
}

TEST(CurlStream, ContentGoesOutByteForByte) {
  fake::Server server([](const fake::Request&) { return fake::Answer(200, "text/plain", "ok"); });
  HttpRequest request;
  request.url = server.url();
  request.form = {{"not", "sent"}};
  request.content = {"application/x-protobuf", AllBytes()};
  EXPECT_EQ(CurlHttp()->Perform({request}, 1, kAmple, nullptr).at(0).body, "ok");
  const fake::Request sent = server.requests().at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.body, AllBytes());
  EXPECT_EQ(sent.Header("Content-Type"), "application/x-protobuf");
  EXPECT_EQ(sent.Header("Content-Length"), "256");
}

TEST(CurlStream, ATypeThatNoHeaderMayHoldIsNotSent) {
  HttpRequest request;
  request.url = "http://127.0.0.1:1";
  request.content = {"a\r\nb: c", ""};
  const HttpExchange exchange = CurlHttp()->Perform({request}, 1, kAmple, nullptr).at(0);
  EXPECT_EQ(exchange.end, HttpEnd::kFailed);
  EXPECT_EQ(exchange.failure,
            "the value of the header Content-Type has a line break or a NUL byte");
}

TEST(CurlStream, TheSinkTakesTheBodyAndTheExchangeNone) {
  std::string large;
  while (large.size() < 300'000) large += AllBytes();
  for (const fake::Reply& reply :
       {fake::Answer(200, kType, large),
        fake::Answer(200, "Application/X-Streamed-Protobuf ; proto=prometheus.X", large)}) {
    const Sunk sunk = Ask(reply);
    EXPECT_EQ(sunk.exchange.end, HttpEnd::kAnswered) << sunk.exchange.failure;
    EXPECT_EQ(sunk.exchange.status, 200);
    EXPECT_EQ(sunk.exchange.body, "");
    EXPECT_TRUE(sunk.bytes == large);
    EXPECT_GT(sunk.pieces, 1U);
  }
}

TEST(CurlStream, AnEmptyAnswerIsAnAnswer) {
  const Sunk sunk = Ask(fake::Answer(200, kType, ""));
  EXPECT_EQ(sunk.exchange.end, HttpEnd::kAnswered);
  EXPECT_EQ(sunk.pieces, 0U);
}

TEST(CurlStream, WhatTheSinkIsNotForIsABody) {
  const std::vector<std::pair<int, std::string>> others = {{200, "application/x-protobuf"},
                                                           {200, "text/html"},
                                                           {200, ""},
                                                           {200, absl::StrCat(kType, "2")},
                                                           {400, kType},
                                                           {500, kType},
                                                           {206, kType}};
  for (const auto& [status, type] : others) {
    const Sunk sunk = Ask(fake::Answer(status, type, "words"));
    EXPECT_EQ(sunk.exchange.end, HttpEnd::kAnswered) << status << type;
    EXPECT_EQ(sunk.exchange.status, status);
    EXPECT_EQ(sunk.exchange.body, "words") << status << type;
    EXPECT_EQ(sunk.pieces, 0U) << status << type;
  }
}

TEST(CurlStream, AFailureBeforeTheFirstByteIsTriedAgain) {
  size_t asked = 0;
  const Sunk sunk = Ask([&](const fake::Request&) {
    if (++asked == 1) return fake::CloseWithoutAnswer();
    if (asked == 2) return fake::Answer(503, kType, "starting");
    return fake::Answer(200, kType, "frames");
  });
  EXPECT_EQ(sunk.exchange.end, HttpEnd::kAnswered) << sunk.exchange.failure;
  EXPECT_EQ(sunk.bytes, "frames");
  EXPECT_EQ(sunk.tries, 3U);
}

TEST(CurlStream, WhatBreaksOffIsNotTriedAgain) {
  for (const fake::Reply::Then then : {fake::Reply::Then::kClose, fake::Reply::Then::kReset}) {
    const Sunk sunk = Ask(fake::HalfOf(fake::Answer(200, kType, std::string(5'000, 'x')), then));
    EXPECT_EQ(sunk.exchange.end, HttpEnd::kFailed);
    EXPECT_FALSE(sunk.exchange.may_pass);
    EXPECT_EQ(sunk.tries, 1U);
  }
}

TEST(CurlStream, AnAnswerWithoutAnEndOfItsOwnIsRefused) {
  const Sunk sunk =
      Ask(fake::Raw(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: ", kType, "\r\n\r\nframes")));
  EXPECT_EQ(sunk.exchange.end, HttpEnd::kFailed);
  EXPECT_EQ(sunk.exchange.failure, "the answer does not say where it ends");
  EXPECT_EQ(sunk.bytes, "frames");
}

TEST(CurlStream, ASinkCanEndAnAnswerThatHasNone) {
  fake::Reply endless = fake::Raw(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: ", kType,
                                               "\r\nTransfer-Encoding: chunked\r\n\r\n"));
  endless.endless = "4\r\nabcd\r\n";
  const Sunk sunk = Ask(endless, 200'000);
  EXPECT_EQ(sunk.exchange.end, HttpEnd::kFailed);
  EXPECT_EQ(sunk.exchange.failure, "the answer was not read to its end");
  EXPECT_FALSE(sunk.exchange.may_pass);
  EXPECT_GT(sunk.bytes.size(), 200'000U);
  EXPECT_LT(sunk.bytes.size(), 400'000U);
  EXPECT_EQ(sunk.tries, 1U);
}

TEST(CurlStream, TheCapHoldsForAPatientSink) {
  const std::string piece(size_t{1} << 20, 'x');
  fake::Server server([&](const fake::Request&) {
    fake::Reply endless = fake::Raw(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: ", kType,
                                                 "\r\nTransfer-Encoding: chunked\r\n\r\n"));
    endless.endless = absl::StrCat("100000\r\n", piece, "\r\n");
    return endless;
  });
  size_t bytes = 0;
  HttpRequest request;
  request.url = server.url();
  request.sink = {kType, [&](absl::string_view more) {
                    bytes += more.size();
                    return true;
                  }};
  const HttpExchange exchange = CurlHttp()->Perform({request}, 1, kAmple, nullptr).at(0);
  EXPECT_EQ(exchange.end, HttpEnd::kTooLarge);
  EXPECT_EQ(exchange.failure, "the answer is larger than 1073741824 bytes");
  EXPECT_LE(bytes, limits::kStreamBytes);
  EXPECT_GT(bytes, limits::kStreamBytes - (size_t{1} << 20));
}

// Fakes of the seam do as the wire does.
TEST(CurlStream, AScriptedServerFillsSinks) {
  fake::ScriptedHttp http({fake::Answered(200, absl::StrCat(kType, "; proto=x"), "frames"),
                           fake::Answered(400, kType, "words")});
  std::string bytes;
  HttpRequest request;
  request.sink = {kType, [&](absl::string_view more) {
                    bytes.append(more.data(), more.size());
                    return false;
                  }};
  const std::vector<HttpExchange> exchanges = http.Perform({request, request}, 1, kAmple, nullptr);
  EXPECT_EQ(bytes, "frames");
  EXPECT_EQ(exchanges[0].end, HttpEnd::kFailed);
  EXPECT_EQ(exchanges[0].body, "");
  EXPECT_EQ(exchanges[1].end, HttpEnd::kAnswered);
  EXPECT_EQ(exchanges[1].body, "words");
}

}  // namespace
}  // namespace slogate
