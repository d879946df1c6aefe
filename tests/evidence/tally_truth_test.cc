// Counts against worlds whose every event is known.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/evidence/tally.h"
#include "tests/testing/event_world.h"

namespace slogate {
namespace {

using fake::Pod;
using fake::Process;
using fake::Scraping;

constexpr int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr int64_t kAt = 1'700'000'000'000;

// One generator per case, so that each can be run alone.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}

  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(engine_() % static_cast<uint64_t>(high - low + 1));
  }
  bool OneIn(int64_t n) { return Between(1, n) == 1; }

  // `count` times in [from, to), ascending.
  std::vector<int64_t> Times(int64_t count, int64_t from, int64_t to) {
    std::vector<int64_t> times;
    for (int64_t i = 0; i < count; ++i) times.push_back(Between(from, to - 1));
    std::sort(times.begin(), times.end());
    return times;
  }

 private:
  std::mt19937_64 engine_;
};

// Where one server's samples of one pod are.
struct Scraped {
  Pod pod;
  std::vector<Scraping> scrapings;  // by each replica
};

// 1 or 0: whether it counts the failures.
int Failed(const SeriesLabels& labels) {
  return static_cast<int>(
      std::count(labels.begin(), labels.end(), SeriesLabels::value_type("code", "500")));
}

Pod WithLabel(Pod pod, const char* name, const std::string& value) {
  pod.labels.emplace_back(name, value);
  return pod;
}

Tally Fed(const TallyPlan& plan, const std::vector<Scraped>& world, Dice& dice) {
  Tally tally(plan);
  const int64_t from = absl::ToUnixMillis(plan.at - plan.windows[0] - plan.max_age);
  for (const Scraped& one : world) {
    for (size_t i = 0; i < one.scrapings.size(); ++i) {
      const Pod pod =
          plan.replicas.empty() ? one.pod : WithLabel(one.pod, "replica", absl::StrCat(i));
      for (const auto& [labels, samples] :
           fake::Scraped(pod, one.scrapings[i], from, kAt + kMinute)) {
        tally.Begin(labels);
        absl::Span<const Sample> rest = samples;
        while (!rest.empty()) {
          const auto piece = static_cast<size_t>(dice.Between(1, 120));
          tally.Add(rest.subspan(0, piece));
          rest.remove_prefix(std::min(piece, rest.size()));
        }
        tally.End();
      }
    }
  }
  return tally;
}

StartTimes StartsOf(const std::vector<Scraped>& world, int64_t one_unknown_in, Dice& dice) {
  StartTimes starts;
  for (const Scraped& one : world) {
    if (one_unknown_in > 0 && dice.OneIn(one_unknown_in)) continue;
    for (const Process& process : one.pod.processes) {
      starts[one.pod.labels].push_back(absl::FromUnixMillis(process.start));
    }
  }
  return starts;
}

// ---- Any world ----

// Pods that come and go and restart in place, with failures from none to many.
std::vector<Pod> AnyPods(Dice& dice) {
  std::vector<Pod> pods;
  const int64_t count = dice.Between(1, 6);
  for (int64_t i = 0; i < count; ++i) {
    Pod pod{{{"instance", absl::StrCat("pod-", i)}, {"job", "api"}}, {}};
    int64_t start = kAt - dice.Between(kMinute, 4 * kHour);
    const int64_t lives = dice.Between(1, 4);
    for (int64_t life = 0; life < lives && start < kAt; ++life) {
      Process process{start, start + dice.Between(20 * kSecond, 3 * kHour), {}};
      process.events["200"] = dice.Times(dice.Between(0, 300), process.start, process.end);
      process.events["500"] =
          dice.Times(dice.OneIn(3) ? 0 : dice.Between(1, 30), process.start, process.end);
      start = process.end + dice.Between(1, 30 * kMinute);
      pod.processes.push_back(std::move(process));
    }
    pods.push_back(std::move(pod));
  }
  return pods;
}

Scraping AnyScraping(Dice& dice, bool gaps) {
  Scraping scraping;
  scraping.interval = dice.Between(1, 4) * 15 * kSecond;
  scraping.offset = dice.Between(0, scraping.interval - 1);
  for (int64_t i = gaps ? dice.Between(0, 3) : 0; i-- > 0;) {
    const int64_t from = kAt - dice.Between(0, 150 * kMinute);
    scraping.gaps.emplace_back(from, from + dice.Between(kMinute, 40 * kMinute));
  }
  return scraping;
}

const std::vector<absl::Duration> kWindows = {absl::Hours(2), absl::Minutes(31), absl::Minutes(5)};

// Not to know when processes began never makes a count better, at either end.
void ExpectWider(const Tallied& wide, const Tallied& narrow) {
  for (size_t i = 0; i < narrow.windows.size(); ++i) {
    EXPECT_LE(wide.windows[i].events.low, narrow.windows[i].events.low) << "window " << i;
    EXPECT_GE(wide.windows[i].events.high, narrow.windows[i].events.high) << "window " << i;
  }
}

