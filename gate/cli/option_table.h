// The options of one command, each bound to the value it fills: CLI11 under our four rules: nothing is
// required (so that a typo is named first), nothing comes from the environment or a file, unknown
// arguments are handed back, and the words of a complaint are ours.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gate/cli/options.h"

namespace slogate {

class OptionTable {
 public:
  // `name` may be two words, "override request".
  OptionTable(std::string name, std::string description);
  ~OptionTable();
  OptionTable(OptionTable&&) noexcept;

  const std::string& name() const { return words_.name; }

  // Values must outlive the table. What describes a release may be empty, as a pipeline's variables
  // are: MaybeText. `words`: the values it can have, where they are few.
  void Text(const char* option, std::string& value, const char* type, const std::string& doc,
            std::vector<std::string> words = {});
  void MaybeText(const char* option, std::string& value, const char* type, const char* doc);
  void File(const char* option, std::string& value, const char* doc);
  // Each time one value, such as --slos a.yaml --slos b.yaml.
  void Many(const char* option, std::vector<std::string>& values, const char* type,
            const std::string& doc);
  void Files(const char* option, std::vector<std::string>& values, const char* doc);
  void Flag(const char* option, bool& value, const char* doc);
  // What stands without an option; a file where `words` is empty and `is_file`.
  void Positional(const char* name, std::vector<std::string>& values, const std::string& doc,
                  std::vector<std::string> words = {}, bool is_file = true);

  // Fills the values; appends to `wrong`, one line each, what cannot be understood: all of it at once.
  void Parse(const std::vector<std::string>& arguments, std::vector<std::string>& wrong);
  bool Given(const std::string& option) const;

  const CommandWords& Words() const { return words_; }

 private:
  void CheckArguments(const std::vector<std::string>& arguments,
                      std::vector<std::string>& wrong) const;
  OptionWords& Describe(const char* option, const std::string& doc, const char* type);

  struct Parser;
  std::unique_ptr<Parser> parser_;
  CommandWords words_;
};

// One command: its options, and what they come to.
class Command {
 public:
  Command(std::string name, std::string description)
      : table(std::move(name), std::move(description)) {}
  virtual ~Command() = default;
  // After table.Parse. Appends to `wrong` what does not fit together; then the invocation is of no use.
  virtual Invocation Finish(std::vector<std::string>& wrong) = 0;

  OptionTable table;

 protected:
  // The one positional argument a command takes.
  static std::string TheOne(const char* what, const std::vector<std::string>& positional,
                            std::vector<std::string>& wrong);
  // The same, where it is one of `known`, each of which is a `noun`.
  static std::string TheOneOf(const char* what, const char* noun,
                              const std::vector<std::string>& positional,
                              const std::vector<std::string>& known,
                              std::vector<std::string>& wrong);
};

using Commands = std::vector<std::unique_ptr<Command>>;
Commands CheckCommands();   // check, record
Commands FileCommands();    // lint, schema, explain, replay, init, doctor, version, completion
Commands LedgerCommands();  // override …, ledger …

// Options that several commands have: adding them, and what to look at once they are read.
void AddPolicyOptions(OptionTable& table, PolicyOptions& options);
void CheckPolicyOptions(PolicyOptions& options, std::vector<std::string>& wrong);
void AddLedgerOptions(OptionTable& table, LedgerOptions& options);
void CheckLedgerOptions(const LedgerOptions& options, std::vector<std::string>& wrong);
void CheckDecisionId(const std::string& id, std::vector<std::string>& wrong);

}  // namespace slogate
