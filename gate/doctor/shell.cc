#include "gate/doctor/shell.h"

#include <algorithm>
#include <optional>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/doctor/shell_items.h"

namespace slogate {
namespace {

constexpr int kDepth = 8;  // of programs within programs; nobody calls a gate deeper

using Items = std::vector<ShellItem>;
using Words = std::vector<ShellWord>;

bool IsAssignment(absl::string_view word) {
  const size_t equals = word.find('=');
  return equals != absl::string_view::npos && equals > 0 &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
         });
}

// "slogate", "./bin/slogate", "$SLOGATE", "${slogate}".
bool IsProgram(absl::string_view word) {
  absl::ConsumePrefix(&word, "$");
  absl::ConsumePrefix(&word, "{");
  absl::ConsumeSuffix(&word, "}");
  const size_t slash = word.rfind('/');
  if (slash != absl::string_view::npos) word.remove_prefix(slash + 1);
  return absl::EqualsIgnoreCase(word, "slogate");
}

// The words after `slogate check`, by the index of `slogate`; nothing where the command is no gate.
std::optional<size_t> GateAt(const Words& words) {
  if (words.empty()) return std::nullopt;
  for (const absl::string_view shows : {"echo", "printf", "cat", "grep", "test", "[", "[["}) {
    if (words[0].text == shows) return std::nullopt;
  }
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (IsProgram(words[i].text) && words[i + 1].text == "check") return i;
  }
  return std::nullopt;
}

void ApplySet(const Words& words, size_t first, ShellFlags& flags) {
  for (size_t i = first; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+') || word[1] == '-') continue;
    const bool on = word[0] == '-';
    for (const char c : word.substr(1)) {
      if (c == 'e') flags.errexit = on;
      if (c != 'o' || i + 1 >= words.size()) continue;
      const std::string& option = words[++i].text;
      if (option == "errexit") flags.errexit = on;
      if (option == "pipefail") flags.pipefail = on;
    }
  }
}

// Whether a command certainly ends the program as a failure, or is likely to.
bool Fails(const ShellItem& item) {
  if (item.kind != ShellItemKind::kCommand) return false;
  const std::string& name = item.words[0].text;
  if (name == "exit" || name == "return") return item.words.size() < 2 || item.words[1].text != "0";
  for (const absl::string_view word : {"false", "die", "fail", "abort", "fatal", "kill"}) {
    if (name == word) return true;
  }
  return false;
}

bool Halts(const ShellItem& item) {
  return item.kind == ShellItemKind::kCommand && item.words.size() > 2 &&
         absl::EndsWith(item.words[0].text, "circleci-agent") && item.words[1].text == "step" &&
         item.words[2].text == "halt";
}

// Commands that matter when a gate was passed by; words to people do not.
bool Does(const ShellItem& item) {
  if (item.kind != ShellItemKind::kCommand || Fails(item)) return false;
  for (const absl::string_view word : {"echo", "printf", ":", "true", "set", "exit", "cat"}) {
    if (item.words[0].text == word) return false;
  }
  return true;
}

// One gate within its program.
class Walk {
 public:
  Walk(const Items& items, size_t gate, const Script& script, ShellFlags flags, bool deploy_follows,
       Findings& findings)
      : items_(items),
        gate_(gate),
        script_(script),
        flags_(flags),
        deploy_follows_(deploy_follows),
        findings_(findings) {}

  void Go();

 private:
  Position At(size_t byte) const { return script_.at[byte]; }
  // The item behind the group or command that begins at `i`.
  size_t Behind(size_t i) const;
  // Whether what stands from item `i` on runs in spite of a denial, or ends the program as a success
  // that a deploy goes by.
  bool GoesOnFrom(size_t i) const {
    const auto from = items_.begin() + static_cast<std::ptrdiff_t>(std::min(i, items_.size()));
    return std::any_of(from, items_.end(), [&](const ShellItem& item) {
      return Does(item) || (deploy_follows_ && item.kind == ShellItemKind::kCommand &&
                            !Fails(item) && item.words[0].text != "set");
    });
  }
  // The exit code is read by what comes later.
  bool LookedAt() const {
    const absl::string_view later = absl::string_view(script_.text).substr(items_[gate_].at);
    return absl::StrContains(later, "$?") || absl::StrContains(later, "PIPESTATUS");
  }
  bool Asked();
  void Or(size_t i);
  bool Ended(size_t i, bool and_list);

  const Items& items_;
  const size_t gate_;
  const Script& script_;
  const ShellFlags flags_;
  const bool deploy_follows_;
  Findings& findings_;
};

size_t Walk::Behind(size_t i) const {
  int depth = 0;
  for (; i < items_.size(); ++i) {
    if (items_[i].kind == ShellItemKind::kOpen) ++depth;
    if (items_[i].kind == ShellItemKind::kClose) --depth;
    if (depth <= 0) return i + 1;
  }
  return i;
}

// `if slogate check; then …`: returns whether that is what it is.
bool Walk::Asked() {
  if (items_[gate_].asked_by == 0) return false;
  const size_t open = items_[gate_].asked_by - 1;
  const size_t end = Behind(open);
  // `until slogate check` is left by a proceed alone, unless by a break.
  const std::string& asks = items_[open].words[0].text;
  const bool waits = asks == (items_[gate_].negated ? "while" : "until");
  const auto breaks = [](const ShellItem& item) {
    return item.kind == ShellItemKind::kCommand && item.words[0].text == "break";
  };
  if (waits && std::none_of(items_.begin() + static_cast<std::ptrdiff_t>(gate_),
                            items_.begin() + static_cast<std::ptrdiff_t>(end), breaks))
    return true;
  for (size_t i = gate_ + 1; i < end; ++i) {
    if (Halts(items_[i])) {
      findings_.Bypass(At(items_[i].at), "step_halt",
                       "'step halt' ends the job green, so jobs that require it go on",
                       "let the gate's exit code fail the job: take the halt out");
      return true;
    }
    if (Fails(items_[i])) return true;
  }
  if (deploy_follows_ || GoesOnFrom(end)) {
    findings_.Bypass(At(items_[gate_].words[0].at), "gate_as_condition",
                     "a denial only chooses a branch here, and what follows runs all the same",
                     "add 'else exit 1', or call the gate on a line of its own");
  }
  return true;
}

// `slogate check || …`.
void Walk::Or(size_t i) {
  size_t end = i;
  bool assigns = false;
  while (end < items_.size() &&
         (items_[end].kind == ShellItemKind::kOr || items_[end].kind == ShellItemKind::kAnd)) {
    const size_t begin = end + 1;
    end = Behind(begin);
    for (size_t j = begin; j < std::min(end, items_.size()); ++j) {
      if (Fails(items_[j])) return;
      if (Halts(items_[j])) {
        findings_.Bypass(At(items_[j].at), "step_halt",
                         "'step halt' ends the job green, so jobs that require it go on",
                         "let the gate's exit code fail the job: take the halt out");
        return;
      }
      assigns = assigns || (items_[j].kind == ShellItemKind::kCommand &&
                            IsAssignment(items_[j].words[0].text) &&
                            absl::StrContains(items_[j].words[0].text, "$?"));
    }
  }
  if (assigns) {
    // `|| code=$?` is half of a look at it; the other half comes later, or nobody looks.
    const absl::string_view later = absl::string_view(script_.text).substr(items_[i].at);
    const absl::string_view from_name = absl::StripAsciiWhitespace(later.substr(2));
    const absl::string_view name = from_name.substr(0, from_name.find('='));
    if (absl::StrContains(later, absl::StrCat("$", name)) ||
        absl::StrContains(later, absl::StrCat("${", name)))
      return;
  }
  findings_.Bypass(At(items_[i].at), "ignored_exit_code",
                   "what stands behind '||' turns a denial into a success",
                   "take it away, or let it end with a failure: || { …; exit 1; }");
}

// The end of the gate's list of commands: returns whether something was said.
bool Walk::Ended(size_t i, bool and_list) {
  if (!GoesOnFrom(i) || LookedAt()) return false;
  if (and_list && flags_.errexit) {
    findings_.Bypass(At(items_[gate_].words[0].at), "and_list",
                     "before '&&' a failure does not end the program: the next lines run after a "
                     "denial, too",
                     "put the gate on a line of its own");
    return true;
  }
  if (flags_.errexit) return false;
  findings_.Bypass(At(items_[gate_].words[0].at), "errexit_off",
                   "the shell goes on after a failure here, so the next lines run after a denial",
                   "put 'set -e' before it, or write slogate check … || exit");
  return true;
}

