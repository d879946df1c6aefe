#include "gate/cli/option_table.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <CLI/CLI.hpp>

#include "gate/base/suggest.h"
#include "gate/cli/values.h"
#include "gate/text/diagnostic.h"

namespace slogate {

struct OptionTable::Parser {
  CLI::App app;
};

OptionTable::OptionTable(std::string name, std::string description)
    : parser_(std::make_unique<Parser>()) {
  parser_->app.allow_extras();
  words_.name = std::move(name);
  words_.description = std::move(description);
  parser_->app.set_help_flag("-h,--help", "Show this help and exit");
  Describe("--help", "Show this help and exit", "");
}
OptionTable::~OptionTable() = default;
OptionTable::OptionTable(OptionTable&&) noexcept = default;

OptionWords& OptionTable::Describe(const char* option, const std::string& doc, const char* type) {
  const std::string value = type;
  words_.options.push_back({option, doc, value, value == "FILE" || value == "FOLDER", false, {}});
  return words_.options.back();
}

void OptionTable::Text(const char* option, std::string& value, const char* type,
                       const std::string& doc, std::vector<std::string> words) {
  parser_->app.add_option(option, value);
  Describe(option, doc, type).words = std::move(words);
}

void OptionTable::MaybeText(const char* option, std::string& value, const char* type,
                            const char* doc) {
  parser_->app.add_option(option, value);
  Describe(option, doc, type).may_be_empty = true;
}

void OptionTable::File(const char* option, std::string& value, const char* doc) {
  Text(option, value, "FILE", doc);
}

void OptionTable::Many(const char* option, std::vector<std::string>& values, const char* type,
                       const std::string& doc) {
  parser_->app.add_option(option, values)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);  // one each time, or it takes the argument behind it, too
  Describe(option, doc, type);
}

void OptionTable::Files(const char* option, std::vector<std::string>& values, const char* doc) {
  Many(option, values, "FILE", doc);
}

void OptionTable::Flag(const char* option, bool& value, const char* doc) {
  parser_->app.add_flag(option, value)->disable_flag_override();
  Describe(option, doc, "");
}

void OptionTable::Positional(const char* name, std::vector<std::string>& values,
                             const std::string& doc, std::vector<std::string> words, bool is_file) {
  parser_->app.add_option(name, values);
  words_.argument = name;
  words_.argument_description = doc;
  words_.takes_files = words.empty() && is_file;
  words_.words = std::move(words);
}

bool OptionTable::Given(const std::string& option) const { return parser_->app.count(option) > 0; }

// What CLI11 would let pass, or say in its own words: options it does not know, values that are
// missing or empty or begin with '-' (more often a value forgotten), flags with a value, and
// options given twice.
void OptionTable::CheckArguments(const std::vector<std::string>& arguments,
                                 std::vector<std::string>& wrong) const {
  const auto find = [&](const std::string& name) {
    const auto found = std::find_if(words_.options.begin(), words_.options.end(),
                                    [&](const OptionWords& option) { return option.name == name; });
    return found == words_.options.end() ? nullptr : &*found;
  };
  std::set<std::string> given;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") return;
    if (!absl::StartsWith(argument, "-") || argument == "-") continue;
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const OptionWords* option = find(name);
    if (option == nullptr) {
      std::vector<std::string> names;
      for (const OptionWords& known : words_.options) names.push_back(known.name);
      wrong.push_back(
          absl::StrCat("unknown option '", Printable(name), "'", DidYouMean(name, names)));
      continue;
    }
    const bool repeats = parser_->app.get_option_no_throw(name)->get_multi_option_policy() ==
                         CLI::MultiOptionPolicy::TakeAll;
    if (!given.insert(name).second && !repeats)
      wrong.push_back(absl::StrCat(name, " is given twice"));
    if (option->value.empty()) {
      if (equals != std::string::npos) wrong.push_back(absl::StrCat(name, " takes no value"));
      continue;
    }
    if (equals != std::string::npos) {
      if (equals + 1 == argument.size() && !option->may_be_empty) {
        wrong.push_back(absl::StrCat(name, " needs a value"));
      }
    } else if (i + 1 >= arguments.size() ||
               (arguments[i + 1] != "-" && absl::StartsWith(arguments[i + 1], "-"))) {
      wrong.push_back(
          absl::StrCat(name, " needs a value; one that begins with '-' is written ", name, "=-…"));
    } else {
      ++i;
      if (arguments[i].empty() && !option->may_be_empty) {
        wrong.push_back(absl::StrCat(name, " needs a value, and got an empty one"));
      }
    }
  }
}

namespace {

// The arguments as CLI11 wants them: the last first, and "--x=" as two, since it would take what
// stands behind it for the value.
std::vector<std::string> ForCli11(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  bool options = true;  // until "--"
  for (const std::string& argument : arguments) {
    options = options && argument != "--";
    if (options && absl::StartsWith(argument, "--") && argument.find('=') + 1 == argument.size()) {
      result.push_back(argument.substr(0, argument.size() - 1));
      result.emplace_back();
    } else {
      result.push_back(argument);
    }
  }
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace

void OptionTable::Parse(const std::vector<std::string>& arguments,
                        std::vector<std::string>& wrong) {
  CheckArguments(arguments, wrong);
  if (!wrong.empty()) return;
  try {
    parser_->app.parse(ForCli11(arguments));
  } catch (const CLI::ParseError& error) {
    wrong.emplace_back(error.what());
    return;
  }
  for (const std::string& extra : parser_->app.remaining(true)) {
    if (extra != "--") {
      wrong.push_back(absl::StrCat("unexpected argument '", Printable(extra), "'"));
    }
  }
}

std::string Command::TheOne(const char* what, const std::vector<std::string>& positional,
                            std::vector<std::string>& wrong) {
  if (positional.size() == 1) return positional[0];
  wrong.push_back(positional.empty()
                      ? absl::StrCat(what, " is missing")
                      : absl::StrCat("one ", what, " is wanted, not ", positional.size()));
  return "";
}

std::string Command::TheOneOf(const char* what, const char* noun,
                              const std::vector<std::string>& positional,
                              const std::vector<std::string>& known,
                              std::vector<std::string>& wrong) {
  const std::string one = TheOne(what, positional, wrong);
  if (wrong.empty() && std::find(known.begin(), known.end(), one) == known.end()) {
    wrong.push_back(UnknownWord(noun, one, known));
  }
  return one;
}

}  // namespace slogate