// What all replicas together may know of the world's events in a window, in bounds.
struct Truth {
  int64_t least = 0, most = 0;
};

Truth TruthOf(const std::vector<Scraped>& world, const std::string& code, int64_t from) {
  Truth truth;
  for (const Scraped& one : world) {
    int64_t seen = 0, told = 0;
    for (const Scraping& scraping : one.scrapings) {
      const int64_t by_this = fake::Seen(one.pod, scraping, code, from, kAt);
      seen = std::max(seen, by_this);
      told = std::max(told, by_this - fake::Hidden(one.pod, scraping, code, kAt));
    }
    truth.most += seen;
    truth.least += told;
  }
  return truth;
}

void ExpectTruth(const Tally& tally, const std::vector<Scraped>& world, const StartTimes& starts) {
  for (const std::string code : {"200", "500"}) {
    const auto of_code = [&code](const SeriesLabels& labels) {
      return code == "500" ? Failed(labels) : 1 - Failed(labels);
    };
    const Tallied tallied = tally.Count(of_code, starts);
    ExpectWider(tally.Count(of_code, {}), tallied);
    for (size_t i = 0; i < kWindows.size(); ++i) {
      const WindowTally& window = tallied.windows[i];
      const Truth truth = TruthOf(world, code, kAt - absl::ToInt64Milliseconds(kWindows[i]));
      const std::string told = absl::StrCat(
          "code ", code, ", window ", i, ": ", window.events.low.Fixed(3, Rounding::kDown), "..",
          window.events.high.Fixed(3, Rounding::kUp), " ±", window.across.Fixed(3, Rounding::kUp),
          ", true ", truth.least, "..", truth.most);
      EXPECT_LE(window.events.low, window.events.high) << told;
      EXPECT_GE(window.events.low, Rational(0)) << told;
      EXPECT_LE(window.events.low - window.across, Rational(truth.most)) << told;
      EXPECT_GE(window.events.high + window.across, Rational(truth.least)) << told;
    }
  }
}

TEST(TallyTruth, LiesWithinTheBoundsInAnyWorld) {
  const TallyPlan plan{kWindows, absl::FromUnixMillis(kAt), absl::Minutes(5), {}};
  for (uint64_t seed = 1; seed <= 1500; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    std::vector<Scraped> world;
    const Scraping scraping = AnyScraping(dice, true);
    for (Pod& pod : AnyPods(dice)) world.push_back({std::move(pod), {scraping}});
    const StartTimes starts = StartsOf(world, 2, dice);
    ExpectTruth(Fed(plan, world, dice), world, starts);
    if (HasFailure()) return;
  }
}

// Without gaps, and with start times that are known, nothing is uncertain.
TEST(TallyTruth, IsTheCountWhereNothingIsMissing) {
  const TallyPlan plan{kWindows, absl::FromUnixMillis(kAt), absl::Minutes(5), {}};
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    std::vector<Scraped> world;
    const Scraping scraping = AnyScraping(dice, false);
    for (Pod& pod : AnyPods(dice)) world.push_back({std::move(pod), {scraping}});
    const StartTimes starts = StartsOf(world, 0, dice);
    const Tally tally = Fed(plan, world, dice);
    ExpectTruth(tally, world, starts);
    const Tallied tallied = tally.Count(Failed, starts);
    for (const WindowTally& window : tallied.windows) {
      EXPECT_TRUE(window.events.exact());
      EXPECT_EQ(window.uncertain, 0);
      EXPECT_FALSE(window.step);
    }
    EXPECT_TRUE(tallied.unexplained.empty());
    if (HasFailure()) return;
  }
}

// All requests counted in one series, as the +Inf bucket of a histogram, and the good ones in
// another that is scraped with it.
void CountAllAndGood(Pod& pod) {
  for (Process& process : pod.processes) {
    std::vector<int64_t>& all = process.events["200"];
    all.insert(all.end(), process.events["500"].begin(), process.events["500"].end());
    std::sort(all.begin(), all.end());
  }
}

TEST(TallyTruth, OfADifferenceLiesWithinItsBounds) {
  const TallyPlan plan{kWindows, absl::FromUnixMillis(kAt), absl::Minutes(5), {}};
  const auto difference = [](const SeriesLabels& labels) { return 1 - 2 * Failed(labels); };
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    std::vector<Scraped> world;
    const Scraping scraping = AnyScraping(dice, true);
    for (Pod& pod : AnyPods(dice)) {
      CountAllAndGood(pod);
      world.push_back({std::move(pod), {scraping}});
    }
    const StartTimes starts = StartsOf(world, 2, dice);
    const Tallied tallied = Fed(plan, world, dice).Count(difference, starts);
    for (size_t i = 0; i < kWindows.size(); ++i) {
      const WindowTally& window = tallied.windows[i];
      const int64_t start = kAt - absl::ToInt64Milliseconds(kWindows[i]);
      const Truth all = TruthOf(world, "200", start), part = TruthOf(world, "500", start);
      const std::string told = absl::StrCat(
          "window ", i, ": ", window.events.low.Fixed(3, Rounding::kDown), "..",
          window.events.high.Fixed(3, Rounding::kUp), " ±", window.across.Fixed(3, Rounding::kUp));
      EXPECT_LE(window.events.low - window.across, Rational(all.most - part.least)) << told;
      EXPECT_GE(window.events.high + window.across, Rational(all.least - part.most)) << told;
    }
    if (HasFailure()) return;
  }
}

