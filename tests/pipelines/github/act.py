"""Runs workflows of ci-examples/github by act, without network: a service's repository, a platform's, the published
action, a Prometheus with a story, and a server that has slogate's release archive."""
import contextlib
import functools
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

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import ledger  # noqa: E402

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
EXAMPLES = os.path.join(SOURCE, "ci-examples")
ACTION = "OWNER/slogate@0123456789abcdef0123456789abcdef01234567"
PLATFORM = "acme/platform@89abcdef0123456789abcdef0123456789abcdef"
CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8"
UPLOAD = "actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f"
URL = "https://releases.example/slogate-0.1.0-linux-amd64.tar.gz"
TOKEN = "hunter2-the-token-of-prometheus"
LEDGER = "postgresql://ledger.example/slogate"
PASSWORD = "hunter3-the-password-of-the-ledger"

# Stands for actions/checkout, which would ask github.com: copies a folder of the test's instead.
CHECKOUT_STUB = """
name: checkout
description: stand-in
inputs: {repository: {default: ''}, ref: {default: ''}, path: {default: ''}, persist-credentials: {default: 'true'}}
runs:
  using: composite
  steps:
    - shell: bash
      run: |
        [[ $PERSIST == false ]]
        if [[ -n $REPOSITORY ]]; then from=$REPOSITORY@$REF; else from=service; fi
        mkdir -p "./$TO"
        cp -r "@CHECKOUTS@/$from/." "./$TO"
      env:
        PERSIST: ${{ inputs.persist-credentials }}
        REPOSITORY: ${{ inputs.repository }}
        REF: ${{ inputs.ref }}
        TO: ${{ inputs.path }}
"""

# Stands for actions/upload-artifact.
UPLOAD_STUB = """
name: upload-artifact
description: stand-in
inputs: {name: {required: true}, path: {required: true}, if-no-files-found: {default: warn}}
runs:
  using: composite
  steps:
    - shell: bash
      run: cp "$FILE" "@TOP@/kept-$NAME"
      env: {NAME: '${{ inputs.name }}', FILE: '${{ inputs.path }}'}
"""

# What act finds as bash. GitHub's runner gives a step pipes; act gives it a terminal, and leaves unread what stands there
# when a step fails. So a pipe, and then more blanks than a terminal holds: once they are out, the rest has been read.
BASH = """#!/bin/bash
[[ $1 == --noprofile ]] || exec /bin/bash "$@" # a script within a step
/bin/bash "$@" 2>&1 | { cat; head -c 100000 /dev/zero | tr '\\0' ' '; }
exit "${PIPESTATUS[0]}"
"""

# The service's own command: says outside of the run that it ran, and with what.
DEPLOY = """#!/bin/bash
printf '%s\\n' "$*" >>"@TOP@/deployed"
"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802, the name is the library's
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.archive)))
        self.end_headers()
        self.wfile.write(self.server.archive)

    def log_message(self, *_):
        pass


class Run:
    """What one run of act came to."""

    def __init__(self, status, lines, top):
        self.status, self.lines = status, lines
        self.deployed = read(os.path.join(top, "deployed"))
        self.kept = read(os.path.join(top, "kept-decision"))
        self.log = "".join(line["msg"] for line in lines if line.get("raw_output") and line["msg"].strip())
        self.messages = "\n".join(line.get("msg", "") for line in lines)

    def steps(self):
        """How the steps that ran ended, those of the examples, not what is inside of an action."""
        return {line["step"]: line["stepResult"] for line in self.lines
                if line.get("stage") == "Main" and "stepResult" in line and len(line["stepID"]) == 1}

    def outputs(self, job):
        """The action's; of the step within it act tells as well."""
        return {line["name"]: line["arg"] for line in self.lines
                if line.get("command") == "set-output" and line["jobID"] == job and len(line["stepID"]) == 1}

    def summaries(self):
        """A composite's is told once more by the step around it."""
        return list(dict.fromkeys(line["content"] for line in self.lines if line.get("command") == "summary"))

    def annotations(self):
        return [(line["command"], line.get("kvPairs") or {}, line["arg"]) for line in self.lines
                if line.get("command") in ("error", "warning", "notice")]


