#include "gate/doctor/shell_items.h"

#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

namespace slogate {
namespace {

constexpr int kDepth = 32;  // of quotes within substitutions; deeper ones are read as plain text

bool IsAny(absl::string_view word, std::initializer_list<absl::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Reader {
 public:
  explicit Reader(absl::string_view program) : text_(program) {}

  std::vector<ShellItem> Read() {
    while (at_ < text_.size()) Step();
    EndCommand();
    return std::move(items_);
  }

 private:
  char Char(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool Begins(absl::string_view what) const { return absl::StartsWith(text_.substr(at_), what); }

  void Step();
  void ReadWord();
  void ReadHereDocument();
  void SkipHereDocuments();
  bool SkipTemplate();
  // Each from the byte at `i`, which opens it, to the one behind its end.
  size_t BehindQuotes(size_t i, int depth, ShellWord* word) const;
  size_t BehindDollar(size_t i, int depth, ShellWord* word) const;
  size_t BehindParentheses(size_t i, int depth) const;

  void EndCommand();
  void Put(ShellItemKind kind, size_t at);
  void Reserved(const ShellWord& word);

  absl::string_view text_;
  size_t at_ = 0;
  std::vector<ShellItem> items_;
  ShellItem command_;
  bool negated_ = false;
  bool in_test_ = false;  // within [[ ]]
  struct Opened {
    std::string word;
    size_t item = 0;
    bool asking = false;
  };
  std::vector<Opened> opened_;
  std::vector<std::string> here_;  // the ends of here-documents that begin on the next line
};

size_t Reader::BehindParentheses(size_t i, int depth) const {
  int open = 0;
  while (i < text_.size()) {
    const char c = text_[i];
    if (c == '(') ++open;
    if (c == ')' && --open == 0) return i + 1;
    if (c == '\\') {
      i += 2;
    } else if (c == '\'' || c == '"' || c == '`') {
      i = BehindQuotes(i, depth, nullptr);
    } else {
      ++i;
    }
  }
  return text_.size();
}

size_t Reader::BehindDollar(size_t i, int depth, ShellWord* word) const {
  const absl::string_view rest = text_.substr(i);
  if (depth > kDepth) return i + 1;
  if (absl::StartsWith(rest, "${{")) {  // GitHub puts a text there before any shell reads it
    const size_t end = text_.find("}}", i);
    return end == absl::string_view::npos ? text_.size() : end + 2;
  }
  if (absl::StartsWith(rest, "${")) {
    const size_t end = text_.find('}', i);
    return end == absl::string_view::npos ? text_.size() : end + 1;
  }
  if (!absl::StartsWith(rest, "$(")) return i + 1;
  const size_t end = BehindParentheses(i + 1, depth + 1);
  if (word != nullptr && !absl::StartsWith(rest, "$((") && end > i + 2) {
    word->programs.emplace_back(i + 2, end - 1);
  }
  return end;
}

size_t Reader::BehindQuotes(size_t i, int depth, ShellWord* word) const {
  const char quote = text_[i];
  const size_t begin = ++i;
  while (i < text_.size() && text_[i] != quote) {
    if (quote != '\'' && text_[i] == '\\') {
      i += 2;
    } else if (quote == '"' && text_[i] == '$') {
      i = BehindDollar(i, depth + 1, word);
    } else if (quote == '"' && text_[i] == '`' && depth <= kDepth) {
      i = BehindQuotes(i, depth + 1, word);
    } else {
      ++i;
    }
  }
  i = std::min(i, text_.size());
  if (quote == '`' && word != nullptr) word->programs.emplace_back(begin, i);
  return std::min(i + 1, text_.size());
}

// CircleCI's `<< parameters.x >>` is no here-document.
bool Reader::SkipTemplate() {
  absl::string_view inside = text_.substr(at_ + 2);
  inside = absl::StripLeadingAsciiWhitespace(inside.substr(0, inside.find('\n')));
  const bool is_template =
      absl::StartsWith(inside, "parameters.") || absl::StartsWith(inside, "pipeline.") ||
      absl::StartsWith(inside, "matrix.") || absl::StartsWith(inside, "include(");
  const size_t end = text_.find(">>", at_);
  if (!is_template || end == absl::string_view::npos) return false;
  at_ = end + 2;
  return true;
}

void Reader::ReadHereDocument() {
  at_ += 2;
  if (Char(at_) == '-') ++at_;
  while (Char(at_) == ' ') ++at_;
  std::string end;
  while (at_ < text_.size() && !absl::ascii_isspace(static_cast<unsigned char>(text_[at_])) &&
         absl::string_view(";|&<>()").find(text_[at_]) == absl::string_view::npos) {
    if (text_[at_] != '\'' && text_[at_] != '"' && text_[at_] != '\\') end += text_[at_];
    ++at_;
  }
  if (!end.empty()) here_.push_back(end);
}

void Reader::SkipHereDocuments() {
  for (const std::string& end : here_) {
    while (at_ < text_.size()) {
      const size_t line_end = std::min(text_.find('\n', at_), text_.size());
      const absl::string_view line = absl::StripAsciiWhitespace(text_.substr(at_, line_end - at_));
      at_ = std::min(line_end + 1, text_.size());
      if (line == end) break;
    }
  }
  here_.clear();
}

void Reader::ReadWord() {
  ShellWord word;
  word.at = at_;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const char before = at_ > word.at ? text_[at_ - 1] : '\0';
    const bool redirects = before == '>' || before == '<';
    const size_t begin = at_;
    if (c == '\\') {
      if (Char(at_ + 1) != '\n') word.text += Char(at_ + 1);
      at_ = std::min(at_ + 2, text_.size());
      continue;
    }
    if (c == '\'' || c == '"' || c == '`') {
      at_ = BehindQuotes(at_, 0, &word);
      const absl::string_view inside = text_.substr(begin + 1, at_ - begin - 1);
      absl::StrAppend(&word.text, absl::StripSuffix(inside, text_.substr(begin, 1)));
      continue;
    }
    if (c == '$') {
      at_ = BehindDollar(at_, 0, &word);
    } else if (c == '(' && redirects) {  // <(…) and >(…)
      at_ = BehindParentheses(at_, 0);
    } else if (c == '<' && Begins("<<") && !Begins("<<<") && !redirects) {
      if (SkipTemplate()) {
        absl::StrAppend(&word.text, text_.substr(begin, at_ - begin));
        continue;
      }
      if (!word.text.empty()) break;
      ReadHereDocument();
      return;  // it is no argument
    } else if ((c == '<' || c == '>') && !redirects && !word.text.empty() && before != '&' &&
               word.text.find_first_not_of("0123456789") != std::string::npos) {
      break;  // x>file are two
    } else if ((c == '&' || c == '|') && (before == '>' || (c == '&' && before == '<'))) {
      ++at_;
    } else if (c == '&' && Char(at_ + 1) == '>') {
      if (!word.text.empty()) break;
      ++at_;
    } else if (absl::ascii_isspace(static_cast<unsigned char>(c)) ||
               absl::string_view(";&|()").find(c) != absl::string_view::npos) {
      break;
    } else {
      ++at_;
    }
    absl::StrAppend(&word.text, text_.substr(begin, at_ - begin));
  }
  if (at_ == word.at) ++at_;  // what no rule above takes
  if (in_test_) {
    in_test_ = word.text != "]]";
  } else if (command_.words.empty()) {
    Reserved(word);
    return;
  }
  command_.words.push_back(std::move(word));
}

// A word where a command may begin.
void Reader::Reserved(const ShellWord& word) {
  const std::string& text = word.text;
  const bool plain = text_.substr(word.at, text.size()) == text;  // in quotes it is none
  if (plain && text == "!") {
    negated_ = !negated_;
  } else if (plain && IsAny(text, {"if", "while", "until", "for", "case", "select", "{"})) {
    opened_.push_back({text, items_.size(), IsAny(text, {"if", "while", "until"})});
    Put(ShellItemKind::kOpen, word.at);
    items_.back().words.push_back(word);
  } else if (plain && IsAny(text, {"then", "do", "else", "elif"})) {
    if (!opened_.empty()) opened_.back().asking = text == "elif";
    Put(ShellItemKind::kSeparator, word.at);
  } else if (plain && IsAny(text, {"fi", "done", "esac", "}"})) {
    if (!opened_.empty()) opened_.pop_back();
    Put(ShellItemKind::kClose, word.at);
  } else {
    in_test_ = text == "[[";
    command_.at = word.at;
    command_.words.push_back(word);
  }
}

void Reader::EndCommand() {
  in_test_ = false;
  if (command_.words.empty()) return;
  command_.negated = std::exchange(negated_, false);
  for (const Opened& opened : opened_) {
    if (opened.asking) command_.asked_by = opened.item + 1;
  }
  items_.push_back(std::exchange(command_, {}));
}

void Reader::Put(ShellItemKind kind, size_t at) {
  EndCommand();
  ShellItem item;
  item.kind = kind;
  item.at = at;
  items_.push_back(std::move(item));
}

void Reader::Step() {
  const size_t at = at_;
  const char c = text_[at_];
  if (c == '\n') {
    ++at_;
    SkipHereDocuments();
    if (!in_test_) Put(ShellItemKind::kSeparator, at);
  } else if (absl::ascii_isspace(static_cast<unsigned char>(c)) || Begins("\\\n")) {
    at_ += c == '\\' ? size_t{2} : size_t{1};
  } else if (c == '#') {
    at_ = std::min(text_.find('\n', at_), text_.size());
  } else if (in_test_ && (c == '&' || c == '|' || c == '(' || c == ')' || c == ';')) {
    ++at_;
  } else if (Begins("&&") || Begins("||")) {
    at_ += 2;
    Put(c == '&' ? ShellItemKind::kAnd : ShellItemKind::kOr, at);
  } else if (c == '|') {
    at_ += Begins("|&") ? size_t{2} : size_t{1};
    Put(ShellItemKind::kPipe, at);
  } else if (c == ';' || (c == '&' && Char(at_ + 1) != '>')) {
    ++at_;
    Put(c == ';' ? ShellItemKind::kSeparator : ShellItemKind::kBackground, at);
  } else if (c == '(') {
    ++at_;
    EndCommand();
    opened_.push_back({"(", items_.size(), false});
    Put(ShellItemKind::kOpen, at);
  } else if (c == ')') {
    ++at_;
    // A pattern of `case` ends with one that nothing has opened.
    if (!opened_.empty() && opened_.back().word == "(") {
      EndCommand();
      opened_.pop_back();
      Put(ShellItemKind::kClose, at);
    } else {
      Put(ShellItemKind::kSeparator, at);
    }
  } else {
    ReadWord();
  }
}

}  // namespace

std::vector<ShellItem> ReadShellItems(absl::string_view program) { return Reader(program).Read(); }

}  // namespace slogate
