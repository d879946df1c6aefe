#include "gate/prometheus/xor_chunk.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/types/span.h>
#include <gtest/gtest.h>

#include "tests/testing/xor_chunk_writer.h"

namespace slogate {
namespace {

constexpr int64_t kStart = 1'795'651'200'000;
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

double FromPattern(uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// One line a sample, with the bits of its value: a NaN equals itself and -0 is not 0.
std::string Text(absl::Span<const Sample> samples) {
  return absl::StrJoin(samples, "\n", [](std::string* out, const Sample& sample) {
    uint64_t bits;
    std::memcpy(&bits, &sample.value, sizeof bits);
    absl::StrAppend(out, sample.ms, " ", absl::Hex(bits, absl::kZeroPad16));
  });
}

std::string Decoded(absl::string_view chunk) {
  std::vector<Sample> samples;
  const absl::Status status = DecodeXorChunk(chunk, samples);
  return status.ok() ? Text(samples) : status.ToString();
}

// ---- what was written comes back

struct Generated {
  const char* name;
  std::function<int64_t(std::mt19937_64&)> step;  // until the next sample, from 1
  std::function<double(std::mt19937_64&, double before)> value;
};

double CountOn(std::mt19937_64& random, double before) {
  return before + static_cast<double>(random() % 1'200);
}

int64_t Minute(std::mt19937_64&) { return 60'000; }

const std::vector<Generated> kGenerated = {
    {"counter", Minute, CountOn},
    {"counter_seldom_counts", Minute,
     [](std::mt19937_64& random, double before) { return before + (random() % 50 == 0 ? 1 : 0); }},
    {"counter_with_resets", Minute,
     [](std::mt19937_64& random, double before) {
       return random() % 20 == 0 ? 3 : CountOn(random, before);
     }},
    {"large_counter", Minute,
     [](std::mt19937_64& random, double before) {
       return before + 9e14 + static_cast<double>(random() % 7);
     }},
    {"gauge", Minute,
     [](std::mt19937_64& random, double) {
       return std::ldexp(static_cast<double>(random()), -40) - 4e6;
     }},
    {"any_bits", Minute, [](std::mt19937_64& random, double) { return FromPattern(random()); }},
    {"few_bits", Minute,
     [](std::mt19937_64& random, double) { return FromPattern(uint64_t{1} << (random() % 64)); }},
    {"one_bit_at_the_edge", Minute,
     [](std::mt19937_64& random, double before) {
       return FromPattern((before == 0 ? uint64_t{1} << 63 : 0) | (random() & 1));
     }},
    {"not_numbers", Minute,
     [](std::mt19937_64& random, double before) {
       constexpr uint64_t kOdd[] = {0x7ff0000000000002,
                                    0x7ff8000000000001,
                                    0x7ff0000000000000,
                                    0xfff0000000000000,
                                    0x8000000000000000,
                                    0,
                                    1};
       return random() % 3 == 0 ? before : FromPattern(kOdd[random() % 7]);
     }},
    {"unsteady_scrapes",
     [](std::mt19937_64& random) { return static_cast<int64_t>(59'990 + random() % 21); }, CountOn},
    {"steps_of_every_size",
     [](std::mt19937_64& random) {
       return static_cast<int64_t>(1 + random() % (uint64_t{2} << (random() % 40)));
     },
     CountOn},
};

std::vector<Sample> Generate(const Generated& how, uint64_t seed, size_t count) {
  std::mt19937_64 random(seed);
  std::vector<Sample> samples;
  Sample sample = {kStart - static_cast<int64_t>(random() % 4'000'000'000'000), 0};
  for (size_t i = 0; i < count; ++i) {
    sample.ms += how.step(random);
    sample.value = how.value(random, sample.value);
    samples.push_back(sample);
  }
  return samples;
}

TEST(XorChunk, WhatWasWrittenComesBack) {
  std::vector<Sample> read;
  for (const Generated& how : kGenerated) {
    for (uint64_t seed = 0; seed < 60; ++seed) {
      SCOPED_TRACE(absl::StrCat(how.name, " ", seed));
      const std::vector<Sample> samples = Generate(how, seed, 1 + seed * seed % 241);
      const absl::Status status = DecodeXorChunk(fake::XorChunk(samples), read);
      ASSERT_TRUE(status.ok()) << status;
      ASSERT_EQ(Text(read), Text(samples));
    }
  }
}

TEST(XorChunk, AsManyAsAChunkCanCount) {
  const std::vector<Sample> samples = Generate(kGenerated[0], 7, 65'535);
  EXPECT_EQ(Decoded(fake::XorChunk(samples)), Text(samples));
}

TEST(XorChunk, TimesOfAllKinds) {
  const std::vector<std::vector<int64_t>> cases = {
      {0},
      {kLeast},
      {kMost},
      {kLeast, kMost / 2 - 7},
      {kLeast, kLeast + 1, kMost / -2, 0, kMost - 1, kMost},
      {-3, -2, -1, 0, 1},
      // Steps that change by the most and the least that 14, 17 and 20 bits say, and one more.
      {0, 10'000, 20'000 + 8'192, 30'000 + 2 * 8'192 - 8'191},
      {0, 10'000, 20'000 + 8'193, 30'000 + 2 * 8'193 - 8'192},
      {0, 100'000, 200'000 + 65'536, 300'000 + 2 * 65'536 - 65'535},
      {0, 100'000, 200'000 + 65'537, 300'000 + 2 * 65'537 - 65'536},
      {0, 1'000'000, 2'000'000 + 524'288, 3'000'000 + 2 * 524'288 - 524'287},
      {0, 1'000'000, 2'000'000 + 524'289, 3'000'000 + 2 * 524'289 - 524'288},
  };
  for (const std::vector<int64_t>& times : cases) {
    std::vector<Sample> samples;
    for (const int64_t ms : times) samples.push_back({ms, 1.5});
    EXPECT_EQ(Decoded(fake::XorChunk(samples)), Text(samples));
  }
}

TEST(XorChunk, TheVectorIsForUseAgain) {
  std::vector<Sample> samples;
  for (const size_t count : {size_t{200}, size_t{1}, size_t{7}, size_t{120}}) {
    const std::vector<Sample> written = Generate(kGenerated[0], count, count);
    ASSERT_TRUE(DecodeXorChunk(fake::XorChunk(written), samples).ok());
    EXPECT_EQ(Text(samples), Text(written));
  }
}

// ---- what the bits mean, each by itself

constexpr char kTwoSamples[] =
    "00000010"  // twice 1, as a zigzag varint
    "0011111111110000 0000000000000000 0000000000000000 0000000000000000"  // 1.0
    "00001010";                                                            // 10 ms later

std::string Bits(int count, const std::string& rest) {
  std::string bits;
  for (int i = 15; i >= 0; --i) bits += ((count >> i) & 1) != 0 ? '1' : '0';
  return fake::FromBits(absl::StrCat(bits, kTwoSamples, rest));
}

constexpr char kOne[] = "1 3ff0000000000000\n";

TEST(XorChunk, MeansWhatTheFormatSays) {
  struct Case {
    const char* name;
    int count;
    const char* bits;  // after the second sample's step
    std::string want;
  };
  const std::string same = absl::StrCat(kOne, "11 3ff0000000000000");
  const std::vector<Case> cases = {
      {"same value", 2, "0", same},
      {"a new window", 2, "11 00010 000011 101", absl::StrCat(kOne, "11 17f0000000000000")},
      {"the window of before", 3, "11 01011 000010 11  0 10 01",
       absl::StrCat(kOne, "11 3fe8000000000000\n21 3fe0000000000000")},
      {"no window yet is all of it", 2,
       "10 0000000000000000 0000000000000000 0000000000000000 0000000000000001",
       absl::StrCat(kOne, "11 3ff0000000000001")},
      {"a window of 64", 2,
       "11 00000 000000 1000000000000000 0000000000000000 0000000000000000 0000000000000001",
       absl::StrCat(kOne, "11 bff0000000000001")},
      {"step as before", 3, "0 0 0", same + "\n21 3ff0000000000000"},
      {"step of 14 bits, the most", 3, "0 10 10000000000000 0", same + "\n8213 3ff0000000000000"},
      {"step of 14 bits, negative", 3, "0 10 11111111111111 0", same + "\n20 3ff0000000000000"},
      {"step of 17 bits", 3, "0 110 00000000000000001 0", same + "\n22 3ff0000000000000"},
      {"step of 20 bits", 3, "0 1110 10000000000000000000 0", same + "\n524309 3ff0000000000000"},
      {"step of 64 bits", 3,
       "0 1111 1111111111111111 1111111111111111 1111111111111111 1111111111111110 0",
       same + "\n19 3ff0000000000000"},
  };
  for (const Case& test : cases)
    EXPECT_EQ(Decoded(Bits(test.count, test.bits)), test.want) << test.name;
}

// Prometheus begins a byte where the last one is full.
TEST(XorChunk, MayEndInAByteThatWasBegun) {
  EXPECT_EQ(Decoded(fake::XorChunk({{5, 1}}) + std::string(1, '\0')), "5 3ff0000000000000");
}

// ---- what is refused

TEST(XorChunk, Refuses) {
  struct Case {
    const char* name;
    std::string chunk, want;
  };
  const std::string cut = "DATA_LOSS: a chunk of samples is cut short";
  const std::string window = "DATA_LOSS: a chunk of samples has a value of more than 64 bits";
  const std::string times = "DATA_LOSS: the times of a chunk of samples do not ascend";
  const std::string more = "DATA_LOSS: a chunk of samples goes on after its last one";
  const std::vector<Case> cases = {
      {"nothing", "", cut},
      {"a count alone", std::string("\0\1", 2), cut},
      {"no samples", Bits(0, ""), "DATA_LOSS: a chunk of samples holds none"},
      // What fills the last byte would do for three.
      {"fewer than it says", Bits(6, "0"), cut},
      {"many fewer than it says", Bits(65'535, "0"), cut},
      {"more than it says", Bits(1, "0"), more},
      {"two bytes behind it", Bits(2, "0") + std::string(2, '\0'), more},
      {"a byte behind it that is not zero", Bits(1, ""), more},
      {"a bit behind it that is not zero", Bits(2, "00000001"), more},
      {"a time that does not end",
       std::string("\0\1", 2) + std::string(11, '\xff') + std::string(8, '\0'), cut},
      {"a time of more than 64 bits",
       std::string("\0\1", 2) + std::string(9, '\xff') + '\2' + std::string(8, '\0'), cut},
      {"a window past the end", Bits(2, "11 00001 000000 1"), window},
      {"a window past the end by one", Bits(2, "11 11111 100010 1"), window},
      {"the same time twice", fake::XorChunk({{5, 1}, {5, 2}}), times},
      {"the same time later on", fake::XorChunk({{5, 1}, {6, 2}, {6, 3}}), times},
      {"time runs back", fake::XorChunk({{5, 1}, {6, 2}, {4, 3}}), times},
      {"time runs over", fake::XorChunk({{kMost - 1, 1}, {kMost, 2}, {kLeast, 3}}), times},
      {"a negative step", fake::XorChunk({{5, 1}, {-5, 2}}), times},
  };
  for (const Case& test : cases) EXPECT_EQ(Decoded(test.chunk), test.want) << test.name;
}

TEST(XorChunk, NoPrefixOfAChunkIsAChunk) {
  for (const Generated& how : kGenerated) {
    const std::string chunk = fake::XorChunk(Generate(how, 3, 120));
    for (size_t bytes = 0; bytes < chunk.size(); ++bytes) {
      ASSERT_EQ(Decoded(chunk.substr(0, bytes)), "DATA_LOSS: a chunk of samples is cut short")
          << how.name << " " << bytes;
    }
  }
}

}  // namespace
}  // namespace slogate
