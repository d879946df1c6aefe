// GitHub workflows: each way past the gate beside a near miss.
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "tests/doctor/found.h"

namespace slogate {
namespace {

class GitHub : public testing::TestWithParam<DoctorCase> {};

// In a case's text SHA stands for a full commit and ACTION for the gate's action at it.
TEST_P(GitHub, Finds) {
  const std::string text =
      absl::StrReplaceAll(GetParam().text, {{"ACTION", "acme/slogate/adapters/github@SHA"}});
  EXPECT_EQ(Found("ci.yml",
                  absl::StrReplaceAll(text, {{"SHA", "0123456789abcdef0123456789abcdef01234567"}})),
            GetParam().want);
}

const DoctorCase kSteps[] = {
    {"Fine", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
      - run: ./deploy.sh
)",
     ""},
    {"ContinueOnErrorOfTheStep", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        continue-on-error: true
      - run: ./deploy.sh
)",
     "6:28 continue_on_error"},
    {"ContinueOnErrorThatMayBe", R"(on: push
jobs:
  release:
    steps:
      - run: slogate check
        continue-on-error: ${{ inputs.soft }}
      - run: ./deploy.sh
)",
     "6:28 continue_on_error"},
    {"ContinueOnErrorAndALook", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        id: gate
        continue-on-error: true
      - run: ./deploy.sh
        if: steps.gate.outcome == 'success'
)",
     ""},
    {"ContinueOnErrorAndALookAtTheWrongWord", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        id: gate
        continue-on-error: true
      - run: ./deploy.sh
        if: steps.gate.conclusion == 'success'
)",
     "7:28 continue_on_error"},
    {"ContinueOnErrorOfTheJob", R"(on: push
jobs:
  release:
    continue-on-error: true
    steps:
      - uses: ACTION
      - run: ./deploy.sh
)",
     "4:24 continue_on_error"},
    {"ContinueOnErrorOfAnother", R"(on: push
jobs:
  release:
    steps:
      - run: make lint
        continue-on-error: true
      - uses: ACTION
        continue-on-error: false
      - run: ./deploy.sh
)",
     ""},
    {"AlwaysOnTheDeploy", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
      - run: ./deploy.sh
        if: always()
)",
     "7:13 runs_after_denial"},
    {"FailureOnTheDeploy", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
      - name: Deploy
        if: ${{ success() || failure() }}
        run: ./go.sh
)",
     "7:13 runs_after_denial"},
    {"NotCancelledOnTheDeploy", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
      - uses: acme/rollout@v2
        if: '!cancelled()'
)",
     "7:13 runs_after_denial"},
    {"AlwaysButTheGateSucceeded", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        id: gate
      - run: ./deploy.sh
        if: always() && steps.gate.outcome == 'success'
)",
     ""},
    {"AlwaysOrTheGateSucceeded", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        id: gate
      - run: ./deploy.sh
        if: always() || steps.gate.outcome == 'success'
)",
     "8:13 runs_after_denial"},
    {"AlwaysButItProceeds", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        id: gate
      - run: ./deploy.sh
        if: always() && steps.gate.outputs.proceed == 'true'
)",
     ""},
    {"AlwaysOnWhatTells", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
      - run: ./deploy.sh
      - name: Notify the release channel
        if: always()
        run: ./notify.sh
      - uses: actions/upload-artifact@v4
        if: always()
)",
     ""},
    {"AlwaysWhereTheDeployIsAnother", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
      - run: ./deploy.sh
      - run: docker compose down
        if: always()
)",
     ""},
    {"GateSkipped", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        if: github.ref == 'refs/heads/main'
      - run: ./deploy.sh
)",
     "6:13 gate_skipped"},
    {"BothSkipped", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        if: github.ref == 'refs/heads/main'
      - run: ./deploy.sh
        if: github.ref == 'refs/heads/main'
)",
     ""},
    {"ByTag", R"(on: push
jobs:
  release:
    steps:
      - uses: acme/slogate/adapters/github@v1
      - run: ./deploy.sh
)",
     "5:15 unpinned_action"},
    {"ByShortCommit", R"(on: push
jobs:
  release:
    steps:
      - uses: acme/slogate/adapters/github@0123456
      - run: ./deploy.sh
)",
     "5:15 unpinned_action"},
    {"OfTheSameRepository", R"(on: push
jobs:
  release:
    steps:
      - uses: ./adapters/github
      - uses: actions/checkout@v5
      - run: ./deploy.sh
)",
     ""},
    {"DryRun", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        with: {dry-run: true}
      - run: slogate check --dry-run
      - run: ./deploy.sh
)",
     "(5:15 dry_run), (7:14 dry_run)"},
    {"NoDryRun", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
        with: {dry-run: false}
      - run: ./deploy.sh
)",
     ""},
    {"DryRunBeforeNothing", R"(on: push
jobs:
  look:
    steps:
      - run: slogate check --dry-run
)",
     ""},
    {"NoGate", R"(on: push
jobs:
  release:
    steps:
      - run: make
      - run: ./deploy.sh
)",
     "(6:9 no_gate)"},
    {"NoGateAndNoDeploy", R"(on: push
jobs:
  test:
    steps:
      - run: cargo build --release
)",
     ""},
    {"AGateMayBeElsewhere", R"(on: push
jobs:
  deploy:
    uses: acme/platform/.github/workflows/deploy.yml@SHA
)",
     ""},
    {"CompositeAction", R"(name: gated
runs:
  using: composite
  steps:
    - run: slogate check || true
      shell: bash
)",
     "5:26 ignored_exit_code"},
};
INSTANTIATE_TEST_SUITE_P(Steps, GitHub, testing::ValuesIn(kSteps),
                         [](const auto& test) { return test.param.name; });

