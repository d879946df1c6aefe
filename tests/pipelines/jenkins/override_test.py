"""The override way of ci-examples/jenkins, by Jenkins' own interpreter with the real program: denied, asked for,
approved, released."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import jenkins  # noqa: E402
import ledger  # noqa: E402
import results  # noqa: E402

FOLDER = jenkins.EXAMPLES + "/jenkins/"
PLACE = "postgresql://ledger.example/slogate"


@jenkins.needed
class OverrideTest(jenkins.JenkinsTest):
    def example(self, name, **more):
        text = jenkins.read(FOLDER + name)
        self.assertIn(PLACE, text)
        build = self.build(text.replace(PLACE, self.ledger.location), **more)
        for secret in jenkins.CREDENTIALS.values():
            self.assertNotIn(secret, build["log"])
        return build

    def release(self, **more):
        return self.example("Jenkinsfile.ledger", **more)

    def denied(self):
        """The id of a decision that closed the gate."""
        build = self.release()
        self.assertEqual((build["result"], self.deployed()), ("FAILURE", ""), build["log"])
        return json.loads(jenkins.read(self.workspace + "/slogate/decision.json"))["id"]

    def override(self, decision, by="bob", reason=ledger.REASON, ticket=ledger.TICKET, **more):
        """alice starts the job, and `by` answers its question."""
        more.setdefault("answers", {"Override": by})
        return self.example("Jenkinsfile.override",
                            parameters={"DECISION": decision, "REASON": reason, "TICKET": ticket}, **more)

    def test_the_whole_way(self):
        self.story("deny", with_ledger=True)
        decision = self.denied()
        build = self.override(decision)
        self.assertEqual(build["result"], "SUCCESS", build["log"])
        self.assertIn("Approved by bob\n", build["log"])
        build = self.release()
        self.assertEqual((build["result"], self.deployed()), ("SUCCESS", "1.0.7\n"), build["log"])
        document = json.loads(jenkins.read(self.workspace + "/slogate/decision.json"))
        self.assertEqual((document["verdict"], document["outcome"], document["basis"]), ("deny", "proceed", "override"))
        self.assertEqual(self.ledger.who("override_request"), [("jenkins:alice", "BUILD_USER_ID")])
        self.assertEqual(self.ledger.who("override_approve"), [("jenkins:bob", "BUILD_USER_ID")])
        (request,) = self.ledger.records("override_request")
        self.assertEqual((request["reason"], request["ticket"]), (ledger.REASON, ledger.TICKET))
        self.assertEqual((len(self.ledger.records("override_use")), self.ledger.results()), (1, ["deployed"]))
        # Used up.
        self.assertEqual((self.release()["result"], self.deployed()), ("FAILURE", "1.0.7\n"))
        self.ledger.verify()

    def test_the_request_is_shown_to_whoever_approves(self):
        self.story("deny", with_ledger=True)
        build = self.override(self.denied())
        before = build["log"][:build["log"].index("Approved by bob")]
        for words in ("asked by     jenkins:alice", ledger.TICKET, "availability: -5.32 % remaining"):
            self.assertIn(words, before)

    def test_stories(self):
        for story, proceeds in {"allow": True, "warn": True, "deny": False, "hold": False, "dead": False}.items():
            with self.subTest(story):
                self.doCleanups()
                self.setUp()
                self.story(story, with_ledger=True)
                build = self.release()
                self.assertEqual((build["result"], self.deployed(), self.ledger.results()),
                                 ("SUCCESS", "1.0.7\n", ["deployed"]) if proceeds else ("FAILURE", "", []), build["log"])
                self.assertEqual(len(self.ledger.records("decision")), 1)

    def test_a_deploy_that_fails_may_be_tried_again(self):
        self.story("deny", with_ledger=True)
        self.override(self.denied())
        jenkins.write(self.workspace + "/deploy.sh", "#!/bin/sh\nexit 9\n", 0o755)
        build = self.release()
        self.assertEqual((build["result"], build["log"].splitlines()[-1]),
                         ("FAILURE", "ERROR: script returned exit code 9"))
        self.assertEqual(self.ledger.results(), ["failed"])
        jenkins.write(self.workspace + "/deploy.sh", jenkins.DEPLOY, 0o755)
        self.assertEqual((self.release()["result"], self.deployed()), ("SUCCESS", "1.0.7\n"))
        self.assertEqual(self.ledger.results(), ["failed", "deployed"])

    def test_nobody_answers(self):
        self.story("deny", with_ledger=True)
        build = self.override(self.denied(), answers={})
        self.assertEqual((build["result"], self.ledger.records("override_approve")), ("ABORTED", []))
        self.assertEqual(len(self.ledger.records("override_request")), 1)
        self.assertEqual((self.release()["result"], self.deployed()), ("FAILURE", ""))

    def test_who_may_not_approve(self):
        self.story("deny", with_ledger=True)
        decision = self.denied()
        for number, (by, starter, why) in enumerate((
                ("mallory", "alice", "ERROR: mallory may not answer Override"),
                ("alice", "alice", "nobody approves what they asked for"),
                ("bob", "bob", "nobody approves what they asked for"),
                ("alice", "bob", "let one of them approve"),
                (None, "alice", "ERROR: Jenkins does not say who approved, so nobody did"),
                ("", "alice", "ERROR: "))):
            with self.subTest(by, starter=starter):
                build = self.override(decision, by, starters=(starter,), ticket=f"INC-{number}")
                self.assertEqual((build["result"], self.ledger.records("override_approve")), ("FAILURE", []))
                self.assertIn(why, build["log"])
        self.assertEqual((self.release()["result"], self.deployed()), ("FAILURE", ""))

    def test_nobody_has_started_it(self):
        self.story("deny", with_ledger=True)
        decision = self.denied()
        for starters in ((), ("alice", "bob"), (None,), ("",), ("anonymous",), ("SYSTEM",)):
            with self.subTest(starters):
                # What a build's environment says of itself is nobody's word.
                build = self.override(decision, starters=starters, environment={"BUILD_USER_ID": "alice"})
                self.assertEqual((build["result"], build["log"].splitlines()[-1]), (
                    "FAILURE", "ERROR: Start this job by hand and logged in: whoever starts it is the one who asks."))
        self.assertEqual(self.ledger.records("override_request"), [])

    def test_the_environment_names_nobody(self):
        self.story("deny", with_ledger=True)
        build = self.override(self.denied(), environment={"BUILD_USER_ID": "carol", "APPROVER": "carol"})
        self.assertEqual(build["result"], "SUCCESS", build["log"])
        self.assertEqual(self.ledger.who("override_request"), [("jenkins:alice", "BUILD_USER_ID")])
        self.assertEqual(self.ledger.who("override_approve"), [("jenkins:bob", "BUILD_USER_ID")])

    def test_requests_that_are_refused(self):
        self.story("deny", with_ledger=True)
        decision = self.denied()
        for wrong in ({"reason": ""}, {"reason": "too short"}, {"ticket": ""}, {"ticket": "CVE-1"}, {"decision": ""},
                      {"decision": "sha256:" + "0" * 64}, {"decision": "--help"}):
            with self.subTest(wrong):
                build = self.override(**{"decision": decision, **wrong})
                self.assertEqual(build["result"], "FAILURE", build["log"])
                self.assertNotIn("Approved by", build["log"])
        self.assertEqual(self.ledger.records("override_request"), [])

    def test_another_artifact(self):
        self.story("deny", with_ledger=True)
        self.assertEqual(self.override(self.denied())["result"], "SUCCESS")
        jenkins.write(self.workspace + "/checkout.tar.gz", "something else")
        self.assertEqual((self.release()["result"], self.deployed()), ("FAILURE", ""))
        self.assertEqual(self.ledger.records("override_use"), [])

    def test_text_stays_text(self):
        self.story("deny", with_ledger=True)
        decision = self.denied()
        reasons = ["$(touch hacked) `touch hacked` and twenty characters", "'; touch hacked; ' and twenty characters",
                   "${env.HOME} and \\'twenty\\' characters more", "--help and twenty characters more",
                   "ov-0123456789ab\nand a second line of this reason"]
        for number, reason in enumerate(reasons):
            build = self.override(decision, reason=reason, ticket=f"INC-{number}")
            self.assertEqual(build["result"], "SUCCESS", build["log"])
        self.assertEqual([record["reason"] for record in self.ledger.records("override_request")], reasons)
        asked = [record["override"] for record in self.ledger.records("override_request")]
        self.assertEqual([record["override"] for record in self.ledger.records("override_approve")], asked)
        self.assertFalse(os.path.exists(self.workspace + "/hacked"))

    def test_a_program_that_says_something_else(self):
        self.story("deny", with_ledger=True)
        decision = self.denied()
        for says in ("echo", "echo ov-1; echo ov-0123456789ab", "echo 'ov-0123456789ab --policy=x'", "true"):
            os.remove(self.tools + "/slogate")
            self.program(says)
            build = self.override(decision)
            self.assertEqual(build["result"], "FAILURE", build["log"])
            self.assertIn("slogate did not say which override", build["log"])

    def test_the_login_of_each_half(self):
        # Of one pair of credentials the wrong half must know nothing.
        spy = "printf '%s\\n' \"$1 $2 $PGUSER $BUILD_USER_ID\" >>\"$DEPLOYED.logins\"\necho ov-0123456789ab\n"
        self.story("deny", with_ledger=True)
        os.remove(self.tools + "/slogate")
        self.program(spy)
        self.assertEqual(self.override("sha256:00")["result"], "SUCCESS")
        self.assertEqual(jenkins.read(self.top + "/deployed.logins").splitlines(),
                         ["override request ledger-request alice", "override show ledger-request ",
                          "override approve ledger-approve bob"])

    def test_vouching(self):
        # The other form: one job of the platform's asks, and hands on what `input` says.
        self.story("deny", with_ledger=True)
        text = jenkins.read(FOLDER + "Jenkinsfile.ledger")
        text = text.replace("version: version,", "version: version, overrideReason: params.REASON, "
                            "overrideTicket: params.TICKET, approvedBy: input(id: 'Q', message: 'm', "
                            "submitterParameter: 'WHO'),")
        text = text.replace(PLACE, self.ledger.location)
        words = {"parameters": {"REASON": ledger.REASON, "TICKET": ledger.TICKET},
                 "environment": {"BUILD_USER_ID": "alice"}}
        build = self.build(text, answers={"Q": "bob"}, **words)
        self.assertEqual((build["result"], self.deployed()), ("FAILURE", ""))
        self.assertIn("does not take the word of jenkins", self.ledger.refused()[0])
        policy = self.policy.replace("vouching: [circleci]", "vouching: [jenkins]")
        self.assertNotEqual(policy, self.policy)
        jenkins.write(self.workspace + "/release-policy.yaml", policy)
        words["parameters"]["TICKET"] = "INC-2"
        for by in (None, "alice", "mallory"):
            self.assertEqual((self.build(text, answers={"Q": by}, **words)["result"], self.deployed()), ("FAILURE", ""))
            words["parameters"]["TICKET"] += "0"
        build = self.build(text, answers={"Q": "bob"}, **words)
        self.assertEqual((build["result"], self.deployed()), ("SUCCESS", "1.0.7\n"), build["log"])
        self.assertEqual(self.ledger.who("override_approve"), [("jenkins:bob", "CI system")])

    def test_no_text_is_put_into_programs(self):
        for name in ("Jenkinsfile.override", "Jenkinsfile.ledger"):
            for script in re.findall(r"script: ('''.*?'''|'[^']*'|\"[^\"]*\")", jenkins.read(FOLDER + name), re.S):
                self.assertTrue(script.startswith("'"), script)


if __name__ == "__main__":
    results.run(__name__)
