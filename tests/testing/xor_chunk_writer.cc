#include "tests/testing/xor_chunk_writer.h"

#include <algorithm>
#include <cstring>

namespace slogate::fake {
namespace {

uint64_t BitsOf(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Zeros and ones, one character each.
void Append(std::string& bits, uint64_t number, int width) {
  for (int i = width - 1; i >= 0; --i) bits += ((number >> i) & 1) != 0 ? '1' : '0';
}

void AppendVarint(std::string& bits, uint64_t number) {
  for (; number >= 0x80; number >>= 7) Append(bits, (number & 0x7f) | 0x80, 8);
  Append(bits, number, 8);
}

void AppendStepChange(std::string& bits, int64_t change) {
  struct Form {
    const char* prefix;
    int width;
  };
  if (change == 0) {
    bits += '0';
    return;
  }
  for (const Form& form : {Form{"10", 14}, Form{"110", 17}, Form{"1110", 20}}) {
    const int64_t most = int64_t{1} << (form.width - 1);
    if (change <= -most || change > most) continue;
    bits += form.prefix;
    Append(bits, static_cast<uint64_t>(change), form.width);
    return;
  }
  bits += "1111";
  Append(bits, static_cast<uint64_t>(change), 64);
}

// The place of a window in a text of 64 bits.
struct Window {
  size_t begin = 0, end = 0;  // none
};

void AppendDifference(std::string& bits, uint64_t before, uint64_t now, Window& window) {
  if (before == now) {
    bits += '0';
    return;
  }
  std::string difference;
  Append(difference, before ^ now, 64);
  const size_t first = std::min<size_t>(difference.find('1'), 31);
  const size_t end = difference.rfind('1') + 1;
  if (window.end > 0 && first >= window.begin && end <= window.end) {
    bits += "10";
  } else {
    window = {first, end};
    bits += "11";
    Append(bits, first, 5);
    Append(bits, end - first, 6);  // 64 is written as 0
  }
  bits += difference.substr(window.begin, window.end - window.begin);
}

}  // namespace

std::string FromBits(absl::string_view bits) {
  std::string bytes;
  int filled = 0;
  for (const char bit : bits) {
    if (bit == ' ') continue;
    if (filled % 8 == 0) bytes += '\0';
    if (bit == '1') bytes.back() = static_cast<char>(bytes.back() | (0x80 >> (filled % 8)));
    ++filled;
  }
  return bytes;
}

std::string XorChunk(absl::Span<const Sample> samples) {
  std::string bits;
  Append(bits, samples.size(), 16);
  Window window;
  for (size_t i = 0; i < samples.size(); ++i) {
    const auto ms = static_cast<uint64_t>(samples[i].ms);
    if (i == 0) {
      AppendVarint(bits, (ms << 1) ^ (samples[i].ms < 0 ? ~uint64_t{0} : 0));
      Append(bits, BitsOf(samples[i].value), 64);
      continue;
    }
    const uint64_t step = ms - static_cast<uint64_t>(samples[i - 1].ms);
    if (i == 1) {
      AppendVarint(bits, step);
    } else {
      const uint64_t step_before =
          static_cast<uint64_t>(samples[i - 1].ms) - static_cast<uint64_t>(samples[i - 2].ms);
      AppendStepChange(bits, static_cast<int64_t>(step - step_before));
    }
    AppendDifference(bits, BitsOf(samples[i - 1].value), BitsOf(samples[i].value), window);
  }
  return FromBits(bits);
}

}  // namespace slogate::fake
