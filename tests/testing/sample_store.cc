#include "tests/testing/sample_store.h"

#include <re2/re2.h>
#include <snappy.h>

#include <algorithm>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>
#include <protozero/pbf_reader.hpp>

#include "gate/prometheus/remote_read_request.h"
#include "tests/testing/read_answer.h"

namespace slogate::fake {
namespace {

// As long as Prometheus makes them.
constexpr size_t kChunkSamples = 120;

struct AskedMatcher {
  int32_t type = 0;  // =, !=, =~, !~
  std::string name, value;
};

struct AskedQuery {
  int64_t start_ms = 0, end_ms = 0;
  std::vector<AskedMatcher> matchers;
};

AskedMatcher ReadMatcher(protozero::pbf_reader fields) {
  AskedMatcher matcher;
  while (fields.next()) {
    if (fields.tag() == 1) {
      matcher.type = fields.get_enum();
    } else if (fields.tag() == 2) {
      matcher.name = fields.get_string();
    } else if (fields.tag() == 3) {
      matcher.value = fields.get_string();
    } else {
      fields.skip();
    }
  }
  return matcher;
}

AskedQuery ReadOne(protozero::pbf_reader fields) {
  AskedQuery query;
  while (fields.next()) {
    if (fields.tag() == 1) {
      query.start_ms = fields.get_int64();
    } else if (fields.tag() == 2) {
      query.end_ms = fields.get_int64();
    } else if (fields.tag() == 3) {
      query.matchers.push_back(ReadMatcher(fields.get_message()));
    } else {
      fields.skip();
    }
  }
  return query;
}

bool Selects(const AskedQuery& query, const SeriesLabels& labels) {
  return std::all_of(query.matchers.begin(), query.matchers.end(), [&](const AskedMatcher& one) {
    const auto found = std::find_if(labels.begin(), labels.end(),
                                    [&](const auto& label) { return label.first == one.name; });
    const std::string value = found == labels.end() ? "" : found->second;
    const bool matches = one.type < 2 ? value == one.value : RE2::FullMatch(value, one.value);
    return matches == (one.type % 2 == 0);
  });
}

std::vector<ReadChunk> ChunksOf(const std::vector<Sample>& samples) {
  std::vector<ReadChunk> chunks;
  for (size_t i = 0; i < samples.size(); i += kChunkSamples) {
    chunks.push_back(ChunkOf(absl::MakeConstSpan(samples).subspan(i, kChunkSamples)));
  }
  return chunks;
}

}  // namespace

SampleStore& SampleStore::Add(absl::string_view series, std::vector<Sample> samples) {
  Selector selector;
  SelectorMistake mistake;
  EXPECT_TRUE(ParseSelector(series, selector, mistake)) << series << ": " << mistake.message;
  SeriesLabels labels = {{"__name__", selector.metric}};
  for (const Matcher& matcher : selector.matchers)
    labels.emplace_back(matcher.label, matcher.value);
  std::sort(labels.begin(), labels.end());
  EXPECT_TRUE(series_.emplace(std::move(labels), std::move(samples)).second) << series;
  return *this;
}

SampleStore& SampleStore::Add(absl::string_view series, absl::Time from, absl::Time to,
                              absl::Duration step, double first, double more) {
  std::vector<Sample> samples;
  double value = first;
  for (absl::Time time = from; time <= to; time += step, value += more)
    samples.push_back({absl::ToUnixMillis(time), value});
  return Add(series, std::move(samples));
}

std::string SampleStore::Frames(absl::string_view request) const {
  std::string message, frames;
  if (!snappy::Uncompress(request.data(), request.size(), &message)) return "";
  protozero::pbf_reader fields(message);
  int64_t number = 0;
  while (fields.next()) {
    if (fields.tag() != 1) {
      fields.skip();
      continue;
    }
    const AskedQuery query = ReadOne(fields.get_message());
    for (const auto& [labels, samples] : series_) {
      if (!Selects(query, labels)) continue;
      std::vector<Sample> within;
      for (const Sample& sample : samples) {
        if (sample.ms >= query.start_ms && sample.ms <= query.end_ms) within.push_back(sample);
      }
      if (within.empty()) continue;
      frames += Frame(ReadResponse(std::vector<ReadSeries>{{labels, ChunksOf(within)}}, number));
    }
    ++number;
  }
  return frames;
}

Reply SampleStore::Read(absl::string_view request) const {
  return Answer(200, absl::StrCat(kStreamType, "; proto=prometheus.ChunkedReadResponse"),
                Frames(request));
}

}  // namespace slogate::fake
