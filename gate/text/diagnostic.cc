#include "gate/text/diagnostic.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <tuple>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_split.h>

#include "gate/base/limits.h"
#include "gate/text/mask.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

constexpr size_t kColumns = 110;       // of a whole line with its number
constexpr size_t kMessageBytes = 600;  // a key may be as long as its file
constexpr absl::string_view kMask = "***";
constexpr absl::string_view kEllipsis = "…";

// Characters that a terminal obeys or hides instead of showing.
bool IsHidden(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
         code == 0x180e || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
         code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) ||
         (code >= 0xe0000 && code <= 0xe007f);
}

std::string Escape(const Utf8Character& character) {
  const auto code = static_cast<uint32_t>(character.code);
  if (!character.valid || code < 0x80) return absl::StrFormat("\\x%02x", code);
  return code < 0x10000 ? absl::StrFormat("\\u%04x", code) : absl::StrFormat("\\U%08x", code);
}

// A character as it is shown, and how many columns that takes.
struct Cell {
  std::string text;
  size_t columns = 1;
};

Cell ShownCharacter(absl::string_view text, const Utf8Character& character) {
  if (character.valid && character.code == '\t') return {" ", 1};
  if (character.valid && !IsHidden(character.code))
    return {std::string(text.substr(0, character.bytes)), 1};
  std::string escape = Escape(character);
  const size_t columns = escape.size();
  return {std::move(escape), columns};
}

// A part of a source line as shown: one cell a character, a masked stretch is one cell.
struct Excerpt {
  std::vector<Cell> cells;
  // The index of the cell under which the caret stands; cells.size() behind the last
  size_t caret = 0;
  bool more_before = false, more_after = false;
};

// The byte at which the 1-based `column` begins, or the end of the line.
size_t ByteOfColumn(absl::string_view line, int column) {
  size_t byte = 0;
  for (int at = 1; at < column && byte < line.size(); ++at) {
    byte += FirstCharacter(line.substr(byte)).bytes;
  }
  return byte;
}

// What stands within kColumns bytes or so of `caret`, so that a file of one long line costs no more
// than others.
Excerpt CutOut(absl::string_view line, const std::vector<ByteRange>& hidden, size_t caret) {
  constexpr size_t kAround = 4 * kColumns;  // a character has at most four bytes
  size_t begin = caret > kAround ? caret - kAround : 0;
  while (begin > 0 && (static_cast<unsigned char>(line[begin]) & 0xc0U) == 0x80) --begin;
  Excerpt excerpt;
  excerpt.more_before = begin > 0;
  auto next = std::find_if(hidden.begin(), hidden.end(),
                           [&](const ByteRange& range) { return range.end > begin; });
  const ByteRange* shown_mask = nullptr;
  size_t i = begin;
  while (i < line.size() && i <= caret + kAround) {
    const Utf8Character character = FirstCharacter(line.substr(i));
    while (next != hidden.end() && next->end <= i) ++next;
    if (next == hidden.end() || i < next->begin) {
      excerpt.cells.push_back(ShownCharacter(line.substr(i), character));
    } else if (shown_mask != &*next) {
      shown_mask = &*next;
      excerpt.cells.push_back({std::string(kMask), kMask.size()});
    }
    if (i <= caret) excerpt.caret = excerpt.cells.size() - 1;
    i += character.bytes;
  }
  if (caret >= line.size()) excerpt.caret = excerpt.cells.size();
  excerpt.more_after = i < line.size();
  return excerpt;
}

// Leaves only the cells that fit into `room` columns, with the caret among them.
void Fit(Excerpt& excerpt, size_t room) {
  size_t all = 0;
  for (const Cell& cell : excerpt.cells) all += cell.columns;
  if (all <= room && !excerpt.more_before && !excerpt.more_after) return;
  const size_t budget = room - 2;  // an ellipsis at either end
  const std::vector<Cell>& cells = excerpt.cells;
  size_t begin = excerpt.caret;
  size_t end = begin;
  size_t used = 0;
  // Two thirds before the caret at most, so that what follows it is seen too.
  while (begin > 0 && used + cells[begin - 1].columns <= budget * 2 / 3) {
    used += cells[--begin].columns;
  }
  while (end < cells.size() && used + cells[end].columns <= budget) used += cells[end++].columns;
  while (begin > 0 && used + cells[begin - 1].columns <= budget) used += cells[--begin].columns;
  excerpt.more_before = excerpt.more_before || begin > 0;
  excerpt.more_after = excerpt.more_after || end < cells.size();
  excerpt.caret -= begin;
  excerpt.cells = std::vector<Cell>(cells.begin() + static_cast<std::ptrdiff_t>(begin),
                                    cells.begin() + static_cast<std::ptrdiff_t>(end));
}

