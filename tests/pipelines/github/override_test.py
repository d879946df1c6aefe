"""The override way of ci-examples/github, run by act with the real program: denied, asked for, approved, released."""
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import act  # noqa: E402
import ledger  # noqa: E402
import postgresql  # noqa: E402
import results  # noqa: E402

ASK = "May this release go out now?"
NAME, OUT, FAILED = "Name what is released", "Record that it is out", "Record that it failed"
SLOGATE = os.environ["SLOGATE_PROGRAM"]


@unittest.skipUnless(os.environ.get("SLOGATE_ACT"), "act is not there; ./dev test installs it")
class OverrideTest(unittest.TestCase):
    def pipeline(self, story="deny", location=""):
        pipeline = act.Pipeline(story, SLOGATE, with_ledger=True, location=location)
        self.addCleanup(pipeline.close)
        return pipeline

    def run_example(self, pipeline, name, **more):
        run = pipeline.run(pipeline.example(name), **more)
        for secret in (act.TOKEN, act.PASSWORD):
            self.assertNotIn(secret, run.messages)
        pipeline.ledger.verify()
        return run

    def release(self, pipeline, **more):
        return self.run_example(pipeline, "release-with-ledger.yml", **more)

    def denied(self, pipeline):
        """The id of a decision that closed the gate."""
        run = self.release(pipeline)
        self.assertEqual((run.status, run.deployed), (1, ""), run.messages)
        return run.outputs("release")["decision_id"]

    def request(self, pipeline, decision, reason=ledger.REASON, ticket=ledger.TICKET, **more):
        inputs = {"decision": decision, "reason": reason, "ticket": ticket}
        return self.run_example(pipeline, "override-request.yml", event="workflow_dispatch", inputs=inputs, **more)

    def asked(self, pipeline, decision, **more):
        """The id of an override that alice has asked for."""
        run = self.request(pipeline, decision, **more)
        self.assertEqual(run.status, 0, run.messages)
        return re.search("^ov-[0-9a-f]{12}$", run.log, re.M)[0]

    def approve(self, pipeline, override, comment="", **more):
        return self.run_example(pipeline, "override-approve.yml", event="workflow_dispatch",
                                inputs={"override": override, "comment": comment}, **{"actor": "bob", **more})

    def test_the_whole_way(self):
        pipeline = self.pipeline()
        override = self.asked(pipeline, self.denied(pipeline).removeprefix("sha256:")[:16])  # as the log names it
        run = self.approve(pipeline, override, "it mends the incident")
        self.assertEqual(run.status, 0, run.messages)
        self.assertIn(ledger.REASON, run.log)
        run = self.release(pipeline)
        self.assertEqual((run.status, run.deployed), (0, "1.0.1\n"), run.messages)
        self.assertEqual(run.steps(), {act.CHECKOUT: "success", NAME: "success", ASK: "success", "Deploy": "success",
                                       OUT: "success", "Keep the decision": "success"})
        outputs = run.outputs("release")
        self.assertEqual((outputs["verdict"], outputs["outcome"], outputs["proceed"]), ("deny", "proceed", "true"))
        records = pipeline.ledger
        self.assertEqual(records.who("override_request"), [("github:alice", "GITHUB_ACTOR")])
        self.assertEqual(records.who("override_approve"), [("github:bob", "GITHUB_ACTOR")])
        (request,) = records.records("override_request")
        self.assertEqual((request["reason"], request["ticket"]), (ledger.REASON, ledger.TICKET))
        self.assertEqual((len(records.records("override_use")), records.results()), (1, ["deployed"]))
        # Used up.
        run = self.release(pipeline)
        self.assertEqual((run.status, run.deployed, len(records.records("override_use"))), (1, "1.0.1\n", 1))

    def test_stories(self):
        for story, code in {"allow": 0, "warn": 0, "deny": 1, "hold": 1, "dead": 1}.items():
            with self.subTest(story), act.Pipeline(story, SLOGATE, with_ledger=True) as pipeline:
                run = self.release(pipeline)
                self.assertEqual((run.status, run.deployed), (0, "1.0.1\n") if code == 0 else (1, ""))
                self.assertEqual(pipeline.ledger.results(), ["deployed"] if code == 0 else [])
                self.assertEqual([record["outcome"] for record in pipeline.ledger.records("decision")],
                                 ["proceed" if code == 0 else "blocked"])
                self.assertNotIn(FAILED, run.steps())

    def test_a_deploy_that_fails_may_be_tried_again(self):
        pipeline = self.pipeline()
        self.approve(pipeline, self.asked(pipeline, self.denied(pipeline)))
        path = pipeline.top + "/checkouts/service/deploy.sh"
        good = act.read(path)
        pipeline.write("checkouts/service/deploy.sh", "#!/bin/bash\nexit 9\n")
        run = self.release(pipeline)
        self.assertEqual((run.status, run.steps()["Deploy"], run.steps()[FAILED]), (1, "failure", "success"), run.messages)
        self.assertNotIn(OUT, run.steps())
        self.assertEqual(pipeline.ledger.results(), ["failed"])
        pipeline.write("checkouts/service/deploy.sh", good)
        run = self.release(pipeline)
        self.assertEqual((run.status, run.deployed), (0, "1.0.1\n"), run.messages)
        self.assertEqual(pipeline.ledger.results(), ["failed", "deployed"])

    def test_who_presses_the_button(self):
        # A re-run keeps the first run's actor: it is not bob who approves then.
        pipeline = self.pipeline()
        override = self.asked(pipeline, self.denied(pipeline), actor="bob", triggering="alice")
        self.assertEqual(pipeline.ledger.who("override_request"), [("github:alice", "GITHUB_TRIGGERING_ACTOR")])
        run = self.approve(pipeline, override, actor="bob", triggering="alice")
        self.assertEqual((run.status, pipeline.ledger.records("override_approve")), (1, []))
        run = self.approve(pipeline, override, actor="alice", triggering="bob")
        self.assertEqual((run.status, pipeline.ledger.who("override_approve")),
                         (0, [("github:bob", "GITHUB_TRIGGERING_ACTOR")]))

    def test_who_may_not_approve(self):
        pipeline = self.pipeline()
        override = self.asked(pipeline, self.denied(pipeline))
        for who, why in (("alice", "nobody approves what they asked for"), ("Alice", "nobody approves what they asked for"),
                         ("mallory", "is nobody's account")):
            with self.subTest(who):
                run = self.approve(pipeline, override, actor=who)
                self.assertEqual((run.status, run.steps()["Approve"]), (1, "failure"))
                self.assertIn(why, run.log.replace("\n", " "))
                self.assertIn(why, pipeline.ledger.refused()[0])
        run = self.release(pipeline)
        self.assertEqual((run.status, run.deployed), (1, ""))

    def test_another_artifact(self):
        pipeline = self.pipeline()
        self.approve(pipeline, self.asked(pipeline, self.denied(pipeline)))
        pipeline.write("checkouts/service/checkout.tar.gz", "something else")
        run = self.release(pipeline)
        self.assertEqual((run.status, run.deployed, pipeline.ledger.records("override_use")), (1, "", []))

    def test_requests_that_are_refused(self):
        pipeline = self.pipeline()
        decision = self.denied(pipeline)
        for inputs in ({"reason": ""}, {"reason": "too short"}, {"reason": " " * 40}, {"ticket": ""},
                       {"ticket": "CVE-2026-1"}, {"decision": "sha256:" + "0" * 64}, {"decision": ""},
                       {"decision": "--help"}):
            with self.subTest(inputs):
                run = self.request(pipeline, **{"decision": decision, **inputs})
                self.assertEqual((run.status, run.steps()["Ask for an override"]), (1, "failure"))
        self.assertEqual(pipeline.ledger.records("override_request"), [])
        for override in ("ov-000000000000", "", "--help", "ov-", "$(touch pwned)"):
            with self.subTest(override):
                run = self.approve(pipeline, override)
                self.assertEqual(run.status, 1)
        self.assertEqual(pipeline.ledger.records("override_approve"), [])

    def test_text_of_people_stays_text(self):
        pipeline = self.pipeline()
        decision = self.denied(pipeline)
        reasons = ('"; touch pwned; " for the sake of the incident', "$(touch pwned) `touch pwned` ${{ secrets.X }} for INC",
                   "--ticket=INC-9 --help and some more of that", "::error::pwned, and twenty characters more",
                   "first line\n::error::pwned\n##[error]pwned\nlast line of a reason")
        for number, reason in enumerate(reasons):
            with self.subTest(reason):
                run = self.request(pipeline, decision, reason=reason, ticket=f"INC-{number}")
                self.assertEqual((run.status, run.annotations()), (0, []), run.messages)
                override = re.search("^ov-[0-9a-f]{12}$", run.log, re.M)[0]
                run = self.approve(pipeline, override, reason)
                self.assertEqual((run.status, run.annotations()), (0, []), run.messages)
        self.assertEqual([record["reason"] for record in pipeline.ledger.records("override_request")], list(reasons))
        self.assertFalse([path for path, _, files in os.walk(pipeline.top) if "pwned" in files])

    @postgresql.needed
    def test_each_login_can_do_its_own_part(self):
        server = postgresql.Postgresql()
        server.__enter__()
        self.addCleanup(server.__exit__)
        pipeline = self.pipeline(location=server.location)
        server.login("checkout-deploy", "slogate_gate")
        server.login("override-request", "slogate_gate")
        server.login("override-approve", "slogate_approver")
        override = self.asked(pipeline, self.denied(pipeline))
        approve = pipeline.example("override-approve.yml")
        inputs = {"override": override, "comment": ""}
        for login in ("checkout-deploy", "override-request"):
            # A deploy job that says it is bob: the database knows better.
            run = pipeline.run(act.put_in(approve, "PGUSER: override-approve", f"PGUSER: {login}"), actor="bob",
                               event="workflow_dispatch", inputs=inputs)
            self.assertEqual((run.status, run.steps()["Approve"]), (1, "failure"))
            self.assertIn("exit status 4", run.messages)
        self.assertEqual(pipeline.ledger.records("override_approve"), [])
        self.assertEqual(self.approve(pipeline, override).status, 0)
        run = self.release(pipeline)
        self.assertEqual((run.status, run.deployed), (0, "1.0.1\n"), run.messages)
        roles = {record["kind"]: record["actor"]["role"] for record in pipeline.ledger.records(
            "decision", "override_request", "override_approve", "override_use", "release")}
        self.assertEqual(roles, {"decision": "checkout-deploy", "override_request": "override-request",
                                 "override_approve": "override-approve", "override_use": "checkout-deploy",
                                 "release": "checkout-deploy"})

    def test_without_a_ledger(self):
        pipeline = self.pipeline("allow")
        os.remove(pipeline.ledger.location.removeprefix("sqlite:"))
        run = pipeline.run(pipeline.example("release-with-ledger.yml"))
        self.assertEqual((run.status, run.deployed), (1, ""))
        self.assertIn("exit status 4", run.messages)

    def test_a_ledger_that_goes_with_the_runner(self):
        pipeline = self.pipeline("allow")
        pipeline.server.archive = act.archive(SLOGATE)
        run = pipeline.run(pipeline.example("release-with-ledger.yml"))
        self.assertEqual((run.status, run.deployed), (1, ""))
        self.assertIn("which is gone after this run", run.log)


if __name__ == "__main__":
    results.run(__name__)
