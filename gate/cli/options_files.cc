// The options of what reads and writes files: lint, schema, explain, replay, init, doctor; and of
// version and completion.
#include <algorithm>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/cli/option_table.h"
#include "gate/cli/values.h"
#include "gate/policy/url.h"
#include "gate/starter/templates.h"

namespace slogate {
namespace {

std::string OneOf(const std::vector<std::string>& words) {
  return absl::StrCat("One of: ", absl::StrJoin(words, ", "));
}

class LintCommand : public Command {
 public:
  LintCommand() : Command("lint", "Check policy and SLO files without measuring anything") {
    table.Positional("FILE", lint_.files, "ReleasePolicy and ServiceObjectives files");
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    if (lint_.files.empty()) wrong.push_back("FILE is missing: which files are to be checked?");
    return lint_;
  }

 private:
  LintOptions lint_;
};

class SchemaCommand : public Command {
 public:
  SchemaCommand()
      : Command("schema", "Print the JSON Schema of a kind of file, or the reference page") {
    table.Positional("KIND", positional_, OneOf(SchemaKinds()), SchemaKinds());
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    return SchemaOptions{TheOneOf("KIND", "kind", positional_, SchemaKinds(), wrong)};
  }

 private:
  std::vector<std::string> positional_;
};

class ExplainCommand : public Command {
 public:
  ExplainCommand() : Command("explain", "Tell a stored decision in full") {
    table.Positional("DECISION", positional_, "A file written by check --json");
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    return ExplainOptions{TheOne("DECISION", positional_, wrong)};
  }

 private:
  std::vector<std::string> positional_;
};

class ReplayCommand : public Command {
 public:
  ReplayCommand() : Command("replay", "Decide again from a stored decision's evidence alone") {
    table.Positional("DECISION", positional_, "A file written by check --json");
    table.File("--policy", replay_.policy, "What would this policy have said?");
    table.Files("--slos", replay_.slos, "ServiceObjectives to go with --policy; may be repeated");
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    replay_.decision = TheOne("DECISION", positional_, wrong);
    if (replay_.policy.empty() && !replay_.slos.empty())
      wrong.push_back("--slos goes with --policy");
    return replay_;
  }

 private:
  ReplayOptions replay_;
  std::vector<std::string> positional_;
};

class InitCommand : public Command {
 public:
  InitCommand() : Command("init", "Write a policy, SLOs and a pipeline to start from") {
    table.Positional("SYSTEM", positional_, OneOf(StarterSystemNames()), StarterSystemNames());
    table.Text("--service", init_.service, "NAME", "The service (default checkout)");
    table.Text("--folder", init_.folder, "FOLDER", "The repository to write into (default .)");
    table.Flag("--print", init_.print, "Print the files instead of writing them");
    table.Text("--prometheus", init_.prometheus, "URL",
               "Propose SLOs by what this server has of the service");
    table.Text("--metric", init_.metric, "NAME",
               "The metric to propose by; only with --prometheus");
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    init_.system = TheOneOf("SYSTEM", "system", positional_, StarterSystemNames(), wrong);
    if (!IsServiceName(init_.service)) {
      wrong.push_back(
          "--service wants letters, digits, '.', '_', '-' and '/', at most 63, the first a letter "
          "or digit");
    } else if (init_.service == "release-policy") {
      wrong.push_back("--service release-policy: its file would be the policy's");
    }
    BadValue why;
    if (!init_.prometheus.empty() && !CheckUrl(init_.prometheus, UrlUse::kSource, why)) {
      wrong.push_back(absl::StrCat("--prometheus: ", why.message));
    }
    if (!init_.prometheus.empty() && !table.Given("--service")) {
      wrong.push_back("--prometheus needs --service: whose metrics are wanted?");
    }
    if (!init_.metric.empty() && init_.prometheus.empty()) {
      wrong.push_back("--metric needs --prometheus");
    }
    if (!init_.metric.empty() && !IsMetricName(init_.metric)) {
      wrong.push_back("--metric wants a metric's name, such as http_requests_total");
    }
    return init_;
  }

 private:
  InitOptions init_;
  std::vector<std::string> positional_;
};

class DoctorCommand : public Command {
 public:
  DoctorCommand() : Command("doctor", "Look for ways past the gate in pipeline files") {
    table.Positional("FILE", doctor_.files,
                     "Workflows, Jenkinsfiles, CircleCI and GitLab configurations, shell scripts");
    table.File("--policy", doctor_.policy, "Look at the data, too, that this policy asks for");
    table.Files("--slos", doctor_.slos, "ServiceObjectives of the service; may be repeated");
    table.Text("--service", doctor_.service.emplace(), "NAME",
               "The service; must be the one the files name");
    table.Text("--environment", doctor_.environment.emplace(), "NAME",
               "Whose data; one of the policy's");
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckPolicyOptions(doctor_, wrong);
    if (doctor_.files.empty() && doctor_.policy.empty()) {
      wrong.push_back("FILE is missing: which files, such as .github/workflows/*.yml?");
    }
    if (doctor_.policy.empty() &&
        (!doctor_.slos.empty() || doctor_.service || doctor_.environment)) {
      wrong.push_back("--slos, --service and --environment go with --policy");
    }
    return doctor_;
  }

 private:
  DoctorOptions doctor_;
};

class VersionCommand : public Command {
 public:
  VersionCommand() : Command("version", "Print the version") {}
  Invocation Finish(std::vector<std::string>& /*wrong*/) override { return VersionOptions{}; }
};

class CompletionCommand : public Command {
 public:
  CompletionCommand() : Command("completion", "Print a shell's completion script") {
    table.Positional("SHELL", positional_, OneOf(Shells()), Shells());
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    return CompletionOptions{TheOneOf("SHELL", "shell", positional_, Shells(), wrong)};
  }

 private:
  std::vector<std::string> positional_;
};

}  // namespace

Commands FileCommands() {
  Commands commands;
  commands.push_back(std::make_unique<LintCommand>());
  commands.push_back(std::make_unique<SchemaCommand>());
  commands.push_back(std::make_unique<ExplainCommand>());
  commands.push_back(std::make_unique<ReplayCommand>());
  commands.push_back(std::make_unique<InitCommand>());
  commands.push_back(std::make_unique<DoctorCommand>());
  commands.push_back(std::make_unique<VersionCommand>());
  commands.push_back(std::make_unique<CompletionCommand>());
  return commands;
}

}  // namespace slogate
