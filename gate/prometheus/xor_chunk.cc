#include "gate/prometheus/xor_chunk.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace slogate {
namespace {

constexpr size_t kLeastBytes = 11;  // of a chunk of one sample

absl::Status CutShort() { return absl::DataLossError("a chunk of samples is cut short"); }

// What is called for few samples is kept out of the loop over all of them, and works on copies: what
// the loop holds has no address then and stays in registers.
#define SLOGATE_RARE __attribute__((noinline))

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
  void Fill() {
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

// The same for 64 bits behind a prefix of 4.
SLOGATE_RARE bool ReadWideStepChange(Bits& bits, uint64_t& change) {
  if (bits.held() < 4) return false;
  bits.Skip(4);
  return bits.Read64(change);
}

// Reads by how much a step changes, which begins with a bit that is 1. `bits` are filled.
inline bool ReadStepChange(Bits& bits, uint64_t& change) {
  const auto ones = static_cast<unsigned>(std::countl_one(bits.window()));
  if (ones >= 4) {
    Bits copy = bits;
    uint64_t read = 0;
    const bool whole = ReadWideStepChange(copy, read);
    bits = copy;
    change = read;
    return whole;
  }
  const unsigned prefix = ones + 1;
  const unsigned width = 11 + 3 * ones;  // 14, 17, 20
  if (bits.held() < prefix + width) return false;
  bits.Skip(prefix);
  change = bits.window() >> (64 - width);
  if (change > uint64_t{1} << (width - 1)) change -= uint64_t{1} << width;
  bits.Skip(width);
  return true;
}

// The value so far, and the window that the next one's difference may stand in. Until one is named it
// is everything: a server that begins again in the middle of a chunk writes so.
struct Value {
  uint64_t bits = 0;
  uint64_t width = 64;
  uint64_t trailing = 0;  // zeros after the window
};

enum class ValueEnd { kRead, kCutShort, kNoWindow };

// Reads a difference of `width` bits, 2 or more.
SLOGATE_RARE bool ReadWide(Bits& bits, unsigned width, uint64_t& difference) {
  const unsigned second = width / 2;  // each half fits into what can be held
  uint64_t high = 0, low = 0;
  if (!bits.Read(width - second, high) || !bits.Read(second, low)) return false;
  difference = high << second | low;
  return true;
}

// Reads a value after `used` further bits, of which `bits` hold 56 and more, or all. Which of its
// three forms it has is as good as random, so that a branch would be guessed wrong every other
// time: everything is computed for all three.
inline ValueEnd ReadValue(Bits& bits, unsigned used, Value& value) {
  const uint64_t window = bits.window() << used;
  const uint64_t form = window >> 62;                                   // 0 or 1: the same value
  const unsigned header = used + ((0x0d020101U >> (8 * form)) & 0xff);  // 1, 1, 2 or 13 bits
  const uint64_t is_new = 0 - (form & (form >> 1));                     // a mask
  const uint64_t differs = 0 - (form >> 1);                             // a mask
  const uint64_t leading = (window >> 57) & 31;
  const uint64_t new_width = (((window >> 51) - 1) & 63) + 1;  // 0 stands for 64
  const uint64_t new_trailing = 64 - leading - new_width;
  const uint64_t width = value.width ^ ((value.width ^ new_width) & is_new);
  const uint64_t trailing = value.trailing ^ ((value.trailing ^ new_trailing) & is_new);
  const auto shown = static_cast<unsigned>(width & differs);
  if (header > bits.held()) return ValueEnd::kCutShort;
  if (trailing > 63) return ValueEnd::kNoWindow;  // less than nothing
  value.width = width;
  value.trailing = trailing;
  if (header + shown <= bits.held()) {
    // Two shifts, as there may be nothing to show.
    value.bits ^= (((bits.window() << header) >> 1) >> (63 - shown)) << trailing;
    bits.Skip(header + shown);
    return ValueEnd::kRead;
  }
  Bits copy = bits;
  copy.Skip(header);
  uint64_t difference = 0;
  if (!ReadWide(copy, shown, difference)) return ValueEnd::kCutShort;
  bits = copy;
  value.bits ^= difference << trailing;
  return ValueEnd::kRead;
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

}  // namespace

absl::Status DecodeXorChunk(absl::string_view chunk, std::vector<Sample>& samples) {
  if (chunk.size() < kLeastBytes) return CutShort();
  Bits head(chunk);
  uint64_t count = 0, zigzag = 0, step = 0;
  Value value;
  if (!head.Read(16, count)) return CutShort();
  if (count == 0) return absl::DataLossError("a chunk of samples holds none");
  if (!ReadVarint(head, zigzag) || !head.Read64(value.bits)) return CutShort();
  auto ms = static_cast<int64_t>((zigzag >> 1) ^ (0 - (zigzag & 1)));
  if (count > 1 && !ReadVarint(head, step)) return CutShort();

  samples.resize(count);
  samples[0] = {ms, AsDouble(value.bits)};
  Bits bits = head;  // nobody else has its address, so it stays in registers
  for (uint64_t i = 1; i < count; ++i) {
    bits.Fill();
    unsigned used = i == 1 ? 0 : 1;
    if (used == 1 && bits.window() >> 63 != 0) {
      uint64_t change = 0;
      if (!ReadStepChange(bits, change)) return CutShort();
      step += change;
      bits.Fill();
      used = 0;
    }
    if (const ValueEnd end = ReadValue(bits, used, value); end != ValueEnd::kRead)
      return Broken(end);
    const auto later = static_cast<int64_t>(static_cast<uint64_t>(ms) + step);
    if (later <= ms) return absl::DataLossError("the times of a chunk of samples do not ascend");
    ms = later;
    samples[i] = {ms, AsDouble(value.bits)};
  }
  if (bits.Left() >= 8) return absl::DataLossError("a chunk of samples goes on after its last one");
  return absl::OkStatus();
}

}  // namespace slogate
