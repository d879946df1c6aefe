"""What GitHub's users check their files with finds nothing in ours, and would find something."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import act  # noqa: E402
import results  # noqa: E402

ACTION = act.SOURCE + "/adapters/github/action.yml"
SETUP = act.SOURCE + "/adapters/github/setup/action.yml"
WORKFLOWS = sorted(glob.glob(act.EXAMPLES + "/github/**/*.yml", recursive=True))


def client(name):
    """The path of a client that ./dev test installs; a test without it is skipped."""
    path = os.environ.get("SLOGATE_" + name.upper().replace("-", "_"), "")
    return unittest.skipUnless(path, f"{name} is not there; ./dev test installs it")


class StaticTest(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.top = temp.name

    def check(self, name, *words):
        done = subprocess.run([os.environ["SLOGATE_" + name.upper().replace("-", "_")], *words], cwd=self.top,
                              env={"PATH": os.environ["PATH"], "HOME": self.top}, capture_output=True, text=True,
                              timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    def copy(self, name, old=None, new=None):
        """A copy of an example, or of the action, in which something was replaced."""
        source = ACTION if name == "action.yml" else f"{act.EXAMPLES}/github/{name}"
        text = act.read(source)
        path = f"{self.top}/{os.path.basename(name)}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(act.put_in(text, old, new) if old else text)
        return path

    def test_all_examples_are_here(self):
        self.assertEqual([os.path.relpath(path, act.EXAMPLES + "/github") for path in WORKFLOWS],
                         ["central/gated-deploy.yml", "central/team.yml", "dry-run.yml", "observe.yml",
                          "override-approve.yml", "override-request.yml", "release-with-ledger.yml", "release.yml",
                          "rollback.yml"])

    def test_examples_say_what_they_protect(self):
        for path in WORKFLOWS:
            with self.subTest(path):
                comment = act.read(path).split("\nname:")[0].lower()
                self.assertIn("what it protects", comment)
                self.assertIn("not", comment)

    def test_the_teams_part_has_eight_lines(self):
        text = act.read(act.EXAMPLES + "/github/central/team.yml")
        self.assertEqual(len([line for line in text.splitlines() if not line.startswith("#")]), 8)

    def test_the_action_passes_on_what_it_says(self):
        # act gives a composite its inner step's outputs whatever `value` says, so this is read here.
        for path in (ACTION, SETUP):
            action = yaml.safe_load(act.read(path))
            outputs = action.get("outputs", {})
            for name, output in outputs.items():
                self.assertEqual(output["value"], "${{ steps.gate.outputs.%s }}" % name)
            (step,) = action["runs"]["steps"]
            self.assertEqual(sorted(step["env"].values()), sorted("${{ inputs.%s }}" % name for name in action["inputs"]))
            self.assertNotIn("${{", step["run"])
            for each in [*action["inputs"].values(), *outputs.values()]:
                self.assertRegex(each["description"], "[.…]$")

    def test_what_people_type_is_text_of_no_program(self):
        for path in WORKFLOWS:
            jobs = yaml.safe_load(act.read(path))["jobs"].values()
            for step in [step for job in jobs for step in job.get("steps", [])]:
                self.assertNotIn("${{", step.get("run", ""), path)

    # ---- actionlint: it looks into local actions alone, so here our action is one.

    def project(self, text, name):
        os.makedirs(self.top + "/.github/workflows", exist_ok=True)
        os.makedirs(self.top + "/.git", exist_ok=True)
        shutil.copytree(act.SOURCE + "/adapters/github", self.top + "/adapters/github", dirs_exist_ok=True)
        path = f"{self.top}/.github/workflows/{name}"
        with open(path, "w", encoding="utf-8") as file:
            for folder in ("/adapters/github", "/adapters/github/setup"):
                text = text.replace(act.ACTION.replace("@", folder + "@"), "." + folder)
            file.write(text)
        return path

    @client("actionlint")
    def test_actionlint(self):
        for path in WORKFLOWS:
            with self.subTest(path):
                self.assertEqual(self.check("actionlint", self.project(act.read(path), os.path.basename(path))), (0, ""))

    @client("actionlint")
    def test_actionlint_finds(self):
        for old, new, words in (
                ("slos: checkout.yaml", "slo: checkout.yaml", 'input "slo" is not defined'),
                ("policy: release-policy.yaml", "dry-run: true", 'missing input "policy"'),
                ("outputs.decision_id", "outputs.decison_id", 'property "decison_id" is not defined'),
                ('./deploy.sh "$VERSION"', "./deploy.sh ${{ github.head_ref }}", "is potentially untrusted"),
                ("slos: checkout.yaml", "slos: checkout.yaml\n          ledgr: x", 'input "ledgr" is not defined'),
                ("timeout-minutes", "timeout-minute", 'unexpected key "timeout-minute"')):
            with self.subTest(new):
                text = act.put_in(act.read(act.EXAMPLES + "/github/release.yml"), old, new)
                status, said = self.check("actionlint", self.project(text, "release.yml"))
                self.assertEqual(status, 1, said)
                self.assertIn(words, said)

    # ---- zizmor

    @client("zizmor")
    def test_zizmor(self):
        self.assertEqual(self.check("zizmor", "--offline", "--no-config", "-q", ACTION, SETUP, *WORKFLOWS)[0], 0)

    @client("zizmor")
    def test_zizmor_finds(self):
        for name, old, new, words in (
                ("release.yml", "@0123456789abcdef0123456789abcdef01234567", "@v1", "unpinned-uses"),
                ("release.yml", "[main]\n\npermissions: {}", "[main]\n  pull_request_target:", "dangerous-triggers"),
                ("dry-run.yml", "permissions:\n      contents: read", "permissions: write-all", "excessive-permissions"),
                ("override-request.yml", '"--reason=$REASON"', '"--reason=${{ inputs.reason }}"', "template-injection"),
                ("rollback.yml", '"$VERSION"', '"${{ inputs.version }}"', "template-injection"),
                ("action.yml", 'run: \'"$GITHUB_ACTION_PATH/gate.sh"\'', "run: gate ${{ inputs.policy }}",
                 "template-injection")):
            with self.subTest(words, name=name):
                status, said = self.check("zizmor", "--offline", "--no-config", "-q", self.copy(name, old, new))
                self.assertGreater(status, 10, said)
                self.assertIn(words, said)

    # ---- check-jsonschema

    @client("check-jsonschema")
    def test_check_jsonschema(self):
        for schema, files in (("vendor.github-workflows", WORKFLOWS), ("vendor.github-actions", [ACTION, SETUP])):
            status, said = self.check("check-jsonschema", "--builtin-schema", schema, *files)
            self.assertEqual(status, 0, said)

    @client("check-jsonschema")
    def test_check_jsonschema_finds(self):
        for schema, name, old, new in (
                ("vendor.github-workflows", "release.yml", "runs-on: ubuntu-latest", "runs: ubuntu-latest"),
                ("vendor.github-workflows", "central/team.yml", "uses:", "use:"),
                ("vendor.github-actions", "action.yml", "      shell: bash\n", ""),
                ("vendor.github-actions", "action.yml", "  using: composite\n", "")):
            with self.subTest(name, new=new):
                status, said = self.check("check-jsonschema", "--builtin-schema", schema, self.copy(name, old, new))
                self.assertEqual(status, 1, said)


if __name__ == "__main__":
    results.run(__name__)
