// Raw samples of a real Prometheus, streamed and decoded, against what its own query language says of
// the same series: all of them, each bit of their values.
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/io/http.h"
#include "gate/prometheus/chunk_frames.h"
#include "gate/prometheus/remote_read_request.h"
#include "gate/text/json.h"
#include "tests/testing/exporter.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/series_generator.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'795'651'200);
// A range of Prometheus 2 holds the sample at its very beginning, one of Prometheus 3 does not.
const absl::Duration kMonth = absl::Hours(30 * 24) - absl::Milliseconds(1);

// Each series by its labels, in one text; each sample as "milliseconds bits".
using Samples = std::map<std::string, std::vector<std::string>>;

std::string Text(int64_t ms, double value) {
  if (std::isnan(value)) return absl::StrCat(ms, " NaN");  // JSON does not tell which
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return absl::StrCat(ms, " ", absl::Hex(bits));
}

std::string Key(size_t query, const SeriesLabels& labels) {
  std::string key = absl::StrCat(query);
  for (const auto& [name, value] : labels) absl::StrAppend(&key, " ", name, "=", value);
  return key;
}

// Keeps what lies after `after_ms` and not after `to_ms`, but for stale markers, which it counts.
class Kept : public SampleSink {
 public:
  Kept(int64_t after_ms, int64_t to_ms) : after_ms_(after_ms), to_ms_(to_ms) {}
  absl::Status Begin(size_t query, const SeriesLabels& labels) override {
    series_ = &samples[Key(query, labels)];
    return absl::OkStatus();
  }
  absl::Status Add(absl::Span<const Sample> more) override {
    for (const Sample& sample : more) {
      if (sample.ms <= after_ms_ || sample.ms > to_ms_) continue;
      if (IsStaleMarker(sample.value)) {
        ++stale_markers;
      } else {
        series_->push_back(Text(sample.ms, sample.value));
      }
    }
    return absl::OkStatus();
  }
  absl::Status End() override {
    if (series_->empty()) ADD_FAILURE() << "a series without samples";
    return absl::OkStatus();
  }

  Samples samples;
  size_t stale_markers = 0;

 private:
  int64_t after_ms_, to_ms_;
  std::vector<std::string>* series_ = nullptr;
};

HttpExchange Perform(const HttpRequest& request) {
  return CurlHttp()->Perform({request}, 1, absl::Seconds(60), {}).front();
}

class RemoteRead : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
  }

  void Start(const PrometheusOptions& options) {
    auto server = PrometheusServer::Start(options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    source_.url.value = server_->url();
  }

  // By remote read.
  Kept Read(const std::vector<Selector>& selectors, absl::Time after, absl::Time to) {
    const int64_t after_ms = absl::ToUnixMillis(after), to_ms = absl::ToUnixMillis(to);
    std::vector<ReadQuery> queries;
    for (const Selector& selector : selectors) queries.push_back({selector, after_ms, to_ms});
    Kept kept(after_ms, to_ms);
    ChunkFrames frames(queries, kept);
    HttpRequest request = RemoteReadRequest(source_, {}, queries);
    request.sink = {kStreamType, [&](absl::string_view bytes) { return frames.Feed(bytes).ok(); }};
    const HttpExchange exchange = Perform(request);
    EXPECT_EQ(exchange.end, HttpEnd::kAnswered) << exchange.failure;
    EXPECT_EQ(exchange.status, 200) << exchange.body;
    EXPECT_EQ(exchange.content_type,
              absl::StrCat(kStreamType, "; proto=prometheus.ChunkedReadResponse"));
    const absl::Status status = frames.Finish();
    EXPECT_TRUE(status.ok()) << status;
    return kept;
  }

  // By a query for each selector.
  Samples Query(const std::vector<Selector>& selectors, absl::Time to, absl::Duration over) {
    Samples samples;
    for (size_t i = 0; i < selectors.size(); ++i) {
      HttpRequest request;
      request.url = server_->url() + "/api/v1/query";
      request.form = {
          {"query", absl::StrCat(Print(selectors[i]), "[", absl::ToInt64Milliseconds(over), "ms]")},
          {"time", absl::FormatTime(absl::RFC3339_full, to, absl::UTCTimeZone())}};
      const auto json = json::Parse(Perform(request).body);
      if (!json.ok()) {
        ADD_FAILURE() << json.status();
        continue;
      }
      for (const json::Value& one : (*json)["data"]["result"].array()) {
        SeriesLabels labels;
        for (const auto& [name, value] : one["metric"].object())
          labels.emplace_back(name, value.text());
        std::vector<std::string>& texts = samples[Key(i, labels)];
        for (const json::Value& point : one["values"].array()) texts.push_back(TextOf(point));
      }
    }
    return samples;
  }

  void ExpectTheSame(const std::vector<Selector>& selectors, absl::Time to, absl::Duration over,
                     size_t least_samples) {
    const Samples want = Query(selectors, to, over);
    const Kept read = Read(selectors, to - over, to);
    size_t samples = 0;
    for (const auto& [key, texts] : want) {
      samples += texts.size();
      const auto found = read.samples.find(key);
      if (found == read.samples.end()) {
        ADD_FAILURE() << "not read: " << key;
      } else {
        EXPECT_TRUE(found->second == texts) << key << ": " << found->second.size()
                                            << " samples, not " << texts.size() << ", or others";
      }
    }
    EXPECT_EQ(read.samples.size(), want.size());
    EXPECT_GE(samples, least_samples);
  }

  std::unique_ptr<PrometheusServer> server_;
  SourceConfig source_;

 private:
  static std::string TextOf(const json::Value& point) {
    double seconds = 0, value = std::numeric_limits<double>::quiet_NaN();
    const std::string& text = point.array()[1].text();
    EXPECT_TRUE(absl::SimpleAtod(point.array()[0].text(), &seconds));
    EXPECT_TRUE(text == "NaN" || absl::SimpleAtod(text, &value)) << text;
    return Text(std::llround(seconds * 1000), value);
  }
};