const DoctorCase kJobs[] = {
    {"GateApart", R"(on: push
jobs:
  gate:
    steps:
      - uses: ACTION
  deploy:
    needs: gate
    steps:
      - run: ./go.sh
)",
     "7:12 gate_apart"},
    {"GateFurtherApart", R"(on: push
jobs:
  gate: {steps: [uses: ACTION]}
  build: {needs: [gate], steps: [run: make]}
  deploy:
    needs:
      - build
    steps: [run: ./deploy.sh]
)",
     "4:19 gate_apart, 7:9 gate_apart"},
    {"EachWithItsGate", R"(on: push
jobs:
  staging: {steps: [uses: ACTION, run: ./deploy.sh staging]}
  production:
    needs: staging
    steps:
      - uses: ACTION
      - run: ./deploy.sh production
)",
     ""},
    {"TellingIsNoDeploy", R"(on: push
jobs:
  release:
    steps:
      - uses: ACTION
      - run: ./deploy.sh
  notify:
    needs: release
    if: always()
    steps:
      - run: ./say.sh
  smoke-test:
    needs: release
    steps:
      - run: ./smoke.sh
)",
     ""},
    {"ASecondDeployBehindTheFirst", R"(on: push
jobs:
  release: {steps: [uses: ACTION, run: ./deploy.sh eu]}
  others: {needs: release, steps: [run: ./deploy.sh us]}
)",
     "4:19 gate_apart"},
    {"AlwaysOnTheJob", R"(on: push
jobs:
  gate: {steps: [uses: ACTION]}
  deploy:
    needs: gate
    if: ${{ always() }}
    steps: [run: ./deploy.sh]
)",
     "5:12 gate_apart, 6:9 runs_after_denial"},
    {"AlwaysButItSucceeded", R"(on: push
jobs:
  gate: {steps: [uses: ACTION]}
  deploy:
    needs: gate
    if: always() && needs.gate.result == 'success'
    steps: [run: ./deploy.sh]
)",
     "5:12 gate_apart"},
};
INSTANTIATE_TEST_SUITE_P(Jobs, GitHub, testing::ValuesIn(kJobs),
                         [](const auto& test) { return test.param.name; });

