"""The orb's check.sh with a program that only says how it was called."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import results  # noqa: E402
import world  # noqa: E402

SPY = """#!/usr/bin/python3
import json, os, sys
with open(@CALLED@, "w") as file:
    json.dump([sys.argv[1:], os.environ.get("PROMETHEUS_TOKEN")], file)
sys.exit(3)
"""
NASTY = "$(touch pwned) `touch pwned` \"'; touch pwned #\r\n--dry-run \\ * << parameters.token >>"
# As the orb sets them where a parameter is left out.
DEFAULTS = {"GATE_POLICY": "policy.yaml", "GATE_SLOS": "", "GATE_ARTIFACT_VARIABLE": "SLOGATE_ARTIFACT",
            "GATE_APPROVER_VARIABLE": "SLOGATE_APPROVER", "GATE_DRY_RUN": "0", "GATE_TOKEN_VARIABLE": "PROMETHEUS_TOKEN",
            "GATE_RESULTS": "results", "SLOGATE_URL": "", "SLOGATE_SHA256": ""}
OUTPUTS = ["--json=./results/decision.json", "--output", "junit=./results/junit.xml",
           "--output", "markdown=./results/summary.md"]


class CheckTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="slogate check.")
        self.addCleanup(temp.cleanup)
        self.top = pathlib.Path(temp.name)
        self.called = self.top / "called"
        (self.top / "bin").mkdir()
        spy = self.top / "bin" / "slogate"
        spy.write_text(SPY.replace("@CALLED@", json.dumps(str(self.called))))
        spy.chmod(0o755)

    def check(self, **variables):
        environment = {"PATH": f"{self.top}/bin:/usr/bin:/bin", "TMPDIR": str(self.top), **DEFAULTS, **variables}
        environment["GATE_FETCH"] = (world.ORB / "scripts" / "fetch.sh").read_text()
        return subprocess.run(["/bin/bash", "-eo", "pipefail", world.ORB / "scripts" / "check.sh"], env=environment,
                              cwd=self.top, capture_output=True, text=True, timeout=60, check=False)

    def call(self, **variables):
        """The arguments and the token that the program got."""
        done = self.check(**variables)
        # The exit code is the program's own.
        self.assertEqual((done.returncode, done.stdout, done.stderr), (3, "", ""))
        words, token = json.loads(self.called.read_text())
        self.called.unlink()
        return words, token

    def arguments(self, **variables):
        words = self.call(**variables)[0]
        self.assertEqual((words[:2], words[-5:]), (["check", "--adapter=circleci"], OUTPUTS))
        return words[2:-5]

    def refused(self, words, **variables):
        done = self.check(**variables)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertEqual(done.stderr.splitlines()[-1], "slogate: " + words)
        self.assertFalse(self.called.exists())
        return done.stderr

    def test_least(self):
        self.assertEqual(self.arguments(), ["--policy=policy.yaml"])

    def test_everything(self):
        self.assertEqual(
            self.arguments(GATE_SLOS="a.yaml\nb.yaml", GATE_SERVICE="checkout", GATE_ENVIRONMENT="production",
                           GATE_ARTIFACT="sha256:00", SLOGATE_ARTIFACT="sha256:11", GATE_VERSION="1.2",
                           GATE_COMMIT="c0ffee", GATE_CHANGE="security", GATE_TICKET="CVE-1", GATE_DEADLINE="30s",
                           GATE_LEDGER="sqlite:/l", GATE_WAIT="20m", GATE_OVERRIDE_REASON="a reason",
                           GATE_OVERRIDE_TICKET="INC-1", SLOGATE_APPROVER="bob", GATE_DRY_RUN="1"),
            ["--policy=policy.yaml", "--slos=a.yaml", "--slos=b.yaml", "--service=checkout", "--environment=production",
             "--artifact=sha256:00", "--version=1.2", "--commit=c0ffee", "--change=security", "--ticket=CVE-1",
             "--deadline=30s", "--ledger=sqlite:/l", "--wait=20m", "--override-reason=a reason", "--override-ticket=INC-1",
             "--approved-by=bob", "--dry-run"])

    def test_slos_are_lines(self):
        for text, files in (("\n\n", []), ("a.yaml\n", ["a.yaml"]), ("  a.yaml  \n\tb c.yaml\n\n", ["a.yaml", "b c.yaml"]),
                            ("a.yaml\r\nb.yaml\r\n", ["a.yaml", "b.yaml"]), ("*.yaml\n~\n$HOME", ["*.yaml", "~", "$HOME"]),
                            ("-x\n--dry-run\na\\b", ["-x", "--dry-run", "a\\b"])):
            with self.subTest(text):
                self.assertEqual(self.arguments(GATE_SLOS=text)[1:], ["--slos=" + file for file in files])

    def test_text_stays_text(self):
        for name in ("policy", "service", "environment", "artifact", "version", "commit", "change", "ticket", "deadline",
                     "ledger", "wait", "override-reason", "override-ticket"):
            for value in (NASTY, "-", "--dry-run", " ", "ü\u202e\x1b[31m", "x" * 100_000):
                with self.subTest(name, value=value[:20]):
                    words = self.arguments(**{"GATE_" + name.upper().replace("-", "_"): value})
                    self.assertIn(f"--{name}={value}", words)
                    self.assertNotIn("--dry-run", words)
        self.assertFalse((self.top / "pwned").exists())

    def test_approver(self):
        reason = {"GATE_OVERRIDE_REASON": "a reason"}
        self.assertEqual(self.arguments(**reason)[1:], ["--override-reason=a reason"])
        self.assertEqual(self.arguments(SLOGATE_APPROVER="", **reason)[1:], ["--override-reason=a reason"])
        # Who approved something is no reason to open a gate.
        self.assertEqual(self.arguments(SLOGATE_APPROVER="bob")[1:], [])
        self.assertEqual(self.arguments(GATE_APPROVER_VARIABLE="WHO", WHO="bob", SLOGATE_APPROVER="mallory", **reason)[1:],
                         ["--override-reason=a reason", "--approved-by=bob"])
        self.refused("the parameter approver-variable must be the name of a variable", GATE_APPROVER_VARIABLE="a[$(id)]")

    # What check.sh leaves for record.sh.
    PROCEEDS = """#!/bin/bash
for argument; do case $argument in --json=*) printf '%s' "$DOCUMENT" >"${argument#--json=}" ;; esac; done
printf '%s\\n' "$@" >@CALLED@
exit "${ENDS:-0}"
"""
    DOCUMENT = ('{"a":[{"id":"spent"}],"exit_code":0,"id":"sha256:' + "0a" * 32 + '","policy":{"text":"{\\"id\\":\\"sha256:'
                + "1" * 64 + '\\"}"}}\n')

    def gate_and_record(self, result, gate=0, **variables):
        """What record.sh calls slogate with after a gate that ended so, or its words where it calls nobody."""
        spy = self.top / "bin" / "slogate"
        spy.write_text(self.PROCEEDS.replace("@CALLED@", f"'{self.called}'"))
        bash_env = self.top / "bash.env"
        variables = {"BASH_ENV": str(bash_env), "DOCUMENT": self.DOCUMENT, **variables}
        self.assertEqual(self.check(ENDS=str(gate), **variables).returncode, gate)
        self.called.unlink()
        environment = {"PATH": "/usr/bin:/bin", "BASH_ENV": str(bash_env), "RESULT": result}
        done = subprocess.run(["/bin/bash", "-eo", "pipefail", world.ORB / "scripts" / "record.sh"], env=environment,
                              cwd=self.top, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.called.read_text().splitlines() if self.called.exists() else done.stdout

    def test_record(self):
        decision = "--decision=sha256:" + "0a" * 32
        for result in ("deployed", "failed"):
            (self.top / "bash.env").write_text("")
            self.assertEqual(self.gate_and_record(result), ["record", decision, f"--result={result}"])
            self.called.unlink()
        self.assertEqual(self.gate_and_record("failed", GATE_LEDGER="sqlite:/a b"),
                         ["record", decision, "--result=failed", "--ledger=sqlite:/a b"])

    def test_nothing_to_record(self):
        nothing = "slogate: no gate let a release go in this job, so there is nothing to record\n"
        for gate, variables in ((1, {}), (3, {}), (4, {}), (0, {"GATE_DRY_RUN": "1"})):
            # An earlier gate of the job was another release's.
            (self.top / "bash.env").write_text("export SLOGATE_GATE_DECISION=sha256:00\n")
            self.assertEqual(self.gate_and_record("failed", gate, **variables), nothing)
        # A release that is out is not told as a failed one when only telling it went wrong.
        self.gate_and_record("deployed")
        self.called.unlink()
        environment = {"PATH": "/usr/bin:/bin", "BASH_ENV": str(self.top / "bash.env"), "RESULT": "failed"}
        done = subprocess.run(["/bin/bash", world.ORB / "scripts" / "record.sh"], env=environment, capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, nothing))
        self.assertFalse(self.called.exists())

    def test_dry_run_is_a_boolean(self):
        for value, expected in (("1", True), ("true", True), ("0", False), ("false", False)):
            self.assertEqual("--dry-run" in self.arguments(GATE_DRY_RUN=value), expected, value)
        for value in ("", "True", "yes", "2", " 1", "1\n", "--dry-run"):
            self.refused("the parameter dry-run must be true or false", GATE_DRY_RUN=value)

    def test_artifact_of_an_earlier_step(self):
        self.assertEqual(self.arguments(SLOGATE_ARTIFACT="sha256:11")[1:], ["--artifact=sha256:11"])
        self.assertEqual(self.arguments(GATE_ARTIFACT_VARIABLE="DIGEST", DIGEST="sha256:22")[1:], ["--artifact=sha256:22"])
        self.refused("the parameter artifact-variable must be the name of a variable", GATE_ARTIFACT_VARIABLE="a[$(id)]")

    def test_token(self):
        self.assertEqual(self.call()[1], None)
        self.assertEqual(self.call(PROMETHEUS_TOKEN="a")[1], "a")
        self.assertEqual(self.call(GATE_TOKEN_VARIABLE="OTHER", OTHER="$(id) b")[1], "$(id) b")
        # The one that was named, and no other in its place.
        self.assertEqual(self.call(GATE_TOKEN_VARIABLE="OTHER", PROMETHEUS_TOKEN="a")[1], "")
        said = self.refused("the parameter token must be the name of a variable, not a secret",
                            GATE_TOKEN_VARIABLE="hunter2-the-token")
        self.assertNotIn("hunter2", said)

    def test_results(self):
        folder = self.top / "-r s"
        folder.mkdir()
        (folder / "junit.xml").write_text("of an earlier gate")
        (folder / "other").write_text("kept")
        words, _ = self.call(GATE_RESULTS="-r s")
        self.assertEqual(words[-1], "markdown=./-r s/summary.md")
        self.assertEqual([file.name for file in folder.iterdir()], ["other"])
        self.assertEqual(self.call(GATE_RESULTS=f"{self.top}/deep/er")[0][-1], f"markdown={self.top}/deep/er/summary.md")
        (self.top / "file").write_text("")
        self.refused("the folder file/x cannot be written", GATE_RESULTS="file/x")
        (folder / "decision.json").mkdir()
        self.refused("the folder -r s cannot be written", GATE_RESULTS="-r s")

    def test_missing(self):
        self.refused("the parameter policy is empty; it takes the path of a ReleasePolicy file", GATE_POLICY="")
        self.refused("the parameter results is empty; it takes a folder", GATE_RESULTS="")
        # Nothing but a program counts: not what an earlier step left in BASH_ENV.
        (self.top / "bash.env").write_text("slogate() { true; }\n")
        self.refused("slogate is not on PATH; use an image that has it, or the parameters slogate-url and slogate-sha256",
                     PATH="/usr/bin:/bin", BASH_ENV=str(self.top / "bash.env"))

    def test_an_archive_goes_before_the_path(self):
        # Half of a pin is no pin: it must not fall back to whatever is on PATH.
        for variables, why in (({"SLOGATE_URL": "https://releases.example/x"}, "SLOGATE_SHA256 is not set"),
                               ({"SLOGATE_SHA256": "0" * 64}, "SLOGATE_URL is not set"),
                               ({"SLOGATE_SHA256": "0", "SLOGATE_URL": "http://releases.example"}, "64 hex digits")):
            with self.subTest(why):
                self.assertIn(why, self.refused("slogate could not be had; the lines above say why", **variables))
        self.assertEqual(sorted(path.name for path in self.top.iterdir()), ["bin", "results"])


if __name__ == "__main__":
    results.run(__name__)
