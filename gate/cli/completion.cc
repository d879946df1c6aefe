// slogate completion: scripts for shells, written from the command line's own tables.
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "gate/cli/commands.h"
#include "gate/cli/help.h"
#include "gate/cli/report.h"

namespace slogate {
namespace {

std::string Names(const CommandWords& command) {
  std::vector<std::string> names = {"--help"};
  for (const OptionWords& option : command.options) {
    if (option.name != "--help") names.push_back(option.name);
  }
  names.insert(names.end(), command.words.begin(), command.words.end());
  return absl::StrJoin(names, " ");
}

// The first words of commands' names, and what follows the first word of those of two.
std::vector<std::string> FirstWords(const std::vector<CommandWords>& commands) {
  std::vector<std::string> words;
  for (const CommandWords& command : commands) {
    std::string first = command.name.substr(0, command.name.find(' '));
    if (words.empty() || words.back() != first) words.push_back(std::move(first));
  }
  return words;
}

std::vector<const CommandWords*> ActionsOf(const std::string& group,
                                           const std::vector<CommandWords>& commands) {
  std::vector<const CommandWords*> actions;
  for (const CommandWords& command : commands) {
    if (absl::StartsWith(command.name, group + " ")) actions.push_back(&command);
  }
  return actions;
}

std::string ActionOf(const CommandWords& command) {
  return command.name.substr(command.name.find(' ') + 1);
}

std::string Bash(const std::vector<CommandWords>& commands) {
  std::string cases, values, groups;
  for (const std::string& first : FirstWords(commands)) {
    std::vector<std::string> actions;
    for (const CommandWords* command : ActionsOf(first, commands)) {
      actions.push_back(ActionOf(*command));
    }
    if (!actions.empty()) {
      absl::StrAppend(&groups, "    ", first, ") actions='", absl::StrJoin(actions, " "), "' ;;\n");
    }
  }
  for (const CommandWords& command : commands) {
    absl::StrAppend(&cases, "    '", command.name, "') words='", Names(command),
                    "'; files=", command.takes_files ? "yes" : "no", " ;;\n");
    for (const OptionWords& option : command.options) {
      if (option.value.empty()) continue;
      absl::StrAppend(&values, "    '", command.name, ":", option.name, "') ");
      if (option.takes_file) {
        absl::StrAppend(&values, "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n");
      } else {
        absl::StrAppend(&values, "COMPREPLY=($(compgen -W '", absl::StrJoin(option.words, " "),
                        "' -- \"$cur\")); return ;;\n");
      }
    }
  }
  return absl::StrCat(
      "# bash completion for slogate: source <(slogate completion bash)\n"
      "_slogate() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= files=no\n"
      "  local command=${COMP_WORDS[1]} actions=\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    COMPREPLY=($(compgen -W '",
      absl::StrJoin(FirstWords(commands), " "),
      "' -- \"$cur\"))\n    return\n  fi\n"
      "  case $command in\n",
      groups,
      "  esac\n"
      "  if [[ -n $actions ]]; then\n"
      "    if ((COMP_CWORD == 2)); then\n"
      "      COMPREPLY=($(compgen -W \"$actions\" -- \"$cur\"))\n      return\n    fi\n"
      "    command+=\" ${COMP_WORDS[2]}\"\n"
      "  fi\n"
      "  case $command:$prev in\n",
      values, "  esac\n  case $command in\n", cases,
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
      "  if [[ $files == yes && $cur != -* ]]; then\n"
      "    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
      "  fi\n"
      "}\n"
      "complete -o filenames -F _slogate slogate\n");
}

// For zsh's _arguments: colons and brackets part its fields.
std::string ZshText(const std::string& text) {
  return absl::StrReplaceAll(text, {{"'", "'\\''"}, {":", "\\:"}, {"[", "\\["}, {"]", "\\]"}});
}

std::string Zsh(const std::vector<CommandWords>& commands) {
  std::string list, cases, groups;
  for (const std::string& first : FirstWords(commands)) {
    const std::vector<const CommandWords*> actions = ActionsOf(first, commands);
    if (actions.empty()) continue;
    absl::StrAppend(&list, "    '", first, ":", ZshText(GroupDescription(first)), "'\n");
    absl::StrAppend(&groups, "    ", first, ") actions=(\n");
    for (const CommandWords* command : actions) {
      absl::StrAppend(&groups, "      '", ActionOf(*command), ":", ZshText(command->description),
                      "'\n");
    }
    absl::StrAppend(&groups, "    ) ;;\n");
  }
  for (const CommandWords& command : commands) {
    if (!absl::StrContains(command.name, ' ')) {
      absl::StrAppend(&list, "    '", command.name, ":", ZshText(command.description), "'\n");
    }
    absl::StrAppend(&cases, "    '", command.name, "')\n      _arguments \\\n");
    for (const OptionWords& option : command.options) {
      absl::StrAppend(&cases, "        '", option.name == "--slos" ? "*" : "", option.name, "[",
                      ZshText(option.description), "]");
      if (option.takes_file) {
        absl::StrAppend(&cases, ":file:_files");
      } else if (!option.value.empty()) {
        absl::StrAppend(&cases, ":value:(", absl::StrJoin(option.words, " "), ")");
      }
      absl::StrAppend(&cases, "' \\\n");
    }
    if (command.takes_files)
      absl::StrAppend(&cases, "        '*:file:_files'\n");
    else
      absl::StrAppend(&cases, "        '1:word:(", absl::StrJoin(command.words, " "), ")'\n");
    absl::StrAppend(&cases, "      ;;\n");
  }
  return absl::StrCat(
      "#compdef slogate\n"
      "_slogate() {\n"
      "  local -a commands=(\n",
      list,
      "  )\n"
      "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
      "  local command=$words[2]\n"
      "  local -a actions=()\n"
      "  shift words; (( CURRENT-- ))\n"
      "  case $command in\n",
      groups,
      "  esac\n"
      "  if (( $#actions )); then\n"
      "    if (( CURRENT == 2 )); then _describe command actions; return; fi\n"
      "    command=\"$command $words[2]\"\n"
      "    shift words; (( CURRENT-- ))\n"
      "  fi\n"
      "  case $command in\n",
      cases,
      "  esac\n"
      "}\n"
      "if [[ $funcstack[1] == _slogate ]]; then _slogate \"$@\"; else compdef _slogate slogate; "
      "fi\n");
}

std::string Fish(const std::vector<CommandWords>& commands) {
  const auto quoted = [](const std::string& text) {
    return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
  };
  std::string text = "# fish completion for slogate\ncomplete -c slogate -f\n";
  const auto offer = [&](const std::string& word, const std::string& description) {
    absl::StrAppend(&text, "complete -c slogate -n __fish_use_subcommand -a ", word, " -d ",
                    quoted(description), "\n");
  };
  for (const std::string& first : FirstWords(commands)) {
    const std::vector<const CommandWords*> actions = ActionsOf(first, commands);
    if (!actions.empty()) offer(first, GroupDescription(first));
    std::vector<std::string> words;
    for (const CommandWords* command : actions) words.push_back(ActionOf(*command));
    for (const CommandWords* command : actions) {
      absl::StrAppend(&text, "complete -c slogate -n '__fish_seen_subcommand_from ", first,
                      "; and not __fish_seen_subcommand_from ", absl::StrJoin(words, " "), "' -a ",
                      ActionOf(*command), " -d ", quoted(command->description), "\n");
    }
  }
  for (const CommandWords& command : commands) {
    const std::vector<std::string> words = absl::StrSplit(command.name, ' ');
    if (words.size() == 1) offer(command.name, command.description);
    const std::string within =
        absl::StrCat("complete -c slogate -n '__fish_seen_subcommand_from ",
                     absl::StrJoin(words, "; and __fish_seen_subcommand_from "), "'");
    for (const OptionWords& option : command.options) {
      absl::StrAppend(&text, within, " -l ", option.name.substr(2), " -d ",
                      quoted(option.description));
      if (option.takes_file)
        absl::StrAppend(&text, " -r -F");
      else if (!option.value.empty())
        absl::StrAppend(&text, " -x");
      if (!option.words.empty())
        absl::StrAppend(&text, " -a ", quoted(absl::StrJoin(option.words, " ")));
      absl::StrAppend(&text, "\n");
    }
    if (command.takes_files) absl::StrAppend(&text, within, " -F\n");
    if (!command.words.empty())
      absl::StrAppend(&text, within, " -a ", quoted(absl::StrJoin(command.words, " ")), "\n");
  }
  return text;
}

}  // namespace

int Completion(const CompletionOptions& options, World& world) {
  const std::vector<CommandWords> commands = AllCommands();
  if (options.shell == "bash") return Say(world, Bash(commands));
  return Say(world, options.shell == "zsh" ? Zsh(commands) : Fish(commands));
}

}  // namespace slogate