// Any number of 0 to 999 for a minute, always the same one.
int64_t Noise(absl::Time time) {
  const auto minutes = static_cast<uint64_t>(absl::ToUnixSeconds(time) / 60);
  return static_cast<int64_t>((minutes * 0x9e3779b97f4a7c15) >> 40) % 1'000;
}

std::string ThirtyFiveDays() {
  using Kind = fake::Series::Kind;
  const absl::Time start = kNow - absl::Hours(35 * 24);
  const auto count = [](absl::Time time) { return static_cast<double>(Noise(time)); };
  const auto fail = [](absl::Time time) { return Noise(time) < 5 ? 1.0 : 0.0; };
  const auto weigh = [](absl::Time time) {
    const auto noise = static_cast<double>(Noise(time));
    if (noise < 3) return std::numeric_limits<double>::quiet_NaN();
    if (noise < 6) return -std::numeric_limits<double>::infinity();
    return noise < 300 ? 0.5 : std::sin(noise) * 1e-3 * noise;
  };
  return fake::OpenMetrics(
      {{.name = "x",
        .labels = {{"kind", "counter"}},
        .start = start,
        .end = kNow,
        .kind = Kind::kCounter,
        .at = count,
        .resets = {kNow - absl::Hours(400), kNow - absl::Hours(100)}},
       {.name = "x",
        .labels = {{"kind", "errors"}},
        .start = start,
        .end = kNow,
        .kind = Kind::kCounter,
        .at = fail},
       {.name = "x", .labels = {{"kind", "gauge"}}, .start = start, .end = kNow, .at = weigh},
       {.name = "x",
        .labels = {{"kind", "young"}},
        .start = kNow - absl::Minutes(1),
        .end = kNow,
        .at = count},
       {.name = "x",
        .labels = {{"kind", "z\xc3\xa4h"}},
        .start = start,
        .end = kNow - absl::Hours(20 * 24),
        .step = absl::Seconds(977),
        .kind = Kind::kCounter,
        .at = count},
       {.name = "x",
        .labels = {{"kind", "z\xc3\xa4h"}},
        .start = kNow - absl::Hours(10 * 24),
        .end = kNow,
        .step = absl::Milliseconds(15'001),
        .kind = Kind::kCounter,
        .at = count},
       {.name = "y", .start = start, .end = kNow, .step = absl::Minutes(10), .at = weigh}});
}

TEST_F(RemoteRead, EverySampleOfAMonthInBlocks) {
  const fake::TempFolder data;
  const absl::Status backfilled = Backfill(ThirtyFiveDays(), data.path());
  ASSERT_TRUE(backfilled.ok()) << backfilled;
  Start({.data = data.path()});
  ASSERT_NE(server_, nullptr);
  ExpectTheSame({{"x", {}}, {"y", {}}}, kNow, kMonth, 3 * 43'200 + 57'000 + 4'000);
  ExpectTheSame({{"x", {{"kind", "!~", "gauge|errors"}, {"kind", "=~", ".*r"}}}}, kNow, kMonth,
                43'200);
  ExpectTheSame({{"x", {{"kind", "!=", "gauge"}, {"none", "=", ""}}}},
                kNow - absl::Milliseconds(12'345'678), absl::Minutes(77), 2 * 77);
  EXPECT_EQ(Read({{"no_such_thing", {}}}, kNow - kMonth, kNow).samples.size(), 0U);
  EXPECT_EQ(Read({{"no_such_thing", {}}, {"y", {}}}, kNow - kMonth, kNow).samples.begin()->first,
            "1 __name__=y");
}

// Chunks that overlap are refused, so a server must have merged them.
TEST_F(RemoteRead, BlocksThatOverlap) {
  const fake::TempFolder data;
  const absl::Time start = kNow - absl::Hours(8);
  fake::Series series = {.name = "x", .start = start, .end = kNow, .at = [](absl::Time time) {
                           return static_cast<double>(Noise(time));
                         }};
  for (const absl::Duration later :
       {absl::ZeroDuration(), absl::Seconds(17), absl::ZeroDuration()}) {
    series.start = start + later;
    const absl::Status backfilled = Backfill(fake::OpenMetrics({series}), data.path());
    ASSERT_TRUE(backfilled.ok()) << backfilled;
  }
  Start({.data = data.path()});
  ASSERT_NE(server_, nullptr);
  ExpectTheSame({{"x", {}}}, kNow, absl::Hours(7) - absl::Milliseconds(1), 2 * 7 * 60);
}

TEST_F(RemoteRead, SamplesThatCameLate) {
  fake::Exporter exporter;
  const absl::Time now = absl::Now();
  const auto say = [&](int value, absl::Duration ago) {
    exporter.Set(absl::StrCat("late_total ", value, " ", absl::ToUnixMillis(now - ago), "\n"));
    ASSERT_TRUE(exporter.WaitForScrapes(2));
  };
  Start({.scrape_configs = absl::StrCat(exporter.ScrapeConfig(absl::Milliseconds(50)),
                                        "\nstorage: {tsdb: {out_of_order_time_window: 1h}}\n")});
  ASSERT_NE(server_, nullptr);
  for (const int minutes : {40, 10, 20, 30, 5, 15, 25, 1})
    say(100 - minutes, absl::Minutes(minutes));
  ExpectTheSame({{"late_total", {}}}, now, absl::Minutes(45), 8);
}

TEST_F(RemoteRead, WhatIsStillInMemoryAndWhatEnded) {
  fake::Exporter exporter;
  exporter.Set("live_total{path=\"a\"} 1\nlive_total{path=\"b\"} 7\n");
  Start({.scrape_configs = exporter.ScrapeConfig(absl::Milliseconds(50))});
  ASSERT_NE(server_, nullptr);
  ASSERT_TRUE(exporter.WaitForScrapes(150));  // more than a chunk of 120
  exporter.Set("live_total{path=\"a\"} 2.5\n");
  ASSERT_TRUE(exporter.WaitForScrapes(3));
  exporter.Set("live_total{path=\"a\"} 4\nlive_total{path=\"b\"} 1\n");
  ASSERT_TRUE(exporter.WaitForScrapes(5));
  const absl::Time now = absl::FromUnixMillis(absl::ToUnixMillis(absl::Now()));
  // One interval back, so that what is just being stored is not asked for.
  ExpectTheSame({{"live_total", {}}}, now - absl::Milliseconds(200), absl::Minutes(5), 2 * 140);
  EXPECT_EQ(Read({{"live_total", {}}}, now - absl::Minutes(5), now).stale_markers, 1U);
}

}  // namespace
}  // namespace slogate
