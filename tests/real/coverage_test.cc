// The finding gap on a real Prometheus. A window of 7 d has 120 slots of 84 minutes, which end on
// multiples of 84 minutes; the holes below are told in slots, so every count is known.
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"
#include "tests/real/gate.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kSlot = absl::Minutes(84);

void Add(std::vector<fake::Series>& all, const std::string& name, absl::Time start, absl::Time end,
         const std::string& instance = "one") {
  all.push_back(fake::Minutely(name + "_requests_total", {{"code", "200"}, {"instance", instance}},
                               start, end, fake::Constant(100)));
}

// `base` is the end of a slot.
//   whole_…     a sample a minute
//   turns_…     processes that live three hours each, one after the other
//   three_days_…   no sample from five to two days ago
//   twelve_…, thirteen_…   none at the end of so many slots
//   late_…      none from eight days ago to three, but a day of older ones
//   young_…     began four days ago; young_hole_… is a day of them silent
//   ended_…     no sample for a day
//   slow_…      a sample every ten minutes
//   good_…      whole; bad_… began two days ago, with the first failure
std::string Data(absl::Time base) {
  const absl::Time start = base - 9 * kDay, end = base + 2 * kSlot;
  std::vector<fake::Series> all;
  Add(all, "whole", start, end);
  for (absl::Time birth = start; birth < end; birth += absl::Hours(3)) {
    Add(all, "turns", birth, birth + absl::Hours(3), absl::FormatTime("%d-%H", birth, {}));
  }
  Add(all, "three_days", start, base - 5 * kDay);
  Add(all, "three_days", base - 2 * kDay, end);
  Add(all, "twelve", start, base - 32 * kSlot);
  Add(all, "twelve", base - 20 * kSlot + absl::Minutes(1), end);
  Add(all, "thirteen", start, base - 33 * kSlot);
  Add(all, "thirteen", base - 20 * kSlot + absl::Minutes(1), end);
  Add(all, "late", start, base - 8 * kDay);
  Add(all, "late", base - 3 * kDay, end);
  Add(all, "young", base - 4 * kDay, end);
  Add(all, "young_hole", base - 4 * kDay, base - 3 * kDay);
  Add(all, "young_hole", base - 2 * kDay, end);
  Add(all, "ended", start, base - kDay);
  Add(all, "slow", start, end);
  all.back().step = absl::Minutes(10);
  Add(all, "good", start, end);
  Add(all, "bad", base - 2 * kDay, end);
  return fake::OpenMetrics(all);
}

std::string TotalOf(const std::string& name) {
  return absl::StrCat("total: '", name, "_requests_total', bad: '{code=~\"5..\"}'");
}

struct Case {
  const char* name;
  std::string events;
  const char* more;  // further lines of the policy
  int exit;
  const char* findings;
  const char* text;  // of the finding gap
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class Coverage : public testing::Test, public testing::WithParamInterface<Case> {
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus()) return;
    const int64_t slot = absl::ToInt64Seconds(kSlot);
    base_ = absl::FromUnixSeconds((absl::ToUnixSeconds(absl::Now()) / slot - 2) * slot);
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(Data(base_), folder_->path());
    ASSERT_TRUE(filled.ok()) << filled;
    auto server = PrometheusServer::Start({.data = folder_->path()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  static void TearDownTestSuite() {
    server_.reset();
    folder_.reset();
  }

  void SetUp() override {
    if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
    ASSERT_NE(server_, nullptr);
  }

  // A dry run `later` than base, with --detailed-exit-code.
  fake::Checked Check(const std::string& events, const std::string& more, absl::Duration later) {
    gate_.Write("policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
sources: {main: {url: ')",
                                            server_->url(), R"('}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
service: shop
slos:
  - {name: availability, objective: 99.9%, window: 7d, sli: {events: {)",
                                            events, "}}}\n", more));
    const std::string at = absl::FormatTime(absl::RFC3339_sec, base_ + later, absl::UTCTimeZone());
    return gate_.Check({"--policy", "policy.yaml", "--dry-run", "--detailed-exit-code", "--at", at},
                       server_->url());
  }

  static std::string GapText(const fake::Checked& checked) {
    for (const json::Value& finding : checked.decision["findings"].array()) {
      if (finding["kind"].text() == "gap") return finding["text"].text();
    }
    return "";
  }

 private:
  static inline absl::Time base_;
  static inline std::unique_ptr<fake::TempFolder> folder_;
  static inline std::unique_ptr<PrometheusServer> server_;
  fake::Gate gate_;
};

TEST_P(Coverage, IsTold) {
  const Case& test = GetParam();
  const fake::Checked checked = Check(test.events, test.more, absl::ZeroDuration());
  EXPECT_EQ(checked.exit, test.exit) << checked.screen << checked.err;
  EXPECT_EQ(checked.Findings(), test.findings);
  EXPECT_EQ(GapText(checked), test.text);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Coverage,
    testing::ValuesIn(std::vector<Case>{
        {"whole", TotalOf("whole"), "findings: {gap: {coverage_below: 100%}}\n", 0, "", ""},
        {"processes_take_turns", TotalOf("turns"), "findings: {gap: {coverage_below: 100%}}\n", 0,
         "", ""},
        {"three_days_of_seven", TotalOf("three_days"), "", 13, "gap!",
         "samples cover 57.5 % of the window, less than 90 %: 51 of 120 slots of 1 h 24 m end "
         "without a sample of three_days_requests_total"},
        {"three_days_softened", TotalOf("three_days"), "findings: {gap: warn}\n", 10, "gap!",
         "samples cover 57.5 % of the window, less than 90 %: 51 of 120 slots of 1 h 24 m end "
         "without a sample of three_days_requests_total"},
        {"three_days_by_a_lower_limit", TotalOf("three_days"),
         "findings: {gap: {coverage_below: 57.5%}}\n", 0, "", ""},
        {"exactly_a_tenth", TotalOf("twelve"), "", 0, "", ""},
        {"a_slot_more_than_a_tenth", TotalOf("thirteen"), "", 13, "gap!",
         "samples cover 89.16 % of the window, less than 90 %: 13 of 120 slots of 1 h 24 m end "
         "without a sample of thirteen_requests_total"},
        // The source has older samples: what is missing where the window begins is a gap.
        {"at_the_start_of_the_window", TotalOf("late"), "", 13, "gap!",
         "samples cover 43.33 % of the window, less than 90 %: 68 of 120 slots of 1 h 24 m end "
         "without a sample of late_requests_total"},
        {"before_the_first_sample", TotalOf("young"), "", 10, "short_history!", ""},
        {"after_the_first_sample", TotalOf("young_hole"), "", 13, "short_history! gap!",
         "samples cover 76.47 % of the window, less than 90 %: 16 of 68 slots of 1 h 24 m since "
         "the first sample end without a sample of young_hole_requests_total"},
        {"at_the_end_of_the_window", TotalOf("ended"), "", 13, "stale! gap!",
         "samples cover 85 % of the window, less than 90 %: 18 of 120 slots of 1 h 24 m end "
         "without a sample of ended_requests_total"},
        // The policy says that a sample is fresh for five minutes: that is not so here.
        {"scraped_every_ten_minutes", TotalOf("slow"), "", 13, "gap!",
         "samples cover 60 % of the window, less than 90 %: 48 of 120 slots of 1 h 24 m end "
         "without a sample of slow_requests_total"},
        {"scraped_every_ten_minutes_as_the_policy_says", TotalOf("slow"),
         "findings: {stale: {older_than: 11m}, gap: {coverage_below: 100%}}\n", 0, "", ""},
        {"failures_are_born_late", "good: good_requests_total, bad: bad_requests_total", "", 11, "",
         ""},
    }),
    [](const auto& test) { return std::string(test.param.name); });

// Slots end on multiples of their length, wherever in a slot the instant lies: always 120 of them.
TEST_F(Coverage, IsTheSameAllTheWayToTheEndOfTheNextSlot) {
  for (const absl::Duration later :
       {absl::ZeroDuration(), absl::Seconds(1), absl::Minutes(42), kSlot - absl::Seconds(1)}) {
    const fake::Checked whole =
        Check(TotalOf("whole"), "findings: {gap: {coverage_below: 100%}}\n", later);
    EXPECT_EQ(whole.Findings(), "") << later;
    EXPECT_EQ(Check(TotalOf("twelve"), "", later).Findings(), "") << later;
    EXPECT_EQ(Check(TotalOf("thirteen"), "", later).Findings(), "gap!") << later;
  }
}

}  // namespace
}  // namespace slogate
