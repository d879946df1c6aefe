#include "gate/prometheus/xor_chunk.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <absl/types/span.h>

namespace slogate {
namespace {

constexpr size_t kLeastBytes = 11;  // of a chunk of one sample

absl::Status CutShort() { return absl::DataLossError("a chunk of samples is cut short"); }

// Eight bytes, the first the highest.
uint64_t EightBytes(const char* at) {
  uint64_t eight;
  std::memcpy(&eight, at, sizeof eight);
  return std::endian::native == std::endian::little ? __builtin_bswap64(eight) : eight;
}

// Bits from the highest of the first byte on. The next ones are kept in a window, filled eight bytes at a
// time; how far it is filled is known without a branch.
class Bits {
 public:
  // At least 8 bytes, so that the last of them can be loaded together.
  explicit Bits(absl::string_view bytes) : next_(bytes.data()), end_(next_ + bytes.size()) {}

  // After it at least 56 bits are held, or all that are left.
  [[gnu::always_inline]] void Fill() {
    const auto left = static_cast<size_t>(end_ - next_);
    // What is beyond the held bits is what will be held next, or zero.
    if (left >= 8) {
      window_ |= EightBytes(next_) >> held_;
      next_ += (63 - held_) / 8;
      held_ |= 56;
    } else if (left > 0) {
      window_ |= (EightBytes(end_ - 8) << (64 - 8 * left)) >> held_;
      const auto taken = std::min(static_cast<unsigned>(left), (63 - held_) / 8);
      next_ += taken;
      held_ += 8 * taken;
    }
  }

  uint64_t window() const { return window_; }  // the next bit is the highest
  unsigned held() const { return held_; }      // how many bits of the window have been read

  // n < 64 and no more than held().
  void Skip(unsigned n) {
    window_ <<= n;
    held_ -= n;
  }

  // The next n bits, 1 to 56; false where fewer are left.
  bool Read(unsigned n, uint64_t& bits) {
    Fill();
    if (held_ < n) return false;
    bits = window_ >> (64 - n);
    Skip(n);
    return true;
  }

  bool Read64(uint64_t& bits) {
    uint64_t high = 0, low = 0;
    if (!Read(32, high) || !Read(32, low)) return false;
    bits = high << 32 | low;
    return true;
  }

  // How many bits nobody has read.
  size_t Left() const { return held_ + 8 * static_cast<size_t>(end_ - next_); }

