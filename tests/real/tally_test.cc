// Counts from what a real Prometheus stores of a world whose every event is known: the same as from the
// samples that were put in.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/evidence/tally.h"
#include "gate/io/http.h"
#include "gate/prometheus/chunk_frames.h"
#include "gate/prometheus/remote_read_request.h"
#include "tests/testing/event_world.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/series_generator.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

constexpr int64_t kAt = 1'795'651'200'000, kSecond = 1'000, kHour = 3'600 * kSecond;
constexpr int64_t kInterval = 15 * kSecond;

const TallyPlan kPlan = {{absl::Hours(72), absl::Hours(6), absl::Minutes(30)},
                         absl::FromUnixMillis(kAt),
                         absl::Minutes(5),
                         {}};

// Pods that are replaced every seven hours, with 20 failures right after their start and 40 later.
std::vector<fake::Pod> Pods() {
  std::mt19937_64 engine(1);
  const auto times = [&engine](int count, int64_t from, int64_t length) {
    std::vector<int64_t> drawn;
    for (int i = 0; i < count; ++i) {
      drawn.push_back(from + static_cast<int64_t>(engine() % static_cast<uint64_t>(length)));
    }
    return drawn;
  };
  std::vector<fake::Pod> pods;
  for (int64_t start = kAt - 75 * kHour; start < kAt; start += 7 * kHour) {
    fake::Process process{start, start + 7 * kHour, {}};
    std::vector<int64_t>& failed = process.events["500"];
    failed = times(20, start, 10 * kSecond);
    for (const int64_t time : times(40, start, 7 * kHour)) failed.push_back(time);
    process.events["200"] = times(5'000, start, 7 * kHour);
    for (auto& [code, events] : process.events) std::sort(events.begin(), events.end());
    pods.push_back({{{"instance", absl::StrCat("pod-", pods.size())}}, {std::move(process)}});
  }
  return pods;
}

class IntoTally : public SampleSink {
 public:
  explicit IntoTally(Tally& tally) : tally_(tally) {}
  absl::Status Begin(size_t, const SeriesLabels& labels) override {
    tally_.Begin(labels);
    return absl::OkStatus();
  }
  absl::Status Add(absl::Span<const Sample> samples) override {
    tally_.Add(samples);
    return absl::OkStatus();
  }
  absl::Status End() override {
    tally_.End();
    return absl::OkStatus();
  }

 private:
  Tally& tally_;
};

int Failed(const SeriesLabels& labels) {
  return static_cast<int>(
      std::count(labels.begin(), labels.end(), SeriesLabels::value_type("code", "500")));
}

std::string Text(const Tallied& tallied) {
  std::string text = absl::StrCat(tallied.covered, " slots, ",
                                  absl::FormatTime(tallied.oldest.value_or(absl::InfinitePast())));
  for (const WindowTally& window : tallied.windows) {
    absl::StrAppend(&text, "; ", window.events.low.Fixed(6, Rounding::kDown), "..",
                    window.events.high.Fixed(6, Rounding::kUp), " ±",
                    window.across.Fixed(0, Rounding::kUp), " of ", window.series, " series, ",
                    window.births, " births");
  }
  return text;
}

TEST(TallyOfARealServer, ComesToWhatWasPutIn) {
  if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
  const std::vector<fake::Pod> pods = Pods();
  const fake::Scraping scraping{kInterval, 0, {}};
  const int64_t from = kAt - 73 * kHour;
  std::string openmetrics;
  Tally put_in(kPlan);
  StartTimes starts;
  int64_t seen = 0;
  for (const fake::Pod& pod : pods) {
    starts[pod.labels] = {absl::FromUnixMillis(pod.processes[0].start)};
    seen += fake::Seen(pod, scraping, "500", kAt - 72 * kHour, kAt);
    for (const auto& [labels, samples] : fake::Scraped(pod, scraping, from, kAt)) {
      put_in.Begin(labels);
      put_in.Add(samples);
      put_in.End();
      for (const Sample& sample : samples) {
        if (IsStaleMarker(sample.value)) continue;  // which the text has no word for
        absl::StrAppendFormat(&openmetrics, "http_requests_total{%s} %.0f %d\n",
                              absl::StrJoin(labels.begin() + 1, labels.end(), ",",
                                            [](std::string* out, const auto& label) {
                                              absl::StrAppend(out, label.first, "=\"", label.second,
                                                              "\"");
                                            }),
                              sample.value, sample.ms / kSecond);
      }
    }
  }
  ASSERT_GE(seen, 500);
  const fake::TempFolder data;
  const absl::Status backfilled = Backfill(openmetrics + fake::kOpenMetricsEnd, data.path());
  ASSERT_TRUE(backfilled.ok()) << backfilled;
  const auto server = PrometheusServer::Start({.data = data.path()});
  ASSERT_TRUE(server.ok()) << server.status();

  Tally read(kPlan);
  IntoTally sink(read);
  const std::vector<ReadQuery> queries = {{{"http_requests_total", {}}, from, kAt}};
  ChunkFrames frames(queries, sink);
  SourceConfig source;
  source.url.value = (*server)->url();
  HttpRequest request = RemoteReadRequest(source, {}, queries);
  request.sink = {kStreamType, [&](absl::string_view bytes) { return frames.Feed(bytes).ok(); }};
  const HttpExchange exchange = CurlHttp()->Perform({request}, 1, absl::Seconds(60), {}).front();
  ASSERT_EQ(exchange.end, HttpEnd::kAnswered) << exchange.failure;
  ASSERT_TRUE(frames.Finish().ok()) << frames.Finish();

  const Tallied failed = read.Count(Failed, starts);
  EXPECT_EQ(failed.windows[0].events, Bounds::Exactly(seen));
  EXPECT_EQ(Text(failed), Text(put_in.Count(Failed, starts)));
  EXPECT_EQ(Text(read.Count(Failed, {})), Text(put_in.Count(Failed, {})));
  const auto all = [](const SeriesLabels&) { return 1; };
  EXPECT_EQ(Text(read.Count(all, starts)), Text(put_in.Count(all, starts)));
}

}  // namespace
}  // namespace slogate
