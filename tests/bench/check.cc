#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

#include "tests/bench/blocks.h"
#include "tests/bench/delaying_proxy.h"
#include "tests/bench/workload.h"

namespace slogate::bench {
namespace {

struct Size {
  int slos;
  int runs;  // in each round: short ones are noisy
  double most_ratio;
};

constexpr Size kNear[] = {{1, 10, 1.3}, {10, 5, 0.9}, {50, 2, 0.8}, {200, 1, 0.6}};
constexpr Size kFar[] = {{1, 3, 1.3}, {10, 2, 0.9}, {50, 1, 0.8}, {200, 1, 0.6}};
constexpr double kMostServerRatio = 0.6, kMostMegabytes = 20;
constexpr int kServerFrom = 50;  // below, the system's clock of a process is too coarse
constexpr int kMemoryAt = 200;
constexpr std::chrono::milliseconds kEachWay(10);

// Both in the folder of the setup. The document is written, too: that is what a pipeline does.
struct Contenders {
  Command slogate, curl;
};

Contenders ContendersFor(const Setup& setup, const std::string& url, int slos) {
  const std::string policy =
      Written(setup, absl::StrCat("check", slos, ".yaml"), PolicyText(url, slos));
  const std::string queries =
      Written(setup, absl::StrCat("check", slos, ".curl"), CurlConfig(url, slos, absl::Now()));
  return {{setup.static_program, "check", "--policy", policy, "--json",
           absl::StrCat(setup.folder, "/decision.json")},
          {"/usr/bin/curl", "--disable", "--parallel", "--parallel-max", "8", "--config", queries}};
}

// A figure of a check that could not measure says nothing.
void MustAllow(const Setup& setup, const std::string& url, int slos) {
  const std::string policy = Written(setup, "once.yaml", PolicyText(url, slos));
  const std::string document =
      Output({setup.static_program, "check", "--policy", policy, "--json", "-"});
  if (absl::StrContains(document, R"("findings":[],)") &&
      absl::StrContains(document, R"("verdict":"allow")")) {
    return;
  }
  std::fprintf(stderr, "slogate_bench: not everything was measured:\n%s\n",
               document.substr(0, 3000).c_str());
  std::exit(1);
}

std::vector<Duel> Measure(const Setup& setup, const std::string& url,
                          absl::Span<const Size> sizes) {
  std::vector<Duel> duels(sizes.size());
  for (const Size& size : sizes) MustAllow(setup, url, size.slos);
  for (int round = 0; round < setup.rounds; ++round) {
    for (size_t i = 0; i < sizes.size(); ++i) {
      const Contenders contenders = ContendersFor(setup, url, sizes[i].slos);
      AddRound(contenders.slogate, contenders.curl, sizes[i].runs, setup.server, duels[i]);
    }
  }
  return duels;
}

void Show(const char* block, const std::string& title, absl::Span<const Size> sizes,
          const std::vector<Duel>& duels, Report& report) {
  report.Begin(title, {"SLOs", "slogate ms (min to max)", "curl ms (min to max)", "ratio", "limit",
                       "server CPU ms", "curl's", "ratio", "limit"});
  for (size_t i = 0; i < sizes.size(); ++i) {
    const auto& [slos, runs, most] = sizes[i];
    const Duel& duel = duels[i];
    const std::string what = absl::StrCat(block, " of ", slos, " SLOs");
    const double ratio = Median(duel.ratios), server = Median(duel.server_ratios);
    std::vector<std::string> row = {absl::StrCat(slos), duel.a.Text(), duel.b.Text(),
                                    absl::StrFormat("%.2f", ratio),
                                    report.Held(what + ", time", "%.2f", ratio, most)};
    if (slos >= kServerFrom) {
      row.insert(row.end(),
                 {absl::StrFormat("%.0f", Median(duel.server_a)),
                  absl::StrFormat("%.0f", Median(duel.server_b)), absl::StrFormat("%.2f", server),
                  report.Held(what + ", server's CPU", "%.2f", server, kMostServerRatio)});
    }
    report.Row(std::move(row));
  }
  report.End();
}

}  // namespace

void BenchCheck(const Setup& setup, Report& report) {
  const std::string url = absl::StrCat("http://127.0.0.1:", setup.port);
  const std::vector<Duel> duels = Measure(setup, url, kNear);
  Show("check", "check: a whole decision beside curl --parallel with 12 plain queries an SLO",
       kNear, duels, report);
  const Contenders contenders = ContendersFor(setup, url, kMemoryAt);
  report.Begin(absl::StrCat("memory of a check of ", kMemoryAt, " SLOs"),
               {"program", "peak MB", "limit"});
  const double peak = PeakMegabytes(contenders.slogate);
  report.Row({"slogate, static", absl::StrFormat("%.1f", peak),
              report.Held("memory of a check, MB", "%.1f", peak, kMostMegabytes)});
  report.Row({"curl", absl::StrFormat("%.1f", PeakMegabytes(contenders.curl))});
  report.End();
}

void BenchFar(const Setup& setup, Report& report) {
  const DelayingProxy proxy(setup.port, kEachWay);
  const std::vector<Duel> duels = Measure(setup, proxy.url(), kFar);
  Show("far", absl::StrCat("far: the same with a round trip of ", 2 * kEachWay.count(), " ms"),
       kFar, duels, report);
}

}  // namespace slogate::bench
