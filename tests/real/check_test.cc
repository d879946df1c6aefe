// slogate check on a real Prometheus, by the demo's own policy and services: the four stories end
// as they are told, and the counts agree with the series they were made from.
#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/gate.h"
#include "tests/testing/demo_services.h"
#include "tests/testing/prometheus_server.h"

namespace slogate {
namespace {

constexpr uint64_t kSeed = 20;
constexpr absl::Duration kWindow = absl::Hours(30 * 24);

std::string DemoFile(const std::string& name) {
  const std::unique_ptr<Files> files = RealFiles();
  return files->Read(absl::StrCat(SLOGATE_SOURCE_DIR, "/policies/demo/", name), 1 << 20).value();
}

// What was put into some series: events by minute, one list for each.
struct Truth {
  absl::Time start;
  std::vector<std::vector<double>> series;

  double Within(absl::Time end, absl::Duration window) const {
    double sum = 0;
    for (const std::vector<double>& minutes : series) {
      for (size_t i = FirstAfter(end - window); i < FirstAfter(end); ++i) sum += minutes[i];
    }
    return sum;
  }

  // Of each series, increase() leaves out the step at the window's beginning and puts the mean in
  // place of up to two steps at the ends: it is off by the events of two steps at most.
  double MostOff(absl::Time end, absl::Duration window) const {
    double sum = 0;
    for (const std::vector<double>& minutes : series) {
      double busiest = 0;
      for (size_t i = FirstAfter(end - window) - 1; i < FirstAfter(end); ++i) {
        busiest = std::max(busiest, minutes[i]);
      }
      sum += 2 * busiest;
    }
    return sum;
  }

