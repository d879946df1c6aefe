// What no backfilled data can show: series that a server scrapes while the gate looks. Eight days
// of each service are stored already, until an hour ago; then its process was replaced by one that
// the exporter plays.
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"
#include "tests/real/gate.h"
#include "tests/testing/exporter.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

class Live : public testing::Test {
 protected:
  // One server for all, as the first scrape takes five seconds to come.
  static void SetUpTestSuite() {
    if (NoPrometheus()) return;
    const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
    std::vector<fake::Series> stored;
    for (const std::string name : {"gone", "restarted", "late"}) {
      stored.push_back(fake::Minutely(name + "_requests_total", {{"code", "200"}},
                                      now - absl::Hours(8 * 24), now - absl::Hours(1),
                                      fake::Constant(1000)));
    }
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(fake::OpenMetrics(stored), folder_->path());
    ASSERT_TRUE(filled.ok()) << filled;
    exporter_ = std::make_unique<fake::Exporter>();
    auto server = PrometheusServer::Start(
        {.data = folder_->path(),
         .scrape_configs = exporter_->ScrapeConfig(absl::Milliseconds(100))});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  static void TearDownTestSuite() {
    server_.reset();
    exporter_.reset();
    folder_.reset();
  }

  void SetUp() override {
    if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
    ASSERT_NE(server_, nullptr);
  }

  // Has `metrics` scraped, at least `times`; then a real run, whose instant is cut to whole
  // seconds, sees them.
  static void Scrape(const std::string& metrics, int times = 2) {
    exporter_->Set(metrics);
    ASSERT_TRUE(exporter_->WaitForScrapes(times));
    AwaitNextSecond();
  }
  static void AwaitNextSecond() {
    const int64_t seen = absl::ToUnixSeconds(absl::Now());
    while (absl::ToUnixSeconds(absl::Now()) == seen) ASSERT_TRUE(exporter_->WaitForScrapes(1));
  }

  fake::Checked Check(const std::string& events, const std::string& more = "",
                      const std::vector<std::string>& arguments = {}) {
    gate_.Write("policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
sources: {main: {url: ')",
                                            server_->url(), R"('}}
rules:
  - {id: spent,     when: {budget_remaining: {at_most: 0%}}, verdict: deny}
service: shop
slos:
  - {name: availability, objective: 99.9%, window: 7d, sli: {events: {)",
                                            events, "}}}\n", more));
    std::vector<std::string> words = {"--policy", "policy.yaml"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return gate_.Check(words, "");
  }

  static inline std::unique_ptr<fake::TempFolder> folder_;
  static inline std::unique_ptr<fake::Exporter> exporter_;
  static inline std::unique_ptr<PrometheusServer> server_;
  fake::Gate gate_;
};

size_t QueriesForNewestSample(const fake::Checked& checked) {
  size_t queries = 0;
  for (const json::Value& reading : checked.decision["evidence"]["readings"].array()) {
    if (reading["kind"].text() == "newest_sample") queries += reading["answers"].array().size();
  }
  return queries;
}

// A vanished target gets a staleness marker, which hides its series from plain selectors at once.
// That is no reason to call them stale: their newest sample is young.
TEST_F(Live, AVanishedTargetIsStaleWhenItsSamplesAreOldAndNoSooner) {
  const char* events = R"(total: 'gone_requests_total', bad: '{code="500"}')";
  ASSERT_NO_FATAL_FAILURE(Scrape("gone_requests_total{code=\"200\"} 1\n"));
  const fake::Checked there = Check(events);
  EXPECT_EQ(there.exit, 0) << there.screen << there.err;
  EXPECT_EQ(there.Findings(), "");

  exporter_->Fail();
  ASSERT_TRUE(exporter_->WaitForScrapes(2));
  AwaitNextSecond();
  const fake::Checked vanished = Check(events);
  EXPECT_EQ(vanished.exit, 0) << vanished.screen << vanished.err;
  EXPECT_EQ(vanished.Findings(), "");
  EXPECT_EQ(QueriesForNewestSample(there), 1);
  EXPECT_EQ(QueriesForNewestSample(vanished), 2);  // the first, a plain selector, was empty

  const auto in = [](absl::Duration wait) {
    return absl::FormatTime(absl::RFC3339_sec, absl::Now() + wait, absl::UTCTimeZone());
  };
  const std::vector<std::string> soon = {"--dry-run", "--detailed-exit-code", "--at",
                                         in(absl::Minutes(2))};
  EXPECT_EQ(Check(events, "", soon).exit, 0);
  EXPECT_EQ(Check(events, "findings: {stale: {older_than: 1m}}\n", soon).exit, 13);
  const fake::Checked later =
      Check(events, "", {"--dry-run", "--detailed-exit-code", "--at", in(absl::Minutes(6))});
  EXPECT_EQ(later.exit, 13);
  EXPECT_EQ(later.Findings(), "stale!");
}

TEST_F(Live, ARestartLosesNothingThatWasScraped) {
  const auto at = [](int bad) {
    return absl::StrCat("restarted_requests_total{code=\"200\"} 1\nrestarted_errors_total ", bad,
                        "\n");
  };
  for (const int bad : {100, 110}) {
    exporter_->Set(at(bad));
    ASSERT_TRUE(exporter_->WaitForScrapes(4));
  }
  ASSERT_NO_FATAL_FAILURE(Scrape(at(7), 4));
  const fake::Checked checked =
      Check("total: 'restarted_requests_total', bad: 'restarted_errors_total'");
  EXPECT_EQ(checked.exit, 0) << checked.screen << checked.err;
  // Ten before the restart and seven since. increase() stretches what it saw of a young series by
  // up to 1.6 of its steps, and here are six of them at least.
  EXPECT_GE(checked.Number("bad"), 17);
  EXPECT_LE(checked.Number("bad"), 17 * 1.3);
}

TEST_F(Live, TheFirstErrorsOfAProcessAreSeenLate) {
  const char* events = R"(total: 'late_requests_total', bad: '{code="500"}')";
  const std::string good = "late_requests_total{code=\"200\"} 1\n";
  const auto with = [&](int bad) {
    return absl::StrCat(good, "late_requests_total{code=\"500\"} ", bad, "\n");
  };
  // No error yet, and no series of errors: none happened, as the total carries the label.
  ASSERT_NO_FATAL_FAILURE(Scrape(good));
  const fake::Checked none = Check(events);
  EXPECT_EQ(none.exit, 0) << none.screen << none.err;
  EXPECT_EQ(none.Number("bad"), 0);
  // What the first sample of a series counts is lost to increase(): its births.
  ASSERT_NO_FATAL_FAILURE(Scrape(with(40), 4));
  const fake::Checked born = Check(events);
  EXPECT_EQ(born.exit, 0) << born.screen << born.err;
  EXPECT_EQ(born.Number("bad"), 0);
  ASSERT_NO_FATAL_FAILURE(Scrape(with(52), 4));
  const fake::Checked counted = Check(events);
  EXPECT_EQ(counted.exit, 0) << counted.screen << counted.err;
  EXPECT_GE(counted.Number("bad"), 12);
  EXPECT_LE(counted.Number("bad"), 12 * 1.3);
  // From then on every one counts: a burst spends the budget of 10,020.
  ASSERT_NO_FATAL_FAILURE(Scrape(with(20000)));
  const fake::Checked spent = Check(events);
  EXPECT_EQ(spent.exit, 1) << spent.screen << spent.err;
}

}  // namespace
}  // namespace slogate
