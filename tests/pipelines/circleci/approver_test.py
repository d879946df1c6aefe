"""The orb's approver.sh against a stand-in for CircleCI's API: one answer will do, and of all others nobody approved."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import api  # noqa: E402
import results  # noqa: E402
import runner  # noqa: E402
import world  # noqa: E402

NAME = "open-the-closed-gate"
USER = f"/api/v2/user/{api.BOB}"
NO_APPROVAL = (f"slogate: the workflow has no single approval job {NAME} that somebody has approved, among at most one page "
               "of jobs")
UNKNOWN = f"slogate: CircleCI does not know the user {api.BOB}"
NO_LOGIN = f"slogate: the login of the user {api.BOB} is none"


class ApproverTest(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="slogate approver.")
        self.addCleanup(temp.cleanup)
        self.top = pathlib.Path(temp.name)
        self.bash_env = self.top / "bash.env"
        self.bash_env.touch()
        self.api = api.Api()
        self.api.__enter__()
        self.addCleanup(self.api.__exit__)

    def run_script(self, **variables):
        self.bash_env.write_text("")
        environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(self.top), "BASH_ENV": str(self.bash_env),
                       "CIRCLE_WORKFLOW_ID": runner.WORKFLOW, "CIRCLE_TOKEN": api.TOKEN, "APPROVAL": NAME,
                       "TOKEN_VARIABLE": "CIRCLE_TOKEN", "APPROVER_VARIABLE": "SLOGATE_APPROVER", "API": self.api.url,
                       "http_proxy": "http://127.0.0.1:1", "SLOGATE_APPROVER": "mallory", **variables}
        done = subprocess.run(["/bin/bash", "-eo", "pipefail", world.ORB / "scripts" / "approver.sh"], env=environment,
                              cwd=self.top, capture_output=True, text=True, timeout=60, check=False)
        self.assertNotIn(api.TOKEN, done.stdout + done.stderr + self.bash_env.read_text())
        self.assertEqual([path.name for path in self.top.iterdir()], ["bash.env"])
        return done

    def refused(self, words, **variables):
        done = self.run_script(**variables)
        self.assertEqual((done.returncode, done.stdout, self.bash_env.read_text()), (2, "", ""), done.stderr)
        self.assertEqual(done.stderr.splitlines()[-1], words)

    def answers(self, path, body, words, status=200):
        with self.subTest(body):
            before = self.api.answers[path]
            self.api.answers[path] = (status, body)
            self.refused(words)
            self.api.answers[path] = before

    def test_approved(self):
        done = self.run_script()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, f"{NAME} was approved by bob ({api.BOB})\n")
        self.assertEqual(self.bash_env.read_text(), "export SLOGATE_APPROVER=bob\n")
        self.assertEqual(self.api.asked, [(api.JOBS, api.TOKEN), (USER, api.TOKEN)])

    def test_of_several_jobs_the_one(self):
        self.api.answers[api.JOBS] = (200, api.jobs(
            api.approval("staging", "5d9c8f3e-0000-4000-8000-000000000000"), api.approval(NAME),
            {"name": "build", "type": "build", "status": "success"}))
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.bash_env.read_text(), "export SLOGATE_APPROVER=bob\n")

    def test_another_variable(self):
        self.assertEqual(self.run_script(APPROVER_VARIABLE="WHO").returncode, 0)
        self.assertEqual(self.bash_env.read_text(), "export WHO=bob\n")

    def test_nobody_has_approved(self):
        for body in (api.jobs(), {"items": None}, {}, [], None, "bob", api.jobs(api.approval("other")),
                     api.jobs(api.approval(NAME), api.approval(NAME)), api.jobs(api.approval(NAME, None)),
                     api.jobs(api.approval(NAME, 7)), api.jobs(api.approval(NAME, [api.BOB])),
                     api.jobs(api.approval(NAME, status="on_hold")), api.jobs(api.approval(NAME, status="canceled")),
                     api.jobs(api.approval(NAME, type="build")), api.jobs({"name": NAME}), api.jobs(None),
                     api.jobs(api.approval(NAME), next_page_token="more"), {"message": "Not found"}):
            self.answers(api.JOBS, body, NO_APPROVAL)
        for who in (api.BOB + "\n", "\n" + api.BOB, api.BOB + " x", "b\u00f6b"):
            self.answers(api.JOBS, api.jobs(api.approval(NAME, who)), NO_APPROVAL)
        for who in ("", "bob", api.BOB + "/../x", "../../user/" + api.BOB, api.BOB.upper(), "$(id)"):
            self.answers(api.JOBS, api.jobs(api.approval(NAME, who)), f"slogate: CircleCI does not say who approved {NAME}")

    def test_no_such_user(self):
        other = "5d9c8f3e-0000-4000-8000-000000000000"
        for body in (api.user("bob", other), {"login": "bob"}, {"id": api.BOB}, api.user(None), api.user(7), [], None,
                     api.user(["bob"]), [api.user("bob")], api.user(" bob"), api.user("bob "), api.user("bob\n"),
                     api.user("bob\nmallory"), api.user("b\u202eob"), api.user("$(touch pwned)")):
            self.answers(USER, body, UNKNOWN)
        for login in ("", "$(id)", "b;id", "-bob", "x" * 256, "a:b", "bob'"):
            self.answers(USER, api.user(login), NO_LOGIN)

    def test_answers_that_are_no_answers(self):
        for path in (api.JOBS, USER):
            good = self.api.answers[path][1]
            asked = path.removeprefix("/api/v2/")
            for status in (204, 206, 302, 401, 403, 404, 418):
                self.answers(path, good, f"slogate: CircleCI's API answered {status} for {asked}, expected 200: may the token "
                             "read this project?", status)
            for body in (b"", b"<html>", b"{", b'{"items": []} {"items": []}', b"\xff\xfe", b"nul\0"):
                self.answers(path, body, f"slogate: CircleCI's API answered no JSON for {asked}")
        self.assertNotIn("/elsewhere", [path for path, _ in self.api.asked])

    def test_nobody_answers(self):
        self.refused(f"slogate: CircleCI's API could not be asked for {api.JOBS.removeprefix('/api/v2/')}",
                     API="http://127.0.0.1:1/api/v2")

    def test_parameters(self):
        for words, variables in {
            "the parameter token must be the name of a variable, not a secret": {"TOKEN_VARIABLE": "hunter2-x"},
            "the parameter variable must be the name of a variable": {"APPROVER_VARIABLE": "a[$(touch pwned)]"},
            "the parameter approval is empty; it takes the name of an approval job": {"APPROVAL": ""},
            "BASH_ENV is not set; this is for jobs of CircleCI": {"BASH_ENV": ""},
            "CIRCLE_WORKFLOW_ID is no id of a workflow": {"CIRCLE_WORKFLOW_ID": "../user"},
            "the variable CIRCLE_TOKEN holds no token of CircleCI's API": {"CIRCLE_TOKEN": ""},
            "the variable OTHER holds no token of CircleCI's API": {"TOKEN_VARIABLE": "OTHER", "OTHER": 'x"\nurl = "y'},
            "the parameter api takes an https URL": {"API": "http://circleci.com/api/v2"},
            "the parameter api holds characters that no such URL has": {"API": "https://x.example/?a=$(id)"},
        }.items():
            with self.subTest(words):
                self.refused("slogate: " + words, **variables)
        self.assertEqual(self.api.asked, [])

    def test_text_stays_text(self):
        for name in ("$(touch pwned)", '" or true #', "a\nb", "\\(.items)"):
            with self.subTest(name):
                self.api.answers[api.JOBS] = (200, api.jobs(api.approval(name)))
                self.assertEqual(self.run_script(APPROVAL=name).returncode, 0)
                self.assertEqual(self.bash_env.read_text(), "export SLOGATE_APPROVER=bob\n")

    def test_a_tool_is_missing(self):
        bin_folder = tempfile.TemporaryDirectory()
        self.addCleanup(bin_folder.cleanup)
        for tool in ("curl", "mktemp", "rm"):
            os.symlink(shutil.which(tool), f"{bin_folder.name}/{tool}")
        self.refused("slogate: asking who approved needs the program jq, which is not on PATH", PATH=bin_folder.name)


if __name__ == "__main__":
    results.run(__name__)
