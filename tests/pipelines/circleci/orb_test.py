"""What holds for the packed orb and the examples as texts, and the orb in the hands of somebody hostile or unlucky."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import config  # noqa: E402
import results  # noqa: E402
import world  # noqa: E402

STEP = "Ask the error budget"
NASTY = "$(touch pwned) `touch pwned` \"'; touch pwned # << pipeline.number >> ::error::x \\ *"
NEEDS_PACKER = unittest.skipUnless(os.environ.get("SLOGATE_CIRCLECI_CLI"),
                                   "circleci-cli is not there; ./dev test installs it")
NEEDS_SCHEMA = unittest.skipUnless(os.environ.get("SLOGATE_CHECK_JSONSCHEMA"),
                                   "check-jsonschema is not there; ./dev test installs it")


def commands(value, key=""):
    """Every text that a shell would run."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from commands(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from commands(member)
    elif isinstance(value, str) and key in ("run", "command"):
        yield value


def without_description(value, name=""):
    """The commands, jobs, executors, examples and parameters of an orb that nobody described."""
    found = [] if value.get("description") else [name]
    for kind in ("commands", "jobs", "executors", "examples", "parameters"):
        for own, member in value.get(kind, {}).items():
            found += without_description(member, f"{name}/{own}")
    return found


def configurations():
    return sorted([*world.EXAMPLES.glob("*.yml"), *(world.EXAMPLES / "central").glob("*.yml")])