TEST(TallyTruth, LiesWithinTheBoundsOfTwoReplicas) {
  const TallyPlan plan{kWindows, absl::FromUnixMillis(kAt), absl::Minutes(5), {"replica"}};
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    std::vector<Scraped> world;
    const Scraping one = AnyScraping(dice, true), other = AnyScraping(dice, true);
    for (Pod& pod : AnyPods(dice)) world.push_back({std::move(pod), {one, other}});
    StartTimes starts;
    for (const Scraped& scraped : world) {
      if (dice.OneIn(2)) continue;
      for (const char* replica : {"0", "1"}) {
        for (const Process& process : scraped.pod.processes) {
          starts[WithLabel(scraped.pod, "replica", replica).labels].push_back(
              absl::FromUnixMillis(process.start));
        }
      }
    }
    ExpectTruth(Fed(plan, world, dice), world, starts);
    if (HasFailure()) return;
  }
}

// ---- The cases in which servers' own increase() is wrong ----

const TallyPlan kDayPlan{{absl::Hours(24)}, absl::FromUnixMillis(kAt), absl::Minutes(5), {}};

// 20 pods, k failures each; the counter of failures is made with the first.
TEST(TallyTruth, CountsEachFirstFailure) {
  for (const int64_t failures : {1, 2, 5, 20, 100}) {
    Dice dice(static_cast<uint64_t>(failures));
    std::vector<Scraped> world;
    const Scraping scraping{15 * kSecond, 0, {}};
    for (int i = 0; i < 20; ++i) {
      Process process{kAt - 2 * kDay, kAt + kDay, {}};
      process.events["200"] = dice.Times(1000, process.start, process.end);
      process.events["500"] = dice.Times(failures, kAt - kDay + kMinute, kAt - kMinute);
      world.push_back({{{{"instance", absl::StrCat("pod-", i)}}, {process}}, {scraping}});
    }
    const Tallied tallied = Fed(kDayPlan, world, dice).Count(Failed, {});
    EXPECT_EQ(tallied.windows[0].events, Bounds::Exactly(20 * failures)) << failures;
    EXPECT_FALSE(tallied.windows[0].estimate()) << failures;
  }
}

// Four slots of 2 requests a second, each pod replaced by the next: 1 % failures, and 20 in its first
// ten seconds.
TEST(TallyTruth, CountsTheFailuresOfEachDeployment) {
  for (const int64_t life : {10 * kMinute, kHour, 6 * kHour, kDay}) {
    Dice dice(static_cast<uint64_t>(life));
    std::vector<Scraped> world;
    for (int slot = 0; slot < 4; ++slot) {
      int64_t start = kAt - kDay - dice.Between(1, life);
      for (int pod = 0; start < kAt; ++pod, start += life) {
        Process process{start, start + life, {}};
        process.events["200"] = dice.Times(2 * life / kSecond, start, start + life);
        process.events["500"] = dice.Times(2 * life / kSecond / 100, start, start + life);
        for (const int64_t time : dice.Times(20, start, start + 10 * kSecond)) {
          process.events["500"].push_back(time);
        }
        std::sort(process.events["500"].begin(), process.events["500"].end());
        const Scraping scraping{15 * kSecond, dice.Between(0, 15 * kSecond - 1), {}};
        world.push_back(
            {{{{"instance", absl::StrCat("pod-", slot, "-", pod)}}, {process}}, {scraping}});
      }
    }
    int64_t happened = 0;
    for (const Scraped& one : world) happened += fake::Happened(one.pod, "500", kAt - kDay, kAt);
    const int64_t seen = TruthOf(world, "500", kAt - kDay).most;

    const Tally tally = Fed(kDayPlan, world, dice);
    const WindowTally known = tally.Count(Failed, StartsOf(world, 0, dice)).windows[0];
    const std::string told =
        absl::StrCat("pods live ", life / kMinute, " minutes: ", happened, " failures, ", seen,
                     " seen, counted ", known.events.low.Fixed(3, Rounding::kDown), " ±",
                     known.across.Fixed(0, Rounding::kUp));
    EXPECT_TRUE(known.events.exact()) << told;
    EXPECT_LE(Abs(known.events.low - seen), known.across) << told;
    // The scrapes themselves miss what happens after each pod's last, 7.5 s on average.
    EXPECT_LE(Abs(known.events.low - happened) * 1000, Rational(happened) * 7) << told;

    const WindowTally unknown = tally.Count(Failed, {}).windows[0];
    EXPECT_LT(unknown.events.low, known.events.low) << told;
    EXPECT_EQ(unknown.events.high + unknown.across, known.events.high + known.across) << told;
  }
}

}  // namespace
}  // namespace slogate
