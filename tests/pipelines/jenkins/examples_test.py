"""Every example of ci-examples/jenkins, run by Jenkins' own interpreter with the real program, in every story."""
import functools
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import jenkins  # noqa: E402
import results  # noqa: E402

FOLDER = jenkins.EXAMPLES + "/jenkins/"
# What the policy says in each story, and how a build ends in which the gate is enforced.
STORIES = {
    "allow": ("ALLOW", "SUCCESS", ""),
    "warn": ("WARN", "SUCCESS", ""),
    "deny": ("DENY", "FAILURE", "ERROR: Release denied: DENY "),
    "hold": ("HOLD", "FAILURE", "ERROR: Release held: HOLD "),
    "dead": ("HOLD", "FAILURE", "ERROR: Release held: HOLD "),
}
REPORTS = {"archived": [".json", ".md"], "tested": [".junit.xml"]}
INVALID = "ERROR: slogate could not check: a usage error or an invalid file"


def in_every_story(test):
    @functools.wraps(test)
    def run(self):
        for story, told in STORIES.items():
            with self.subTest(story):
                self.doCleanups()
                self.setUp()
                self.story(story)
                test(self, *told)
    return run


@jenkins.needed
class ExamplesTest(jenkins.JenkinsTest):
    def shows(self, build, word, decision="slogate/decision"):
        """The reports are there however the build ended."""
        self.assertRegex(build["description"], f"^{word} .*checkout → ")
        for kind, suffixes in REPORTS.items():
            self.assertEqual([name for name in build[kind] if name.startswith(decision + ".")],
                             [decision + suffix for suffix in suffixes])
        document = json.loads(jenkins.read(f"{self.workspace}/{decision}.json"))
        self.assertEqual(document["verdict"], word.lower())
        self.assertEqual(document["subject"]["run_url"], "https://jenkins.example/job/checkout/job/main/7/")
        return document

    def ended(self, build, word, result, error, deploy):
        self.assertEqual(build["result"], result, build["log"])
        self.assertIn(error, build["log"])
        self.assertEqual(self.deployed(), deploy if result == "SUCCESS" else "")
        self.shows(build, word)

    def invalid(self, name):
        self.story("allow")
        jenkins.write(self.workspace + "/release-policy.yaml", self.policy.replace("rules:", "ruels:"))
        build = self.build(FOLDER + name)
        self.assertEqual((build["result"], self.deployed()), ("FAILURE", ""))
        self.assertIn("unknown key 'ruels'", build["log"])
        self.assertIn(INVALID, build["log"])
        self.assertEqual((build["description"], build["archived"]), (None, []))

    @in_every_story
    def test_declarative(self, word, result, error):
        build = self.build(FOLDER + "Jenkinsfile")
        self.ended(build, word, result, error, "1.0.7\n")
        self.assertEqual(build["issues"], [])

    def test_declarative_on_another_branch(self):
        self.story("allow")
        build = self.build(FOLDER + "Jenkinsfile", environment={"BRANCH_NAME": "feature/x"})
        self.assertEqual((build["result"], self.deployed(), build["description"]), ("SUCCESS", "", None))

    def test_invalid_policy(self):
        for name in ("Jenkinsfile", "Jenkinsfile.dry-run", "Jenkinsfile.observe", "Jenkinsfile.rollback"):
            with self.subTest(name):
                self.invalid(name)

    def test_without_the_secret(self):
        self.story("allow")
        text = jenkins.read(FOLDER + "Jenkinsfile").replace("variable: 'PROMETHEUS_TOKEN'", "variable: 'OTHER'")
        build = self.build(text)
        self.assertEqual((build["result"], self.deployed()), ("FAILURE", ""))
        self.assertIn("PROMETHEUS_TOKEN", build["log"])
        self.assertIn(INVALID, build["log"])

    @in_every_story
    def test_scripted_with_an_archive(self, word, result, error):
        os.remove(self.tools + "/slogate")
        url, sha256 = self.serve(jenkins.archive(jenkins.SLOGATE))
        text = jenkins.read(FOLDER + "Jenkinsfile.scripted")
        text = text.replace("https://releases.example/slogate-0.1.0-linux-amd64.tar.gz", url).replace("0" * 64, sha256)
        build = self.build(text)
        self.ended(build, word, result, error, "1.0.7\n")
        self.assertEqual(build["issues"], ["slogate/decision.warnings.json"])

    def test_scripted_with_another_archive(self):
        self.story("allow")
        url, _ = self.serve(jenkins.archive("/bin/true"))
        text = jenkins.read(FOLDER + "Jenkinsfile.scripted")
        build = self.build(text.replace("https://releases.example/slogate-0.1.0-linux-amd64.tar.gz", url))
        self.assertEqual((build["result"], self.deployed()), ("FAILURE", ""))
        self.assertIn("expected " + "0" * 64, build["log"])

    @in_every_story
    def test_dry_run(self, word, *_):
        build = self.build(FOLDER + "Jenkinsfile.dry-run")
        self.assertEqual((build["result"], self.deployed()), ("SUCCESS", "1.0.7\n"), build["log"])
        document = json.loads(jenkins.read(self.workspace + "/slogate/decision.json"))
        self.assertEqual((document["dry_run"], document["verdict"]), (True, word.lower()))
        self.assertIn(f"would {word.lower()}", build["description"].lower())
        self.assertEqual(build["tested"], ["slogate/decision.junit.xml"])

    @in_every_story
    def test_observe(self, word, result, error):
        build = self.build(FOLDER + "Jenkinsfile.observe")
        self.assertEqual(build["result"], result, build["log"])
        self.assertIn(error, build["log"])
        self.assertEqual(self.deployed(), "1.0.7 staging\n" + ("1.0.7 production\n" if result == "SUCCESS" else ""))
        staging = self.shows(build, word, "slogate/staging")
        self.assertEqual((staging["outcome"], staging["enforcement"]), ("proceed", "observe"))
        production = json.loads(jenkins.read(self.workspace + "/slogate/production.json"))
        self.assertEqual(production["outcome"], "proceed" if result == "SUCCESS" else "blocked")
        self.assertEqual([line.split()[0] for line in build["description"].splitlines()], [word, word])

    @in_every_story
    def test_rollback(self, *_):
        build = self.build(FOLDER + "Jenkinsfile.rollback", parameters={"VERSION": "4.18.1"})
        self.assertEqual((build["result"], self.deployed()), ("SUCCESS", "4.18.1\n"), build["log"])
        document = json.loads(jenkins.read(self.workspace + "/slogate/decision.json"))
        self.assertEqual(document["subject"]["change"]["effective"], "rollback")
        self.assertEqual(document["outcome"], "proceed")

    def test_a_hostile_version(self):
        self.story("allow")
        for version in ("4.18.1; touch hacked", "$(touch hacked)", "' || touch hacked '", "<img src=x>", "a::error::b"):
            with self.subTest(version):
                build = self.build(FOLDER + "Jenkinsfile.rollback", parameters={"VERSION": version})
                self.assertEqual(build["result"], "SUCCESS", build["log"])
                self.assertEqual(self.deployed().splitlines()[-1], version)
                document = json.loads(jenkins.read(self.workspace + "/slogate/decision.json"))
                self.assertEqual(document["subject"]["version"], version)
                self.assertNotRegex(build["description"], "[<>]")
                self.assertFalse(os.path.exists(self.workspace + "/hacked"))
        build = self.build(FOLDER + "Jenkinsfile.rollback", parameters={"VERSION": "a\nb"})
        self.assertEqual((build["result"], build["log"].splitlines()[-1]),
                         ("FAILURE", "ERROR: slogate: --version holds a line break or another control character"))

    @in_every_story
    def test_central(self, word, result, error):
        platform = self.top + "/platform"
        shutil.copytree(FOLDER + "central/vars", platform + "/vars")
        os.makedirs(platform + "/resources/com/acme")
        shutil.move(self.workspace + "/release-policy.yaml", platform + "/resources/com/acme")
        # A build that leaves a policy of its own where the platform's will stand.
        own = "#!/bin/sh\nmkdir slogate\necho none >slogate/release-policy.yaml\n"
        jenkins.write(self.workspace + "/build.sh", own, 0o755)
        deploy = f'#!/bin/sh\n[ "$DEPLOY_KEY" = {jenkins.KEY} ] && echo "$*" >>"$DEPLOYED"\n'
        jenkins.write(self.tools + "/deploy", deploy, 0o755)
        self.libraries = [jenkins.LIBRARY, platform]
        self.ended(self.build(FOLDER + "central/Jenkinsfile"), word, result, error, "checkout 1.0.7\n")

    def test_examples_are_all_here(self):
        self.assertEqual(sorted(os.listdir(FOLDER)), ["Jenkinsfile", "Jenkinsfile.dry-run", "Jenkinsfile.ledger",
                                                      "Jenkinsfile.observe", "Jenkinsfile.override",
                                                      "Jenkinsfile.rollback", "Jenkinsfile.scripted", "central"])


if __name__ == "__main__":
    results.run(__name__)