class TextTest(unittest.TestCase):
    @NEEDS_PACKER
    def test_everything_is_described(self):
        for name, text in world.orbs().items():
            self.assertEqual(without_description(yaml.safe_load(text)), [], name)
        bad = {"description": "d", "jobs": {"a": {"parameters": {"b": {}}}}}
        self.assertEqual(without_description(bad), ["/a", "/a/b"])

    @NEEDS_PACKER
    def test_nothing_is_put_into_commands(self):
        texts = [*world.orbs().values(), *(file.read_text() for file in configurations())]
        found = [command for text in texts for command in commands(yaml.safe_load(text))]
        self.assertGreater(len(found), 8)
        self.assertEqual([command for command in found if config.SUBSTITUTION.search(command)], [])
        bad = "steps: [run: echo << parameters.a >>, run: {command: echo <<pipeline.number>>}, run: 'cat \\<<a']"
        self.assertEqual([bool(config.SUBSTITUTION.search(command)) for command in commands(yaml.safe_load(bad))],
                         [True, True, False])

    @NEEDS_PACKER
    def test_the_job_hands_on_every_parameter(self):
        orb = yaml.safe_load(world.orbs()["acme/slogate@0.1.0"])
        job, declared = orb["jobs"]["gate"], orb["commands"]["check"]["parameters"]
        self.assertEqual({name: value for name, value in job["parameters"].items()
                          if name not in ("executor", "before", "deploy")}, declared)
        self.assertEqual([step for step in job["steps"] if "check" in step],
                         [{"check": {name: f"<< parameters.{name} >>" for name in declared}}])

    # Packing writes << as \\<<. So check.sh has none, and fetch.sh, which travels in a variable, no \\< of its own that
    # would be lost when check.sh takes the escape off.
    def test_scripts_survive_packing(self):
        self.assertFalse("<<" in (world.ORB / "scripts" / "check.sh").read_text())
        self.assertFalse("\\<" in (world.ORB / "scripts" / "fetch.sh").read_text())

    @NEEDS_PACKER
    def test_the_packer_refuses_a_missing_script(self):
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder)
            (top / "commands").mkdir()
            (top / "@orb.yml").write_text("version: 2.1\n")
            (top / "commands" / "a.yml").write_text("steps: [run: echo]\n")
            self.assertIn("echo", world.pack(top))
            (top / "commands" / "a.yml").write_text("steps: [run: <<include(scripts/none.sh)>>]\n")
            with self.assertRaises(subprocess.CalledProcessError):
                world.pack(top)

    def schema(self, *files):
        done = subprocess.run([os.environ["SLOGATE_CHECK_JSONSCHEMA"], "--builtin-schema", "vendor.circle-ci", *files],
                              capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout

    @NEEDS_SCHEMA
    def test_schema(self):
        code, said = self.schema(*configurations())
        self.assertEqual(code, 0, said)

    @NEEDS_SCHEMA
    def test_schema_finds_mistakes(self):
        text = (world.EXAMPLES / "config.yml").read_text()
        for old, new in (("docker:\n      - image:", "docker:\n      - imagine:"),
                         ("command: ./deploy", "comand: ./deploy"),
                         ("context: deploy-production", "context: 7")):
            with self.subTest(new), tempfile.TemporaryDirectory() as folder:
                with open(folder + "/config.yml", "w", encoding="utf-8") as file:
                    file.write(world.put_in(text, old, new))
                self.assertEqual(self.schema(folder + "/config.yml")[0], 1)


@NEEDS_PACKER
class HostileTest(unittest.TestCase):
    def blocked(self, a_world, outcomes, code=2):
        self.assertEqual((outcomes["release"].status, outcomes["release"].codes.get(STEP)), ("failed", code),
                         outcomes["release"].log)
        self.assertEqual(a_world.deploys(), [])
        return outcomes["release"].log

    def test_text_stays_text(self):
        with world.World("allow") as a_world:
            text = a_world.with_archive((world.EXAMPLES / "rollback.yml").read_text())
            outcome = a_world.run(text, {"version": NASTY, "ticket": NASTY})["release"]
            self.assertEqual((outcome.status, outcome.codes[STEP]), ("success", 0), outcome.log)
            self.assertEqual(a_world.deploys(), [NASTY])
            self.assertIn(NASTY, outcome.log)
            for value in ("line\nbreak", "\x1b[31m", "\u202e", "a\r\nb"):
                outcome = a_world.run(text, {"version": value})["release"]
                self.assertEqual((outcome.status, outcome.codes[STEP]), ("failed", 2), outcome.log)
            with self.assertRaises(config.Refused):
                a_world.run(text, {"change": NASTY})
            self.assertEqual((a_world.deploys(), list(a_world.top.rglob("pwned"))), ([NASTY], []))

    def test_another_archive(self):
        with world.World("allow") as a_world:
            text = world.put_in((world.EXAMPLES / "config.yml").read_text(), world.ARCHIVE, a_world.archive_server)
            self.assertIn("do not use it before you know why", self.blocked(a_world, a_world.run(text)))

    def test_on_path(self):
        with world.World("deny") as a_world:
            lines = (world.EXAMPLES / "config.yml").read_text().splitlines(keepends=True)
            text = "".join(line for line in lines if "slogate-url" not in line and "slogate-sha256" not in line)
            self.assertIn("slogate is not on PATH", self.blocked(a_world, a_world.run(text)))
            (a_world.top / "bin").mkdir()
            (a_world.top / "bin" / "slogate").symlink_to(os.environ["SLOGATE_PROGRAM"])
            self.blocked(a_world, a_world.run(text, path=str(a_world.top / "bin")), 1)

    def test_no_token(self):
        with world.World("allow") as a_world:
            text = a_world.with_archive((world.EXAMPLES / "config.yml").read_text())
            text = world.put_in(text, "context: deploy-production", "context: []")
            self.assertIn("PROMETHEUS_TOKEN", self.blocked(a_world, a_world.run(text)))

    def test_the_token_is_shown_nowhere(self):
        with world.World("deny") as a_world:
            outcomes = a_world.run(a_world.with_archive((world.EXAMPLES / "config.yml").read_text()))
            said = [self.blocked(a_world, outcomes, 1).encode(), *outcomes["release"].artifacts.values()]
            self.assertGreater(len(said), 3)
            self.assertEqual([text for text in said if world.TOKEN.encode() in text], [])

    # Nobody is to take for an answer of this gate what lay there before it.
    def test_results_in_the_repository_are_not_stored(self):
        with world.World("allow") as a_world:
            folder = a_world.repository / "slogate-results"
            folder.mkdir()
            for name in ("decision.json", "junit.xml", "summary.md"):
                (folder / name).write_text("ALLOW")
            (a_world.repository / "release-policy.yaml").unlink()
            outcomes = a_world.run(a_world.with_archive((world.EXAMPLES / "config.yml").read_text()))
            self.blocked(a_world, outcomes)
            self.assertEqual((outcomes["release"].tests, outcomes["release"].artifacts), ({}, {}))


if __name__ == "__main__":
    results.run(__name__)
