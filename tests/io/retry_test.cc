#include "gate/io/retry.h"

#include <set>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "gate/base/limits.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

using fake::Answered;
using fake::NotAnswered;

const absl::Time kNow = absl::FromUnixSeconds(1'764'000'000);  // 2025-11-24T16:00:00Z

HttpExchange Passing() {
  HttpExchange exchange = NotAnswered(HttpEnd::kFailed, "connection refused");
  exchange.may_pass = true;
  return exchange;
}

HttpExchange Busy(const std::string& retry_after) {
  HttpExchange exchange = Answered(429, "text/plain", "slow down");
  exchange.retry_after = retry_after;
  return exchange;
}

TEST(MayPass, ByHowItEnded) {
  const char kTimeout[] = R"({"status":"error","errorType":"timeout","error":"query timed out"})";
  struct Case {
    const char* name;
    HttpExchange exchange;
    bool passes;
  };
  const Case cases[] = {
      {"refused", Passing(), true},
      {"another failure, such as of TLS", NotAnswered(HttpEnd::kFailed, "not trusted"), false},
      {"the time was up", NotAnswered(HttpEnd::kTimedOut, "no answer in time"), false},
      {"too large", NotAnswered(HttpEnd::kTooLarge, "too large"), false},
      {"200", Answered(200, "application/json", "{}"), false},
      {"302", Answered(302, "", ""), false},
      {"400", Answered(400, "application/json", kTimeout), false},
      {"401", Answered(401, "", ""), false},
      {"403", Answered(403, "", ""), false},
      {"404", Answered(404, "", ""), false},
      {"408", Answered(408, "", ""), false},
      {"422", Answered(422, "application/json", kTimeout), false},
      {"429", Answered(429, "text/plain", "slow down"), true},
      {"500", Answered(500, "text/plain", "oops"), false},
      {"501", Answered(501, "", ""), false},
      {"502", Answered(502, "text/html", "<h1>Bad Gateway</h1>"), true},
      {"503 starting", Answered(503, "text/plain", "Service Unavailable"), true},
      {"503 without a body", Answered(503, "", ""), true},
      {"503 of a proxy", Answered(503, "text/plain", "upstream connection timeout"), true},
      {"503 in JSON", Answered(503, "application/json", R"({"errorType":"unavailable"})"), true},
      {"503 timeout", Answered(503, "application/json", kTimeout), false},
      {"503 in other words",
       Answered(503, "Application/JSON; charset=utf-8", R"({"error":"context Deadline exceeded"})"),
       false},
      {"504", Answered(504, "text/html", "<h1>Gateway Time-out</h1>"), true},
      {"505", Answered(505, "", ""), false},
      {"nothing at all", HttpExchange{}, false},
  };
  for (const Case& c : cases) EXPECT_EQ(MayPass(c.exchange), c.passes) << c.name;
}

TEST(ReadRetryAfter, SecondsDatesAndGarbage) {
  struct Case {
    const char* text;
    std::optional<absl::Duration> wait;
  };
  const Case cases[] = {
      {"0", absl::ZeroDuration()},
      {"120", absl::Seconds(120)},
      {" 7 ", absl::Seconds(7)},
      {"86400", absl::Hours(24)},
      {"99999999999999999999999999", absl::InfiniteDuration()},
      {"Mon, 24 Nov 2025 16:00:30 GMT", absl::Seconds(30)},
      {"Mon, 24 Nov 2025 15:00:00 GMT", absl::ZeroDuration()},  // gone by
      {"", {}},
      {"-5", {}},
      {"+5", {}},
      {"1.5", {}},
      {"5s", {}},
      {"soon", {}},
      {"Mon, 24 Nov 2025 16:00:30", {}},
      {"2025-11-24T16:00:30Z", {}},
      {"Mon, 99 Nov 2025 16:00:30 GMT", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(ReadRetryAfter(c.text, kNow), c.wait) << c.text;
}

TEST(FullJitter, IsBetweenZeroAndMost) {
  const Jitter jitter = FullJitter();
  bool low = false, high = false;
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration pause = jitter(absl::Seconds(1));
    EXPECT_GE(pause, absl::ZeroDuration());
    EXPECT_LE(pause, absl::Seconds(1));
    low = low || pause < absl::Milliseconds(250);
    high = high || pause > absl::Milliseconds(750);
  }
  EXPECT_TRUE(low && high);
  EXPECT_EQ(jitter(absl::ZeroDuration()), absl::ZeroDuration());
}

// A batch whose clock is moved by hand, and whose pauses are as long as they may be.
class TriesTest : public testing::Test {
 protected:
  Tries Batch(const std::vector<std::string>& urls) {
    for (const std::string& url : urls) requests_.emplace_back().url = url;
    return Tries(requests_, given_up_, [](absl::Duration most) { return most; });
  }
  // The next request, or -1.
  int Next(Tries& tries) {
    const std::optional<size_t> next = tries.Next(now_);
    return next ? static_cast<int>(*next) : -1;
  }
  HttpExchange End(Tries& tries, size_t request, HttpExchange exchange) {
    tries.End(request, now_, kNow, absl::Seconds(60) - now_, exchange);
    return exchange;
  }

  std::vector<HttpRequest> requests_;
  std::set<std::string> given_up_;
  absl::Duration now_ = absl::ZeroDuration();
};

TEST_F(TriesTest, PausesDoubleAndEnd) {
  Tries tries = Batch({"http://a:1/x"});
  std::string pauses;
  EXPECT_EQ(tries.Wait(now_), absl::ZeroDuration());
  EXPECT_EQ(Next(tries), 0);
  while (End(tries, 0, Passing()), tries.ended() == 0) {
    EXPECT_EQ(Next(tries), -1) << "not before the pause is over";
    const absl::Duration pause = tries.Wait(now_);
    absl::StrAppend(&pauses, absl::ToInt64Milliseconds(pause), " ");
    now_ += pause;
    EXPECT_EQ(tries.Wait(now_), absl::ZeroDuration());
    EXPECT_EQ(Next(tries), 0);
  }
  EXPECT_EQ(pauses, "200 400 800 1600 3200 ");
  EXPECT_EQ(tries.Wait(now_), absl::InfiniteDuration());
  EXPECT_EQ(given_up_, std::set<std::string>{"http://a:1"});
}

TEST_F(TriesTest, OthersGoOnMeanwhileAndThoseThatWaitedGoFirst) {
  Tries tries = Batch({"http://a", "http://a", "http://a"});
  EXPECT_EQ(Next(tries), 0);
  End(tries, 0, Passing());
  EXPECT_EQ(tries.Wait(now_), absl::ZeroDuration());
  EXPECT_EQ(Next(tries), 1);
  now_ += absl::Seconds(1);
  EXPECT_EQ(Next(tries), 0);
  EXPECT_EQ(Next(tries), 2);
  EXPECT_EQ(Next(tries), -1);
  for (const size_t i : {0U, 1U, 2U}) End(tries, i, Answered(200, "", ""));
  EXPECT_EQ(tries.ended(), 3U);
}

TEST_F(TriesTest, WhatDoesNotPassIsNotTriedAgain) {
  Tries tries = Batch({"http://a"});
  EXPECT_EQ(Next(tries), 0);
  EXPECT_EQ(End(tries, 0, Answered(401, "", "")).given_up, "");
  EXPECT_EQ(tries.ended(), 1U);
  EXPECT_EQ(Next(tries), -1);
}

TEST_F(TriesTest, RetryAfterIsHonouredWithinTheDeadline) {
  struct Case {
    const char* retry_after;
    absl::Duration wait;  // infinite: none
    const char* given_up;
  };
  const Case cases[] = {
      {"", absl::Milliseconds(200), ""},
      {"garbage", absl::Milliseconds(200), ""},
      {"-1", absl::Milliseconds(200), ""},
      {"0", absl::Milliseconds(200), ""},
      {"5", absl::Milliseconds(5200), ""},
      {"59", absl::Milliseconds(59200), ""},
      {"60", absl::InfiniteDuration(), "Retry-After (60 s) is beyond the deadline"},
      {"86400", absl::InfiniteDuration(), "Retry-After (86400 s) is beyond the deadline"},
      {"99999999999999999999", absl::InfiniteDuration(), "Retry-After is beyond the deadline"},
      {"Mon, 24 Nov 2025 16:00:30 GMT", absl::Milliseconds(30200), ""},
      {"Mon, 24 Nov 2025 17:00:00 GMT", absl::InfiniteDuration(),
       "Retry-After is beyond the deadline"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.retry_after);
    requests_.clear();
    given_up_.clear();
    Tries tries = Batch({"http://a"});
    EXPECT_EQ(Next(tries), 0);
    EXPECT_EQ(End(tries, 0, Busy(c.retry_after)).given_up, c.given_up);
    EXPECT_EQ(tries.Wait(now_), c.wait);
    EXPECT_EQ(tries.ended(), c.wait == absl::InfiniteDuration() ? 1U : 0U);
  }
}

TEST_F(TriesTest, NoPauseGoesBeyondTheDeadline) {
  Tries tries = Batch({"http://a"});
  now_ = absl::Milliseconds(59'950);
  EXPECT_EQ(Next(tries), 0);
  End(tries, 0, Passing());
  EXPECT_EQ(tries.Wait(now_), absl::Milliseconds(50));
}

TEST_F(TriesTest, AServerThatWasGivenUpIsAskedOnceUntilItAnswers) {
  given_up_ = {"http://a:1", "https://b"};
  Tries tries = Batch({"http://a:1/x", "http://a:1/y", "http://a:1/z", "http://a:2/x"});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Next(tries), i);
  End(tries, 0, Passing());
  EXPECT_EQ(tries.ended(), 1U);
  End(tries, 3, Passing());
  EXPECT_EQ(tries.ended(), 1U) << "another server";
  End(tries, 1, Answered(404, "", ""));
  EXPECT_EQ(given_up_, std::set<std::string>{"https://b"});
  EXPECT_EQ(tries.ended(), 2U);
  End(tries, 2, Passing());
  EXPECT_EQ(tries.ended(), 2U) << "it is there again";
}

}  // namespace
}  // namespace slogate
