"""That the harness finds what goes wrong on a Jenkins: each fault here is one that a library could have."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import jenkins  # noqa: E402
import results  # noqa: E402


@jenkins.needed
class HarnessTest(jenkins.JenkinsTest):
    def ends(self, text, result, said="", **more):
        build = self.build(text + "\n", **more)
        self.assertEqual(build["result"], result, build["log"])
        self.assertIn(said, build["log"])
        return build

    def test_steps_outside_of_the_interpreter(self):
        self.ends("@NonCPS def bad() { sh 'true' }\nnode { bad() }", "SUCCESS",
                  mismatches=["expected to call bad but wound up catching sh"])
        self.ends("node { ['a', 'b'].toSorted { l, r -> sh 'true'; 0 } }", "SUCCESS",
                  mismatches=["expected to call toSorted but wound up catching call"])
        wrong = "@NonCPS def call() { bad() }\n@NonCPS def bad() { sh 'true' }"
        jenkins.write(self.top + "/library/vars/wrong.groovy", wrong)
        self.libraries = [self.top + "/library"]
        self.ends("node { wrong() }", "SUCCESS", mismatches=["expected to call wrong but wound up catching sh"])

    def test_what_cannot_be_saved(self):
        self.ends("node { def m = 'abc' =~ /b/; sh 'true'; echo m[0] }", "FAILURE",
                  "NotSerializableException: java.util.regex")
        # A program may not catch it, for on a controller there is nothing left that could.
        self.ends("node { def m = 'abc' =~ /b/\n try { sh 'true' } catch (Throwable t) { echo 'caught' } }", "FAILURE",
                  "NotSerializableException: java.util.regex")

    def test_a_program_goes_on_after_each_restart(self):
        build = self.ends("""
            def seen = []
            node {
              for (int i = 0; i < 3; i++) {
                def line = sh(script: "echo out $i", returnStdout: true).trim()
                seen << line
              }
              try { sh 'exit 7' } catch (hudson.AbortException e) { seen << e.message } finally { seen << 'finally' }
            }
            echo seen.join(', ')""", "SUCCESS", "out 0, out 1, out 2, script returned exit code 7, finally")
        self.assertIn("+ echo out 2", build["log"])

    def test_unknown_names(self):
        self.ends("node { frobnicate() }", "FAILURE", "No such DSL method 'frobnicate' found")
        self.ends("node { sh scrpt: 'true' }", "FAILURE", "Unknown parameter 'scrpt' for the step sh")
        self.ends("node { echo nothing }", "FAILURE", "No such property: nothing")
        self.ends("node { junit 'x.xml' }", "FAILURE", "No such DSL method 'junit'", missing=["junit"])
        self.ends("node { sh script: 'true', returnStdout: true, returnStatus: true }", "FAILURE", "can't provide both")
        self.ends("pipeline { agent any\n stage('x') { steps { echo 'x' } } }", "FAILURE", "No such DSL method 'stage'")
        self.ends("pipeline { stages { stage('x') { steps { echo 'x' } } } }", "FAILURE", "Missing required section 'agent'")
        self.ends("pipeline { agent any\n stages { stage('x') { echo 'x' } } }", "FAILURE", "No such DSL method 'echo'")

    def test_credentials(self):
        bind = "withCredentials([string(credentialsId: 'prometheus-token', variable: 'T')])"
        self.ends(f"node {{ {bind} {{ sh 'set +x; test -n \"$T\"' }}\n sh 'test -z \"$T\"' }}", "SUCCESS")
        self.ends(f"node {{ {bind} {{ sh 'test -n \"$T\"' }} }}", "SUCCESS", "+ test -n ****", masked=1)
        build = self.ends(f"node {{ {bind} {{ sh \"test ${{env.T}} = x || true\" }} }}", "SUCCESS", "+ test **** = x",
                          masked=1)
        self.assertNotIn(jenkins.TOKEN, build["log"])
        self.ends("node { withCredentials([string(credentialsId: 'gone', variable: 'T')]) { echo 'x' } }", "FAILURE",
                  "Could not find credentials entry with ID 'gone'")

    def test_user_and_password(self):
        bind = ("withCredentials([usernamePassword(credentialsId: 'ledger-deploy', usernameVariable: 'U', "
                "passwordVariable: 'P')])")
        self.ends(f"node {{ {bind} {{ sh 'set +x; test -n \"$U$P\"' }}\n sh 'test -z \"$U$P\"' }}", "SUCCESS")
        self.ends(f"node {{ {bind} {{ sh 'echo $P' }} }}", "SUCCESS", "+ echo ****", masked=1)

    def test_input(self):
        ask = "def a = input(id: 'Q', message: 'm', submitter: 'sre-oncall', submitterParameter: 'WHO')\n echo \"got ${a}\""
        self.ends(ask, "SUCCESS", "Approved by bob\ngot bob", answers={"Q": "bob"})
        self.ends(ask, "SUCCESS", "Approved\ngot null", answers={"Q": None})
        self.ends(ask, "FAILURE", "ERROR: mallory may not answer Q", answers={"Q": "mallory"})
        self.ends(ask, "ABORTED")
        self.ends(ask.replace(", submitterParameter: 'WHO'", ""), "SUCCESS", "got null", answers={"Q": "bob"})
        self.ends("input 'm'", "FAILURE", "missing parameter id", answers={"Q": "bob"})

    def test_causes(self):
        ask = "echo \"by ${currentBuild.getBuildCauses('%s')*.userId}\""
        self.ends(ask % "hudson.model.Cause$UserIdCause", "SUCCESS", "by [bob, null]", starters=("bob", None))
        self.ends(ask % "hudson.triggers.TimerTrigger$TimerTriggerCause", "FAILURE", "has no causes of the kind")

    def test_junit(self):
        passed = "<testsuite><testcase name='a'/></testsuite>"
        failed = "<testsuite><testcase name='a'><failure/></testcase></testsuite>"
        self.ends(f"node {{ writeFile file: 'a.xml', text: \"{passed}\"\n junit 'a.xml' }}", "SUCCESS")
        self.ends(f"node {{ writeFile file: 'a.xml', text: \"{failed}\"\n junit 'a.xml' }}", "UNSTABLE")
        self.ends(f"node {{ writeFile file: 'a.xml', text: \"{failed}\"\n "
                  "junit testResults: 'a.xml', skipMarkingBuildUnstable: true }", "SUCCESS")
        self.ends("node { writeFile file: 'a.xml', text: ''\n junit 'a.xml' }", "FAILURE")
        self.ends("node { junit 'gone.xml' }", "FAILURE", "No test report files were found")
        os.utime(self.workspace + "/a.xml", (1, 1))
        self.ends("node { junit 'a.xml' }", "FAILURE", "none of them are new")

    def test_resources(self):
        library = self.top + "/library"
        self.libraries = [library]
        jenkins.write(library + "/vars/nothing.groovy", "def call() {}")
        jenkins.write(library + "/resources/a.txt", "here")
        jenkins.write(self.top + "/outside.txt", "outside")
        os.symlink("../../outside.txt", library + "/resources/link.txt")
        self.ends("node { echo libraryResource('a.txt') }", "SUCCESS", "here")
        self.ends("node { libraryResource 'link.txt' }", "FAILURE", "is not contained within the library")
        self.ends("node { libraryResource '../../outside.txt' }", "FAILURE", "is not contained within the library")
        self.ends("node { libraryResource 'gone.txt' }", "FAILURE", "No such library resource")

    def test_somebody_stops_the_build(self):
        self.ends("node { sh 'true'\n echo 'on' }", "ABORTED", stop_at="sh")
        self.ends("node { try { sh 'true' } catch (Throwable t) { echo 'on' } }", "SUCCESS", "on", stop_at="sh")


if __name__ == "__main__":
    results.run(__name__)
