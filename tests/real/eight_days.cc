#include "tests/real/eight_days.h"

#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

namespace slogate::fake {
namespace {

using Labels = std::map<std::string, std::string>;

constexpr absl::Duration kDay = absl::Hours(24);

// `name`_requests_total of 1000 a minute, of which `share` are bad after `from`, until `to`.
void AddTroubled(std::vector<Series>& all, const std::string& name, double share, absl::Time from,
                 absl::Time to) {
  const absl::Time start = all.front().start, end = all.front().end;
  const auto bad = [=](absl::Time time) { return time > from && time <= to ? 1000 * share : 0; };
  const auto good = [=](absl::Time time) { return 1000 - bad(time); };
  all.push_back(Minutely(name + "_requests_total", {{"code", "200"}}, start, end, good));
  all.push_back(Minutely(name + "_requests_total", {{"code", "500"}}, start, end, bad));
}

void AddPods(std::vector<Series>& all) {
  const absl::Time start = all.front().start, end = all.front().end;
  for (const int pod : {0, 1, 2, 3}) {
    for (const std::string code : {"200", "500"}) {
      const Labels labels = {{"code", code}, {"instance", absl::StrCat("10.4.0.", pod)}};
      all.push_back(
          Minutely("pods_requests_total", labels, start, end, Constant(code == "500" ? 1 : 1999)));
      for (absl::Time reset = start + absl::Minutes(100 * pod + 30); reset < end;
           reset += absl::Hours(6)) {
        all.back().resets.push_back(reset);
      }
    }
  }
}

}  // namespace

Rate Constant(double per_minute) {
  return [per_minute](absl::Time) { return per_minute; };
}

Series Minutely(std::string name, Labels labels, absl::Time start, absl::Time end, Rate rate) {
  Series series;
  series.name = std::move(name);
  series.labels = std::move(labels);
  series.start = start;
  series.end = end;
  series.kind = Series::Kind::kCounter;
  series.at = std::move(rate);
  return series;
}

std::string EightDays(absl::Time base) {
  const absl::Time start = base - 8 * kDay, end = base + absl::Minutes(45);
  const Labels ok = {{"code", "200"}}, failed = {{"code", "500"}};
  const auto prod = [](std::string code) { return Labels{{"code", code}, {"env", "prod"}}; };
  const auto staging = [](std::string code) { return Labels{{"code", code}, {"env", "staging"}}; };
  // None in the last hour and a half, whatever the time of day.
  const auto three_hourly = [start](absl::Time time) {
    return absl::ToInt64Minutes(time - start) % 180 == 90 ? 1 : 0;
  };
  const auto until_lull = [base](double rate) {
    return [=](absl::Time time) { return time > base - absl::Minutes(10) ? 0 : rate; };
  };
  std::vector<Series> all;
  const auto add = [&](std::string name, const Labels& labels, Rate rate) {
    all.push_back(Minutely(std::move(name), labels, start, end, std::move(rate)));
  };
  const auto add_between = [&](std::string name, absl::Time from, absl::Time to, double rate) {
    all.push_back(Minutely(std::move(name), {{"code", "200"}}, from, to, Constant(rate)));
  };
  add("shop_requests_total", prod("200"), Constant(1999));
  add("shop_requests_total", prod("500"), Constant(1));
  add("shop_requests_total", staging("200"), Constant(900));
  add("shop_requests_total", staging("500"), Constant(100));
  add("shop_good_total", {}, Constant(1999));
  add("shop_bad_total", {}, Constant(1));
  add("shop_all_total", {}, Constant(2000));
  add("calm_requests_total", ok, Constant(1000));
  add("calm_errors_total", {}, Constant(0));
  add_between("once_errors_total", base - 3 * kDay, base - 3 * kDay, 5);
  add_between("old_errors_total", start, start + absl::Hours(2), 5);
  add_between("young_requests_total", base - 2 * kDay, end, 1000);
  add_between("infant_requests_total", base - absl::Hours(12), end, 1000);
  add_between("ended_22m_requests_total", start, base - absl::Minutes(22), 1000);
  add_between("ended_2h_requests_total", start, base - absl::Hours(2), 1000);
  add("idle_requests_total", ok, Constant(0));
  add("rare_requests_total", ok, three_hourly);
  add("lull_requests_total", ok, until_lull(1999));
  add("lull_requests_total", failed, until_lull(1));
  AddPods(all);
  AddTroubled(all, "fast", 0.01, base - absl::Hours(2), end);
  AddTroubled(all, "over", 0.1, base - absl::Minutes(80), base - absl::Minutes(20));
  AddTroubled(all, "slow", 0.002, base - 2 * kDay, end);
  return OpenMetrics(all);
}

void OnEightDays::SetUpTestSuite() {
  if (NoPrometheus()) return;
  base_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 900 * 900);
  folder_ = std::make_unique<TempFolder>();
  const absl::Status filled = Backfill(EightDays(base_), folder_->path());
  ASSERT_TRUE(filled.ok()) << filled;
  auto server = PrometheusServer::Start({.data = folder_->path()});
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

void OnEightDays::TearDownTestSuite() {
  server_.reset();
  folder_.reset();
}

void OnEightDays::SetUp() {
  if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
  ASSERT_NE(server_, nullptr);
}

Checked OnEightDays::Check(const std::string& policy, const std::vector<std::string>& arguments) {
  gate_.Write("policy.yaml", absl::StrReplaceAll(policy, {{"SOURCE", server_->url()}}));
  std::vector<std::string> words = {"--policy", "policy.yaml"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return gate_.Check(words, server_->url());
}

Checked OnEightDays::CheckAtBase(const std::string& policy) {
  const std::string base = absl::FormatTime(absl::RFC3339_sec, base_, absl::UTCTimeZone());
  return Check(policy, {"--dry-run", "--detailed-exit-code", "--at", base});
}

}  // namespace slogate::fake
