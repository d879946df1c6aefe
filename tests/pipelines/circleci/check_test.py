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
            "GATE_DRY_RUN": "0", "GATE_TOKEN_VARIABLE": "PROMETHEUS_TOKEN", "GATE_RESULTS": "results",
            "SLOGATE_URL": "", "SLOGATE_SHA256": ""}
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
                           GATE_DRY_RUN="1"),
            ["--policy=policy.yaml", "--slos=a.yaml", "--slos=b.yaml", "--service=checkout", "--environment=production",
             "--artifact=sha256:00", "--version=1.2", "--commit=c0ffee", "--change=security", "--ticket=CVE-1",
             "--deadline=30s", "--dry-run"])

    def test_slos_are_lines(self):
        for text, files in (("\n\n", []), ("a.yaml\n", ["a.yaml"]), ("  a.yaml  \n\tb c.yaml\n\n", ["a.yaml", "b c.yaml"]),
                            ("a.yaml\r\nb.yaml\r\n", ["a.yaml", "b.yaml"]), ("*.yaml\n~\n$HOME", ["*.yaml", "~", "$HOME"]),
                            ("-x\n--dry-run\na\\b", ["-x", "--dry-run", "a\\b"])):
            with self.subTest(text):
                self.assertEqual(self.arguments(GATE_SLOS=text)[1:], ["--slos=" + file for file in files])

    def test_text_stays_text(self):
        for name in ("policy", "service", "environment", "artifact", "version", "commit", "change", "ticket", "deadline"):
            for value in (NASTY, "-", "--dry-run", " ", "ü\u202e\x1b[31m", "x" * 100_000):
                with self.subTest(name, value=value[:20]):
                    words = self.arguments(**{"GATE_" + name.upper(): value})
                    self.assertIn(f"--{name}={value}", words)
                    self.assertNotIn("--dry-run", words)
        self.assertFalse((self.top / "pwned").exists())

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