 private:
  const char* next_;
  const char* end_;
  uint64_t window_ = 0;
  unsigned held_ = 0;
};

// Seven bits a byte, the lowest first, as Go's encoding/binary writes them.
bool ReadVarint(Bits& bits, uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    uint64_t byte = 0;
    if (!bits.Read(8, byte)) return false;
    if (shift == 63 && byte > 1) return false;  // more than 64 bits
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// The value so far, and the window that the next one's difference may stand in. Until one is named it
// is everything: a server that begins again in the middle of a chunk writes so.
struct Value {
  uint64_t bits = 0;
  uint64_t width = 64;
  uint64_t trailing = 0;  // zeros after the window
};

enum class ValueEnd { kRead, kCutShort, kNoWindow };

// A value, whatever its difference looks like.
[[gnu::noinline]] ValueEnd ReadAnyValue(Bits& bits, Value& value) {
  uint64_t differs = 0, is_new = 0, high = 0, low = 0;
  if (!bits.Read(1, differs)) return ValueEnd::kCutShort;
  if (differs == 0) return ValueEnd::kRead;
  if (!bits.Read(1, is_new)) return ValueEnd::kCutShort;
  if (is_new == 1) {
    uint64_t leading = 0;
    if (!bits.Read(5, leading) || !bits.Read(6, value.width)) return ValueEnd::kCutShort;
    if (value.width == 0) value.width = 64;
    value.trailing = 64 - leading - value.width;
    if (value.trailing > 63) return ValueEnd::kNoWindow;  // less than nothing
  }
  // In two parts, each of which can be held.
  const auto width = static_cast<unsigned>(value.width);
  if (width > 32 && !bits.Read(width - 32, high)) return ValueEnd::kCutShort;
  if (!bits.Read(std::min(width, 32U), low)) return ValueEnd::kCutShort;
  value.bits ^= (high << 32 | low) << value.trailing;
  return ValueEnd::kRead;
}

// A value behind one more bit that has been looked at, as long as all of it is held and its window is
// not the widest; false otherwise, and then nothing has changed. Which of its three forms it has is
// as good as random, and a branch would be guessed wrong every other time: so everything is
// computed for all three, and what the next sample waits for, the length, in the fewest steps.
[[gnu::always_inline]] inline bool ReadHeldValue(Bits& bits, Value& value) {
  const uint64_t window = bits.window();
  const auto mask = [](uint64_t highest) { return 0 - (highest >> 63); };
  const uint64_t differs = mask(window << 1);
  const uint64_t is_new = differs & mask(window << 2);
  const uint64_t leading = (window >> 56) & 31;
  const uint64_t new_width = (window >> 50) & 63;
  const uint64_t length =
      2 + (differs & (1 + value.width)) + (is_new & (11 + new_width - value.width));
  const uint64_t width = value.width ^ ((value.width ^ new_width) & is_new);
  const uint64_t trailing =
      value.trailing ^ ((value.trailing ^ (64 - leading - new_width)) & is_new);
  if (length > bits.held() || width == 0 || trailing > 63) return false;
  const uint64_t shown = differs & width;
  // Two shifts, as there may be nothing to show.
  value.bits ^= (((window << (length - shown)) >> 1) >> (63 - shown)) << trailing;
  value.width = width;
  value.trailing = trailing;
  bits.Skip(static_cast<unsigned>(length));
  return true;
}

// By how much a step changes, in 64 bits behind 4 that are 1; like ReadStepChange.
[[gnu::noinline]] bool ReadWideStepChange(Bits& bits, uint64_t& change) {
  uint64_t prefix = 0, high = 0, low = 0;
  if (!bits.Read(4, prefix) || !bits.Read(32, high) || !bits.Read(31, low)) return false;
  bits.Fill();
  change = high << 32 | low << 1 | bits.window() >> 63;
  return bits.held() > 0;
}

// By how much a step changes, which begins with a bit that is 1. All but its last bit is read: that one
// stands before the value as the 0 of an unchanged step does. `bits` are filled before and after.
[[gnu::always_inline]] inline bool ReadStepChange(Bits& bits, uint64_t& change) {
  const auto ones = static_cast<unsigned>(std::countl_one(bits.window()));
  if (ones >= 4) {
    Bits copy = bits;
    uint64_t wide = 0;
    const bool whole = ReadWideStepChange(copy, wide);
    bits = copy;
    change = wide;
    return whole;
  }
  const unsigned prefix = ones + 1;
  const unsigned width = 11 + 3 * ones;  // 14, 17, 20
  if (bits.held() < prefix + width) return false;
  bits.Skip(prefix);
  change = bits.window() >> (64 - width);
  if (change > uint64_t{1} << (width - 1)) change -= uint64_t{1} << width;
  bits.Skip(width - 1);
  bits.Fill();
  return true;
}

double AsDouble(uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

absl::Status Broken(ValueEnd end) {
  return end == ValueEnd::kCutShort
             ? CutShort()
             : absl::DataLossError("a chunk of samples has a value of more than 64 bits");
}

// Nothing stands behind the last sample but zeros that fill its byte, or one byte that was begun.
absl::Status CheckEnd(Bits bits) {
  bits.Fill();
  if (bits.Left() <= 8 && bits.window() == 0) return absl::OkStatus();
  return absl::DataLossError("a chunk of samples goes on after its last one");
}

// `samples` from the second on; the first is there. `head` stands behind the first step. What few samples
// need is called, and works on copies: what the loop holds has no address then, and stays in
// registers.
[[gnu::always_inline]] inline absl::Status DecodeRest(Bits head, uint64_t step, Value value,
                                                      absl::Span<Sample> samples) {
  if (const ValueEnd end = ReadAnyValue(head, value); end != ValueEnd::kRead) return Broken(end);
  Bits bits = head;
  int64_t ms = samples[0].ms;
  for (size_t i = 1;; ++i) {
    const auto later = static_cast<int64_t>(static_cast<uint64_t>(ms) + step);
    if (later <= ms) return absl::DataLossError("the times of a chunk of samples do not ascend");
    ms = later;
    samples[i] = {ms, AsDouble(value.bits)};
    if (i + 1 == samples.size()) break;

    bits.Fill();
    if (bits.window() >> 63 != 0) {
      uint64_t change = 0;
      if (!ReadStepChange(bits, change)) return CutShort();
      step += change;
    }
    if (ReadHeldValue(bits, value)) continue;
    if (bits.held() == 0) return CutShort();
    Bits copy = bits;
    Value any = value;
    copy.Skip(1);
    if (const ValueEnd end = ReadAnyValue(copy, any); end != ValueEnd::kRead) return Broken(end);
    bits = copy;
    value = any;
  }
  return CheckEnd(bits);
}

absl::Status DecodeAnywhere(Bits head, uint64_t step, Value value, absl::Span<Sample> samples) {
  return DecodeRest(head, step, value, samples);
}

#if defined(__x86_64__)
// Shifts by numbers that vary take one step instead of three: a tenth faster on the whole.
[[gnu::target("bmi2")]] absl::Status DecodeWithBmi2(Bits head, uint64_t step, Value value,
                                                    absl::Span<Sample> samples) {
  return DecodeRest(head, step, value, samples);
}

bool HasBmi2() {
  static const bool has = __builtin_cpu_supports("bmi2") != 0;
  return has;
}
#else
constexpr auto DecodeWithBmi2 = DecodeAnywhere;
constexpr bool HasBmi2() { return false; }
#endif

}  // namespace

absl::Status DecodeXorChunk(absl::string_view chunk, std::vector<Sample>& samples) {
  if (chunk.size() < kLeastBytes) return CutShort();
  Bits bits(chunk);
  uint64_t count = 0, zigzag = 0, step = 0;
  Value value;
  if (!bits.Read(16, count)) return CutShort();
  if (count == 0) return absl::DataLossError("a chunk of samples holds none");
  if (!ReadVarint(bits, zigzag) || !bits.Read64(value.bits)) return CutShort();
  samples.resize(count);
  samples[0] = {static_cast<int64_t>((zigzag >> 1) ^ (0 - (zigzag & 1))), AsDouble(value.bits)};
  if (count == 1) return CheckEnd(bits);
  if (!ReadVarint(bits, step)) return CutShort();
  const auto decode = HasBmi2() ? DecodeWithBmi2 : DecodeAnywhere;
  return decode(bits, step, value, absl::MakeSpan(samples));
}

}  // namespace slogate
