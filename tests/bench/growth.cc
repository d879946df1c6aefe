#include <benchmark/benchmark.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "adapters/github/github.h"
#include "gate/decision/decide.h"
#include "gate/decision/document.h"
#include "gate/evidence/plan.h"
#include "gate/policy/load.h"
#include "tests/bench/blocks.h"
#include "tests/bench/workload.h"

namespace slogate::bench {
namespace {

constexpr int kSizes[] = {1, 10, 100, 200, 1000};
constexpr int kLimitedSize = 200;
constexpr double kMostDecideMs = 5;
constexpr double kMostAdapterMs = 2;
constexpr double kMostSummaryKilobytes = 1024;  // GitHub shows none of a larger one

const absl::Time kInstant = absl::FromUnixSeconds(1'795'403'560);

// Everything is fresh, whole and well; each answer is about as long as a server's.
class HealthySource : public Source {
 public:
  Evidence Measure(absl::Span<const Question> questions, absl::Time) override {
    Evidence evidence;
    for (const Question& question : questions) {
      evidence.readings.push_back(
          {question, Bounds::Exactly(Value(question)), false, {}, {evidence.answers.size()}});
      evidence.answers.push_back(
          {question.source, "/api/v1/query", Print(question.selector), 200, std::string(120, ' ')});
    }
    return evidence;
  }

 private:
  static Rational Value(const Question& question) {
    const int64_t seconds = absl::ToInt64Seconds(question.over);
    switch (question.kind) {
      case QuestionKind::kClock:
        return Rational(absl::ToUnixSeconds(kInstant));
      case QuestionKind::kEvents:
        return Rational(question.selector.matchers.size() > 1 ? seconds / 500 : 10 * seconds);
      case QuestionKind::kNewestSample:
        return Rational(12);
      default:
        return Rational(seconds);
    }
  }
};

EffectivePolicy Load(const std::string& text) {
  Parsed<PolicyFiles> files = LoadPolicyFiles({{"policy.yaml", text}});
  if (!files.value) std::abort();
  Parsed<EffectivePolicy> policy = Combine(*files.value, {});
  if (!policy.value) std::abort();
  return *std::move(policy.value);
}

// The median time of each benchmark, by its name.
class Medians : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type == Run::RT_Iteration)
        taken_[run.run_name.function_name].rounds.push_back(run.GetAdjustedCPUTime());
    }
  }
  const Taken& Of(const std::string& name) { return taken_[name]; }

 private:
  std::map<std::string, Taken> taken_;
};

std::string Name(const char* what, int slos) { return absl::StrCat(what, slos); }

Telling TellingOf(const Decision& decision) {
  return {decision, ScreenFor(decision, {}), SummaryOf(decision), "sha256:…", "", "", "token", false};
}

void Register(int slos, int rounds) {
  const auto add = [&](const char* what, auto body) {
    benchmark::RegisterBenchmark(Name(what, slos).c_str(), body)
        ->Unit(benchmark::kMillisecond)
        ->MinTime(0.1)
        ->Repetitions(rounds);
  };
  const std::string text = PolicyText("http://127.0.0.1:9090", slos);
  const EffectivePolicy policy = Load(text);
  HealthySource source;
  Decision decision;
  decision.files = {{"policy.yaml", text}};
  decision.instant = kInstant;
  decision.evidence = MeasureAll(policy, source, kInstant);
  decision.ruling = Decide(policy, decision.evidence, decision.request);
  if (decision.ruling.verdict != Verdict::kAllow) std::abort();

  add("load", [text](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(Load(text));
  });
  add("plan", [policy](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(FirstQuestions(policy));
  });
  add("decide", [policy, decision](benchmark::State& state) {
    Evidence evidence;
    for (auto _ : state) {
      state.PauseTiming();
      evidence = Evidence();  // one that no look-up has prepared
      evidence.readings = decision.evidence.readings;
      state.ResumeTiming();
      benchmark::DoNotOptimize(Decide(policy, evidence, decision.request));
    }
  });
  add("document", [decision](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(WriteDocument(decision));
  });
  add("adapter", [decision](benchmark::State& state) {
    for (auto _ : state) {
      const Telling telling = TellingOf(decision);
      benchmark::DoNotOptimize(RenderGithubLog(telling));
      benchmark::DoNotOptimize(RenderGithubSummary(telling));
      benchmark::DoNotOptimize(RenderGithubOutputs(telling));
    }
  });
}

// How large the summary of so many SLOs is.
double SummaryKilobytes(int slos) {
  const EffectivePolicy policy = Load(PolicyText("http://127.0.0.1:9090", slos));
  HealthySource source;
  Decision decision;
  decision.instant = kInstant;
  decision.evidence = MeasureAll(policy, source, kInstant);
  decision.ruling = Decide(policy, decision.evidence, decision.request);
  return static_cast<double>(RenderGithubSummary(TellingOf(decision)).size()) / 1024;
}

}  // namespace

void BenchGrowth(const Setup& setup, Report& report) {
  benchmark::ClearRegisteredBenchmarks();
  for (const int slos : kSizes) Register(slos, setup.rounds);
  Medians medians;
  benchmark::RunSpecifiedBenchmarks(&medians);

  report.Begin("growth: ms of CPU in this process (min to max), and lint as a process",
               {"SLOs", "load", "plan", "decide", "us an SLO", "limit", "document", "adapter",
                "limit", "summary kB", "limit", "lint", "peak MB"});
  for (const int slos : kSizes) {
    const std::string policy =
        Written(setup, "growth.yaml", PolicyText("http://127.0.0.1:9090", slos));
    const Command lint = {setup.static_program, "lint", policy};
    Taken taken;
    for (int round = 0; round < setup.rounds; ++round) taken.rounds.push_back(Milliseconds(lint));
    const double decide = Median(medians.Of(Name("decide", slos)).rounds);
    report.Row(
        {absl::StrCat(slos), medians.Of(Name("load", slos)).Text(),
         medians.Of(Name("plan", slos)).Text(), medians.Of(Name("decide", slos)).Text(),
         absl::StrFormat("%.1f", 1000 * decide / slos),
         slos == kLimitedSize ? report.Held("Decide, ms", "%.1f", decide, kMostDecideMs) : "",
         medians.Of(Name("document", slos)).Text(), medians.Of(Name("adapter", slos)).Text(),
         slos == kLimitedSize
             ? report.Held("adapter, ms", "%.1f", Median(medians.Of(Name("adapter", slos)).rounds),
                           kMostAdapterMs)
             : "",
         absl::StrFormat("%.0f", SummaryKilobytes(slos)),
         slos == kLimitedSize
             ? report.Held("summary, kB", "%.0f", SummaryKilobytes(slos), kMostSummaryKilobytes)
             : "",
         taken.Text(), absl::StrFormat("%.1f", PeakMegabytes(lint))});
  }
  report.End();
}

}  // namespace slogate::bench
