#include "gate/doctor/groovy.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

namespace slogate {
namespace {

using Kind = GroovyToken::Kind;

bool IsWordByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

class Reader {
 public:
  explicit Reader(absl::string_view program) : text_(program) { program_.blocks.emplace_back(); }

  GroovyProgram Read() {
    while (at_ < text_.size()) Step();
    for (GroovyBlock& block : program_.blocks) {
      if (block.close == 0) block.close = program_.tokens.size();
    }
    return std::move(program_);
  }

 private:
  void Step();
  void ReadText(absl::string_view quote);
  void Put(Kind kind, size_t begin, size_t end) {
    program_.tokens.push_back(
        {kind, std::string(text_.substr(begin, end - begin)), begin, end, block_, statement_});
  }
  void EndStatement() {
    if (parentheses_ == 0) statement_ = program_.tokens.size();
  }
  void Open();
  void Close();
  void SkipTo(absl::string_view end, size_t from, bool keep) {
    const size_t found = text_.find(end, from);
    at_ = found == absl::string_view::npos ? text_.size() : found + (keep ? 0 : end.size());
  }
  // Whether a slash begins a pattern rather than divides: no value stands before it.
  bool SlashBeginsText() const {
    if (program_.tokens.empty()) return true;
    const GroovyToken& last = program_.tokens.back();
    return last.kind == Kind::kLineEnd ||
           (last.kind == Kind::kSign && last.text != ")" && last.text != "]" && last.text != "}");
  }

  absl::string_view text_;
  size_t at_ = 0;
  size_t block_ = 0;
  size_t statement_ = 0;
  int parentheses_ = 0;                        // within the block
  std::vector<std::pair<size_t, int>> outer_;  // statements and parentheses of the blocks around it
  GroovyProgram program_;
};

void Reader::ReadText(absl::string_view quote) {
  const size_t begin = at_ + quote.size();
  size_t i = begin;
  while (i < text_.size() && !absl::StartsWith(text_.substr(i), quote)) {
    if (quote.size() == 1 && text_[i] == '\n') break;  // never closed: what follows is read as code
    i += text_[i] == '\\' ? size_t{2} : size_t{1};
  }
  const size_t end = std::min(i, text_.size());
  Put(Kind::kText, begin, end);
  at_ = absl::StartsWith(text_.substr(end), quote) ? end + quote.size() : end;
}

void Reader::Open() {
  GroovyBlock block;
  block.parent = block_;
  block.open = program_.tokens.size();
  block.header = statement_;
  // A brace on a line of its own goes with the words before it.
  if (block.header == block.open && block.open > 1) {
    block.header = program_.tokens[block.open - 2].statement;
  }
  Put(Kind::kSign, at_, at_ + 1);
  block.name = program_.tokens[block.header].text;
  program_.blocks.push_back(block);
  block_ = program_.blocks.size() - 1;
  outer_.emplace_back(statement_, std::exchange(parentheses_, 0));
  EndStatement();
}

void Reader::Close() {
  if (!outer_.empty()) {
    program_.blocks[block_].close = program_.tokens.size();
    block_ = program_.blocks[block_].parent;
    std::tie(statement_, parentheses_) = outer_.back();
    outer_.pop_back();
  }
  Put(Kind::kSign, at_, at_ + 1);
  EndStatement();
}

void Reader::Step() {
  const char c = text_[at_];
  const absl::string_view rest = text_.substr(at_);
  if (absl::StartsWith(rest, "//") || (at_ == 0 && absl::StartsWith(rest, "#!"))) {
    SkipTo("\n", at_, true);
  } else if (absl::StartsWith(rest, "/*")) {
    SkipTo("*/", at_ + 2, false);
  } else if (absl::StartsWith(rest, "'''") || absl::StartsWith(rest, "\"\"\"")) {
    ReadText(rest.substr(0, 3));
  } else if (c == '\'' || c == '"' || (c == '/' && SlashBeginsText())) {
    ReadText(rest.substr(0, 1));
  } else if (c == '\n') {
    const bool goes_on = !program_.tokens.empty() && program_.tokens.back().text == ",";
    Put(Kind::kLineEnd, at_, at_ + 1);
    if (!goes_on) EndStatement();
    ++at_;
  } else if (IsWordByte(c)) {
    const size_t begin = at_;
    while (at_ < text_.size() && IsWordByte(text_[at_])) ++at_;
    Put(Kind::kWord, begin, at_);
  } else if (c == '{' || c == '}') {
    c == '{' ? Open() : Close();
    ++at_;
  } else {
    if (c == '(' || c == '[') ++parentheses_;
    if ((c == ')' || c == ']') && parentheses_ > 0) --parentheses_;
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) Put(Kind::kSign, at_, at_ + 1);
    if (c == ';') EndStatement();
    ++at_;
  }
}

}  // namespace

const GroovyToken& GroovyProgram::At(size_t index) const {
  static const GroovyToken& kNone = *new GroovyToken();
  return index < tokens.size() ? tokens[index] : kNone;
}

bool GroovyProgram::Within(size_t block, size_t outer) const {
  while (block != outer && block != 0) block = blocks[block].parent;
  return block == outer;
}

GroovyProgram ReadGroovy(absl::string_view program) { return Reader(program).Read(); }

}  // namespace slogate
