"""Every example of ci-examples/github, run by act with the real program, in every story."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import act  # noqa: E402
import results  # noqa: E402

ASK = "May this release go out now?"
SLOGATE = os.environ["SLOGATE_PROGRAM"]

# What the policy's rules say in each story: verdict, and the annotations of a release that is enforced, by the line of
# the rule. The dead server's story has no line: the finding is no rule's fault.
STORIES = {
    "allow": ("allow", []),
    "warn": ("warn", [("warning", "low")]),
    "deny": ("deny", [("error", "spent"), ("warning", "low")]),
    "hold": ("hold", [("error", "fast-burn")]),
    "dead": ("hold", [("error", None)]),
}
OUTPUTS = ("verdict", "outcome", "proceed", "decision_id", "checkpoint", "remaining_ratio", "decision")
PROCEED = ("allow", "warn")


def line_of(rule):
    text = act.read(act.EXAMPLES + "/policy/release-policy.yaml")
    return str(1 + [f"id: {rule}," in line for line in text.splitlines()].index(True))


def outcome(proceeds):
    """The outputs `outcome` and `proceed` of a gate that is no dry run."""
    return ("proceed", "true") if proceeds else ("blocked", "false")


@unittest.skipUnless(os.environ.get("SLOGATE_ACT"), "act is not there; ./dev test installs it")
class GithubTest(unittest.TestCase):
    def pipeline(self, story="allow", program=SLOGATE):
        pipeline = act.Pipeline(story, program)
        self.addCleanup(pipeline.close)
        return pipeline

    def run_example(self, name, story, **more):
        with act.Pipeline(story, SLOGATE) as pipeline:
            return pipeline.run(pipeline.example(name), **more)

    def each_story(self, name, check, **more):
        for story, (verdict, _) in STORIES.items():
            with self.subTest(story):
                run = self.run_example(name, story, **more)
                self.assertNotIn(act.TOKEN, run.messages)
                check(story, verdict, run)

    def expect(self, run, job, verdict, outcome, proceed):
        outputs = run.outputs(job)
        self.assertEqual(sorted(outputs), sorted(OUTPUTS))
        self.assertEqual((outputs["verdict"], outputs["outcome"], outputs["proceed"]), (verdict, outcome, proceed))
        self.assertRegex(outputs["decision_id"], r"^sha256:[0-9a-f]{64}$")
        self.assertRegex(outputs["remaining_ratio"], r"^(-?0\.\d+|)$")
        self.assertRegex(outputs["decision"], r"/decision\.json$")

    def test_release(self):
        def check(story, verdict, run):
            proceeds = verdict in PROCEED
            self.assertEqual((run.status, run.deployed), (0, "1.0.1\n") if proceeds else (1, ""))
            self.assertEqual(run.steps(), {act.CHECKOUT: "success", ASK: "success" if proceeds else "failure",
                                           **({"Deploy": "success"} if proceeds else {}),
                                           "Keep the decision": "success"})
            self.expect(run, "release", verdict, *outcome(proceeds))
            self.assertEqual(run.outputs("release")["remaining_ratio"] == "", story == "dead")
            kept = json.loads(run.kept)
            self.assertEqual((kept["id"], kept["verdict"]), (run.outputs("release")["decision_id"], verdict))
            self.expect_told(story, verdict, run)

        self.each_story("release.yml", check)

    def expect_told(self, story, verdict, run):
        told = [(kind, properties.get("line")) for kind, properties, _ in run.annotations()]
        self.assertEqual(told, [(kind, rule and line_of(rule)) for kind, rule in STORIES[story][1]])
        for (_, properties, text), (_, rule) in zip(run.annotations(), STORIES[story][1]):
            self.assertEqual(properties.get("file"), rule and "release-policy.yaml")
            why = rule or "unreachable"
            self.assertEqual(properties["title"], f"slogate {verdict.upper()}: {why} for availability")
            self.assertIn("connection refused" if story == "dead" else "availability: ", text)
        (summary,) = run.summaries()
        self.assertIn(verdict.upper(), summary)
        self.assertIn("checkout → production", summary)
        # The words for people begin the log: what keeps the runner from obeying them it has taken for a command.
        self.assertTrue(run.log.startswith(f"{verdict.upper():6} checkout → production  1.0.1  feature"), run.log)

    def test_outputs_as_a_later_step_sees_them(self):
        shows = "\n".join([
            "      - name: Show", "        if: always()", "        run: env | grep ^SEEN_ | sort >@TOP@/seen", "        env:",
            *(f"          SEEN_{name}: ${{{{ steps.gate.outputs.{name} }}}}" for name in OUTPUTS)])
        for story, dry, words in (("warn", "false", ("warn", "proceed", "true")),
                                  ("deny", "false", ("deny", "blocked", "false")),
                                  ("warn", "true", ("warn", "proceed", "false"))):
            with self.subTest(story, dry=dry), act.Pipeline(story, SLOGATE) as pipeline:
                text = act.put_in(pipeline.example("release.yml"), "        with:\n          policy:",
                                  f"        with:\n          dry-run: {dry}\n          policy:")
                run = pipeline.run(text + shows)
                lines = act.read(pipeline.top + "/seen").splitlines()
                seen = dict(line.removeprefix("SEEN_").split("=", 1) for line in lines)
                kept = json.loads(run.kept)
                self.assertEqual((seen["verdict"], seen["outcome"], seen["proceed"]), words)
                self.assertEqual((seen["decision_id"], float(seen["remaining_ratio"])),
                                 (kept["id"], kept["slos"][0]["remaining_ratio"]))
                self.assertRegex(seen["decision"], "/decision.json$")

    def test_dry_run(self):
        def check(_, verdict, run):
            self.assertEqual((run.status, run.deployed), (0, "1.0.1\n"))
            self.expect(run, "release", verdict, outcome(verdict in PROCEED)[0], "false")
            self.assertNotIn("error", [kind for kind, _, _ in run.annotations()])

        self.each_story("dry-run.yml", check)

    def test_observe(self):
        def check(_, verdict, run):
            proceeds = verdict in PROCEED
            self.assertEqual(run.status, 0 if proceeds else 1)
            self.assertEqual(run.deployed, "1.0.1 staging\n" + ("1.0.1 production\n" if proceeds else ""))
            self.expect(run, "staging", verdict, *outcome(True))
            self.expect(run, "production", verdict, *outcome(proceeds))

        self.each_story("observe.yml", check)

    def test_central(self):
        def check(_, verdict, run):
            proceeds = verdict in PROCEED
            self.assertEqual((run.status, run.deployed), (0, "1.0.1\n") if proceeds else (1, ""))
            self.expect(run, "deploy", verdict, *outcome(proceeds))

        self.each_story("central/team.yml", check)

    def test_central_takes_the_platforms_policy(self):
        with act.Pipeline("deny", SLOGATE) as pipeline:
            path = pipeline.top + "/checkouts/service/release-policy.yaml"
            lax = act.put_in(act.read(path), "matchers: {env: prod}", "matchers: {env: prod}, enforcement: observe")
            pipeline.write(path, lax)
            run = pipeline.run(pipeline.example("central/team.yml"))
            self.assertEqual((run.status, run.deployed), (1, ""))
            self.expect(run, "deploy", "deny", *outcome(False))

    def test_rollback(self):
        def check(_, __, run):
            self.assertEqual((run.status, run.deployed), (0, "4.17.9\n"))
            # What the class skipped is not part of the verdict.
            self.expect(run, "rollback", "allow", *outcome(True))

        self.each_story("rollback.yml", check, event="workflow_dispatch", inputs={"version": "4.17.9"})

    def test_invalid_policy(self):
        for name in ("release.yml", "dry-run.yml", "observe.yml", "central/team.yml", "rollback.yml"):
            with self.subTest(name), act.Pipeline("allow", SLOGATE) as pipeline:
                for place in ("service", "acme/platform@main"):
                    path = f"{pipeline.top}/checkouts/{place}/release-policy.yaml"
                    pipeline.write(path, act.put_in(act.read(path), "verdict: deny", "verdict: denied"))
                event = "workflow_dispatch" if name == "rollback.yml" else "push"
                run = pipeline.run(pipeline.example(name), event=event, inputs={"version": "4.17.9"})
                self.assertEqual((run.status, run.deployed, run.kept), (1, "", ""))
                self.assertIn("exit status 2", run.messages)
                self.assertIn("release-policy.yaml:16:", run.log)
                for job in ("release", "staging", "production", "deploy", "rollback"):
                    self.assertEqual(set(run.outputs(job).values()) - {""}, set())

    def test_missing_secret(self):
        run = self.run_example("release.yml", "allow", token="")
        self.assertEqual((run.status, run.deployed), (1, ""))
        self.assertIn("PROMETHEUS_TOKEN", run.log)

    def test_text_of_people_stays_text(self):
        for version in ('1.0"; touch pwned; "', "$(touch pwned)", "`touch pwned`", "--dry-run", "::error::pwned",
                        "1.0 ##[error]pwned", "'", "a\\nb"):
            with self.subTest(version), act.Pipeline("allow", SLOGATE) as pipeline:
                run = pipeline.run(pipeline.example("rollback.yml"), event="workflow_dispatch",
                                   inputs={"version": version})
                self.assertEqual((run.status, run.deployed), (0, version + "\n"), run.messages)
                self.assertEqual(run.annotations(), [])
                self.expect(run, "rollback", "allow", "proceed", "true")

    def test_newlines_in_an_input(self):
        run = self.run_example("rollback.yml", "allow", event="workflow_dispatch",
                               inputs={"version": "1.0\n::error::pwned\nproceed=true"})
        self.assertEqual(run.annotations(), [])
        self.assertIn(run.outputs("rollback").get("verdict"), ("allow", ""))

    def test_an_input_of_a_mebibyte(self):
        run = self.run_example("rollback.yml", "allow", event="workflow_dispatch", inputs={"version": "x" * 2**20})
        self.assertEqual((run.status, run.deployed, set(run.outputs("rollback").values()) - {""}), (1, "", set()))

    def test_another_archive(self):
        pipeline = self.pipeline()
        workflow = pipeline.example("release.yml")
        pipeline.server.archive += b"\n"
        run = pipeline.run(workflow)
        self.assertEqual((run.status, run.deployed), (1, ""))
        self.assertIn("has the SHA-256", run.log)
        self.assertEqual([text for _, _, text in run.annotations()],
                         ["slogate could not be had; the lines above say why."])

    def test_slogate_on_path(self):
        pipeline = self.pipeline("deny")
        os.symlink(SLOGATE, pipeline.top + "/bin/slogate")
        lines = act.read(act.EXAMPLES + "/github/release.yml").splitlines(keepends=True)
        workflow = "".join(line for line in lines if "slogate-url" not in line and "slogate-sha256" not in line)
        self.assertEqual(len(lines) - len(workflow.splitlines()), 2)
        run = pipeline.run(workflow)
        self.assertEqual((run.status, run.deployed), (1, ""))
        self.expect(run, "release", "deny", "blocked", "false")

    def test_a_program_that_ends_otherwise(self):
        for how in ("kill -KILL $$", "kill -SEGV $$", "exit 5", "exit 4", "exit 255"):
            with self.subTest(how), act.Pipeline("allow", SLOGATE) as pipeline:
                program = pipeline.write("broken", f"#!/bin/sh\n{how}\n")
                os.chmod(program, 0o755)
                pipeline.server.archive = act.archive(program)
                run = pipeline.run(pipeline.example("release.yml"))
                self.assertEqual((run.status, run.deployed), (1, ""))
                self.assertNotIn("Deploy", run.steps())


if __name__ == "__main__":
    results.run(__name__)
