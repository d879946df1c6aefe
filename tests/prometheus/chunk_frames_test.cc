#include "gate/prometheus/chunk_frames.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "tests/testing/read_answer.h"
#include "tests/testing/xor_chunk_writer.h"

namespace slogate {
namespace {

using fake::ChunkOf;
using fake::Frame;
using fake::ReadChunk;
using fake::ReadResponse;
using fake::ReadSeries;

// Writes down what it is given; fails at the word `fails_at`.
class Notes : public SampleSink {
 public:
  absl::Status Begin(size_t query, const SeriesLabels& labels) override {
    absl::StrAppend(&text, query, " begin");
    for (const auto& [name, value] : labels) absl::StrAppend(&text, " ", name, "=", value);
    return Noted("begin");
  }
  absl::Status Add(absl::Span<const Sample> samples) override {
    for (const Sample& sample : samples)
      absl::StrAppend(&text, &sample == &samples[0] ? "" : " ", sample.ms, ":", sample.value);
    return Noted("add");
  }
  absl::Status End() override {
    text += "end";
    return Noted("end");
  }

  std::string text, fails_at;

 private:
  absl::Status Noted(const std::string& word) {
    text += "\n";
    return word == fails_at ? absl::AbortedError("enough") : absl::OkStatus();
  }
};

const std::vector<ReadQuery> kQueries = {{{"requests_total", {}}, 0, 100},
                                         {{"requests_total", {{"code", "=", "500"}}}, 0, 100}};

SeriesLabels Labels(const std::string& code) {
  return {{"__name__", "requests_total"}, {"code", code}};
}

// What the sink was given, then how it ended.
std::string Read(const std::string& answer, size_t piece = 1'000'000,
                 const std::string& fails_at = "") {
  Notes notes;
  notes.fails_at = fails_at;
  ChunkFrames frames(kQueries, notes);
  absl::Status fed;
  for (size_t at = 0; at < answer.size() && fed.ok(); at += piece)
    fed = frames.Feed(absl::string_view(answer).substr(at, piece));
  const absl::Status finished = frames.Finish();
  EXPECT_TRUE(fed.ok() || finished == fed) << finished;
  EXPECT_EQ(frames.Finish(), finished) << "an end stays the end";
  return absl::StrCat(notes.text, finished.ToString());
}

// How it ended.
std::string End(const std::string& answer) {
  const std::string text = Read(answer);
  return text.substr(text.rfind('\n') + 1);
}

// Two queries; the first series goes on in the second frame.
std::string WholeAnswer() {
  return absl::StrCat(
      Frame(ReadResponse({{{Labels("200"), {ChunkOf({{10, 1}, {20, 2}}), ChunkOf({{30, 3}})}}}})),
      Frame(ReadResponse({{{Labels("200"), {ChunkOf({{40, 5}})}},
                           {Labels("500"), {ChunkOf({{15, 0}, {25, 1}})}}}})),
      Frame(ReadResponse({{{Labels("500"), {ChunkOf({{15, 0}, {25, 1}})}}}}, 1)));
}

constexpr char kWholeText[] =
    "0 begin __name__=requests_total code=200\n10:1 20:2\n30:3\n40:5\nend\n"
    "0 begin __name__=requests_total code=500\n15:0 25:1\nend\n"
    "1 begin __name__=requests_total code=500\n15:0 25:1\nend\nOK";

TEST(ChunkFrames, ReadsAnAnswerInPiecesOfAnySize) {
  const std::string answer = WholeAnswer();
  for (size_t piece = 1; piece <= answer.size(); ++piece)
    ASSERT_EQ(Read(answer, piece), kWholeText) << piece;
}

TEST(ChunkFrames, AnAnswerMayBeEmpty) { EXPECT_EQ(Read(""), "OK"); }

TEST(ChunkFrames, AnAnswerCutInsideAFrameIsRefused) {
  const std::string answer = WholeAnswer();
  size_t ends_of_frames = 0;
  for (size_t bytes = 1; bytes < answer.size(); ++bytes) {
    const std::string text = Read(answer.substr(0, bytes));
    if (text.ends_with("\nOK")) {
      ++ends_of_frames;
    } else {
      EXPECT_TRUE(text.ends_with("it is cut short")) << text;
    }
  }
  EXPECT_EQ(ends_of_frames, 2U);
}

TEST(ChunkFrames, EveryBitOfAFrameCounts) {
  std::string answer = Frame(ReadResponse({{{Labels("200"), {ChunkOf({{10, 1}, {20, 2}})}}}}));
  for (size_t bit = 0; bit < 8 * answer.size(); ++bit) {
    const char before = answer[bit / 8];
    answer[bit / 8] = static_cast<char>(before ^ (1 << (bit % 8)));
    EXPECT_EQ(Read(answer).find("OK"), std::string::npos) << bit;
    answer[bit / 8] = before;
  }
}

TEST(ChunkFrames, WhatTheSinkSaysEndsIt) {
  const std::string answer = WholeAnswer();
  EXPECT_EQ(Read(answer, 7, "begin"),
            "0 begin __name__=requests_total code=200\nABORTED: frame 1: enough");
  EXPECT_EQ(Read(answer, 7, "add"),
            "0 begin __name__=requests_total code=200\n10:1 20:2\nABORTED: frame 1: enough");
  EXPECT_EQ(Read(answer, 7, "end"),
            "0 begin __name__=requests_total code=200\n10:1 20:2\n30:3\n40:5\nend\n"
            "ABORTED: frame 2: enough");
}

TEST(ChunkFrames, AFrameIsHeldWholeButNoMore) {
  // Its announced length alone takes no memory; one byte too many is refused before any comes.
  const std::string largest = "\x80\x80\x80\x04";
  EXPECT_EQ(Read(largest + "1234"), "DATA_LOSS: frame 1: it is cut short");
  const std::string words = "it is no frame, or larger than 8388608 bytes";
  EXPECT_EQ(Read("\x81\x80\x80\x04"
                 "1234"),
            "RESOURCE_EXHAUSTED: frame 1: " + words);
  EXPECT_EQ(Read("\x80\x80\x80\x80"), "RESOURCE_EXHAUSTED: frame 1: " + words);
  EXPECT_EQ(Read(std::string(1, '\0') + "1234"), "DATA_LOSS: frame 1: it is empty");
}

// A server that fails in mid-answer appends its words, and the status 200 has gone out before.
TEST(ChunkFrames, AnErrorBehindTheFramesIsNoEnd) {
  for (const std::string words :
       {"\n", "context canceled\n", "marshal ChunkedReadResponse: oh\n"}) {
    const std::string text = Read(WholeAnswer() + words);
    EXPECT_EQ(text.find("OK"), std::string::npos) << text;
    EXPECT_NE(text.find("DATA_LOSS: frame 4: it is cut short"), std::string::npos) << text;
  }
}

TEST(ChunkFrames, Refuses) {
  struct Case {
    const char* name;
    std::string response, want;
  };
  const auto one = [](const SeriesLabels& labels, const std::vector<ReadChunk>& chunks,
                      int64_t query = 0) {
    return ReadResponse({{labels, chunks}}, query);
  };
  const SeriesLabels good = Labels("200");
  const std::vector<ReadChunk> chunk = {ChunkOf({{10, 1}, {20, 2}})};
  const auto encoded = [&](int32_t encoding) {
    ReadChunk other = chunk[0];
    other.encoding = encoding;
    return one(good, {other});
  };
  const auto lasting = [&](int64_t min_ms, int64_t max_ms) {
    ReadChunk other = chunk[0];
    other.min_ms = min_ms;
    other.max_ms = max_ms;
    return one(good, {other});
  };
  const std::string lost = "DATA_LOSS: frame 1: ";
  const std::string labels = lost + "a label has no name, or is not UTF-8";
  const std::string order = lost + "the labels of a series are not in order";
  const std::string asked = lost + "a series is not one of those that were asked for";
  const std::string query = lost + "it answers a query that was not asked, or not in its turn";
  const std::string times = lost + "a chunk has samples of other times than it says";
  const std::vector<Case> cases = {
      {"no protocol buffer", "\x0a\x7f",
       lost + "it is no protocol buffer of the kind that was asked for"},
      {"a label without a name", one({{"", "x"}, {"__name__", "requests_total"}}, chunk), labels},
      {"a label that is no text", one(Labels("\xff"), chunk), labels},
      {"labels out of order", one({{"code", "200"}, {"__name__", "requests_total"}}, chunk), order},
      {"a label twice", one({{"__name__", "requests_total"}, {"code", "1"}, {"code", "2"}}, chunk),
       order},
      {"another metric", one({{"__name__", "errors_total"}}, chunk), asked},
      {"no labels", one({}, chunk), asked},
      {"another value", one(good, chunk, 1), asked},
      {"a query too many", one(good, chunk, 2), query},
      {"a negative query", one(good, chunk, -1), query},
      {"no chunks", one(good, {}), lost + "a series has no chunks"},
      {"a histogram", encoded(2), "UNIMPLEMENTED: frame 1: a native histogram: not counted here"},
      {"a float histogram", encoded(3),
       "UNIMPLEMENTED: frame 1: a native histogram: not counted here"},
      {"an encoding of tomorrow", encoded(17),
       "UNIMPLEMENTED: frame 1: a chunk of the unknown encoding 17: not read here"},
      {"no encoding", encoded(0),
       "UNIMPLEMENTED: frame 1: a chunk of the unknown encoding 0: not read here"},
      {"a broken chunk", one(good, {{10, 20, 1, "abc"}}), lost + "a chunk of samples is cut short"},
      {"begins too early", lasting(11, 20), times},
      {"ends too late", lasting(10, 19), times},
      {"large labels",
       one({{"__name__", "requests_total"}, {"a", std::string(65'536, 'x')}}, chunk),
       "RESOURCE_EXHAUSTED: frame 1: the labels of a series are larger than 65536 bytes"},
  };
  for (const Case& test : cases) EXPECT_EQ(End(Frame(test.response)), test.want) << test.name;
}

TEST(ChunkFrames, RefusesWhatTheLastOneDoesNotGoWith) {
  struct Case {
    const char* name;
    std::string second, want;
  };
  const std::vector<ReadChunk> later = {ChunkOf({{30, 3}})};
  const std::string overlap = "DATA_LOSS: frame 2: the chunks of a series overlap";
  const std::vector<Case> cases = {
      {"the same chunk again", ReadResponse({{{Labels("200"), {ChunkOf({{10, 1}, {20, 2}})}}}}),
       overlap},
      {"at the same time", ReadResponse({{{Labels("200"), {ChunkOf({{20, 2}, {30, 3}})}}}}),
       overlap},
      {"before it", ReadResponse({{{Labels("200"), {ChunkOf({{5, 0}})}}}}), overlap},
      {"comes back", ReadResponse({{{Labels("404"), later}, {Labels("200"), later}}}),
       "DATA_LOSS: frame 2: a series comes again after others"},
  };
  const std::string first = Frame(ReadResponse({{{Labels("200"), {ChunkOf({{10, 1}, {20, 2}})}}}}));
  for (const Case& test : cases) {
    const std::string text = Read(first + Frame(test.second));
    EXPECT_EQ(text.substr(text.rfind('\n') + 1), test.want) << test.name;
  }
  const std::string back = Read(Frame(ReadResponse({{{Labels("500"), later}}}, 1)) +
                                Frame(ReadResponse({{{Labels("200"), later}}})));
  EXPECT_EQ(back.substr(back.rfind('\n') + 1),
            "DATA_LOSS: frame 2: it answers a query that was not asked, or not in its turn");
}

TEST(ChunkFrames, AChunkThatStillGrowsMayEndAtTheEndOfTime) {
  ReadChunk growing = ChunkOf({{10, 1}});
  growing.max_ms = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Read(Frame(ReadResponse({{{Labels("200"), {growing}}}}))),
            "0 begin __name__=requests_total code=200\n10:1\nend\nOK");
}

TEST(ChunkFrames, TooManySeriesAreRefused) {
  Notes notes;
  ChunkFrames frames(kQueries, notes);
  absl::Status status;
  size_t begun = 0;
  for (; status.ok() && begun <= limits::kStreamSeries + 1; ++begun)
    status =
        frames.Feed(Frame(ReadResponse({{{Labels(absl::StrCat(begun)), {ChunkOf({{1, 1}})}}}})));
  EXPECT_EQ(begun, limits::kStreamSeries + 1);
  EXPECT_EQ(status.ToString(),
            "RESOURCE_EXHAUSTED: frame 100001: there are more than 100000 series");
}

}  // namespace
}  // namespace slogate