const DoctorCase kShells[] = {
    {"DefaultShellHasNoPipefail", R"(on: push
jobs:
  release:
    steps:
      - run: |
          slogate check --policy p.yaml |
            tee log
      - run: ./deploy.sh
)",
     "6:41 pipe_without_pipefail"},
    {"NamedBashHas", R"(on: push
jobs:
  release:
    steps:
      - run: slogate check | tee log
        shell: bash
      - run: ./deploy.sh
)",
     ""},
    {"NamedForTheJob", R"(on: push
defaults: {run: {shell: sh}}
jobs:
  release:
    defaults: {run: {shell: bash}}
    steps:
      - run: slogate check | tee log
      - run: ./deploy.sh
)",
     ""},
    {"NamedForTheWorkflow", R"(on: push
defaults: {run: {shell: bash}}
jobs:
  release:
    steps:
      - run: slogate check | tee log
        shell: sh
      - run: slogate check | tee log
)",
     "6:28 pipe_without_pipefail"},
    {"OwnCommandLine", R"(on: push
jobs:
  release:
    steps:
      - run: "slogate check\necho done"
        shell: bash {0}
      - run: ./deploy.sh
)",
     "5:15 errexit_off"},
    {"OwnCommandLineWithFlags", R"(on: push
jobs:
  release:
    steps:
      - run: slogate check | tee log; echo done
        shell: bash -euo pipefail {0}
      - run: ./deploy.sh
)",
     ""},
    {"Folded", R"(on: push
jobs:
  release:
    steps:
      - run: >-
          slogate check
          --policy p.yaml
          || true
      - run: ./deploy.sh
)",
     "8:11 ignored_exit_code"},
    {"PlainOverTwoLines", R"(on: push
jobs:
  release:
    steps:
      - run: slogate check
          || true
      - run: ./deploy.sh
)",
     "6:11 ignored_exit_code"},
    {"SingleQuoted", R"(on: push
jobs:
  release:
    steps:
      - run: 'echo ''x''; slogate check || true'
      - run: ./deploy.sh
)",
     "5:41 ignored_exit_code"},
    {"Anchored", R"(on: push
jobs:
  one:
    steps: &steps
      - run: &gate slogate check || true
      - run: ./deploy.sh
  two:
    steps: *steps
)",
     "5:34 ignored_exit_code"},
    {"AnExpressionIsNoShell", R"(on: push
jobs:
  release:
    steps:
      - run: slogate check --version ${{ inputs.v || 'x' }}
      - run: ./deploy.sh
)",
     ""},
    {"GateAndDeployInOneProgram", R"(on: push
jobs:
  release:
    steps:
      - run: |
          slogate check --dry-run
          ./deploy.sh
)",
     "(6:11 dry_run)"},
    {"AnotherLanguage", R"(on: push
jobs:
  release:
    steps:
      - run: slogate check || true
        shell: pwsh
)",
     ""},
};
INSTANTIATE_TEST_SUITE_P(Shells, GitHub, testing::ValuesIn(kShells),
                         [](const auto& test) { return test.param.name; });

const DoctorCase kPolicies[] = {
    {"OfThePullRequest", R"(on: pull_request
jobs:
  release:
    steps:
      - uses: actions/checkout@v5
      - uses: ACTION
        with: {policy: release-policy.yaml}
      - run: ./deploy.sh
)",
     "7:24 policy_from_pull_request"},
    {"OfThePullRequestByShell", R"(on: [push, pull_request]
jobs:
  release:
    steps:
      - uses: actions/checkout@v5
      - run: slogate check --policy=p.yaml
      - run: ./deploy.sh
)",
     "6:28 policy_from_pull_request"},
    {"OnlyOnPush", R"(on: [push, pull_request]
jobs:
  release:
    if: github.event_name == 'push'
    steps:
      - uses: actions/checkout@v5
      - run: slogate check --policy=p.yaml
      - run: ./deploy.sh
)",
     ""},
    {"OfMain", R"(on: pull_request
jobs:
  release:
    steps:
      - uses: actions/checkout@v5
        with: {ref: main}
      - run: slogate check --policy p.yaml
)",
     ""},
    {"OfAnotherRepository", R"(on: {pull_request: {branches: [main]}}
jobs:
  release:
    steps:
      - uses: actions/checkout@v5
      - uses: actions/checkout@v5
        with: {repository: acme/platform, path: platform}
      - run: slogate check --policy platform/p.yaml
)",
     ""},
    {"BesideAnotherRepository", R"(on: {pull_request: {branches: [main]}}
jobs:
  release:
    steps:
      - uses: actions/checkout@v5
      - uses: actions/checkout@v5
        with: {repository: acme/platform, path: platform/}
      - run: slogate check --policy p.yaml
)",
     "8:37 policy_from_pull_request"},
    {"TargetIsSafe", R"(on: pull_request_target
jobs:
  release:
    steps:
      - uses: actions/checkout@v5
      - run: slogate check --policy p.yaml
)",
     ""},
    {"TargetWithTheHead", R"(on: pull_request_target
jobs:
  release:
    steps:
      - uses: actions/checkout@v5
        with: {ref: '${{ github.event.pull_request.head.sha }}'}
      - run: slogate check --policy p.yaml
)",
     "7:37 policy_from_pull_request"},
    {"OfTheImage", R"(on: pull_request
jobs:
  release:
    steps:
      - uses: actions/checkout@v5
      - run: slogate check --policy /etc/slogate/p.yaml
)",
     ""},
};
INSTANTIATE_TEST_SUITE_P(Policies, GitHub, testing::ValuesIn(kPolicies),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate
