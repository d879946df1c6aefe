#include "gate/cli/help.h"

#include <absl/strings/str_cat.h>

#include "gate/decision/screen.h"

namespace slogate {
namespace {

struct Example {
  absl::string_view command;  // "" for slogate's own help
  absl::string_view text;
};

constexpr char kExitCodes[] =
    "Exit codes: 0 proceed, 1 deny, 2 usage error or invalid file, 3 hold, 5 internal error.\n";

// What stands below the options.
constexpr Example kExamples[] = {
    {"",
     "Examples:\n"
     "  slogate lint policy.yaml slos.yaml\n"
     "  slogate check --policy policy.yaml --slos slos.yaml --environment production\n"
     "  slogate check --help\n"},
    {"check",
     "A dry run exits 0 whatever the verdict; with --detailed-exit-code 10 for warn, 11 for deny,\n"
     "13 for hold. An empty --artifact, --version, --commit, --change or --ticket is not given.\n"
     "\nExamples:\n"
     "  slogate check --policy policy.yaml --slos checkout.yaml --environment production\n"
     "  slogate check --policy policy.yaml --slos checkout.yaml --json decision.json\n"
     "  slogate check --policy policy.yaml --slos checkout.yaml --change rollback\n"
     "  slogate check --policy policy.yaml --slos checkout.yaml --dry-run --at "
     "2026-11-20T09:00:00Z\n"},
    {"lint",
     "Reads no secrets and contacts nobody. Files given together are also checked together.\n"
     "Exit codes: 0 no errors, 2 errors.\n"
     "\nExamples:\n"
     "  slogate lint policy.yaml\n"
     "  slogate lint policy.yaml checkout.yaml\n"},
    {"schema",
     "Examples:\n"
     "  slogate schema ReleasePolicy > release-policy.schema.json\n"
     "  slogate schema reference\n"},
    {"explain", "Examples:\n  slogate explain decision.json\n"},
    {"replay",
     "Contacts nobody. Exit codes: 0 the same ruling (always with --policy), 1 a different one,\n"
     "2 not a decision.\n"
     "\nExamples:\n"
     "  slogate replay decision.json\n"
     "  slogate replay decision.json --policy stricter.yaml\n"},
    {"init",
     "Writes release-policy.yaml, NAME.yaml and the pipeline's file, never over one that is there. "
     "With\n"
     "--prometheus it proposes SLOs from the metrics that the service has there; a token for it "
     "goes into\n"
     "the variable PROMETHEUS_TOKEN.\n"
     "\nExamples:\n"
     "  slogate init github --service payments\n"
     "  slogate init jenkins --service payments --prometheus https://prometheus.example:9090\n"
     "  slogate init circleci --print\n"},
    {"doctor",
     "It sees what stands in the files, not who may change or leave them out. With --policy it "
     "asks\n"
     "the source whether the data can be judged: reachable, fresh, stored for the whole window,\n"
     "series that do not exist yet. Without, it contacts nobody.\n"
     "Exit codes: 0 nothing found (warnings may stand), 1 a way past the gate, or data that would\n"
     "hold a release, 2 a file that cannot be read or is no pipeline that is known here.\n"
     "\nExamples:\n"
     "  slogate doctor .github/workflows/*.yml\n"
     "  slogate doctor Jenkinsfile deploy.sh .circleci/config.yml\n"
     "  slogate doctor --policy policy.yaml --slos checkout.yaml --environment production\n"},
    {"completion",
     "Examples:\n"
     "  source <(slogate completion bash)\n"
     "  slogate completion zsh > ~/.zfunc/_slogate\n"
     "  slogate completion fish > ~/.config/fish/completions/slogate.fish\n"},
};

std::string ExamplesOf(absl::string_view command) {
  for (const Example& example : kExamples) {
    if (example.command == command) return absl::StrCat("\n", example.text);
  }
  return "";
}

// Two columns.
std::string Row(absl::string_view left, absl::string_view right) {
  constexpr size_t kColumn = 26;
  const size_t width = Columns(left);
  return absl::StrCat("  ", left, std::string(width < kColumn ? kColumn - width : 2, ' '), right,
                      "\n");
}

}  // namespace

std::string MainHelp(const std::vector<CommandWords>& commands) {
  std::string text =
      "slogate answers one question: may this release go out now? It reads a policy, measures the\n"
      "service's SLIs in Prometheus, compares them with the error budget, and answers allow, "
      "warn,\n"
      "hold or deny.\n"
      "\nUsage: slogate COMMAND …\n\nCommands:\n";
  for (const CommandWords& command : commands)
    absl::StrAppend(&text, Row(command.name, command.description));
  absl::StrAppend(&text, Row("help COMMAND", "Show a command's help; also COMMAND --help"), "\n",
                  kExitCodes, ExamplesOf(""));
  return text;
}

std::string CommandHelp(const CommandWords& command) {
  std::string text = absl::StrCat(command.description, "\n\nUsage: slogate ", command.name);
  if (command.options.size() > 1) absl::StrAppend(&text, " [OPTION]…");  // besides --help
  if (!command.argument.empty()) {
    absl::StrAppend(&text, " ", command.argument, command.argument == "FILE" ? "…" : "", "\n\n",
                    Row(command.argument, command.argument_description));
  } else {
    absl::StrAppend(&text, "\n");
  }
  absl::StrAppend(&text, "\nOptions:\n");
  for (const OptionWords& option : command.options) {
    const std::string name = option.name == "--help" ? "-h, --help" : option.name;
    absl::StrAppend(&text, Row(absl::StrCat(name, option.value.empty() ? "" : " ", option.value),
                               option.description));
  }
  if (command.name == "check") absl::StrAppend(&text, "\n", kExitCodes);
  const std::string examples = ExamplesOf(command.name);
  // Exit codes and what follows them are one paragraph.
  absl::StrAppend(&text, command.name == "check" ? examples.substr(1) : examples);
  return text;
}

}  // namespace slogate
