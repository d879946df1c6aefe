#include "gate/ledger/scan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <system_error>

#include <absl/status/status.h>
#include <absl/strings/charconv.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

// Without a branch a byte, which a compiler turns into few instructions for many.
bool IsHex(absl::string_view text) {
  unsigned others = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const unsigned digit = byte - unsigned{'0'} < 10U ? 1U : 0U;
    const unsigned letter = byte - unsigned{'a'} < 6U ? 1U : 0U;
    others |= 1U ^ (digit | letter);
  }
  return others == 0;
}

// Whether a byte of a text is a character of its own that needs no escape: ASCII from the blank on, but
// for '"' and '\'.
bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// How many of eight bytes are plain before the first that is not. Each subtraction sets the highest
// bit of a byte that is not plain, `word` that of one beyond ASCII; they borrow from the next byte only
// behind such a byte.
size_t PlainOfEight(const char* eight) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHighest = 0x8080808080808080;
  uint64_t word;
  std::memcpy(&word, eight, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  const uint64_t quotes = word ^ (kOnes * '"'), backslashes = word ^ (kOnes * '\\');
  const uint64_t other =
      (word | (word - kOnes * 0x20) | (quotes - kOnes) | (backslashes - kOnes)) & kHighest;
  return static_cast<size_t>(std::countr_zero(other)) / 8;
}

// Takes the first byte that a text stands for off it. Its escapes have been checked.
unsigned char TakeByte(absl::string_view& text) {
  size_t bytes = 1;
  char byte = text[0];
  if (byte == '\\') {
    bytes = text[1] == 'u' ? 6 : 2;
    switch (text[1]) {
      case 'n':
        byte = '\n';
        break;
      case 'r':
        byte = '\r';
        break;
      case 't':
        byte = '\t';
        break;
      case 'u':  // 00 and two digits
        byte = static_cast<char>(16 * (text[4] - '0') +
                                 (IsDigit(text[5]) ? text[5] - '0' : text[5] - 'a' + 10));
        break;
      default:
        byte = text[1];
    }
  }
  text.remove_prefix(bytes);
  return static_cast<unsigned char>(byte);
}

struct Key {
  absl::string_view text;
  bool escaped = false;  // whether `text` has escapes
};

// Whether `a` comes before `b` in the order of the bytes that they stand for.
bool Before(Key a, Key b) {
  if (!a.escaped && !b.escaped) return a.text < b.text;
  while (!a.text.empty() && !b.text.empty()) {
    const unsigned char of_a = TakeByte(a.text), of_b = TakeByte(b.text);
    if (of_a != of_b) return of_a < of_b;
  }
  return a.text.empty() && !b.text.empty();
}

// Where json::Parse would end with a number that no double can hold.
bool BeyondRange(const char* begin, const char* end) {
  double value = 0;
  const bool outside = absl::from_chars(begin, end, value).ec == std::errc::result_out_of_range;
  return outside && std::abs(value) > 1;  // else it is too small, which counts as 0
}

// Each function of the grammar takes where something begins and gives where it ends, or nullptr after
// Fail.
class Scanner {
 public:
  explicit Scanner(absl::string_view bytes)
      : begin_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  absl::StatusOr<RecordFrame> Scan() {
    const char* at = begin_;
    at = Is(at, '{') ? Object(at, 1) : Fail(at, "a record is a JSON object");
    if (at != nullptr && at != end_) Fail(at, "something stands behind the record");
    if (failure_ == nullptr) RequireAll();
    if (failure_ == nullptr) return frame_;
    return absl::InvalidArgumentError(
        absl::StrCat(failure_, ", at byte ", failed_at_ - begin_ + 1));
  }

 private:
  const char* Fail(const char* at, const char* what) {
    failed_at_ = at;
    failure_ = what;
    return nullptr;
  }
  bool Is(const char* at, char c) const { return at != end_ && *at == c; }