class Pipeline(contextlib.ExitStack):
    """A folder with everything a run needs; goes with all that it started."""

    def __init__(self, story, program, with_ledger=False, location=""):
        super().__init__()
        self.top = self.enter_context(tempfile.TemporaryDirectory(prefix="slogate-act."))
        self.policy = EXAMPLES + "/policy/release-policy.yaml"
        if with_ledger:
            self.ledger = ledger.Ledger(self.top, program, location)
            self.policy = EXAMPLES + "/policy/with-ledger/release-policy.yaml"
            program = self.ledger.program
        self.url = self.prometheus(story)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.archive = archive(program)
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        self.callback(thread.join)
        self.callback(self.server.server_close)
        self.callback(self.server.shutdown)
        self.repositories()

    def prometheus(self, story):
        server = subprocess.Popen([os.environ["SLOGATE_STORY_SERVER"], story], text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.callback(server.wait)
        self.callback(server.stdin.close)
        self.callback(server.stdout.close)
        return server.stdout.readline().strip()

    def write(self, name, text):
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text.replace("@TOP@", self.top).replace("@CHECKOUTS@", self.top + "/checkouts"))
        return path

    def repositories(self):
        """What the stand-ins check out, and what act takes for repositories of GitHub."""
        policy = put_in(read(self.policy), "https://prometheus.example:9090", self.url)
        objectives = read(EXAMPLES + "/policy/checkout.yaml")
        for name in ("service/release-policy.yaml", "acme/platform@main/release-policy.yaml"):
            self.write("checkouts/" + name, policy)
        for name in ("checkout.yaml", "slos.yaml"):
            self.write("checkouts/service/" + name, objectives)
        os.chmod(self.write("checkouts/service/deploy.sh", DEPLOY), 0o755)
        self.write("checkouts/service/checkout.tar.gz", "what is released")
        os.chmod(self.write("bin/bash", BASH), 0o755)
        self.write("checkout/action.yml", CHECKOUT_STUB)
        self.write("upload/action.yml", UPLOAD_STUB)
        # Only what the action needs; the rest of a work tree would be copied at each run.
        shutil.copytree(SOURCE + "/adapters/github", self.top + "/slogate/adapters/github")
        shutil.copy(SOURCE + "/adapters/fetch.sh", self.top + "/slogate/adapters/fetch.sh")
        self.write("platform/.github/workflows/gated-deploy.yml", self.example("central/gated-deploy.yml"))
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", self.top + "/work"]
        os.mkdir(self.top + "/work")
        for words in (["init", "-q", "-b", "main"], ["remote", "add", "origin", "https://github.com/acme/checkout"],
                      ["commit", "-q", "--allow-empty", "-m", "first"]):
            subprocess.run(git + words, check=True)

    def example(self, name):
        """The file that a user copies, with the archive's place and digest put in as the user would."""
        text = read(f"{EXAMPLES}/github/{name}")
        if URL in text:
            text = put_in(text, URL, f"http://127.0.0.1:{self.server.server_address[1]}/slogate.tar.gz")
            text = put_in(text, "slogate-sha256: " + "0" * 64,
                          f"slogate-sha256: '{hashlib.sha256(self.server.archive).hexdigest()}'")
        return put_in(text, LEDGER, self.ledger.location) if LEDGER in text else text

    def run(self, workflow, event="push", inputs=None, token=TOKEN, actor="alice", triggering=None):
        """Runs the text of a workflow. `triggering` pressed the button of a re-run of what `actor` began."""
        name = self.write("work/.github/workflows/workflow.yml", workflow)
        payload = self.write("event.json", json.dumps({"inputs": inputs or {}, "ref": "refs/heads/main"}))
        home = os.path.join(self.top, "home")
        os.makedirs(home, exist_ok=True)
        command = [os.environ["SLOGATE_ACT"], event, "--json", "--rm", "--no-cache-server", "--no-skip-checkout",
                   "-P", "ubuntu-latest=-self-hosted", "-e", payload, "-W", name, "--actor", actor,
                   "-s", "PROMETHEUS_TOKEN=" + token, "-s", "LEDGER_PASSWORD=" + PASSWORD,
                   *(["--env", "GITHUB_TRIGGERING_ACTOR=" + triggering] if triggering else [])]
        for repository, folder in ((ACTION, "slogate"), (PLATFORM, "platform"), (CHECKOUT, "checkout"),
                                   (UPLOAD, "upload")):
            command += ["--local-repository", f"{repository}={self.top}/{folder}"]
        environment = {"PATH": f"{self.top}/bin:{os.environ['PATH']}", "HOME": home, "XDG_CACHE_HOME": home,
                       "TMPDIR": self.top}
        done = subprocess.run(command, cwd=self.top + "/work", env=environment, capture_output=True, text=True,
                              timeout=120, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return Run(done.returncode, lines, self.top)


@functools.lru_cache
def archive(program):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
        tar.add(program, arcname="slogate")
    return out.getvalue()


def put_in(text, old, new):
    """Replaces what must be there: a placeholder that was renamed must not go unnoticed."""
    if old not in text:
        raise AssertionError(f"nothing says {old!r} any more")
    return text.replace(old, new)


def read(path):
    """The file's text, or nothing where there is none."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