void Walk::Go() {
  const ShellItem& gate = items_[gate_];
  if (Asked()) return;
  if (gate.negated) {
    findings_.Bypass(At(gate.at), "negated", "'!' makes a success of a denial",
                     "take the '!' away");
    return;
  }
  int depth = 0;
  bool in_list = true, and_list = false;
  for (size_t i = gate_ + 1; i < items_.size(); ++i) {
    const ShellItemKind kind = items_[i].kind;
    if (kind == ShellItemKind::kOpen) ++depth;
    if (kind == ShellItemKind::kClose && --depth < 0) {
      depth = 0;
      in_list = true;
      continue;
    }
    if (depth > 0 || !in_list) continue;
    switch (kind) {
      case ShellItemKind::kOr:
        Or(i);
        return;
      case ShellItemKind::kAnd:
        and_list = true;
        break;
      case ShellItemKind::kPipe:
        if (flags_.pipefail || and_list || absl::StrContains(script_.text, "PIPESTATUS")) break;
        findings_.Bypass(At(items_[i].at), "pipe_without_pipefail",
                         "a pipe has the exit code of its last command, and this shell has no "
                         "pipefail",
                         "put 'set -o pipefail' before it, or take the pipe away");
        return;
      case ShellItemKind::kBackground:
        findings_.Bypass(At(items_[i].at), "background",
                         "'&' does not wait for the gate, and nobody sees its exit code",
                         "take the '&' away");
        return;
      case ShellItemKind::kSeparator:
        if (Ended(i, and_list)) return;
        in_list = false;
        and_list = false;
        break;
      default:
        break;
    }
  }
}

GateCall CallOf(const ShellItem& item, size_t program, const Script& script) {
  GateCall call;
  call.at = script.at[item.words[program].at];
  for (size_t i = program + 2; i < item.words.size(); ++i) {
    const ShellWord& word = item.words[i];
    if (word.text == "--dry-run") call.dry_run = true;
    if (word.text == "--policy" && i + 1 < item.words.size()) {
      call.policy = item.words[i + 1].text;
      call.policy_at = script.at[item.words[i + 1].at];
    } else if (absl::StartsWith(word.text, "--policy=")) {
      call.policy = word.text.substr(9);
      call.policy_at = script.at[word.at];
    }
  }
  return call;
}

ShellReading Read(const Script& script, ShellFlags flags, bool deploy_follows, int depth,
                  Findings& findings) {
  ShellReading reading;
  const Items items = ReadShellItems(script.text);
  bool deploys_before = false;
  for (size_t i = 0; i < items.size(); ++i) {
    const ShellItem& item = items[i];
    if (item.kind != ShellItemKind::kCommand) continue;
    if (item.words[0].text == "set") ApplySet(item.words, 1, flags);
    bool gate = false;
    if (const std::optional<size_t> program = GateAt(item.words)) {
      reading.gates.push_back(CallOf(item, *program, script));
      gate = true;
    }
    const bool assigns = std::all_of(item.words.begin(), item.words.end(),
                                     [](const ShellWord& word) { return IsAssignment(word.text); });
    for (const ShellWord& word : item.words) {
      if (depth >= kDepth) break;
      for (const auto& [begin, end] : word.programs) {
        const ShellReading inner =
            Read(script.Part(begin, end), {false, flags.pipefail}, false, depth + 1, findings);
        if (inner.gates.empty()) continue;
        reading.gates.insert(reading.gates.end(), inner.gates.begin(), inner.gates.end());
        gate = gate || assigns;
        if (!assigns) {
          findings.Bypass(inner.gates[0].at, "substitution",
                          "a command does not fail because one within its arguments fails",
                          "assign first, on a line of its own: text=$(slogate check …)");
        }
      }
    }
    if (gate) {
      Walk(items, i, script, flags, deploy_follows, findings).Go();
    } else if (Does(item)) {
      const size_t last = item.words.back().at;
      const std::string words =
          script.text.substr(item.at, last - item.at + item.words.back().text.size());
      const bool deploys = ReadsLikeDeploy(words);
      deploys_before = deploys_before || (deploys && reading.gates.empty());
      reading.deploys = reading.deploys || (deploys && !reading.gates.empty());
    }
  }
  if (reading.gates.empty()) reading.deploys = deploys_before;
  return reading;
}

}  // namespace

ShellFlags FlagsOf(absl::string_view command_line) {
  Words words;
  for (const absl::string_view word :
       absl::StrSplit(command_line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty())) {
    words.push_back({std::string(word), 0, {}});
  }
  ShellFlags flags;
  ApplySet(words, 1, flags);
  return flags;
}

ShellReading ReadShell(const Script& script, ShellFlags flags, bool deploy_follows,
                       Findings& findings) {
  return Read(script, flags, deploy_follows, 0, findings);
}

ShellReading LookAtShell(const Script& script) {
  Findings unheard;
  return Read(script, {}, false, 0, unheard);
}

}  // namespace slogate