// The lines of one file, cut up once for all of its diagnostics.
class Lines {
 public:
  explicit Lines(const SourceFile& file) : lines_(absl::StrSplit(file.text, '\n')) {
    for (absl::string_view& line : lines_) {
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    }
    secret_ = file.indented ? SecretLines(lines_) : std::vector<bool>(lines_.size());
  }

  size_t size() const { return lines_.size(); }
  absl::string_view line(size_t index) const { return lines_[index]; }

  // What of the line is hidden; kept, because one line may hold many mistakes.
  const std::vector<ByteRange>& Hidden(size_t index) {
    const auto [entry, added] = hidden_.try_emplace(index);
    if (!added) return entry->second;
    const absl::string_view line = lines_[index];
    if (secret_[index]) {
      entry->second = {{std::min(line.find_first_not_of(" \t"), line.size()), line.size()}};
    } else {
      entry->second = SecretRanges(line);
    }
    return entry->second;
  }

 private:
  std::vector<absl::string_view> lines_;
  std::vector<bool> secret_;
  std::map<size_t, std::vector<ByteRange>> hidden_;
};

void AppendSourceLine(Lines& lines, Position at, absl::string_view gutter, std::string& out) {
  const size_t index = static_cast<size_t>(at.line) - 1;
  const absl::string_view line = lines.line(index);
  Excerpt excerpt = CutOut(line, lines.Hidden(index), ByteOfColumn(line, at.column));
  Fit(excerpt, kColumns - gutter.size() - 3);
  std::string text = excerpt.more_before ? std::string(kEllipsis) : "";
  size_t before_caret = excerpt.more_before ? 1 : 0;
  for (size_t i = 0; i < excerpt.cells.size(); ++i) {
    absl::StrAppend(&text, excerpt.cells[i].text);
    if (i < excerpt.caret) before_caret += excerpt.cells[i].columns;
  }
  if (excerpt.more_after) absl::StrAppend(&text, kEllipsis);
  absl::StrAppend(&out, "  ", at.line, " | ", text, "\n", gutter, " | ",
                  std::string(before_caret, ' '), "^\n");
}

}  // namespace

bool HasErrors(absl::Span<const Diagnostic> diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

std::string Render(std::vector<Diagnostic> diagnostics, absl::Span<const SourceFile> files) {
  std::map<std::string, size_t> order;
  for (size_t i = 0; i < files.size(); ++i) order.emplace(files[i].path, i);
  const auto index = [&](const Diagnostic& d) {
    const auto found = order.find(d.file);
    return found == order.end() ? files.size() : found->second;
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) {
                     return std::make_tuple(index(a), a.at.line, a.at.column) <
                            std::make_tuple(index(b), b.at.line, b.at.column);
                   });
  std::map<size_t, Lines> split;
  std::string out;
  const size_t shown = std::min(diagnostics.size(), limits::kShownDiagnostics);
  for (size_t i = 0; i < shown; ++i) {
    const Diagnostic& d = diagnostics[i];
    if (!out.empty()) out += '\n';
    absl::StrAppend(&out, Printable(d.file));
    if (d.at.line > 0) absl::StrAppend(&out, ":", d.at.line, ":", d.at.column);
    absl::StrAppend(&out, d.severity == Severity::kError ? ": error: " : ": warning: ",
                    Cut(Printable(d.message), kMessageBytes), " [", d.id, "]\n");
    const size_t file = index(d);
    const std::string gutter(2 + (d.at.line > 0 ? absl::StrCat(d.at.line).size() : 1), ' ');
    if (d.at.line > 0 && file < files.size()) {
      Lines& lines = split.try_emplace(file, files[file]).first->second;
      if (static_cast<size_t>(d.at.line) <= lines.size())
        AppendSourceLine(lines, d.at, gutter, out);
    }
    if (!d.hint.empty()) {
      absl::StrAppend(&out, gutter, " = ", Cut(Printable(d.hint), kMessageBytes), "\n");
    }
  }
  if (shown < diagnostics.size()) {
    absl::StrAppend(&out, "\n… and ", diagnostics.size() - shown, " more\n");
  }
  return out;
}

std::string MaskSecrets(absl::string_view line) {
  std::string out;
  size_t done = 0;
  for (const ByteRange& range : SecretRanges(line)) {
    absl::StrAppend(&out, line.substr(done, range.begin - done), kMask);
    done = range.end;
  }
  absl::StrAppend(&out, line.substr(done));
  return out;
}

std::string Printable(absl::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8Character character = FirstCharacter(text);
    if (character.valid && !IsHidden(character.code)) {
      absl::StrAppend(&out, text.substr(0, character.bytes));
    } else {
      absl::StrAppend(&out, Escape(character));
    }
    text.remove_prefix(character.bytes);
  }
  return out;
}

std::string Cut(absl::string_view text, size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), kEllipsis);
}

}  // namespace slogate
