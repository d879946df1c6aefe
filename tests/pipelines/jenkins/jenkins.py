"""Runs Jenkinsfiles by Jenkins' own interpreter (harness/), without network: a service's repository as the workspace,
the global libraries, credentials, and a Prometheus with a story."""
import functools
import glob
import hashlib
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import ledger  # noqa: E402

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
EXAMPLES = os.path.join(SOURCE, "ci-examples")
LIBRARY = os.path.join(SOURCE, "adapters", "jenkins")
SLOGATE = os.environ.get("SLOGATE_PROGRAM", "")
JARS = os.environ.get("SLOGATE_GROOVY_CPS", "")
TOKEN = "hunter2-the-token-of-prometheus"
KEY = "hunter3-the-key-of-the-deploy"
CREDENTIALS = {"prometheus-token": TOKEN, "deploy-key": KEY, "ledger-deploy": "hunter4-of-the-deploy",
               "ledger-request": "hunter5-of-the-request", "ledger-approve": "hunter6-of-the-approval"}

needed = unittest.skipUnless(JARS, "groovy-cps is not there; ./dev test installs it")

# The service's own command: says that it ran, and with what.
DEPLOY = '#!/bin/sh\nprintf "%s\\n" "$*" >>"$DEPLOYED"\n'


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


@functools.lru_cache
def archive(path):
    """A release archive that holds that program."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
        tar.add(path, "slogate")
    return out.getvalue()


class Machine:
    """One Java machine that runs builds, one after another."""

    def __init__(self):
        self.classes = tempfile.TemporaryDirectory()
        path = os.path.join(JARS, "*")
        sources = glob.glob(os.path.join(os.path.dirname(__file__), "harness", "**", "*.java"), recursive=True)
        subprocess.run(["javac", "-Xlint:all,-processing,-serial", "-Werror", "-d", self.classes.name, "-cp", path,
                        *sources], check=True)
        # Groovy 2.4 is older than the modules of today's Java, and looks into all of them.
        self.process = subprocess.Popen(
            ["java", "-XX:TieredStopAtLevel=1", "--add-opens=java.base/java.lang=ALL-UNNAMED",
             "--add-opens=java.base/java.util=ALL-UNNAMED", "-cp", self.classes.name + ":" + path, "Jenkins"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def build(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.classes.cleanup()


class JenkinsTest(unittest.TestCase):
    """A case has a workspace of its own, and answers by a story or by a program that stands in for slogate."""

    @classmethod
    def setUpClass(cls):
        cls.machine = Machine()
        cls.addClassCleanup(cls.machine.close)

    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top = top.name
        self.workspace = os.path.join(self.top, "workspace")
        self.tools = os.path.join(self.top, "tools")
        self.libraries = [LIBRARY]
        write(self.workspace + "/deploy.sh", DEPLOY, 0o755)
        shutil.copy(EXAMPLES + "/policy/checkout.yaml", self.workspace)
        os.mkdir(self.tools)

    def story(self, name, with_ledger=False):
        """Starts that server; the policy names it, and slogate is on PATH."""
        server = subprocess.Popen([os.environ["SLOGATE_STORY_SERVER"], name], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        # It ends with 1 where it was asked what its story does not tell.
        self.addCleanup(lambda: self.assertEqual(server.wait(), 0))
        self.addCleanup(server.stdin.close)
        url = server.stdout.readline().strip()
        program = SLOGATE
        if with_ledger:
            self.ledger = ledger.Ledger(self.top, SLOGATE)
            program = self.ledger.program
            write(self.workspace + "/checkout.tar.gz", "what is released")
        text = read(EXAMPLES + f"/policy/{'with-ledger/' if with_ledger else ''}release-policy.yaml")
        self.assertIn("https://prometheus.example:9090", text)
        self.policy = text.replace("https://prometheus.example:9090", url)
        write(self.workspace + "/release-policy.yaml", self.policy)
        if not os.path.exists(self.tools + "/slogate"):
            os.symlink(program, self.tools + "/slogate")

    def program(self, text):
        """A program that stands in for slogate."""
        write(self.tools + "/slogate", "#!/bin/bash\n" + text, 0o755)

    def serve(self, content):
        """Serves that at a URL on loopback; the URL and the SHA-256."""
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802, the name is the library's
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}/slogate.tar.gz", hashlib.sha256(content).hexdigest()

    def build(self, jenkinsfile, environment=None, parameters=None, missing=(), stop_at=None, mismatches=(), masked=0,
              starters=("alice",), answers=None):
        """What came of a build of that file or text, which `starters` started; `answers` says by the questions' ids who
        answered them. What must be so of every good build is looked at here."""
        if not os.path.exists(jenkinsfile):
            write(self.top + "/Jenkinsfile", jenkinsfile)
            jenkinsfile = self.top + "/Jenkinsfile"
        names = {
            "PATH": self.tools + ":/usr/bin:/bin", "HOME": self.top, "CI": "true", "BRANCH_NAME": "main",
            "BUILD_NUMBER": "7", "JOB_NAME": "checkout/main", "JENKINS_URL": "https://jenkins.example/",
            "BUILD_URL": "https://jenkins.example/job/checkout/job/main/7/", "WORKSPACE": self.workspace,
            "DEPLOYED": self.top + "/deployed",
        }
        build = self.machine.build({
            "jenkinsfile": jenkinsfile, "workspace": self.workspace, "libraries": self.libraries,
            "environment": {**names, **(environment or {})}, "parameters": parameters or {},
            "credentials": CREDENTIALS, "groups": {"sre-oncall": ["alice", "bob", "carol"]},
            "starters": list(starters), "answers": answers or {}, "missing": list(missing), "stop_at": stop_at})
        self.assertEqual(build["mismatches"], list(mismatches))
        self.assertEqual(build["masked"], masked, "only a mask keeps a credential out of the log:\n" + build["log"])
        return build

    def deployed(self):
        return read(self.top + "/deployed") if os.path.exists(self.top + "/deployed") else ""
