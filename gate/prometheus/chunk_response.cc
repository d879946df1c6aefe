#include "gate/prometheus/chunk_response.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <absl/strings/str_cat.h>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>

#include "gate/base/limits.h"
#include "gate/prometheus/xor_chunk.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

using protozero::pbf_reader;

// A field by its number and the way it is written; one that is written in another way is unknown, and
// skipped like all that are.
constexpr uint32_t Bytes(uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::length_delimited);
}
constexpr uint32_t Varint(uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::varint);
}

// By prompb/remote.proto and prompb/types.proto of Prometheus.
namespace response {
constexpr uint32_t kSeries = Bytes(1), kQueryIndex = Varint(2);
}
namespace series {
constexpr uint32_t kLabels = Bytes(1), kChunks = Bytes(2);
}
namespace label {
constexpr uint32_t kName = Bytes(1), kValue = Bytes(2);
}
namespace chunk {
constexpr uint32_t kMinMs = Varint(1), kMaxMs = Varint(2), kEncoding = Varint(3), kData = Bytes(4);
constexpr int32_t kXor = 1, kHistogram = 2, kFloatHistogram = 3;
}  // namespace chunk

pbf_reader Reader(absl::string_view message) { return {message.data(), message.size()}; }

absl::string_view View(pbf_reader& reader) {
  const protozero::data_view view = reader.get_view();
  return {view.data(), view.size()};
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const Utf8Character character = FirstCharacter(text);
    if (!character.valid) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

std::pair<std::string, std::string> ReadLabel(absl::string_view message) {
  std::pair<std::string, std::string> read;
  for (pbf_reader fields = Reader(message); fields.next();) {
    switch (fields.tag_and_type()) {
      case label::kName:
        read.first = fields.get_string();
        break;
      case label::kValue:
        read.second = fields.get_string();
        break;
      default:
        fields.skip();
    }
  }
  return read;
}

// The same for the same labels, however they were written.
size_t HashOf(const SeriesLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels)
    absl::StrAppend(&text, name.size(), ":", name, value.size(), ":", value);
  return std::hash<std::string>()(text);
}

// Of the fields kLabels, one after another.
absl::Status ReadLabels(absl::string_view messages, SeriesLabels& labels) {
  for (pbf_reader fields = Reader(messages); fields.next();) {
    if (fields.tag_and_type() == series::kLabels) {
      labels.push_back(ReadLabel(View(fields)));
    } else {
      fields.skip();
    }
  }
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto& [name, value] = labels[i];
    if (name.empty() || !IsUtf8(name) || !IsUtf8(value))
      return absl::DataLossError("a label has no name, or is not UTF-8");
    if (i > 0 && labels[i - 1].first >= name)
      return absl::DataLossError("the labels of a series are not in order");
  }
  return absl::OkStatus();
}

// A label that a series does not have is empty, as in PromQL.
std::string ValueOf(const SeriesLabels& labels, const std::string& name) {
  const auto found = std::lower_bound(labels.begin(), labels.end(), name,
                                      [](const auto& a, const auto& b) { return a.first < b; });
  return found == labels.end() || found->first != name ? "" : found->second;
}

bool Satisfies(const SeriesLabels& labels, const Selector& selector) {
  return ValueOf(labels, "__name__") == selector.metric &&
         std::all_of(selector.matchers.begin(), selector.matchers.end(), [&](const Matcher& match) {
           if (match.op == "=") return ValueOf(labels, match.label) == match.value;
           return match.op != "!=" || ValueOf(labels, match.label) != match.value;
         });
}

absl::Status NotRead(int32_t encoding) {
  if (encoding == chunk::kHistogram || encoding == chunk::kFloatHistogram)
    return absl::UnimplementedError("a native histogram: not counted here");
  return absl::UnimplementedError(
      absl::StrCat("a chunk of the unknown encoding ", encoding, ": not read here"));
}

struct Chunk {
  int64_t min_ms = 0, max_ms = 0;
  int32_t encoding = 0;
  absl::string_view data;
};

Chunk ReadChunk(absl::string_view message) {
  Chunk read;
  for (pbf_reader fields = Reader(message); fields.next();) {
    switch (fields.tag_and_type()) {
      case chunk::kMinMs:
        read.min_ms = fields.get_int64();
        break;
      case chunk::kMaxMs:
        read.max_ms = fields.get_int64();
        break;
      case chunk::kEncoding:
        read.encoding = fields.get_enum();
        break;
      case chunk::kData:
        read.data = View(fields);
        break;
      default:
        fields.skip();
    }
  }
  return read;
}

}  // namespace

