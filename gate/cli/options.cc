#include "gate/cli/options.h"

#include <set>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/suggest.h"
#include "gate/cli/help.h"
#include "gate/cli/option_table.h"
#include "gate/cli/values.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

Commands All() {
  Commands all;
  for (Commands (*group)() : {CheckCommands, LedgerCommands, FileCommands}) {
    for (std::unique_ptr<Command>& command : group()) all.push_back(std::move(command));
  }
  return all;
}

std::vector<CommandWords> WordsOf(const Commands& commands) {
  std::vector<CommandWords> words;
  for (const auto& command : commands) words.push_back(command->table.Words());
  return words;
}

Command* Find(const Commands& commands, const std::string& name) {
  for (const auto& command : commands) {
    if (command->table.name() == name) return command.get();
  }
  return nullptr;
}

// The first words of names of two, with what may follow.
std::vector<std::string> ActionsOf(const Commands& commands, const std::string& group) {
  std::vector<std::string> actions;
  for (const auto& command : commands) {
    const std::string& name = command->table.name();
    if (absl::StartsWith(name, group + " ")) actions.push_back(name.substr(group.size() + 1));
  }
  return actions;
}

std::vector<std::string> FirstWords(const Commands& commands) {
  std::vector<std::string> words = {"help"};
  std::set<std::string> known;
  for (const auto& command : commands) {
    const std::string& name = command->table.name();
    std::string first = name.substr(0, name.find(' '));
    if (known.insert(first).second) words.push_back(std::move(first));
  }
  return words;
}

bool IsHelp(const std::string& argument) { return argument == "-h" || argument == "--help"; }

// "slogate override", with no action or one that is none.
Invocation ForGroup(const Commands& commands, const std::string& group,
                    const std::vector<std::string>& rest) {
  const std::vector<CommandWords> words = WordsOf(commands);
  if (rest.empty()) return HelpText{GroupHelp(group, words), false};
  if (IsHelp(rest[0])) return HelpText{GroupHelp(group, words)};
  return UsageError{
      {UnknownWord(absl::StrCat(group, " command"), rest[0], ActionsOf(commands, group))}, group};
}

Invocation ForHelp(const Commands& commands, const std::vector<std::string>& about) {
  const std::vector<CommandWords> words = WordsOf(commands);
  if (about.empty()) return HelpText{MainHelp(words)};
  if (const Command* command = Find(commands, about[0])) {
    return HelpText{CommandHelp(command->table.Words())};
  }
  if (!ActionsOf(commands, about[0]).empty()) {
    const Command* command =
        about.size() > 1 ? Find(commands, absl::StrCat(about[0], " ", about[1])) : nullptr;
    return HelpText{command != nullptr ? CommandHelp(command->table.Words())
                                       : GroupHelp(about[0], words)};
  }
  return UsageError{{absl::StrCat("unknown command '", Printable(about[0]), "'",
                                  DidYouMean(about[0], FirstWords(commands)))},
                    ""};
}

}  // namespace

Invocation ParseArguments(const std::vector<std::string>& arguments) {
  const Commands commands = All();
  if (arguments.empty()) return HelpText{MainHelp(WordsOf(commands)), false};
  const std::string& first = arguments[0];
  if (IsHelp(first)) return HelpText{MainHelp(WordsOf(commands))};
  if (first == "--version") return VersionOptions{};
  if (absl::StartsWith(first, "-")) {
    return UsageError{{absl::StrCat("unknown option '", Printable(first), "'",
                                    DidYouMean(first, {"--help", "--version"}))},
                      ""};
  }
  std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (first == "help") return ForHelp(commands, rest);
  Command* command = Find(commands, first);
  if (command == nullptr && !ActionsOf(commands, first).empty()) {
    if (!rest.empty()) command = Find(commands, absl::StrCat(first, " ", rest[0]));
    if (command == nullptr) return ForGroup(commands, first, rest);
    rest.erase(rest.begin());
  }
  if (command == nullptr) return ForHelp(commands, {first});
  for (const std::string& argument : rest) {
    if (argument == "--") break;
    if (IsHelp(argument)) return HelpText{CommandHelp(command->table.Words())};
  }
  std::vector<std::string> wrong;
  command->table.Parse(rest, wrong);
  const bool understood = wrong.empty();
  Invocation invocation;
  if (understood) invocation = command->Finish(wrong);
  if (!wrong.empty()) return UsageError{wrong, command->table.name()};
  if (auto* check = std::get_if<CheckOptions>(&invocation)) {
    check->command = RepeatableCommand(arguments);
  }
  return invocation;
}

std::vector<CommandWords> AllCommands() { return WordsOf(All()); }

}  // namespace slogate