  const char* Object(const char* at, int depth);
  const char* Array(const char* at, int depth);
  const char* Value(const char* at, int depth);
  const char* Word(const char* at, absl::string_view word);
  const char* Number(const char* at);
  const char* Digits(const char* at);
  const char* Text(const char* at);
  const char* Plain(const char* at) const;
  const char* Escape(const char* at);
  const char* BeyondAscii(const char* at);

  bool Keep(absl::string_view key, const char* begin, const char* end);
  void RequireAll();

  const char* const begin_;
  const char* const end_;
  RecordFrame frame_;
  bool has_version_ = false, has_seq_ = false;
  bool escaped_ = false;  // whether the newest text has escapes
  size_t values_ = 1;     // the record itself
  const char* failed_at_ = nullptr;
  const char* failure_ = nullptr;
};

const char* Scanner::Object(const char* at, int depth) {
  if (depth > limits::kJsonDepth) return Fail(at, "it is nested too deep");
  ++at;
  if (Is(at, '}')) return at + 1;
  Key before;
  for (bool first = true;; first = false) {
    const char* const start = at;
    if (at = Text(at); at == nullptr) return nullptr;
    const Key key{{start + 1, static_cast<size_t>(at - start) - 2}, escaped_};
    if (!first && !Before(before, key))
      return Fail(start, "this key stands twice, or is out of the order of bytes");
    before = key;
    if (!Is(at, ':')) return Fail(at, "there is no ':' right behind a key");
    const char* const value = at + 1;
    if (at = Value(value, depth); at == nullptr) return nullptr;
    if (depth == 1 && !Keep(key.text, value, at)) return nullptr;
    if (Is(at, '}')) return at + 1;
    if (!Is(at, ',')) return Fail(at, "there is no ',' or '}' right behind a value");
    ++at;
  }
}

const char* Scanner::Array(const char* at, int depth) {
  if (depth > limits::kJsonDepth) return Fail(at, "it is nested too deep");
  ++at;
  if (Is(at, ']')) return at + 1;
  for (;; ++at) {
    if (at = Value(at, depth); at == nullptr) return nullptr;
    if (Is(at, ']')) return at + 1;
    if (!Is(at, ',')) return Fail(at, "there is no ',' or ']' right behind a value");
  }
}

const char* Scanner::Value(const char* at, int depth) {
  if (++values_ > limits::kJsonValues) return Fail(at, "it has too many values");
  switch (at == end_ ? '\0' : *at) {
    case '"':
      return Text(at);
    case '{':
      return Object(at, depth + 1);
    case '[':
      return Array(at, depth + 1);
    case 't':
      return Word(at, "true");
    case 'f':
      return Word(at, "false");
    case 'n':
      return Word(at, "null");
    default:
      return Number(at);
  }
}

const char* Scanner::Word(const char* at, absl::string_view word) {
  const size_t left = static_cast<size_t>(end_ - at);
  if (absl::string_view(at, std::min(left, word.size())) != word)
    return Fail(at, "there is no JSON value");
  return at + word.size();
}

const char* Scanner::Number(const char* at) {
  const char* const start = at;
  if (Is(at, '-')) ++at;
  if (at == end_ || !IsDigit(*at)) return Fail(start, "there is no JSON value");
  if (at = *at == '0' ? at + 1 : Digits(at); at == nullptr) return nullptr;
  if (absl::string_view(start, static_cast<size_t>(at - start)) == "-0" && !Is(at, '.') &&
      !Is(at, 'e') && !Is(at, 'E')) {
    return Fail(start, "zero has no sign");
  }
  if (Is(at, '.')) {
    if (at = Digits(at + 1); at == nullptr) return nullptr;
  }
  bool far = at - start > 300;
  if (Is(at, 'e') || Is(at, 'E')) {
    ++at;
    if (Is(at, '+') || Is(at, '-')) ++at;
    if (at = Digits(at); at == nullptr) return nullptr;
    far = true;
  }
  if (far && BeyondRange(start, at)) return Fail(start, "a number beyond the range of numbers");
  return at;
}

// At least one.
const char* Scanner::Digits(const char* at) {
  if (at == end_ || !IsDigit(*at)) return Fail(at, "there is no digit where a number needs one");
  while (at != end_ && IsDigit(*at)) ++at;
  return at;
}

