// CircleCI: each way past the gate beside a near miss.
#include <string>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/doctor/found.h"

namespace slogate {
namespace {

class CircleCi : public testing::TestWithParam<DoctorCase> {};

TEST_P(CircleCi, Finds) {
  EXPECT_EQ(Found("config.yml", absl::StrCat("version: 2.1\n", GetParam().text)), GetParam().want);
}

const DoctorCase kCases[] = {
    {"Fine", R"(orbs: {slogate: acme/slogate@0.1.0}
jobs:
  release:
    steps: [checkout, slogate/check: {policy: p.yaml}, run: ./deploy.sh]
workflows: {main: {jobs: [release]}}
)",
     ""},
    {"Volatile", "orbs: {slogate: acme/slogate@volatile}\n", "2:17 unpinned_orb"},
    {"DevVersion", "orbs: {gate: acme/slogate@dev:first}\n", "2:14 unpinned_orb"},
    {"PartOfAVersion", "orbs: {slogate: acme/slogate@1.2}\n", "2:17 unpinned_orb"},
    {"AnotherOrb", "orbs: {node: circleci/node@5}\n", ""},
    {"WhenAlways", R"(jobs:
  release:
    steps:
      - run: slogate check
      - run: {command: ./deploy.sh, when: always}
workflows: {main: {jobs: [release]}}
)",
     "6:43 runs_after_denial"},
    {"WhenOnFail", R"(jobs:
  release:
    steps:
      - run: slogate check
      - run: {command: ./deploy.sh, when: on_fail}
)",
     "6:43 runs_after_denial"},
    {"WhenOnSuccess", R"(jobs:
  release:
    steps:
      - run: slogate check
      - run: {command: ./deploy.sh, when: on_success}
      - run: {name: Notify, command: ./say.sh, when: always}
      - store_artifacts: {path: x}
)",
     ""},
    {"GateApart", R"(orbs: {slogate: acme/slogate@0.1.0}
jobs:
  ask: {steps: [slogate/check: {policy: p.yaml}]}
  deploy: {steps: [run: ./deploy.sh]}
workflows:
  main:
    jobs:
      - ask
      - hold: {type: approval, requires: [ask]}
      - deploy: {requires: [hold]}
)",
     "11:29 gate_apart"},
    {"GateApartAsOrbJob", R"(orbs: {slogate: acme/slogate@0.1.0, aws: circleci/aws@1.2.3}
workflows:
  main:
    jobs:
      - slogate/gate: {name: ask, policy: p.yaml}
      - aws/deploy: {requires: [ask]}
)",
     "7:33 gate_apart"},
    {"OrbJobThatDeploys", R"(orbs: {slogate: acme/slogate@0.1.0}
jobs: {smoke: {steps: [run: ./smoke.sh]}}
workflows:
  main:
    jobs:
      - slogate/gate: {name: release, policy: p.yaml, deploy: [run: ./deploy.sh]}
      - smoke: {requires: [release]}
)",
     ""},
    {"RequiresAnyEnd", R"(jobs:
  ask: {steps: [run: slogate check]}
  deploy: {steps: [run: ./deploy.sh]}
workflows:
  main:
    jobs:
      - ask
      - deploy: {requires: [ask: terminal]}
)",
     "9:29 runs_after_denial, 9:29 gate_apart"},
    {"RequiresSuccessByName", R"(jobs:
  ask: {steps: [run: slogate check]}
  deploy: {steps: [run: ./deploy.sh]}
workflows:
  main:
    jobs:
      - ask
      - deploy: {requires: [ask: [success]]}
)",
     "9:29 gate_apart"},
    {"StepHalt", R"(jobs:
  ask: {steps: [run: slogate check || circleci-agent step halt]}
  deploy: {steps: [run: ./deploy.sh]}
workflows: {main: {jobs: [ask, deploy: {requires: [ask]}]}}
)",
     "3:39 step_halt, 5:52 gate_apart"},
    {"StepHaltOfTheJobThatDeploys", R"(jobs:
  release: {steps: [run: slogate check || circleci-agent step halt, run: ./deploy.sh]}
workflows: {main: {jobs: [release]}}
)",
     ""},
    {"DefaultShellHasPipefail", R"(jobs:
  release: {steps: [run: slogate check | tee log, run: ./deploy.sh]}
)",
     ""},
    {"OwnShellHasNot", R"(jobs:
  release:
    shell: /bin/sh -e
    steps: [run: slogate check | tee log, run: ./deploy.sh]
)",
     "5:32 pipe_without_pipefail"},
    {"ShellOfTheStep", R"(jobs:
  release:
    steps:
      - run: {command: slogate check | tee log, shell: /bin/bash -e}
      - run: ./deploy.sh
)",
     "5:38 pipe_without_pipefail"},
    {"ShellOfTheExecutor", R"(executors: {small: {shell: /bin/sh}}
jobs:
  release:
    executor: small
    steps:
      - run: |
          slogate check
          echo asked
      - run: ./deploy.sh
)",
     "8:11 errexit_off"},
    {"Shebang", R"(jobs:
  release:
    steps:
      - run: |
          #!/bin/bash
          slogate check
          echo asked
      - run: ./deploy.sh
)",
     "7:11 errexit_off"},
    {"OrTrue", R"(jobs:
  release: {steps: [run: slogate check || true, run: ./deploy.sh]}
)",
     "3:40 ignored_exit_code"},
    {"TemplatesAreNoHereDocuments", R"(jobs:
  release:
    steps:
      - run: |
          slogate check --version << pipeline.number >> || true
          ./deploy.sh
)",
     "6:57 ignored_exit_code"},
    {"InACommand", R"(commands:
  ask: {steps: [run: slogate check || true]}
jobs:
  release: {steps: [ask, run: ./deploy.sh]}
workflows: {main: {jobs: [release]}}
)",
     "3:36 ignored_exit_code"},
    {"InACondition", R"(jobs:
  release:
    steps:
      - when: {condition: x, steps: [run: slogate check || true]}
      - run: ./deploy.sh
)",
     "5:57 ignored_exit_code"},
    {"Merged", R"(defaults: &defaults {shell: /bin/sh -e}
jobs:
  release:
    <<: *defaults
    steps: [run: slogate check | tee log, run: ./deploy.sh]
)",
     "6:32 pipe_without_pipefail"},
    {"CommandThatCallsItself", R"(commands: {again: {steps: [again]}}
jobs: {release: {steps: [again]}}
)",
     ""},
    {"DryRun", R"(orbs: {slogate: acme/slogate@0.1.0}
jobs:
  release:
    steps: [slogate/check: {dry-run: true}, run: ./deploy.sh]
workflows: {main: {jobs: [release]}}
)",
     "(5:13 dry_run)"},
    {"NoGate", "jobs: {release: {steps: [checkout, run: ./deploy.sh]}}\n", "(2:41 no_gate)"},
    {"AGateMayBeElsewhere",
     "orbs: {acme: acme/release@1}\njobs: {r: {steps: [acme/gate, run: ./deploy.sh]}}\n", ""},
};

