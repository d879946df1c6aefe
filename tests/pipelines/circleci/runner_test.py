"""The model of CircleCI that the other tests rest on: what it refuses, and what it runs when."""
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import config  # noqa: E402
import results  # noqa: E402
import runner  # noqa: E402

JOB = "version: 2.1\njobs: {a: {docker: [{image: i}], steps: [%s]}}\nworkflows: {w: {jobs: [a]}}\n"
ORB = """
version: 2.1
commands:
  say:
    parameters:
      text: {type: string, default: nothing}
      flag: {type: boolean, default: false}
      variable: {type: env_var_name, default: NAME}
      colour: {type: enum, enum: [red, blue], default: red}
      after: {type: steps, default: []}
    steps:
      - run:
          name: say
          command: echo "$TEXT $FLAG ${!VARIABLE:-} $COLOUR"
          environment:
            TEXT: << parameters.text >>
            FLAG: << parameters.flag >>
            VARIABLE: << parameters.variable >>
            COLOUR: << parameters.colour >>
      - steps: << parameters.after >>
"""
USE = """
version: 2.1
orbs: {o: acme/o@1}
parameters: {text: {type: string, default: ''}, count: {type: integer, default: 1}}
commands: {mine: {steps: [run: echo mine]}}
jobs: {a: {docker: [{image: i}], environment: {NAME: named}, steps: [%s]}}
workflows: {w: {jobs: [a]}}
"""


