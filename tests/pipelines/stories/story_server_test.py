"""The server that pipelines are tested against tells its stories, and goes when the one who started it does."""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import results  # noqa: E402

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "fixtures"
# By story: the exit code and the verdict in production; staging only observes.
STORIES = {"allow": (0, "ALLOW"), "warn": (0, "WARN"), "deny": (1, "DENY"), "hold": (3, "HOLD"), "dead": (3, "HOLD")}


class StoryServerTest(unittest.TestCase):
    def start(self, *words):
        return subprocess.Popen([os.environ["SLOGATE_STORY_SERVER"], *words], text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def check(self, url, *words, policy=""):
        with tempfile.TemporaryDirectory() as folder:
            text = (policy or (FIXTURES / "acme.yaml").read_text()).replace("http://prometheus.test:9090", url)
            pathlib.Path(folder, "policy.yaml").write_text(text)
            command = [os.environ["SLOGATE_PROGRAM"], "check", "--adapter", "plain", "--policy", "policy.yaml", "--slos",
                       str(FIXTURES / "checkout.yaml"), *words]
            done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.stderr, "")
            return done.returncode, re.search("allow|warn|deny|hold", done.stdout, re.IGNORECASE)[0].upper()

    def test_stories(self):
        files = pathlib.Path(__file__).parent.glob("*.prometheus")
        self.assertEqual({file.stem for file in files}, set(STORIES))
        for story, (code, verdict) in STORIES.items():
            with self.subTest(story), self.start(story) as server:
                url = server.stdout.readline().strip()
                self.assertRegex(url, r"^http://127\.0\.0\.1:\d+$")
                self.assertEqual(self.check(url, "--environment", "production"), (code, verdict))
                self.assertEqual(self.check(url, "--environment", "production", "--dry-run"), (0, verdict))
                self.assertEqual(self.check(url, "--environment", "staging"), (0, verdict))
                self.assertEqual(server.communicate(), ("", ""))
                self.assertEqual(server.returncode, 0)

    def test_it_ends_with_its_input(self):
        with self.start("allow") as server:
            port = int(server.stdout.readline().rsplit(":", 1)[1])
            socket.create_connection(("127.0.0.1", port)).close()
            server.stdin.close()
            self.assertEqual(server.wait(timeout=60), 0)
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))

    def test_what_a_story_does_not_tell(self):
        with self.start("allow") as server:
            url = server.stdout.readline().strip()
            policy = (FIXTURES / "acme.yaml").read_text().replace("env: prod}", "env: elsewhere}")
            self.assertEqual(self.check(url, "--environment", "production", policy=policy), (3, "HOLD"))
            _, said = server.communicate()
            self.assertEqual(server.returncode, 1)
            self.assertIn("no line speaks of ", said)

    def test_usage(self):
        for words in ((), ("none",), ("allow", "warn")):
            with self.start(*words) as server:
                self.assertEqual(server.communicate(),
                                 ("", "usage: slogate_story_server STORY, a file of tests/pipelines/stories\n"))
                self.assertEqual(server.returncode, 2)


if __name__ == "__main__":
    results.run(__name__)