INSTANTIATE_TEST_SUITE_P(All, CircleCi, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

class GitLab : public testing::TestWithParam<DoctorCase> {};

TEST_P(GitLab, Finds) { EXPECT_EQ(Found(".gitlab-ci.yml", GetParam().text), GetParam().want); }

const DoctorCase kGitLab[] = {
    {"Fine", "release:\n  script:\n    - slogate check | tee log\n    - ./deploy.sh\n", ""},
    {"AllowFailure", "release:\n  script: [slogate check, ./deploy.sh]\n  allow_failure: true\n",
     "3:18 allow_failure"},
    {"AllowSomeFailures", "release:\n  script: slogate check\n  allow_failure: {exit_codes: [3]}\n",
     "3:18 allow_failure"},
    {"AllowNone", "release:\n  script: [slogate check, ./deploy.sh]\n  allow_failure: false\n", ""},
    {"AllowFailureOfAnother",
     "lint: {script: [make lint], allow_failure: true}\n"
     "release: {script: [slogate check, ./deploy.sh]}\n",
     ""},
    {"OrTrue", "release:\n  script:\n    - slogate check || true\n    - ./deploy.sh\n",
     "3:21 ignored_exit_code"},
    {"LinesAreOneProgram",
     "release:\n  script:\n    - set +e\n    - slogate check\n    - ./deploy.sh\n",
     "4:7 errexit_off"},
    {"GateApart",
     "gate: {script: [slogate check]}\ndeploy: {script: [./deploy.sh], when: always}\n",
     "2:9 gate_apart, 2:39 runs_after_denial"},
};

INSTANTIATE_TEST_SUITE_P(All, GitLab, testing::ValuesIn(kGitLab),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate
