"""adapters/jenkins by itself: its parameters, exit codes, and what happens when showing something goes wrong. A program
that stands in for slogate takes the place of the real one, which examples_test.py has."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import jenkins  # noqa: E402
import results  # noqa: E402

# Leaves its arguments, one in a line, and writes each report as slogate does, unless told otherwise.
STAND_IN = """
printf '%s\\n' "$@" >"$DEPLOYED.arguments"
for argument; do
  case $argument in
  --json=*) echo '{}' >"${argument#--json=}" ;;
  --output=headline=*) echo "${HEADLINE:-DENY  checkout → production  4.18.2  feature}" >"${argument#--output=*=}" ;;
  --output=junit=*) echo '<testsuite><testcase><failure/></testcase></testsuite>' >"${argument#--output=*=}" ;;
  --output=*) echo '{"issues": []}' >"${argument#--output=*=}" ;;
  esac
done
exit "${CODE:-0}"
"""
GATE = "node { slogate(policy: 'p.yaml', %s)\n sh './deploy.sh on' }\n"
WORDS = {
    1: "Release denied: DENY  checkout → production  4.18.2  feature",
    2: "slogate could not check: a usage error or an invalid file, which the log names (exit code 2)",
    3: "Release held: DENY  checkout → production  4.18.2  feature",
    4: "slogate could not record in the ledger, or the ledger does not verify (exit code 4)",
    5: "slogate failed: an internal error, or the decision could not be written or shown (exit code 5)",
    6: "slogate ended with exit code 6, which is no verdict: killed, or the agent was lost",
    11: "slogate ended with exit code 11, which is no verdict: killed, or the agent was lost",
    126: "slogate could not be started (exit code 126): put it on the agent's PATH, or give url and sha256",
    255: "slogate ended with exit code 255, which is no verdict: killed, or the agent was lost",
}
HOSTILE = ["$(touch hacked)", "`touch hacked`", "'; touch hacked; '", "'\\''", '"; touch hacked; "', "a b  c", "-x",
           "--dry-run", "\\", "*", "~", "&& touch hacked", "${HOME}", "#", "%s", "é→", "::error::x", "</testcase>"]


def groovy(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@jenkins.needed
class LibraryTest(jenkins.JenkinsTest):
    def setUp(self):
        super().setUp()
        self.program(STAND_IN)

    def gate(self, words="", **more):
        return self.build(GATE % words, **more)

    def refused(self, words, error):
        """Before anybody is asked."""
        build = self.gate(words)
        self.assertEqual((build["result"], build["log"]), ("FAILURE", "ERROR: slogate: " + error + "\n"))
        self.assertEqual((self.deployed(), os.path.exists(self.top + "/deployed.arguments")), ("", False))

    def arguments(self):
        return jenkins.read(self.top + "/deployed.arguments").splitlines()

    def test_every_parameter(self):
        build = self.gate("slos: ['a.yaml', 'b.yaml'], service: 's', environment: 'e', artifact: 'sha256:0', "
                          "version: \"v${1}\", commit: 'c', change: 'security', ticket: 'CVE-1', deadline: '5s', "
                          "ledger: 'sqlite:/l', wait: '20m', overrideReason: 'a reason', overrideTicket: 'INC-1', "
                          "approvedBy: 'bob', dryRun: true, warningsNg: true, decision: 'out/d.json'")
        self.assertEqual(build["result"], "SUCCESS", build["log"])
        self.assertEqual(self.arguments(), [
            "check", "--adapter=jenkins", "--policy=p.yaml", "--service=s", "--environment=e", "--artifact=sha256:0",
            "--version=v1", "--commit=c", "--change=security", "--ticket=CVE-1", "--deadline=5s", "--ledger=sqlite:/l",
            "--wait=20m", "--override-reason=a reason", "--override-ticket=INC-1", "--approved-by=bob",
            "--slos=a.yaml", "--slos=b.yaml", "--json=out/d.json", "--output=junit=out/d.junit.xml", "--output=markdown=out/d.md",
            "--output=headline=out/d.headline.txt", "--output=warnings-ng=out/d.warnings.json", "--dry-run"])
        self.assertEqual((build["archived"], build["tested"], build["issues"]),
                         (["out/d.json", "out/d.md"], ["out/d.junit.xml"], ["out/d.warnings.json"]))

    def test_what_is_not_given(self):
        self.gate("slos: 'a.yaml', version: '', ticket: null, dryRun: false, decision: '', approvedBy: null")
        self.assertEqual(self.arguments(), [
            "check", "--adapter=jenkins", "--policy=p.yaml", "--slos=a.yaml", "--json=slogate/decision.json",
            "--output=junit=slogate/decision.junit.xml", "--output=markdown=slogate/decision.md",
            "--output=headline=slogate/decision.headline.txt"])

    def test_hostile_text(self):
        for text in HOSTILE:
            for name, option in (("version", "version"), ("slos", "slos"), ("ticket", "ticket"), ("ledger", "ledger"),
                                 ("overrideReason", "override-reason"), ("approvedBy", "approved-by")):
                with self.subTest(text, name=name):
                    self.assertEqual(self.gate(f"{name}: {groovy(text)}")["result"], "SUCCESS")
                    self.assertIn(f"--{option}={text}", self.arguments())
                    self.assertFalse(os.path.exists(self.workspace + "/hacked"))

    def test_control_characters(self):
        for name, option in (("slos", "slos"), ("version", "version"), ("overrideReason", "override-reason"),
                             ("approvedBy", "approved-by")):
            for text in ("a\\nb", "a\\r", "\\u0000", "\\u001b[2J", "\\u007f"):
                self.refused(f"{name}: '{text}'", f"--{option} holds a line break or another control character")

    def test_mistakes(self):
        known = ("approvedBy, artifact, change, commit, deadline, decision, dryRun, environment, ledger, overrideReason, "
                 "overrideTicket, policy, service, sha256, slos, ticket, url, version, wait, warningsNg")
        self.refused("dryrun: true", "unknown parameter dryrun; it knows " + known)
        self.refused("'dry-run': true, x: 1", "unknown parameter dry-run, x; it knows " + known)
        for name in ("dryRun", "warningsNg"):
            for text in ("true", "false"):
                self.refused(f"{name}: '{text}'", f"{name} must be true or false without quotes, not the text '{text}'")
        for words in ("url: 'https://x.example/'", f"sha256: '{'0' * 64}'"):
            self.refused(words, "url and sha256 go together: an archive is checked before it runs")
        for name in ("/tmp/d.json", "../d.json", "a/../d.json", "a,b.json", "*.json", "d", "-d.json", "a b.json", "./a.json"):
            self.refused(f"decision: '{name}'",
                         f"decision must be a plain path within the workspace that ends in .json, not '{name}'")

    def test_help_names_every_parameter(self):
        text = jenkins.read(jenkins.LIBRARY + "/vars/slogate.txt")
        named = re.findall(r"^([a-zA-Z]\w*)(?:, (\w+))?(?:  +\S|$)", text, re.M)
        build = self.gate("x: 1")
        known = re.search("it knows (.*)", build["log"]).group(1).split(", ")
        self.assertEqual(sorted(name for names in named for name in names if name), known)

    def test_exit_codes(self):
        for code, words in WORDS.items():
            with self.subTest(code):
                build = self.gate(environment={"CODE": str(code)})
                self.assertEqual((build["result"], self.deployed()), ("FAILURE", ""))
                self.assertEqual(build["log"].splitlines()[-1], "ERROR: " + words)
                # What was written is shown after each of them.
                self.assertRegex(build["description"], "^DENY  checkout")
                self.assertEqual((build["archived"], build["tested"]),
                                 (["slogate/decision.json", "slogate/decision.md"], ["slogate/decision.junit.xml"]))

    def test_no_verdict(self):
        self.program("kill -KILL $$")
        build = self.gate()
        self.assertEqual((build["result"], self.deployed(), build["description"]), ("FAILURE", "", None))
        self.assertIn("slogate ended with exit code 137, which is no verdict", build["log"])
        os.remove(self.tools + "/slogate")
        build = self.gate()
        self.assertEqual((build["result"], self.deployed()), ("FAILURE", ""))
        self.assertIn("slogate could not be started (exit code 127)", build["log"])

    def test_an_argument_that_no_program_takes(self):
        build = self.gate("version: 'x' * 1048576")
        self.assertEqual((build["result"], self.deployed()), ("FAILURE", ""))
        self.assertIn("slogate could not be started (exit code 126)", build["log"])

    def test_words_without_a_headline(self):
        for code, words in {1: "Release denied: the log says why", 3: "Release held: the log says why"}.items():
            self.program(f"exit {code}")
            build = self.gate()
            self.assertEqual((build["result"], build["log"].splitlines()[-1]), ("FAILURE", "ERROR: " + words))
            self.assertEqual((build["description"], build["archived"], build["tested"]), (None, [], []))

    def test_nothing_of_an_earlier_build_is_shown(self):
        self.gate()
        self.program("exit 5")
        build = self.gate()
        self.assertEqual((build["result"], build["description"]), ("FAILURE", None))
        self.assertEqual((build["archived"], build["tested"]), ([], []))

    def test_a_workspace_in_the_way(self):
        for way in ("mkdir -p slogate/decision.json", "rm -rf slogate; touch slogate"):
            build = self.build("node { sh '" + way + "'\n slogate(policy: 'p') }\n")
            self.assertEqual(build["result"], "FAILURE")
            self.assertIn("slogate could not check", build["log"]) # and not: denied
            self.assertEqual(os.path.exists(self.top + "/deployed.arguments"), False)

    def test_showing_changes_no_verdict(self):
        for missing in (["junit"], ["archiveArtifacts"], ["recordIssues"], ["issues"], ["readFile"], ["fileExists"],
                        ["junit", "archiveArtifacts", "recordIssues", "readFile"]):
            for code, words in {0: "", 1: "Release denied: ", 3: "Release held: "}.items():
                with self.subTest(missing, code=code):
                    self.doCleanups()
                    self.setUp()
                    build = self.gate("warningsNg: true", missing=missing, environment={"CODE": str(code)})
                    self.assertEqual((build["result"], self.deployed()),
                                     ("FAILURE", "") if code else ("SUCCESS", "on\n"))
                    self.assertIn(words, build["log"])
                    self.assertIn("could not be published: java.lang.NoSuchMethodError: No such DSL method '" +
                                  missing[0], build["log"])

    def test_a_report_that_jenkins_cannot_read(self):
        self.program(STAND_IN.replace("<testsuite>", "<testsuite"))
        build = self.gate(environment={"CODE": "1"})
        self.assertEqual((build["result"], build["tested"]), ("FAILURE", []))
        self.assertIn("slogate: slogate/decision.junit.xml could not be published: ", build["log"])
        self.assertEqual(build["log"].splitlines()[-1], "ERROR: " + WORDS[1])

    def test_somebody_stops_the_build(self):
        for step in ("sh", "fileExists", "readFile", "archiveArtifacts", "junit", "recordIssues"):
            for code in ("0", "1"):
                with self.subTest(step, code=code):
                    build = self.gate("warningsNg: true", stop_at=step, environment={"CODE": code})
                    self.assertEqual((build["result"], self.deployed()), ("ABORTED", ""))

    def test_description(self):
        two = "node { slogate policy: 'p'\n slogate policy: 'p', decision: 'second.json' }\n"
        build = self.build(two, environment={"HEADLINE": "ALLOW  <b onclick=x>checkout</b> & co " + "x" * 400})
        line = ("ALLOW  ‹b onclick=x›checkout‹/b› & co " + "x" * 400)[:300]
        self.assertEqual(build["description"], line + "\n" + line)
        build = self.build("node { currentBuild.description = 'mine'\n slogate policy: 'p' }\n")
        self.assertEqual(build["description"], "mine\nDENY  checkout → production  4.18.2  feature")

    def test_what_it_returns(self):
        text = "node { def a = slogate(policy: 'p', dryRun: %s)\n sh 'true'\n echo \"${a}\" }\n"
        for dry, proceed in {"false": "true", "null": "true", "true": "false"}.items():
            self.assertIn(f"[proceed:{proceed}, headline:ALLOW  checkout, decision:slogate/decision.json, "
                          "program:slogate, ledger:]\n",
                          self.build(text % dry, environment={"HEADLINE": "ALLOW  checkout"})["log"])

    # ---- what became of the release

    RECORD = "node { def gate = slogate(policy: 'p.yaml'%s)\n slogate.record(gate, '%s') }\n"
    ID = "sha256:" + "0a" * 32

    def record(self, words="", result="deployed", id_member=f'"id":"{ID}"', **more):
        """After a gate whose document has this in it."""
        self.program("for argument; do case $argument in --json=*) cat >\"${argument#--json=}\" <<'END'\n"
                     '{"a":[{"id":"spent"}],"exit_code":0,%s,"policy":{"text":"{\\"id\\":\\"sha256:%s\\"}"}}\n'
                     "END\n;; esac; done\n"
                     "printf '%%s\\n' \"$@\" >\"$DEPLOYED.arguments\"\n[[ $1 == check ]] || exit \"${CODE:-0}\"\n"
                     % (id_member, "1" * 64))
        return self.build(self.RECORD % (words, result), **more)

    def test_record(self):
        for result in ("deployed", "failed", "rolled_back"):
            self.assertEqual(self.record(result=result)["result"], "SUCCESS")
            self.assertEqual(self.arguments(), ["record", f"--result={result}", f"--decision={self.ID}"])
        self.record(", ledger: 'sqlite:/a b', decision: 'x/y.json'")
        self.assertEqual(self.arguments(), ["record", "--result=deployed", "--ledger=sqlite:/a b",
                                            f"--decision={self.ID}"])

    def test_record_that_is_refused(self):
        build = self.record(environment={"CODE": "4"})
        self.assertEqual((build["result"], build["log"].splitlines()[-1]),
                         ("FAILURE", "ERROR: script returned exit code 4"))

    def test_record_without_an_id(self):
        self.record(id_member='"id":null')
        self.assertEqual(self.arguments(), ["record", "--result=deployed", "--decision="])

    def test_record_of_a_dry_run(self):
        build = self.record(", dryRun: true")
        self.assertEqual((build["result"], self.arguments()[0]), ("SUCCESS", "check"))

    def test_record_of_nothing(self):
        for nothing in ("null", "[:]", "[decision: 'd.json']"):
            build = self.build(f"node {{ slogate.record({nothing}, 'deployed') }}\n")
            self.assertEqual((build["result"], build["log"]),
                             ("FAILURE", "ERROR: slogate: record takes what the step slogate returned\n"))

    def test_credentials_stay_out_of_the_log(self):
        # build() looks for them; the gate and what it shows stand within withCredentials.
        build = self.build("node { withCredentials([string(credentialsId: 'prometheus-token', variable: 'T')]) { "
                           "slogate policy: 'p', version: 'v' } }\n")
        self.assertEqual(build["result"], "SUCCESS")
        self.assertIn("+ exec slogate check --adapter=jenkins --policy=p --version=v", build["log"])

    def test_program_from_an_archive(self):
        url, sha256 = self.serve(jenkins.archive(self.tools + "/slogate"))
        os.remove(self.tools + "/slogate")
        words = f"url: '{url}', sha256: '{sha256}'"
        self.assertEqual((self.gate(words)["result"], self.deployed()), ("SUCCESS", "on\n"))
        build = self.gate(words.replace(sha256, "0" * 64))
        self.assertEqual((build["result"], self.deployed()), ("FAILURE", "on\n"))
        self.assertIn(f"has the SHA-256 {sha256}, expected {'0' * 64}", build["log"])

    def test_the_script_that_gets_it(self):
        # A copy, for Jenkins refuses a link that leads out of a library's resources.
        copy = jenkins.LIBRARY + "/resources/slogate/fetch.sh"
        self.assertEqual(jenkins.read(copy), jenkins.read(jenkins.SOURCE + "/adapters/fetch.sh"))
        self.assertFalse(os.path.islink(copy))
        self.assertTrue(jenkins.read(copy).isascii())  # it is read in whatever encoding the controller has


if __name__ == "__main__":
    results.run(__name__)
