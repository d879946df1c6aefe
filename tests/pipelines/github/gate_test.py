"""adapters/github/gate.sh with a program that only says how it was called."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import results  # noqa: E402

ADAPTER = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "..", "adapters", "github"))
GATE, SETUP = ADAPTER + "/gate.sh", ADAPTER + "/setup/setup.sh"
SPY = """#!/usr/bin/python3
import json, os, sys
with open(@CALLED@, "w") as file:
    json.dump(sys.argv[1:], file)
sys.stderr.write(os.environ.get("SAYS", ""))
sys.exit(int(os.environ.get("ENDS", "3")))
"""
NASTY = "$(touch pwned) `touch pwned` \"'; touch pwned #\n::error::x\r\n##[error]x --dry-run \\ *"


class GateTest(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="slogate gate.")
        self.addCleanup(temp.cleanup)
        self.top = temp.name
        self.called = self.top + "/called"
        os.mkdir(self.top + "/bin")
        os.mkdir(self.top + "/runner temp")
        with open(self.top + "/bin/slogate", "w", encoding="utf-8") as file:
            file.write(SPY.replace("@CALLED@", json.dumps(self.called)))
        os.chmod(self.top + "/bin/slogate", 0o755)

    def gate(self, **inputs):
        environment = {"PATH": f"{self.top}/bin:{os.environ['PATH']}", "RUNNER_TEMP": self.top + "/runner temp",
                       "GATE_POLICY": "policy.yaml", "GATE_DECISION": "decision.json", **inputs}
        environment = {name: value for name, value in environment.items() if value is not None}
        return subprocess.run([GATE], env=environment, cwd=self.top, capture_output=True, text=True, timeout=60,
                              check=False)

    def arguments(self, **inputs):
        run = self.gate(**inputs)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (3, "", ""))
        with open(self.called, encoding="utf-8") as file:
            words = json.load(file)
        os.remove(self.called)
        return words

    def refused(self, words, **inputs):
        run = self.gate(**inputs)
        self.assertEqual((run.returncode, run.stdout.splitlines()[-1]), (2, f"::error title=slogate::{words}"))
        self.assertFalse(os.path.exists(self.called))
        return run.stdout

    def test_least(self):
        self.assertEqual(self.arguments(), ["check", "--adapter=github", "--policy=policy.yaml",
                                            "--json=decision.json"])

    def test_everything(self):
        self.assertEqual(
            self.arguments(GATE_SLOS="a.yaml\nb.yaml", GATE_SERVICE="checkout", GATE_ENVIRONMENT="production",
                           GATE_ARTIFACT="sha256:00", GATE_VERSION="1.2", GATE_COMMIT="c0ffee",
                           GATE_CHANGE="security", GATE_TICKET="CVE-1", GATE_DEADLINE="30s", GATE_LEDGER="sqlite:/l",
                           GATE_WAIT="20m", GATE_OVERRIDE_REASON="a reason", GATE_OVERRIDE_TICKET="INC-1",
                           GATE_DRY_RUN="true"),
            ["check", "--adapter=github", "--policy=policy.yaml", "--slos=a.yaml", "--slos=b.yaml",
             "--service=checkout", "--environment=production", "--artifact=sha256:00", "--version=1.2",
             "--commit=c0ffee", "--change=security", "--ticket=CVE-1", "--deadline=30s", "--ledger=sqlite:/l",
             "--wait=20m", "--override-reason=a reason", "--override-ticket=INC-1", "--dry-run",
             "--json=decision.json"])

    def test_slos_are_lines(self):
        for text, files in {
            "": [],
            "\n\n": [],
            "a.yaml\n": ["a.yaml"],
            "  a.yaml  \n\tb c.yaml\n\n": ["a.yaml", "b c.yaml"],
            "a.yaml\r\nb.yaml\r\n": ["a.yaml", "b.yaml"],
            "*.yaml\n~\n$HOME": ["*.yaml", "~", "$HOME"],
            "-x\n--dry-run\na\\b": ["-x", "--dry-run", "a\\b"],
        }.items():
            with self.subTest(text):
                self.assertEqual([word for word in self.arguments(GATE_SLOS=text) if word.startswith("--slos")],
                                 ["--slos=" + file for file in files])

    def test_text_stays_text(self):
        for name in ("policy", "service", "environment", "artifact", "version", "commit", "change", "ticket",
                     "deadline", "ledger", "wait", "override-reason", "override-ticket"):
            for value in (NASTY, "-", "--", "--dry-run", " ", "ü‮\x1b[31m", "x" * 100_000):
                with self.subTest(name, value=value[:20]):
                    words = self.arguments(**{"GATE_" + name.upper().replace("-", "_"): value})
                    self.assertIn(f"--{name}={value}", words)
                    self.assertEqual([word for word in words if word == "--dry-run"], [])
        self.assertFalse(os.path.exists(self.top + "/pwned"))

    def test_dry_run_is_true_or_false(self):
        for value, expected in {"true": True, "false": False, "": False, None: False}.items():
            with self.subTest(value):
                self.assertEqual("--dry-run" in self.arguments(GATE_DRY_RUN=value), expected)
        for value in ("True", "TRUE", "yes", "1", "0", "on", " true", "true ", "false\n", "null", "::error::x"):
            with self.subTest(value):
                self.refused("The input 'dry-run' must be true or false.", GATE_DRY_RUN=value)

    def test_decision(self):
        for value in ("", None):
            file = self.arguments(GATE_DECISION=value)[-1]
            self.assertRegex(file, r"^--json=.*/runner temp/slogate\.\w{6}/decision\.json$")
            self.assertTrue(os.path.isdir(os.path.dirname(file.removeprefix("--json="))))
        # Two gates of one job keep a decision each.
        self.assertNotEqual(self.arguments(GATE_DECISION=""), self.arguments(GATE_DECISION=""))
        self.refused("The input 'decision' must be a file; on the log the decision would be nobody's.",
                     GATE_DECISION="-")

    # ---- setup.sh

    def setup(self, **inputs):
        environment = {"PATH": f"{self.top}/bin:{os.environ['PATH']}", "RUNNER_TEMP": self.top + "/runner temp", "ENDS": "0",
                       "GITHUB_PATH": self.top + "/path", **inputs}
        return subprocess.run([SETUP], env=environment, cwd=self.top, capture_output=True, text=True, timeout=60,
                              check=False)

    def test_setup_with_what_is_there(self):
        self.assertEqual(self.setup().returncode, 0)
        with open(self.called, encoding="utf-8") as file:
            self.assertEqual(json.load(file), ["version"])
        self.assertFalse(os.path.exists(self.top + "/path"))

    def test_setup_that_fails(self):
        for inputs, words in (
                ({"ENDS": "127"}, "slogate does not run here; it is made for Linux."),
                ({"SLOGATE_SHA256": "0" * 64}, "slogate could not be had; the lines above say why."),
                ({"SLOGATE_URL": "https://releases.example/x"}, "slogate could not be had; the lines above say why."),
                ({"RUNNER_TEMP": ""}, "RUNNER_TEMP is not set; this action runs on a runner of GitHub Actions."),
                ({"PATH": "/usr/bin:/bin"}, "slogate is not on PATH; put it on the runner, or give the inputs 'slogate-url' "
                                            "and 'slogate-sha256'.")):
            with self.subTest(words):
                run = self.setup(**inputs)
                self.assertEqual((run.returncode, run.stdout.splitlines()[-1]), (2, f"::error title=slogate::{words}"))
                self.assertFalse(os.path.exists(self.top + "/path"))

    def test_missing(self):
        for value in ("", None):
            self.refused("The input 'policy' is empty; it takes the path of a ReleasePolicy file.", GATE_POLICY=value)
            self.refused("RUNNER_TEMP is not set; this action runs on a runner of GitHub Actions.", RUNNER_TEMP=value)
        self.refused("slogate is not on PATH; put it on the runner, or give the inputs 'slogate-url' and "
                     "'slogate-sha256'.", PATH="/usr/bin:/bin")
        self.refused("RUNNER_TEMP cannot be written.", RUNNER_TEMP=self.top + "/not there", GATE_DECISION="")

    def test_an_archive_goes_before_the_path(self):
        # Half of a pin is no pin: it must not fall back to whatever is on PATH.
        for inputs, why in (({"SLOGATE_URL": "https://releases.example/x"}, "SLOGATE_SHA256 is not set"),
                            ({"SLOGATE_SHA256": "0" * 64}, "SLOGATE_URL is not set"),
                            ({"SLOGATE_SHA256": "0", "SLOGATE_URL": "http://releases.example"}, "64 hex digits")):
            with self.subTest(why):
                self.assertIn(why, self.refused("slogate could not be had; the lines above say why.", **inputs))

    def test_the_exit_code_is_the_programs_own(self):
        for code in (0, 1, 2, 3, 4, 5, 137, 255):
            with self.subTest(code):
                self.assertEqual(self.gate(ENDS=str(code)).returncode, code)

    def test_both_streams_of_slogate_pass_as_they_are(self):
        says = "::stop-commands::slogate-x\nslo.yaml:1:1: error\n::slogate-x::\nno newline"
        run = self.gate(SAYS=says, ENDS="2")
        self.assertEqual((run.returncode, run.stdout, run.stderr), (2, "", says))

    def test_the_environment_adds_nothing(self):
        self.assertEqual(self.arguments(INPUT_POLICY="x", INPUT_DRY_RUN="true", DRY_RUN="true", SLOGATE_DRY_RUN="true",
                                        arguments="x", slogate="/bin/true", folder="x", variable="x", status="0"),
                         ["check", "--adapter=github", "--policy=policy.yaml", "--json=decision.json"])


if __name__ == "__main__":
    results.run(__name__)
