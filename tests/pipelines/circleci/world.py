"""What a pipeline of these tests meets: a repository, a fake Prometheus with a story, a server with the release
archive, and the orbs as CircleCI's own packer packs them."""
import contextlib
import functools
import hashlib
import http.server
import io
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import api  # noqa: E402
import config  # noqa: E402
import ledger  # noqa: E402
import runner  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[3]
EXAMPLES = SOURCE / "ci-examples" / "circleci"
ORB = SOURCE / "adapters" / "circleci" / "src"
SERVER = "https://prometheus.example:9090"
ARCHIVE = "https://releases.example/slogate-0.1.0-linux-amd64.tar.gz"
DIGEST = "0" * 64
LEDGER = "postgresql://ledger.example/slogate"
API = "https://circleci.com/api/v2"
TOKEN = "hunter2-the-token-of-prometheus"


def pack(folder):
    """An orb's one document; what is no orb fails."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("TMPDIR", "/tmp"),
                   "CIRCLECI_CLI_TELEMETRY_OPTOUT": "1"}
    return subprocess.run([os.environ["SLOGATE_CIRCLECI_CLI"], "orb", "pack", str(folder), "--skip-update-check"],
                          env=environment, capture_output=True, text=True, timeout=60, check=True).stdout


@functools.lru_cache(maxsize=None)
def orbs():
    return {"acme/slogate@0.1.0": pack(ORB), "acme/release@1": pack(EXAMPLES / "central" / "orb")}


@functools.lru_cache(maxsize=None)
def archive(program=os.environ["SLOGATE_PROGRAM"]):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
        tar.add(program, arcname="slogate")
    return out.getvalue()


def put_in(text, old, new):
    """Replaces what must be there: a placeholder that was renamed must not go unnoticed."""
    if old not in text:
        raise AssertionError(f"nothing says {old!r} any more")
    return text.replace(old, new)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802, the name is the library's
        content = archive(self.server.programs[self.path])
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def story_server(story):
    """Where a Prometheus tells this story. It must have been asked nothing that it cannot tell."""
    with subprocess.Popen([os.environ["SLOGATE_STORY_SERVER"], story], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        yield server.stdout.readline().strip()
        server.stdin.close()
        mistakes = server.stderr.read()
        if server.wait() != 0:
            raise AssertionError(mistakes)


class World(contextlib.ExitStack):
    """A folder with everything a run needs; goes with all that it started."""

    def __init__(self, story, location="", login=""):
        super().__init__()
        self.login = {"PGUSER": login} if login else {}
        self.top = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory(prefix="slogate-circleci.")))
        self.repository = self.top / "repository"
        self.repository.mkdir()
        self.deployed = self.top / "deployed"
        self.url = self.enter_context(story_server("allow" if story == "invalid policy" else story))
        self.ledger = ledger.Ledger(self.top, os.environ["SLOGATE_PROGRAM"], location)
        self.api = self.enter_context(api.Api())
        policies = SOURCE / "ci-examples" / "policy"
        policy = put_in((policies / "release-policy.yaml").read_text(), SERVER, self.url)
        self.orbs = dict(orbs())
        self.orbs["acme/slogate@0.1.0"] = put_in(self.orbs["acme/slogate@0.1.0"], API, self.api.url)
        release = put_in(put_in(self.orbs["acme/release@1"], SERVER, self.url), LEDGER, self.ledger.location)
        self.orbs["acme/release@1"] = self.with_archive(release, self.ledger.program)
        if story == "invalid policy":
            policy = put_in(policy, "verdict: hold", "verdict: perhaps")
            self.orbs["acme/release@1"] = put_in(self.orbs["acme/release@1"], "verdict: hold", "verdict: perhaps")
        for name, text in (("release-policy.yaml", policy), ("checkout.tar.gz", "what is deployed"),
                           ("checkout.yaml", (policies / "checkout.yaml").read_text()),
                           ("slos.yaml", (policies / "checkout.yaml").read_text()),
                           ("deploy.sh", f"#!/bin/bash\nprintf '%s\\n' \"$*\" >>'{self.deployed}'\n")):
            (self.repository / name).write_text(text)
        (self.repository / "deploy.sh").chmod(0o755)

    @functools.cached_property
    def archive_server(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        self.callback(thread.join)
        self.callback(server.server_close)
        self.callback(server.shutdown)
        server.programs = {"/slogate.tar.gz": os.environ["SLOGATE_PROGRAM"], "/with-ledger.tar.gz": self.ledger.program}
        return f"http://127.0.0.1:{server.server_address[1]}/slogate.tar.gz"

    def with_archive(self, text, program=os.environ["SLOGATE_PROGRAM"]):
        """The file that a user copies, with the archive's place and digest put in as the user would."""
        digest = hashlib.sha256(archive(program)).hexdigest()
        url = self.archive_server
        if program != os.environ["SLOGATE_PROGRAM"]:
            url = url.replace("/slogate.tar.gz", "/with-ledger.tar.gz")
        return put_in(put_in(text, ARCHIVE, url), DIGEST, digest)

    def run(self, text, parameters=None, path="", branch="main", **more):
        """The outcomes of a configuration's jobs."""
        jobs = config.load(text, self.orbs, parameters, {"number": 17, "git.branch": branch})
        contexts = {"deploy-production": {"PROMETHEUS_TOKEN": TOKEN}, "deploy-staging": {"PROMETHEUS_TOKEN": TOKEN},
                    "deploy-override": {"PROMETHEUS_TOKEN": TOKEN, "CIRCLE_TOKEN": api.TOKEN, **self.login}}
        return runner.Runner(self.top, self.repository, path, contexts, **more).run(jobs)

    def deploys(self):
        """What deploy.sh was called with, one line each time."""
        return self.deployed.read_text().splitlines() if self.deployed.exists() else []