 private:
  size_t FirstAfter(absl::Time time) const {
    return static_cast<size_t>((time - start) / absl::Minutes(1)) + 1;
  }
};

// Without what needs a ledger: these runs are repeated and compared, and a ledger remembers.
std::string DemoPolicy() {
  const std::string whole = DemoFile("policy.yaml");
  return whole.substr(0, whole.find("\nledger:") + 1);
}

struct Story {
  const char* service;
  const char* verdict;
  int exit, detailed_exit;
  const char* fires;  // the rules of that verdict that are true
};

void PrintTo(const Story& story, std::ostream* out) { *out << story.service; }

std::string Firing(const fake::Checked& checked) {
  std::string ids;
  for (const json::Value& rule : checked.decision["rules"].array()) {
    if (rule["truth"].text() == "true" && rule["verdict"] == checked.decision["verdict"]) {
      absl::StrAppend(&ids, ids.empty() ? "" : " ", rule["id"].text());
    }
  }
  return ids;
}

class Stories : public testing::TestWithParam<Story> {
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus()) return;
    // Ten minutes into the five hours for which the stories hold.
    now_ = absl::Now() - absl::Minutes(10);
    const std::vector<fake::Series> all = fake::DemoServices(now_, kSeed);
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(fake::OpenMetrics(all), folder_->path());
    ASSERT_TRUE(filled.ok()) << filled;
    auto server = PrometheusServer::Start({.data = folder_->path()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    for (const fake::Series& series : fake::DemoServices(now_, kSeed)) {
      std::vector<double> events;
      for (absl::Time time = series.start; time <= series.end; time += series.step) {
        events.push_back(series.at(time));
      }
      const std::string& service = series.labels.at("service");
      total_[service].start = bad_[service].start = series.start;
      if (series.labels.at("code") == "503") bad_[service].series.push_back(events);
      total_[service].series.push_back(std::move(events));
    }
  }
  static void TearDownTestSuite() {
    server_.reset();
    folder_.reset();
    total_.clear();
    bad_.clear();
  }

  void SetUp() override {
    if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
    ASSERT_NE(server_, nullptr);
    gate_.Write("policy.yaml",
                absl::StrReplaceAll(DemoPolicy(), {{"http://127.0.0.1:9090", server_->url()}}));
  }

  fake::Checked Check(const std::string& service, std::vector<std::string> more = {}) {
    gate_.Write("slos.yaml", DemoFile(service + ".yaml"));
    more.insert(more.begin(),
                {"--policy", "policy.yaml", "--slos", "slos.yaml", "--environment", "production"});
    return gate_.Check(more, server_->url());
  }

  void ExpectCounted(const fake::Checked& checked, const std::string& service) {
    const Truth& total = total_.at(service);
    const Truth& bad = bad_.at(service);
    const absl::Time at = checked.instant;
    EXPECT_NEAR(checked.Number("total"), total.Within(at, kWindow), total.MostOff(at, kWindow));
    EXPECT_NEAR(checked.Number("bad"), bad.Within(at, kWindow), bad.MostOff(at, kWindow));
    EXPECT_NEAR(checked.Number("bad"), checked.Number("bad_low"), 1e-8 * checked.Number("bad"));
    const double consumed = checked.Number("bad") / (checked.Number("total") * 0.001);
    EXPECT_NEAR(checked.Number("consumed_ratio"), consumed, 1e-6);
    EXPECT_NEAR(checked.Number("remaining_ratio"), 1 - consumed, 1e-6);
    EXPECT_TRUE(checked.slo()["estimate"].boolean());
  }

  // What the demo's burn rules measured, over four windows.
  void ExpectBurnMeasured(const fake::Checked& checked, const std::string& service) {
    const Truth& total = total_.at(service);
    const Truth& bad = bad_.at(service);
    size_t measured = 0;
    for (const json::Value& rule : checked.decision["rules"].array()) {
      for (const json::Value& leg : rule["legs"].array()) {
        const std::string& measure = leg["measure"].text();
        if (measure == "budget_remaining") continue;
        const absl::Duration over = absl::Seconds(std::stoi(leg["over_seconds"].text()));
        SCOPED_TRACE(absl::FormatDuration(over));
        const absl::Time at = checked.instant;
        const double share = measure == "budget_spent" ? absl::FDivDuration(over, kWindow) : 1;
        const double bads = bad.Within(at, over), off = bad.MostOff(at, over);
        const double totals = total.Within(at, over), totals_off = total.MostOff(at, over);
        const double told = std::stod(leg["measured"].text());
        EXPECT_GE(told, (bads - off) / (totals + totals_off) / 0.001 * share);
        EXPECT_LE(told, (bads + off) / (totals - totals_off) / 0.001 * share);
        ++measured;
      }
    }
    EXPECT_EQ(measured, 4);
  }

  static inline absl::Time now_;
  static inline std::unique_ptr<fake::TempFolder> folder_;
  static inline std::unique_ptr<PrometheusServer> server_;
  static inline std::map<std::string, Truth> total_, bad_;
  fake::Gate gate_;
};

TEST_P(Stories, EndAsTheyAreTold) {
  const Story& story = GetParam();
  const fake::Checked checked = Check(story.service);
  EXPECT_EQ(checked.exit, story.exit) << checked.screen << checked.err;
  EXPECT_EQ(checked.decision["verdict"].text(), story.verdict);
  EXPECT_EQ(checked.decision["instant_source"].text(), "server");
  EXPECT_EQ(Firing(checked), story.fires);
  EXPECT_EQ(checked.Findings(), "");
  EXPECT_EQ(checked.err, "");
  ExpectCounted(checked, story.service);
  ExpectBurnMeasured(checked, story.service);
}

TEST_P(Stories, EndTheSameAtAnyHourOfTheirs) {
  const Story& story = GetParam();
  for (const absl::Duration later : {absl::ZeroDuration(), absl::Seconds(9001), fake::kDemoGood}) {
    const std::string at = absl::FormatTime(absl::RFC3339_sec, now_ + later, absl::UTCTimeZone());
    SCOPED_TRACE(at);
    const fake::Checked checked =
        Check(story.service, {"--dry-run", "--detailed-exit-code", "--at", at});
    EXPECT_EQ(checked.exit, story.detailed_exit) << checked.screen << checked.err;
    EXPECT_EQ(checked.decision["verdict"].text(), story.verdict);
    EXPECT_EQ(checked.decision["instant_source"].text(), "flag");
    EXPECT_EQ(checked.instant, absl::FromUnixSeconds(absl::ToUnixSeconds(now_ + later)));
    EXPECT_EQ(Firing(checked), story.fires);
    EXPECT_EQ(checked.Findings(), "");
    ExpectCounted(checked, story.service);
    const fake::Checked again =
        Check(story.service, {"--dry-run", "--detailed-exit-code", "--at", at});
    EXPECT_EQ(again.document, checked.document);  // byte for byte
  }
}

TEST_P(Stories, EndWellForAClassThatMayPass) {
  const Story& story = GetParam();
  const bool blocked = story.exit != 0;
  for (const std::vector<std::string>& change :
       {std::vector<std::string>{"--change", "security", "--ticket", "CVE-2026-1"},
        {"--change", "rollback"}}) {
    const fake::Checked passed = Check(story.service, change);
    EXPECT_EQ(passed.exit, 0) << passed.screen << passed.err;
    EXPECT_EQ(passed.decision["basis"].text(), blocked ? "class" : "budget");
  }
  const fake::Checked refused =
      Check(story.service, {"--change", "security", "--ticket", "JIRA-1"});
  EXPECT_EQ(refused.exit, story.exit) << refused.screen << refused.err;
  EXPECT_EQ(refused.decision["verdict"].text(), story.verdict);
}

INSTANTIATE_TEST_SUITE_P(Services, Stories,
                         testing::Values(Story{"checkout", "allow", 0, 0, ""},
                                         Story{"search", "warn", 0, 10, "slow-burn"},
                                         Story{"payments", "deny", 1, 11, "spent"},
                                         Story{"catalogue", "hold", 3, 13, "fast-burn"}),
                         [](const auto& test) { return std::string(test.param.service); });

}  // namespace
}  // namespace slogate