class RunnerTest(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="slogate-runner.")
        self.addCleanup(temp.cleanup)
        self.top = pathlib.Path(temp.name)
        (self.top / "repository").mkdir()

    def run_jobs(self, text, parameters=None, contexts=None, **more):
        jobs = config.load(text, {"acme/o@1": ORB}, parameters, {"git.branch": "main"})
        return runner.Runner(self.top, self.top / "repository", contexts=contexts, **more).run(jobs)

    def steps(self, *steps):
        """What a job with these steps, in YAML's flow form, came to."""
        return self.run_jobs(JOB % ", ".join(steps))["a"]

    def test_steps_after_a_failed_one(self):
        outcome = self.steps("run: echo 1", "run: 'false'", "run: echo 2", "run: {command: echo 3, when: always}",
                             "run: {command: echo 4, when: on_fail}")
        self.assertEqual((outcome.status, outcome.log), ("failed", "1\n3\n4\n"))
        outcome = self.steps("run: {command: echo 3, when: always}", "run: {command: echo 4, when: on_fail}")
        self.assertEqual((outcome.status, outcome.log), ("success", "3\n"))

    def test_shell_options(self):
        for command in ("'false; true'", "'false | true'"):
            self.assertEqual(self.steps(f"run: {command}").status, "failed", command)

    def test_bash_env_reaches_later_steps_of_its_job_alone(self):
        outcome = self.steps("""run: echo 'export A=b' >>"$BASH_ENV" """, "run: 'echo $A'")
        self.assertEqual(outcome.log, "b\n")
        self.assertEqual(self.steps("run: 'echo \"<${A:-}>\"'").log, "<>\n")

    def test_results_are_stored_after_a_failure(self):
        outcome = self.steps("run: mkdir -p r/s && echo x >r/s/t && false", "store_artifacts: {path: r}",
                             "store_test_results: {path: r}", "store_artifacts: {path: nothing}")
        self.assertEqual((outcome.artifacts, outcome.tests), ({"s/t": b"x\n"}, {"s/t": b"x\n"}))

    # Why no gate may use it: what requires the job runs.
    def test_a_halted_job_is_green(self):
        outcomes = self.run_jobs("""
version: 2.1
jobs:
  gate: {docker: [{image: i}], steps: [run: circleci-agent step halt, run: echo unreached]}
  deploy: {docker: [{image: i}], steps: [run: echo deployed]}
workflows: {w: {jobs: [gate, deploy: {requires: [gate]}]}}
""")
        self.assertEqual((outcomes["gate"].status, outcomes["gate"].halted, outcomes["gate"].log), ("success", True, ""))
        self.assertEqual(outcomes["deploy"].log, "deployed\n")

    def test_requires(self):
        outcomes = self.run_jobs("""
version: 2.1
jobs:
  a: {docker: [{image: i}], steps: [run: 'false']}
  b: {docker: [{image: i}], steps: [run: echo b]}
workflows: {w: {jobs: [a, b: {requires: [a]}, b: {name: c, requires: [b]}, b: {name: d}]}}
""")
        self.assertEqual({name: outcome.status for name, outcome in outcomes.items()},
                         {"a": "failed", "b": "not_run", "c": "not_run", "d": "success"})

    def test_approval(self):
        text = """
version: 2.1
jobs: {deploy: {docker: [{image: i}], steps: [run: 'echo "$CIRCLE_USERNAME"']}}
workflows: {w: {jobs: [hold: {type: approval}, deploy: {requires: [hold]}]}}
"""
        outcomes = self.run_jobs(text)
        self.assertEqual((outcomes["hold"].status, outcomes["deploy"].status), ("on_hold", "not_run"))
        outcomes = self.run_jobs(text, approved=["hold"], user="carol")
        self.assertEqual((outcomes["hold"].status, outcomes["deploy"].log), ("success", "carol\n"))

    def test_conditions_of_workflows(self):
        for condition, text, runs in (("when", "a", True), ("when", "", False), ("unless", "a", False), ("unless", "", True)):
            outcomes = self.run_jobs(USE.replace("{w: {", "{w: {%s: << pipeline.parameters.text >>, " % condition)
                                     % "run: echo", {"text": text})
            self.assertEqual(bool(outcomes), runs, (condition, text))

    def test_contexts(self):
        text = JOB.replace("jobs: [a]", "jobs: [a: {context: c}]") % "run: 'echo $SECRET'"
        self.assertEqual(self.run_jobs(text, contexts={"c": {"SECRET": "s"}})["a"].log, "s\n")

    def test_filters(self):
        for filters, branch, tag, runs in (
                ({}, "main", "", True), ({}, "", "v1", False),
                ({"branches": {"only": "main"}}, "main", "", True), ({"branches": {"only": "main"}}, "mainly", "", False),
                ({"branches": {"ignore": ["a", "/b.*/"]}}, "bc", "", False), ({"tags": {"only": "/v.*/"}}, "", "v1", True)):
            self.assertEqual(config.passes(filters, branch, tag), runs, (filters, branch, tag))

    def test_parameters(self):
        for steps, log in (
                ("o/say", "nothing 0 named red\n"),
                ("o/say: {text: '$(id) ; a', flag: true, colour: blue}", "$(id) ; a 1 named blue\n"),
                ("o/say: {text: a << pipeline.parameters.text >> b}", "a $(id) << x >> b 0 named red\n"),
                ("o/say: {variable: HOME, after: [mine]}", None)):
            outcome = self.run_jobs(USE % steps, {"text": "$(id) << x >>"})["a"]
            self.assertEqual(outcome.status, "success")
            if log is None:
                self.assertTrue(outcome.log.endswith("red\nmine\n"), outcome.log)
            else:
                self.assertEqual(outcome.log, log)

    def test_text_put_into_a_command_is_run(self):
        outcome = self.run_jobs(USE % "run: echo << pipeline.parameters.text >>", {"text": "$(echo run)"})["a"]
        self.assertEqual(outcome.log, "run\n")

    def test_escaped(self):
        self.assertEqual(self.steps(r"run: 'cat \<<<text'").log, "text\n")

    def test_refused(self):
        for text, words in (
                (USE % "o/say: {txt: a}", "o/say: unknown txt"),
                (USE % "o/say: {text: 4.18}", "o/say: text is no string: 4.18"),
                (USE % "o/say: {flag: 'true'}", "o/say: flag is no boolean: 'true'"),
                (USE % "o/say: {colour: green}", "o/say: colour is no enum: 'green'"),
                (USE % "o/say: {variable: 's3cret!'}", "o/say: variable is no env_var_name: 's3cret!'"),
                (USE % "o/says", "config: o/says is none of its commands"),
                (USE % "p/say", "config: p/say is none of its commands"),
                (USE % "run: << parameters.x >>", "<< parameters.x >> is not known here"),
                (USE % "run: {command: a, max_auto_reruns: 2}", "run: unknown max_auto_reruns"),
                (USE % "run: {command: a, when: never}", "run: when is never"),
                (USE % "persist_to_workspace: {root: a}", "config: persist_to_workspace is none of its commands"),
                (USE.replace("acme/o@1", "acme/o@2") % "checkout", "config: there is no orb acme/o@2"),
                (JOB.replace("[a]", "[a: {requires: [b: failed]}]") % "checkout", "a: requires names jobs only"),
                (JOB.replace("[a]", "[a: {pre-steps: []}]") % "checkout", "a: unknown pre-steps"),
                (JOB.replace("{docker", "{parallelism: 2, docker") % "checkout", "a: unknown parallelism"),
                (JOB.replace("{jobs: [a]", "{when: {equal: [a, a]}, jobs: [a]") % "checkout",
                 "a condition that is {'equal': ['a', 'a']} is not known here"),
                (JOB.replace("[a]", "[a: {type: approval, context: c}]") % "checkout", "a: unknown context"),
                (JOB.replace("2.1", "2") % "checkout", "config: version must be 2.1"),
                (JOB.replace("workflows:", "setup: true\nworkflows:") % "checkout", "config: unknown setup")):
            with self.subTest(words), self.assertRaises(config.Refused) as refused:
                config.load(text, {"acme/o@1": ORB}, {}, {"git.branch": "main"})
            self.assertEqual(str(refused.exception), words)
        for parameters, words in (({"count": "2"}, "count is no integer: '2'"), ({"other": "2"}, "unknown other")):
            with self.assertRaises(config.Refused) as refused:
                config.load(USE % "checkout", {"acme/o@1": ORB}, parameters, {"git.branch": "main"})
            self.assertEqual(str(refused.exception), "pipeline parameters: " + words)


if __name__ == "__main__":
    results.run(__name__)
