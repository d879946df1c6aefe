#include "gate/doctor/script.h"

#include <algorithm>

#include "gate/text/utf8.h"

namespace slogate {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Script Script::Part(size_t begin, size_t end) const {
  return {text.substr(begin, end - begin),
          {at.begin() + static_cast<std::ptrdiff_t>(begin),
           at.begin() + static_cast<std::ptrdiff_t>(end) + 1}};
}

TextPlaces::TextPlaces(absl::string_view text) : text_(text) {
  at_.reserve(text.size() + 1);
  Position at = {1, 1};
  for (size_t i = 0; i < text.size();) {
    const size_t bytes = FirstCharacter(text.substr(i)).bytes;
    at_.insert(at_.end(), bytes, at);
    at = text[i] == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
    i += bytes;
  }
  at_.push_back(at);
}

Script TextPlaces::Part(size_t begin, size_t end) const {
  return {std::string(text_.substr(begin, end - begin)),
          {at_.begin() + static_cast<std::ptrdiff_t>(begin),
           at_.begin() + static_cast<std::ptrdiff_t>(end) + 1}};
}

size_t TextPlaces::ByteAt(Position at) const {
  const auto found =
      std::lower_bound(at_.begin(), at_.end(), at, [](const Position& a, const Position& b) {
        return a.line != b.line ? a.line < b.line : a.column < b.column;
      });
  return std::min(static_cast<size_t>(found - at_.begin()), text_.size());
}

Script TextPlaces::Of(const Node& scalar) const {
  constexpr size_t kEscape = 12;  // no escape of YAML is longer
  size_t from = ByteAt(scalar.at);
  while (from < text_.size() && (text_[from] == '&' || text_[from] == '!')) {
    while (from < text_.size() && !IsBlank(text_[from])) ++from;
    while (from < text_.size() && IsBlank(text_[from])) ++from;
  }
  if (scalar.quoted && from < text_.size() && (text_[from] == '|' || text_[from] == '>')) {
    from = std::min(text_.find('\n', from), text_.size());
  }
  Script script = {scalar.scalar, {}};
  for (const char c : scalar.scalar) {
    size_t next = from;
    while (!IsBlank(c) && next < text_.size() && IsBlank(text_[next])) ++next;
    const size_t first = next;
    while (next < text_.size() && next < first + kEscape && text_[next] != c) ++next;
    const bool found = next < text_.size() && text_[next] == c && !IsBlank(c);
    script.at.push_back(at_[found ? next : from]);
    if (found) from = next + 1;
  }
  script.at.push_back(at_[from]);
  return script;
}

}  // namespace slogate
