// Strict JSON in and out, for machines: servers' answers and decision documents. Numbers keep their
// text, so that no double ever stands between what was sent and what is computed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "gate/base/rational.h"

namespace slogate::json {

class Value;
using Array = std::vector<Value>;
using Object = std::map<std::string, Value>;  // sorted by bytes, as documents are written

class Value {
 public:
  enum class Kind : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject, kDumped };

  Value() = default;                                                          // null
  Value(bool value) : kind_(Kind::kBool), bool_(value) {}                     // NOLINT
  Value(const char* text) : kind_(Kind::kString), text_(text) {}              // NOLINT
  Value(std::string text) : kind_(Kind::kString), text_(std::move(text)) {}   // NOLINT
  Value(absl::string_view text) : kind_(Kind::kString), text_(text) {}        // NOLINT
  Value(Array array) : kind_(Kind::kArray), array_(std::move(array)) {}       // NOLINT
  Value(Object object) : kind_(Kind::kObject), object_(std::move(object)) {}  // NOLINT

  // A number by its JSON text, such as "0.999" (not checked here).
  static Value Number(std::string text);
  static Value Number(int64_t integer);
  // A value that is only to be written, kept as what Dump makes of it, which is far smaller than a
  // tree. It is nothing that could be read or compared.
  static Value Dumped(const Value& value);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_bool() const { return kind_ == Kind::kBool; }
  bool is_number() const { return kind_ == Kind::kNumber; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_object() const { return kind_ == Kind::kObject; }

  // The content; the zero value of its type where the kind is another.
  bool boolean() const { return bool_; }
  const std::string& text() const { return text_; }  // of a string, or a number as it was written
  const Array& array() const { return array_; }
  const Object& object() const { return object_; }
  Array& array() { return array_; }
  Object& object() { return object_; }

  // The member `key` of an object; a null value where there is none or this is no object.
  const Value& operator[](absl::string_view key) const;

  friend bool operator==(const Value&, const Value&);

 private:
  Kind kind_ = Kind::kNull;
  bool bool_ = false;
  std::string text_;
  Array array_;
  Object object_;
};

// One JSON text, whole. InvalidArgument, with the byte offset, for anything RFC 8259 forbids and
// for duplicate keys, nesting beyond limits::kJsonDepth, more than limits::kJsonValues, invalid
// UTF-8, a BOM, or text after the end.
absl::StatusOr<Value> Parse(absl::string_view text);

// One line without blanks: UTF-8, keys sorted by bytes, numbers as they stand. Bytes that are not
// UTF-8 become U+FFFD.
std::string Dump(const Value& value);

// The same for people and editors: two blanks a level, LF at the end.
std::string DumpPretty(const Value& value);

}  // namespace slogate::json
