#include "gate/cli/help.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/decision/screen.h"

namespace slogate {
namespace {

struct Example {
  absl::string_view command;  // "" for slogate's own help
  absl::string_view text;
};

constexpr char kExitCodes[] =
    "Exit codes: 0 proceed, 1 deny, 2 usage error or invalid file, 3 hold, 4 the ledger could not "
    "record\nor does not verify, 5 internal error.\n";

constexpr char kLedgerExitCodes[] =
    "Exit codes: 0 done and recorded, 1 refused (recorded, too), 2 usage error or invalid file, 4 "
    "the\n"
    "ledger could not record or does not verify, 5 internal error.\n";

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
     "2026-11-20T09:00:00Z\n"
     "  slogate check --policy policy.yaml --slos checkout.yaml --artifact sha256:… \\\n"
     "    --ledger sqlite:/var/lib/slogate/ledger.db --wait 20m\n"},
    {"record",
     "What the ledger knows of deployments proves rollbacks, and lets a failed release be tried "
     "again.\n"
     "\nExamples:\n"
     "  slogate record --decision 4f1c2a9be03d5577 --result deployed\n"},
    {"override",
     "Examples:\n"
     "  slogate override request --decision 4f1c2a9be03d5577 --policy policy.yaml \\\n"
     "    --reason 'Checkout loses orders; the fix is tested on staging' --ticket INC-4711\n"
     "  slogate override approve ov-8c1d22e0a7f3 --policy policy.yaml\n"
     "  slogate override list --service checkout\n"},
    {"override request",
     "It opens nothing by itself: once enough others approve it, the same check is run again.\n"
     "\nExamples:\n"
     "  slogate override request --decision 4f1c2a9be03d5577 --policy policy.yaml \\\n"
     "    --reason 'Checkout loses orders; the fix is tested on staging' --ticket INC-4711\n"},
    {"override approve",
     "Nobody approves what they asked for, under whatever account.\n"
     "\nExamples:\n"
     "  slogate override approve ov-8c1d22e0a7f3 --policy policy.yaml\n"},
    {"override reject",
     "Examples:\n  slogate override reject ov-8c1d22e0a7f3 --reason 'Waiting costs less'\n"},
    {"override revoke",
     "Examples:\n  slogate override revoke ov-8c1d22e0a7f3 --reason 'The fix was wrong'\n"},
    {"override review",
     "Examples:\n"
     "  slogate override review ov-8c1d22e0a7f3 --finding 'Right call; budget back on Monday'\n"},
    {"override list", "Examples:\n  slogate override list --service checkout --since 2026-11-01\n"},
    {"override show", "Examples:\n  slogate override show ov-8c1d22e0a7f3\n"},
    {"ledger",
     "Examples:\n"
     "  slogate ledger init --id acme --ledger sqlite:/var/lib/slogate/ledger.db\n"
     "  slogate ledger verify --expect acme:1204:q83vEjRWeJASNFZ4kBI0VniQEjRWeJASNFZ4kBI0Vng=\n"
     "  slogate ledger list --verdict deny --since 2026-11-01\n"},
    {"ledger init",
     "check never creates a ledger: a new one knows nothing of what was released and overridden.\n"
     "PostgreSQL: the database is there, its encoding UTF8; the role may create a schema and "
     "roles.\n"
     "\nExamples:\n"
     "  slogate ledger init --id acme --ledger sqlite:/var/lib/slogate/ledger.db\n"
     "  slogate ledger init --id acme --ledger postgresql://admin@db.example/slogate\n"},
    {"ledger verify",
     "Without --expect it finds only what left the hashes inconsistent: whoever can write the\n"
     "ledger can also write it anew. With a head that was remembered elsewhere (every check "
     "prints\n"
     "one) it finds truncation, rollback, replacement and forks, too.\n"
     "Exit codes: 0 all is as it was written, 2 usage error or no export, 4 it is not.\n"
     "\nExamples:\n"
     "  slogate ledger verify --ledger sqlite:/var/lib/slogate/ledger.db\n"
     "  slogate ledger verify export.jsonl --expect checkpoint.txt --key acme+1f2e3d4c+AQ…\n"},
    {"ledger checkpoint",
     "Examples:\n"
     "  slogate ledger checkpoint\n"
     "  openssl genpkey -algorithm ed25519 -out key.pem && chmod 600 key.pem\n"
     "  slogate ledger checkpoint --sign key.pem > checkpoint.txt\n"},
    {"ledger list",
     "Examples:\n"
     "  slogate ledger list --service checkout --verdict deny\n"
     "  slogate ledger list --json --most 0 | jq -r .kind | sort | uniq -c\n"},
    {"ledger show",
     "Examples:\n  slogate ledger show 4f1c2a9be03d5577\n  slogate ledger show 1203\n"},
    {"ledger export",
     "The records' own bytes, one a line, and the head as the last line: what verify takes.\n"
     "\nExamples:\n"
     "  slogate ledger export > export.jsonl\n"
     "  slogate ledger export --csv > ledger.csv\n"},
    {"ledger import",
     "Into a ledger that does not exist yet; nothing is taken that does not verify.\n"
     "\nExamples:\n"
     "  slogate ledger import export.jsonl --ledger sqlite:/var/lib/slogate/restored.db\n"},
    {"ledger report", "Examples:\n  slogate ledger report --from 2026-11-01 --to 2026-12-01\n"},
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

std::string ExitCodesOf(absl::string_view command) {
  if (command == "check") return kExitCodes;
  const bool records = absl::StartsWith(command, "override ") || command == "record";
  return records ? kLedgerExitCodes : "";
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
  std::string group;
  for (const CommandWords& command : commands) {
    const std::string first = command.name.substr(0, command.name.find(' '));
    if (first == command.name) {
      absl::StrAppend(&text, Row(command.name, command.description));
    } else if (first != group) {
      absl::StrAppend(&text, Row(absl::StrCat(first, " …"), GroupDescription(first)));
    }
    group = first;
  }
  absl::StrAppend(&text, Row("help COMMAND", "Show a command's help; also COMMAND --help"), "\n",
                  kExitCodes, ExamplesOf(""));
  return text;
}

std::string GroupDescription(const std::string& group) {
  if (group == "override") return "Open a closed gate by hand, with an audit note";
  if (group == "ledger") return "The record of all decisions and overrides";
  return "";
}

std::string GroupHelp(const std::string& group, const std::vector<CommandWords>& commands) {
  std::string text = absl::StrCat(GroupDescription(group), "\n\nUsage: slogate ", group,
                                  " COMMAND …\n\nCommands:\n");
  for (const CommandWords& command : commands) {
    if (absl::StartsWith(command.name, group + " ")) {
      absl::StrAppend(&text, Row(command.name.substr(group.size() + 1), command.description));
    }
  }
  absl::StrAppend(&text, Row("COMMAND --help", "Show that command's help"), ExamplesOf(group));
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
  const std::string codes = ExitCodesOf(command.name);
  const std::string examples = ExamplesOf(command.name);
  // Exit codes and what follows them are one paragraph.
  absl::StrAppend(&text, codes.empty() ? examples : absl::StrCat("\n", codes, examples.substr(1)));
  return text;
}

}  // namespace slogate