const char* Scanner::Text(const char* at) {
  escaped_ = false;
  if (!Is(at, '"')) return Fail(at, "there is no key right behind a '{' or ','");
  for (++at; at != nullptr;) {
    at = Plain(at);
    if (at == end_) return Fail(at, "a text has no end");
    if (*at == '"') return at + 1;
    at = *at == '\\' ? Escape(at) : BeyondAscii(at);
  }
  return nullptr;
}

// Skips what needs no closer look.
const char* Scanner::Plain(const char* at) const {
  while (end_ - at >= 8) {
    const size_t plain = PlainOfEight(at);
    at += plain;
    if (plain < 8) return at;
  }
  while (at != end_ && IsPlain(*at)) ++at;
  return at;
}

// Only where a character needs one, and in the one form that json::Dump gives it.
const char* Scanner::Escape(const char* at) {
  escaped_ = true;
  const absl::string_view rest(at + 1, std::min<size_t>(static_cast<size_t>(end_ - at) - 1, 5));
  if (rest.empty()) return Fail(at, "a text has no end");
  if (absl::string_view("\"\\nrt").find(rest[0]) != absl::string_view::npos) return at + 2;
  const bool control = rest.size() == 5 && rest.substr(0, 3) == "u00" &&
                       (rest[3] == '0' || rest[3] == '1') && IsHexDigit(rest[4]);
  const bool shorter = control && rest[3] == '0' &&
                       absl::string_view("9ad").find(rest[4]) != absl::string_view::npos;
  if (!control || shorter) return Fail(at, "an escape in another form than a ledger's");
  return at + 6;
}

const char* Scanner::BeyondAscii(const char* at) {
  const Utf8Character c = FirstCharacter({at, static_cast<size_t>(end_ - at)});
  if (!c.valid) return Fail(at, "not UTF-8");
  if (c.code < 0x20) return Fail(at, "a control character without an escape");
  return at + c.bytes;
}

// Whether a member of the record itself may be what it is.
bool Scanner::Keep(absl::string_view key, const char* begin, const char* end) {
  const absl::string_view value(begin, static_cast<size_t>(end - begin));
  if (key == "v") {
    has_version_ = absl::SimpleAtoi(value, &frame_.version);
    if (!has_version_) Fail(begin, "\"v\" is not an integer of 64 bits");
  } else if (key == "seq") {
    has_seq_ = absl::SimpleAtoi(value, &frame_.seq) && frame_.seq >= 0;
    if (!has_seq_) Fail(begin, "\"seq\" is not an integer from 0 on");
  } else if (key == "log_id" || key == "prev" || key == "kind" || key == "time") {
    if (*begin != '"') {
      Fail(begin, "\"log_id\", \"prev\", \"kind\" and \"time\" are texts");
      return false;
    }
    const absl::string_view text = value.substr(1, value.size() - 2);
    if (key == "log_id") frame_.log_id = text;
    if (key == "kind") frame_.kind = text;
    if (key == "time") frame_.time = text;
    if (key == "prev") {
      frame_.prev = text;
      if (text.size() != 64 || !IsHex(text))
        Fail(begin, "\"prev\" is not 64 lower-case hex digits");
    }
  }
  return failure_ == nullptr;
}

void Scanner::RequireAll() {
  const auto require = [&](bool there, const char* missing) {
    if (!there && failure_ == nullptr) Fail(begin_, missing);
  };
  require(frame_.kind.data() != nullptr, "the record has no \"kind\"");
  require(frame_.log_id.data() != nullptr, "the record has no \"log_id\"");
  require(frame_.prev.data() != nullptr, "the record has no \"prev\"");
  require(has_seq_, "the record has no \"seq\"");
  require(frame_.time.data() != nullptr, "the record has no \"time\"");
  require(has_version_, "the record has no \"v\"");
}

}  // namespace

absl::StatusOr<RecordFrame> ScanRecord(absl::string_view bytes) { return Scanner(bytes).Scan(); }

}  // namespace slogate