absl::Status ChunkResponse::Decode(absl::string_view message) try {
  // It stands behind the series that it is about, and is left out where it is 0.
  uint64_t query = 0;
  for (pbf_reader fields = Reader(message); fields.next();) {
    if (fields.tag_and_type() == response::kQueryIndex) {
      query = static_cast<uint64_t>(fields.get_int64());
    } else {
      fields.skip();
    }
  }
  if (absl::Status status = ComeTo(query); !status.ok()) return status;
  for (pbf_reader fields = Reader(message); fields.next();) {
    if (fields.tag_and_type() != response::kSeries) {
      fields.skip();
    } else if (absl::Status status = TakeSeries(View(fields)); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
} catch (const protozero::exception&) {
  return absl::DataLossError("it is no protocol buffer of the kind that was asked for");
}

absl::Status ChunkResponse::Finish() {
  if (!std::exchange(in_series_, false)) return absl::OkStatus();
  return sink_.End();
}

absl::Status ChunkResponse::ComeTo(uint64_t query) {
  if (query >= queries_.size() || query < query_)
    return absl::DataLossError("it answers a query that was not asked, or not in its turn");
  if (query == query_) return absl::OkStatus();
  query_ = query;
  begun_.clear();
  return Finish();
}

absl::Status ChunkResponse::TakeSeries(absl::string_view message) {
  // Labels come first, and mostly they are those of the frame before: then nobody need read them.
  pbf_reader fields = Reader(message);
  const char* end_of_labels = message.data();
  bool has_chunks = false;
  while (fields.next()) {
    if (fields.tag_and_type() == series::kLabels) {
      if (has_chunks) return absl::DataLossError("labels stand behind a series' chunks");
      const absl::string_view one = View(fields);
      end_of_labels = one.data() + one.size();
    } else if (fields.tag_and_type() == series::kChunks) {
      if (!std::exchange(has_chunks, true)) {
        const std::string labels(message.data(), end_of_labels);
        if (absl::Status status = BeginUnlessUnderWay(labels); !status.ok()) return status;
      }
      if (absl::Status status = TakeChunk(View(fields)); !status.ok()) return status;
    } else {
      fields.skip();
    }
  }
  return has_chunks ? absl::OkStatus() : absl::DataLossError("a series has no chunks");
}

absl::Status ChunkResponse::BeginUnlessUnderWay(const std::string& labels) {
  if (in_series_ && labels == labels_) return absl::OkStatus();
  if (absl::Status status = Finish(); !status.ok()) return status;
  if (labels.size() > limits::kSeriesLabelBytes) {
    return absl::ResourceExhaustedError(absl::StrCat("the labels of a series are larger than ",
                                                     limits::kSeriesLabelBytes, " bytes"));
  }
  if (++series_ > limits::kStreamSeries) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there are more than ", limits::kStreamSeries, " series"));
  }
  SeriesLabels read;
  if (absl::Status status = ReadLabels(labels, read); !status.ok()) return status;
  if (!Satisfies(read, queries_[query_].selector))
    return absl::DataLossError("a series is not one of those that were asked for");
  // Two that share a hash by chance cost one answer that is read in vain.
  if (!begun_.insert(HashOf(read)).second)
    return absl::DataLossError("a series comes again after others");
  labels_ = labels;
  newest_ms_.reset();
  in_series_ = true;
  return sink_.Begin(query_, read);
}

absl::Status ChunkResponse::TakeChunk(absl::string_view message) {
  const Chunk read = ReadChunk(message);
  if (read.encoding != chunk::kXor) return NotRead(read.encoding);
  if (absl::Status status = DecodeXorChunk(read.data, samples_); !status.ok()) return status;
  // The end of a chunk that still grows may be given as the end of time.
  if (samples_.front().ms < read.min_ms || samples_.back().ms > read.max_ms)
    return absl::DataLossError("a chunk has samples of other times than it says");
  if (newest_ms_ && samples_.front().ms <= *newest_ms_)
    return absl::DataLossError("the chunks of a series overlap");
  newest_ms_ = samples_.back().ms;
  return sink_.Add(samples_);
}

}  // namespace slogate
