#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "tests/bench/blocks.h"
#include "tests/bench/workload.h"

namespace slogate::bench {
namespace {

constexpr int kSlos = 20;
constexpr double kMostDynamicMs = 20, kMostStaticMs = 5, kMostStaticMegabytes = 12;

struct Contender {
  std::string name;
  Command command;
  double most_ms = 0, most_megabytes = 0;  // 0: no limit
  Taken taken = {};
};

}  // namespace

void BenchStart(const Setup& setup, Report& report) {
  const std::string policy =
      Written(setup, "start.yaml", PolicyText("http://127.0.0.1:9090", kSlos));
  const std::string rules = Written(setup, "start_rules.yaml", RulesText(kSlos));
  Contender contenders[] = {
      {"version, static", {setup.static_program, "version"}, kMostStaticMs, kMostStaticMegabytes},
      {"version, dynamic", {setup.dynamic_program, "version"}, kMostDynamicMs},
      {"curl --version", {"/usr/bin/curl", "--version"}},
      {"lint, static", {setup.static_program, "lint", policy}, kMostStaticMs, kMostStaticMegabytes},
      {"lint, dynamic", {setup.dynamic_program, "lint", policy}, kMostDynamicMs},
      {"promtool check rules", {setup.promtool, "check", "rules", rules}},
  };
  constexpr int kRunsARound = 20;
  for (int round = 0; round < setup.rounds; ++round) {
    std::vector<std::vector<double>> took(std::size(contenders));
    for (int run = 0; run < kRunsARound; ++run) {
      for (size_t i = 0; i < std::size(contenders); ++i)
        took[i].push_back(Milliseconds(contenders[i].command));
    }
    for (size_t i = 0; i < std::size(contenders); ++i)
      contenders[i].taken.rounds.push_back(Median(took[i]));
  }
  report.Begin(
      absl::StrCat("start: a program from fork to end; lint and rules of ", kSlos, " SLOs"),
      {"program", "ms (min to max)", "limit", "peak MB", "limit"});
  for (const Contender& contender : contenders) {
    const double ms = Median(contender.taken.rounds);
    const double megabytes = PeakMegabytes(contender.command);
    report.Row(
        {contender.name, contender.taken.Text(),
         contender.most_ms > 0 ? report.Held(contender.name + ", ms", "%.1f", ms, contender.most_ms)
                               : "",
         absl::StrFormat("%.1f", megabytes),
         contender.most_megabytes > 0
             ? report.Held(contender.name + ", MB", "%.1f", megabytes, contender.most_megabytes)
             : ""});
  }
  report.End();
}

}  // namespace slogate::bench
