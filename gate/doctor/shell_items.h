// A shell program as a list of commands and what stands between them. As much of the shell's
// grammar as it takes to tell which command's failure goes where: quotes, comments, here-documents,
// groups, conditions. Not expansions: a word is what stands there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate {

struct ShellWord {
  std::string text;  // without its quotes
  size_t at = 0;     // its first byte in the program
  // The insides of `$(…)` and backticks, from and to.
  std::vector<std::pair<size_t, size_t>> programs;
};

enum class ShellItemKind : uint8_t {
  kCommand,
  kOpen,       // {, (, for, case, and if, while and until
  kClose,      // }, ), esac, fi, done
  kAnd,        // &&
  kOr,         // ||
  kPipe,       // |
  kSeparator,  // ; and line ends; also then, do, else
  kBackground  // &
};

struct ShellItem {
  ShellItemKind kind = ShellItemKind::kCommand;
  size_t at = 0;
  std::vector<ShellWord> words;  // of a command; the word that opens, but for a (
  bool negated = false;          // behind a !
  // For a command that an if, while or until asks: the index of the item that opens it, plus one.
  size_t asked_by = 0;
};

std::vector<ShellItem> ReadShellItems(absl::string_view program);

}  // namespace slogate
