"""The override way of ci-examples/circleci/central: a reason, a click, and whose click it was by CircleCI's API."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import api  # noqa: E402
import ledger  # noqa: E402
import postgresql  # noqa: E402
import results  # noqa: E402
import world  # noqa: E402

GATE, JOB = "open-the-closed-gate", "release/override"
ASK, WHO, OUT, FAILED = "Ask the error budget", "Ask who approved", "Record that it is out", "Record that it failed"
TEXT = (world.EXAMPLES / "central" / "override.yml").read_text()
ARTIFACT = "sha256:" + "ab" * 32


@unittest.skipUnless(os.environ.get("SLOGATE_CIRCLECI_CLI"), "circleci-cli is not there; ./dev test installs it")
class OverrideTest(unittest.TestCase):
    def world(self, story="deny", **more):
        a_world = world.World(story, **more)
        self.addCleanup(a_world.close)
        return a_world

    def run_override(self, a_world, reason=ledger.REASON, ticket=ledger.TICKET, artifact=ARTIFACT, **more):
        outcomes = a_world.run(TEXT, {"reason": reason, "ticket": ticket, "artifact": artifact},
                               **{"approved": [GATE], **more})
        self.assertEqual(list(outcomes), [GATE, JOB])
        a_world.ledger.verify()
        for secret in (world.TOKEN, api.TOKEN):
            self.assertNotIn(secret, outcomes[JOB].log)
        return outcomes[JOB]

    def stopped(self, a_world, outcome, step, code):
        self.assertEqual((outcome.status, outcome.codes[step]), ("failed", code), outcome.log)
        self.assertEqual((a_world.deploys(), a_world.ledger.results(), a_world.ledger.records("override_use")), ([], [], []))

    def test_opened(self):
        a_world = self.world()
        outcome = self.run_override(a_world)
        self.assertEqual((outcome.status, outcome.codes),
                         ("success", {WHO: 0, "Bring the policy of this orb": 0, ASK: 0, "Deploy": 0, OUT: 0}), outcome.log)
        self.assertEqual(a_world.deploys(), ["1.0.17"])
        decision = json.loads(outcome.artifacts["decision.json"])
        self.assertEqual((decision["verdict"], decision["outcome"], decision["basis"]), ("deny", "proceed", "override"))
        self.assertIn(f"{GATE} was approved by bob", outcome.log)
        records = a_world.ledger
        self.assertEqual(records.who("override_request"), [("circleci:alice", "CIRCLE_USERNAME")])
        self.assertEqual(records.who("override_approve"), [("circleci:bob", "CI system")])
        self.assertEqual(len(records.records("override_use")), 1)
        self.assertEqual(records.results(), ["deployed"])
        (request,) = records.records("override_request")
        self.assertEqual((request["reason"], request["ticket"]), (ledger.REASON, ledger.TICKET))

    def test_nobody_has_clicked(self):
        a_world = self.world()
        outcomes = a_world.run(TEXT, {"reason": ledger.REASON, "ticket": ledger.TICKET, "artifact": ARTIFACT})
        self.assertEqual({name: outcome.status for name, outcome in outcomes.items()}, {GATE: "on_hold", JOB: "not_run"})
        self.assertEqual((a_world.deploys(), a_world.ledger.records("decision")), ([], []))

    # In the world's own words: the job runs, and the API tells otherwise.
    def test_the_api_does_not_say_who(self):
        for answer in ((404, {"message": "Not found"}), (200, api.jobs()), (200, api.jobs(api.approval("staging"))),
                       (200, api.jobs(api.approval(GATE, None)))):
            with self.subTest(answer):
                a_world = self.world()
                a_world.api.answers[api.JOBS] = answer
                outcome = self.run_override(a_world)
                self.stopped(a_world, outcome, WHO, 2)
                self.assertNotIn(ASK, outcome.codes)
                self.assertEqual(a_world.ledger.records("decision"), [])

    def test_somebody_who_may_not(self):
        for login, user, why in (("mallory", "alice", "nobody's account"), ("alice", "alice", "nobody approves what they"),
                                 ("bob", "bob", "nobody approves what they"), ("Bob", "bob", "nobody approves what they"),
                                 ("alice", "bob", "let one of them approve"),
                                 ("bob", "", "does not take the word of local")):
            with self.subTest(login, user=user):
                a_world = self.world()
                a_world.api.answers[f"/api/v2/user/{api.BOB}"] = (200, api.user(login))
                self.stopped(a_world, self.run_override(a_world, user=user), ASK, 1)
                (refused,) = a_world.ledger.refused()
                self.assertIn(why, refused)

    def test_what_the_policy_wants(self):
        for words, wrong in (("characters", {"reason": "too short"}), ("ticket", {"ticket": ""}),
                             ("ticket", {"ticket": "CVE-1"})):
            with self.subTest(wrong):
                a_world = self.world()
                self.stopped(a_world, self.run_override(a_world, **wrong), ASK, 1)
                (refused,) = a_world.ledger.refused()
                self.assertIn(words, refused)
        a_world = self.world()
        self.stopped(a_world, self.run_override(a_world, artifact=""), ASK, 1)
        a_world = self.world()
        self.stopped(a_world, self.run_override(a_world, artifact="latest"), ASK, 2)

    def test_a_system_whose_word_is_not_taken(self):
        a_world = self.world()
        release = a_world.orbs["acme/release@1"]
        a_world.orbs["acme/release@1"] = world.put_in(release, "vouching: [circleci]", "vouching: [jenkins]")
        self.stopped(a_world, self.run_override(a_world), ASK, 1)
        (refused,) = a_world.ledger.refused()
        self.assertIn("does not take the word of circleci", refused)

    def test_one_ticket_one_override(self):
        a_world = self.world()
        self.assertEqual(self.run_override(a_world).status, "success")
        outcome = self.run_override(a_world)
        self.assertEqual((outcome.status, outcome.codes[ASK]), ("failed", 1))
        self.assertEqual((a_world.deploys(), len(a_world.ledger.records("override_use"))), (["1.0.17"], 1))
        outcome = self.run_override(a_world, ticket="INC-1208")
        self.assertEqual((outcome.status, len(a_world.ledger.records("override_use"))), ("success", 2))

    def test_a_deploy_that_fails(self):
        a_world = self.world()
        (a_world.repository / "deploy.sh").write_text("#!/bin/bash\nexit 9\n")
        outcome = self.run_override(a_world)
        self.assertEqual((outcome.status, outcome.codes["Deploy"], outcome.codes[FAILED]), ("failed", 9, 0))
        self.assertEqual(a_world.ledger.results(), ["failed"])

    def test_an_open_gate_uses_nothing_up(self):
        a_world = self.world("allow")
        self.assertEqual(self.run_override(a_world).status, "success")
        self.assertEqual(a_world.ledger.records("override_request", "override_approve", "override_use"), [])
        self.assertEqual((a_world.deploys(), a_world.ledger.results()), (["1.0.17"], ["deployed"]))

    def test_a_prometheus_that_is_down(self):
        a_world = self.world("dead")
        outcome = self.run_override(a_world)
        self.assertEqual((outcome.status, a_world.deploys()), ("success", ["1.0.17"]), outcome.log)
        decision = json.loads(outcome.artifacts["decision.json"])
        self.assertEqual((decision["verdict"], decision["basis"]), ("hold", "override"))

    @postgresql.needed
    def test_only_the_login_of_the_one_job_writes_approvals(self):
        server = postgresql.Postgresql()
        server.__enter__()
        self.addCleanup(server.__exit__)
        a_world = self.world(location=server.location, login="deploy")
        server.login("deploy", "slogate_gate")
        server.login("override", "slogate_gate", "slogate_approver")
        self.stopped(a_world, self.run_override(a_world), ASK, 4)
        self.assertEqual(a_world.ledger.records("decision", "override_request"), [])
        a_world.login = {"PGUSER": "override"}
        self.assertEqual((self.run_override(a_world).status, a_world.deploys()), ("success", ["1.0.17"]))
        (approval,) = a_world.ledger.records("override_approve")
        self.assertEqual(approval["actor"], {"account": "circleci:bob", "known_by": "CI system", "role": "override"})

    def test_without_a_reason_it_is_an_ordinary_release(self):
        a_world = self.world()
        outcomes = a_world.run(TEXT)
        self.assertEqual({name: outcome.status for name, outcome in outcomes.items()}, {"release/deploy": "failed"})
        self.assertEqual(a_world.api.asked, [])

    def test_without_a_ledger(self):
        a_world = self.world()
        os.remove(a_world.ledger.location.removeprefix("sqlite:"))
        outcome = a_world.run(TEXT, {"reason": ledger.REASON, "ticket": ledger.TICKET, "artifact": ARTIFACT},
                              approved=[GATE])[JOB]
        self.assertEqual((outcome.status, outcome.codes[ASK], a_world.deploys()), ("failed", 4, []), outcome.log)

    def test_text_stays_text(self):
        a_world = self.world()
        reason = "$(touch pwned) `touch pwned` \"'; touch pwned # because checkout is down"
        self.assertEqual(self.run_override(a_world, reason=reason).status, "success")
        (request,) = a_world.ledger.records("override_request")
        self.assertEqual((request["reason"], list(a_world.top.rglob("pwned"))), (reason, []))


if __name__ == "__main__":
    results.run(__name__)
