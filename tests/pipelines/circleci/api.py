"""A stand-in for CircleCI's API: answers by path, and remembers who asked."""
import http.server
import json
import threading

import runner

TOKEN = "hunter2-the-token-of-circleci"
BOB = "b7f4a1d0-3c0e-4a8b-9a5e-0d7b6a2f1c33"
JOBS = f"/api/v2/workflow/{runner.WORKFLOW}/job"


def jobs(*items, **more):
    return {"items": list(items), "next_page_token": None, **more}


def approval(name, user=BOB, **more):
    return {"id": "0a2f3f9e-6a40-4f2e-8f25-0e1b1e8a7d11", "name": name, "type": "approval", "status": "success",
            "approved_by": user, "dependencies": [], **more}


def user(login, ident=BOB):
    return {"id": ident, "login": login, "name": "Somebody"}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802, the name is the library's
        self.server.asked.append((self.path, self.headers.get("Circle-Token")))
        status, body = self.server.answers.get(self.path, (404, {"message": "Not found"}))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Api:
    """A context; within it `url` is the address, and `answers` may be changed: status and body by path."""

    def __init__(self, login="bob", name="open-the-closed-gate"):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/api/v2"
        self.asked = self.server.asked = []
        release = {"id": "1", "name": "release/override", "type": "build", "status": "running", "dependencies": []}
        self.answers = self.server.answers = {
            JOBS: (200, jobs(approval(name), release)), f"/api/v2/user/{BOB}": (200, user(login))}

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
