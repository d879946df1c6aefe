#include "gate/text/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

#include <absl/status/status.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "gate/base/limits.h"
#include "gate/text/utf8.h"

namespace slogate::json {

Value Value::Number(std::string text) {
  Value value(std::move(text));
  value.kind_ = Kind::kNumber;
  return value;
}

Value Value::Number(int64_t integer) { return Number(absl::StrCat(integer)); }

Value Value::Dumped(const Value& value) {
  Value dumped(Dump(value));
  dumped.kind_ = Kind::kDumped;
  dumped.text_.shrink_to_fit();
  return dumped;
}

const Value& Value::operator[](absl::string_view key) const {
  static const Value& kNull = *new Value();
  const auto found = object_.find(std::string(key));
  return found == object_.end() ? kNull : found->second;
}

bool operator==(const Value& a, const Value& b) {
  return a.kind_ == b.kind_ && a.bool_ == b.bool_ && a.text_ == b.text_ && a.array_ == b.array_ &&
         a.object_ == b.object_;
}

namespace {

// Reads characters and counts them, so that our own refusals know their place too.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, size_t* count) : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }

 private:
  const char* at_;
  size_t* count_;
};

// Builds a Value. Each callback returns false to stop the parse.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(const size_t& read) : read_(read) {}

  Value& result() { return result_; }
  absl::Status status() const { return status_; }

  bool null() override { return Add(Value()); }
  bool boolean(bool value) override { return Add(Value(value)); }
  bool number_integer(number_integer_t value) override {
    return Add(Value::Number(absl::StrCat(value)));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return Add(Value::Number(absl::StrCat(value)));
  }
  // Also called for integers beyond 64 bits; the text is exact, the double is not used.
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return Add(Value::Number(text));
  }
  bool string(string_t& text) override { return Add(Value(std::move(text))); }
  bool binary(binary_t& /*bytes*/) override { return Fail("binary data"); }

  bool start_object(size_t /*size*/) override { return Open(Value(Object())); }
  bool start_array(size_t /*size*/) override { return Open(Value(Array())); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& key) override {
    const auto [member, added] = open_.back()->object().try_emplace(key);
    if (!added) return Fail("a key stands twice in one object");
    next_ = &member->second;
    return true;
  }

  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    // The text in brackets is the library's own code; what follows it may quote the input.
    const bool range = error.id == 406;
    return FailAt(position, range ? "a number beyond the range of numbers" : "not JSON");
  }

 private:
  bool FailAt(size_t position, absl::string_view what) {
    if (status_.ok())
      status_ = absl::InvalidArgumentError(absl::StrCat(what, ", at byte ", position));
    return false;
  }
  bool Fail(absl::string_view what) { return FailAt(read_, what); }

  // Where the next value goes: the root, the member whose key was read, or the end of the open
  // array.
  Value* Place(Value value) {
    if (open_.empty()) {
      result_ = std::move(value);
      return &result_;
    }
    if (open_.back()->is_array()) return &open_.back()->array().emplace_back(std::move(value));
    *next_ = std::move(value);
    return next_;
  }
  bool Add(Value value) {
    if (++values_ > limits::kJsonValues)
      return Fail(absl::StrCat("more than ", limits::kJsonValues, " values"));
    last_ = Place(std::move(value));
    return true;
  }
  // Pointers into open arrays stay valid: while a child is open, nothing is added to its parent.
  bool Open(Value value) {
    if (open_.size() >= static_cast<size_t>(limits::kJsonDepth)) {
      return Fail(absl::StrCat("nested more than ", limits::kJsonDepth, " levels deep"));
    }
    if (!Add(std::move(value))) return false;
    open_.push_back(last_);
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const size_t& read_;
  Value result_;
  std::vector<Value*> open_;
  Value* next_ = nullptr;
  Value* last_ = nullptr;  // that was added
  size_t values_ = 0;
  absl::Status status_;
};

void DumpText(absl::string_view text, std::string& out) {
  const auto plain = [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; };
  out += '"';
  for (;;) {
    const auto special = std::find_if_not(text.begin(), text.end(), plain);
    out.append(text.begin(), special);
    text.remove_prefix(static_cast<size_t>(special - text.begin()));
    if (text.empty()) break;
    const Utf8Character character = FirstCharacter(text);
    if (!character.valid) {
      out += "\xef\xbf\xbd";
    } else if (character.code == '"' || character.code == '\\') {
      out += '\\';
      out += text[0];
    } else if (character.code == '\n') {
      out += "\\n";
    } else if (character.code == '\r') {
      out += "\\r";
    } else if (character.code == '\t') {
      out += "\\t";
    } else if (character.code < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<uint32_t>(character.code));
    } else {
      absl::StrAppend(&out, text.substr(0, character.bytes));
    }
    text.remove_prefix(character.bytes);
  }
  out += '"';
}

// A line break and the blanks of `level`; nothing where `level` is negative, for the compact form.
void Break(int level, std::string& out) {
  if (level >= 0) absl::StrAppend(&out, "\n", std::string(2 * static_cast<size_t>(level), ' '));
}

void DumpValue(const Value& value, int level, std::string& out) {
  const int inner = level < 0 ? level : level + 1;
  const char* separator = "";
  switch (value.kind()) {
    case Value::Kind::kNull:
      out += "null";
      return;
    case Value::Kind::kBool:
      out += value.boolean() ? "true" : "false";
      return;
    case Value::Kind::kNumber:
    case Value::Kind::kDumped:
      out += value.text();
      return;
    case Value::Kind::kString:
      DumpText(value.text(), out);
      return;
    case Value::Kind::kArray:
      out += '[';
      for (const Value& element : value.array()) {
        out += separator;
        Break(inner, out);
        DumpValue(element, inner, out);
        separator = ",";
      }
      if (!value.array().empty()) Break(level, out);
      out += ']';
      return;
    case Value::Kind::kObject:
      out += '{';
      for (const auto& [key, member] : value.object()) {
        out += separator;
        Break(inner, out);
        DumpText(key, out);
        out += level < 0 ? ":" : ": ";
        DumpValue(member, inner, out);
        separator = ",";
      }
      if (!value.object().empty()) Break(level, out);
      out += '}';
      return;
  }
}

}  // namespace

absl::StatusOr<Value> Parse(absl::string_view text) {
  if (absl::StartsWith(text, "\xef\xbb\xbf")) {
    return absl::InvalidArgumentError("a byte order mark, at byte 1");
  }
  // The library takes a NUL for the end of the text, and would not see what follows it.
  if (const size_t nul = text.find('\0'); nul != absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat("a NUL character, at byte ", nul + 1));
  }
  size_t read = 0;
  Builder builder(read);
  const char* const end = text.data() + text.size();
  const bool ok = nlohmann::json::sax_parse(CountingIterator(text.data(), &read),
                                            CountingIterator(end, &read), &builder);
  if (!builder.status().ok()) return builder.status();
  if (!ok) return absl::InvalidArgumentError(absl::StrCat("not JSON, at byte ", read));
  return std::move(builder.result());
}

std::string Dump(const Value& value) {
  std::string out;
  DumpValue(value, -1, out);
  return out;
}

std::string DumpPretty(const Value& value) {
  std::string out;
  DumpValue(value, 0, out);
  return out + "\n";
}

}  // namespace slogate::json
