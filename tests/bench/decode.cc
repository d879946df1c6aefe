#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "gate/prometheus/chunk_frames.h"
#include "gate/prometheus/xor_chunk.h"
#include "tests/bench/blocks.h"
#include "tests/testing/read_answer.h"
#include "tests/testing/xor_chunk_writer.h"

namespace slogate::bench {
namespace {

constexpr double kMostNanoseconds = 5;                      // 200 million samples a second
constexpr int kSeries = 20, kChunks = 360, kSamples = 120;  // 30 d at a scrape a minute
constexpr size_t kPiece = 16 << 10;                         // as libcurl hands them on

const std::vector<ReadQuery> kQueries = {{{"requests_total", {}}, 0, 0}};

struct Workload {
  const char* name;
  bool limited;
  std::function<int64_t(std::mt19937_64&)> step;
  std::function<double(std::mt19937_64&, double)> value;
};

int64_t Minute(std::mt19937_64&) { return 60'000; }
int64_t AboutAMinute(std::mt19937_64& random) {
  return static_cast<int64_t>(59'990 + random() % 21);
}
double Count(std::mt19937_64& random, double before) {
  return before + std::poisson_distribution<int>(600)(random);
}
double Fail(std::mt19937_64& random, double before) {
  return before + (random() % 200 == 0 ? 1 : 0);
}
double Weigh(std::mt19937_64& random, double) {
  return std::ldexp(static_cast<double>(random()), -40);
}

const std::vector<Workload> kWorkloads = {
    {"requests", true, Minute, Count},
    {"failures", true, Minute, Fail},
    {"requests, unsteady scrapes", false, AboutAMinute, Count},
    {"a gauge of any value", false, Minute, Weigh}};

struct Data {
  std::vector<std::string> chunks;
  std::string answer;  // the same in frames
};

Data Make(const Workload& workload) {
  Data data;
  std::mt19937_64 random(1);
  for (int series = 0; series < kSeries; ++series) {
    Sample sample = {1'795'651'200'000, 0};
    fake::ReadSeries read = {{{"__name__", "requests_total"}, {"instance", absl::StrCat(series)}},
                             {}};
    for (int chunk = 0; chunk < kChunks; ++chunk) {
      std::vector<Sample> samples;
      for (int i = 0; i < kSamples; ++i) {
        sample.ms += workload.step(random);
        sample.value = workload.value(random, sample.value);
        samples.push_back(sample);
      }
      read.chunks.push_back(fake::ChunkOf(samples));
      data.chunks.push_back(read.chunks.back().data);
    }
    data.answer += fake::Frame(fake::ReadResponse({{read}}));
  }
  return data;
}

// Looks at every sample, as whoever counts must.
class Sum : public SampleSink {
 public:
  absl::Status Begin(size_t, const SeriesLabels&) override { return absl::OkStatus(); }
  absl::Status Add(absl::Span<const Sample> samples) override {
    count += samples.size();
    return absl::OkStatus();
  }
  absl::Status End() override { return absl::OkStatus(); }

  size_t count = 0;
};

size_t DecodeChunks(const Data& data) {
  std::vector<Sample> samples;
  size_t count = 0;
  for (const std::string& chunk : data.chunks) {
    if (!DecodeXorChunk(chunk, samples).ok()) std::abort();
    count += samples.size();
  }
  return count;
}

size_t DecodeFrames(const Data& data) {
  Sum sum;
  ChunkFrames frames(kQueries, sum);
  for (size_t at = 0; at < data.answer.size(); at += kPiece) {
    if (!frames.Feed(absl::string_view(data.answer).substr(at, kPiece)).ok()) std::abort();
  }
  if (!frames.Finish().ok()) std::abort();
  return sum.count;
}

// Nanoseconds of this process' time for a sample, in the quietest of all rounds: what disturbs the
// machine makes it slower only.
double Nanoseconds(size_t (*decode)(const Data&), const Data& data, int rounds) {
  double least = 1e9;
  for (int round = 0; round < 20 * rounds; ++round) {
    const std::clock_t start = std::clock();
    const auto samples = static_cast<double>(decode(data));
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    least = std::min(least, 1e9 * seconds / samples);
  }
  return least;
}

}  // namespace

void BenchDecode(const Setup& setup, Report& report) {
  report.Begin("decode: raw samples of a remote read, one core, the quietest round",
               {"samples", "bytes each", "chunks M/s", "ns each", "frames M/s", "ns each"});
  for (const Workload& workload : kWorkloads) {
    const Data data = Make(workload);
    const double chunks = Nanoseconds(DecodeChunks, data, setup.rounds);
    const double frames = Nanoseconds(DecodeFrames, data, setup.rounds);
    const auto held = [&](const char* what, double figure) {
      return workload.limited
                 ? report.Held(absl::StrCat(what, " of ", workload.name, ", ns a sample"), "%.2f",
                               figure, kMostNanoseconds)
                 : absl::StrFormat("%.2f", figure);
    };
    report.Row({workload.name,
                absl::StrFormat("%.2f", static_cast<double>(data.answer.size()) /
                                            (kSeries * kChunks * kSamples)),
                absl::StrFormat("%.0f", 1e3 / chunks), held("chunks", chunks),
                absl::StrFormat("%.0f", 1e3 / frames), held("frames", frames)});
  }
  report.End();
}

}  // namespace slogate::bench
