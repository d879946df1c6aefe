// Jenkinsfiles: each way past the gate beside a near miss.
#include <gtest/gtest.h>

#include "tests/doctor/found.h"

namespace slogate {
namespace {

class Jenkins : public testing::TestWithParam<DoctorCase> {};

TEST_P(Jenkins, Finds) { EXPECT_EQ(Found("Jenkinsfile", GetParam().text), GetParam().want); }

const DoctorCase kCases[] = {
    {"Fine",
     "@Library('slogate@v0.1.0') _\nnode {\n  slogate policy: 'p.yaml'\n  sh './deploy.sh'\n}\n",
     ""},
    {"NoVersion", "@Library('slogate') _\n", "1:11 unpinned_library"},
    {"MainBranch", "@Library('slogate@main') _\n", "1:11 unpinned_library"},
    {"MainBranchInAList", "@Library(['other@v1', 'slogate@main']) _\n", "1:24 unpinned_library"},
    {"MovingTag", "library 'slogate@v1'\n", "1:10 unpinned_library"},
    {"FullCommit", "library 'slogate@0123456789abcdef0123456789abcdef01234567'\n", ""},
    {"AnotherLibrary", "@Library('acme') _\n", ""},

    {"CatchError", R"(node {
  catchError(buildResult: 'SUCCESS') {
    slogate policy: 'p.yaml'
  }
  sh './deploy.sh'
}
)",
     "2:3 catch_error"},
    {"WarnError", R"(node {
  warnError('gate') { slogate(policy: 'p.yaml') }
  sh './deploy.sh'
}
)",
     "2:3 catch_error"},
    {"CatchErrorAroundBoth", R"(node {
  catchError {
    slogate policy: 'p.yaml'
    sh './deploy.sh'
  }
}
)",
     ""},
    {"CatchErrorOfAnother", R"(node {
  catchError { sh 'make lint' }
  slogate policy: 'p.yaml'
  sh './deploy.sh'
}
)",
     ""},
    {"Caught", R"(node {
  try {
    slogate policy: 'p.yaml'
  } catch (e) {
    echo "denied: ${e}"
  }
  sh './deploy.sh'
}
)",
     "4:5 caught"},
    {"CaughtAndThrown", R"(node {
  try {
    slogate policy: 'p.yaml'
  } catch (e) {
    notify()
    throw e
  }
  sh './deploy.sh'
}
)",
     ""},
    {"CaughtAndError", R"(node {
  try { slogate policy: 'p.yaml' } catch (e) { error "no: ${e}" }
  sh './deploy.sh'
}
)",
     ""},
    {"CaughtWithTheDeployInside", R"(node {
  try {
    slogate policy: 'p.yaml'
    sh './deploy.sh'
  } catch (e) {
    currentBuild.result = 'FAILURE'
  }
}
)",
     ""},
    {"DeployInFinally", R"(node {
  try {
    slogate policy: 'p.yaml'
  } finally {
    sh './deploy.sh'
  }
}
)",
     "4:5 runs_after_denial"},
    {"Unstable", R"(node {
  try { slogate policy: 'p.yaml' }
  catch (e) { unstable('denied') }
  sh './deploy.sh'
}
)",
     "3:15 unstable"},
    {"UnstableForTests", R"(pipeline {
  stages {
    stage('Test') { steps { script { unstable('flaky') } } }
    stage('Release') {
      steps {
        slogate policy: 'p.yaml'
        sh './deploy.sh'
      }
    }
  }
}
)",
     ""},

    {"IgnoredStatus", R"(node {
  sh(script: 'slogate check --policy p.yaml', returnStatus: true)
  sh './deploy.sh'
}
)",
     "2:47 ignored_status"},
    {"StatusKeptForNobody", R"(node {
  def code = sh(returnStatus: true, script: 'slogate check')
  sh './deploy.sh'
}
)",
     "2:17 ignored_status"},
    {"StatusOfAPipelineObjectIgnored",
     "node {\n  steps.sh(script: 'slogate check', returnStatus: true)\n  sh './deploy.sh'\n}\n",
     "2:37 ignored_status"},
    {"StatusLookedAt", R"(node {
  int code = sh(returnStatus: true, script: 'slogate check')
  if (code != 0) { error("denied: ${code}") }
  sh './deploy.sh'
}
)",
     ""},
    {"StatusAsked", R"(node {
  if (sh(returnStatus: true, script: 'slogate check') != 0) { error('denied') }
  sh './deploy.sh'
}
)",
     ""},
    {"StatusOfAnother",
     "node {\n  sh(returnStatus: true, script: 'make')\n  slogate policy: 'p'\n}\n", ""},
    {"StatusMadeUnstable", R"(node {
  int code = sh(returnStatus: true, script: 'slogate check')
  if (code) { unstable('denied') }
  sh './deploy.sh'
}
)",
     "3:15 unstable"},

    {"OrTrue", "node {\n  sh 'slogate check || true'\n  sh './deploy.sh'\n}\n",
     "2:21 ignored_exit_code"},
    {"OrTrueInAMultilineText",
     "node {\n  sh '''\n    slogate check || true\n    ./deploy.sh\n  '''\n}\n",
     "3:19 ignored_exit_code"},
    {"Pipe", "node {\n  sh \"slogate check | tee log\"\n}\n", "2:21 pipe_without_pipefail"},
    {"PipeInBash",
     "node {\n  sh '''#!/bin/bash -eo pipefail\nslogate check | tee log\n./deploy.sh'''\n}\n", ""},
    {"ShebangHasNoErrexit", "node {\n  sh '''#!/bin/bash\nslogate check\n./deploy.sh'''\n}\n",
     "3:1 errexit_off"},
    {"DefaultHasErrexit", "node {\n  sh '''\nslogate check\n./deploy.sh'''\n}\n", ""},
    {"ALabelIsNoProgram", "node {\n  sh(label: 'slogate check || true', script: 'make')\n}\n", ""},

    {"DryRun",
     "node {\n  slogate(\n    dryRun: true,\n    policy: 'p.yaml',\n  )\n  sh './deploy.sh'\n}\n",
     "(2:3 dry_run)"},
    {"NoDryRun", "node {\n  slogate dryRun: false, policy: 'p.yaml'\n  sh './deploy.sh'\n}\n", ""},

    {"GateInAStageOfItsOwn", R"(pipeline {
  agent any
  stages {
    stage('Gate') { steps { slogate policy: 'p.yaml' } }
    stage('Deploy') { steps { sh './deploy.sh' } }
  }
}
)",
     "5:5 gate_apart"},
    {"NoRestart", R"(pipeline {
  agent any
  options { disableRestartFromStage() }
  stages {
    stage('Gate') { steps { slogate policy: 'p.yaml' } }
    stage('Deploy') { steps { sh './deploy.sh' } }
  }
}
)",
     ""},
    {"ScriptedStagesCannotBeRestarted", R"(node {
  stage('Gate') { slogate policy: 'p.yaml' }
  stage('Deploy') { sh './deploy.sh' }
}
)",
     ""},
    {"DeployInPost", R"(pipeline {
  stages { stage('Gate') { steps { slogate policy: 'p.yaml' } } }
  post {
    always { sh './deploy.sh' }
  }
}
)",
     "4:5 runs_after_denial"},
    {"DeployInPostSuccess", R"(pipeline {
  stages { stage('Gate') { steps { slogate policy: 'p.yaml' } } }
  post {
    success { sh './deploy.sh' }
    always { sh 'rm -rf work' }
  }
}
)",
     ""},

    {"InAComment", "// slogate policy: 'p'\n/* sh 'slogate check || true' */\nnode { sh 'make' }\n",
     ""},
    {"InAText", "node { echo \"sh 'slogate check || true'\" }\n", ""},
    {"AMember", "node { my.slogate(1); def slogate = 1 }\n", ""},
    {"ByPipelineObject", "class A { def go() { steps.sh 'slogate check || true' } }\n",
     "1:46 ignored_exit_code"},
    {"NoGate", "node {\n  sh './deploy.sh'\n}\n", "(2:3 no_gate)"},
    {"NoDeploy", "node {\n  sh 'make'\n}\n", ""},
    {"BracesThatNeverClose", "node { try { slogate policy: 'p'\n", ""},
    {"BracesThatNeverOpen", "} } slogate policy: 'p' }\n", ""},
};

INSTANTIATE_TEST_SUITE_P(All, Jenkins, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate
