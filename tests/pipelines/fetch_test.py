"""adapters/fetch.sh against a server on loopback: what it takes, and everything that it must refuse."""
import hashlib
import http.server
import io
import os
import ssl
import subprocess
import tarfile
import tempfile
import threading
import unittest

import results

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FETCH = os.path.join(SOURCE, "adapters", "fetch.sh")
PROGRAM = b"#!/bin/sh\necho slogate 0.1.0\n"


def archive(*members):
    """A tar.gz of (name, bytes) pairs, or of (name, target, type) links."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content, *kind in members:
            info = tarfile.TarInfo(name)
            if kind:
                info.type, info.linkname = kind[0], content
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


GOOD = archive(("slogate", PROGRAM), ("LICENSE", b"licence"), ("NOTICE", b"notice"))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802, the name is the library's
        status, headers, body = self.server.pages.get(self.path, (404, {}, b"not here"))
        self.server.seen.append(self.path)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class FetchTest(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.pages, self.server.seen = {}, []
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.folder = os.path.join(temp.name, "tools")

    def speak_tls(self):
        """From now on the server speaks TLS, by a certificate that curl trusts where it is told to."""
        certificate = os.path.join(os.path.dirname(self.folder), "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
                        "-keyout", certificate, "-out", certificate + ".crt"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate + ".crt", certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        return {"CURL_CA_BUNDLE": certificate + ".crt"}

    def serve(self, body, path="/slogate.tar.gz", status=200, headers=None):
        self.server.pages[path] = (status, headers or {}, body)
        return f"http://{self.address}{path}"

    def fetch(self, url, digest, **more):
        environment = {"PATH": os.environ["PATH"], "SLOGATE_URL": url, "SLOGATE_SHA256": digest,
                       "SLOGATE_FOLDER": self.folder, **more}
        environment = {name: value for name, value in environment.items() if value is not None}
        return subprocess.run([FETCH], env=environment, capture_output=True, text=True, timeout=60, check=False)

    def refused(self, run, words):
        self.assertEqual((run.returncode, run.stdout), (2, ""), run.stderr)
        self.assertIn(words, run.stderr)
        # Nothing is left behind, whatever was there before.
        left = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        self.assertIn(left, ([], ["slogate"]))

    def taken(self, run):
        self.assertEqual((run.returncode, run.stdout), (0, self.folder + "/slogate\n"), run.stderr)
        self.assertEqual(os.listdir(self.folder), ["slogate"])
        said = subprocess.run([self.folder + "/slogate"], capture_output=True, check=True)
        self.assertEqual(said.stdout, b"slogate 0.1.0\n")

    def test_right_digest(self):
        self.taken(self.fetch(self.serve(GOOD), sha(GOOD)))

    def test_digest_in_capitals(self):
        self.taken(self.fetch(self.serve(GOOD), sha(GOOD).upper()))

    def test_folder_with_spaces_and_quotes(self):
        self.folder = os.path.join(os.path.dirname(self.folder), "it's a $(folder) \"here\"")
        self.taken(self.fetch(self.serve(GOOD), sha(GOOD)))

    def test_replaces_a_program_that_is_there(self):
        os.mkdir(self.folder)
        write(self.folder + "/slogate", b"#!/bin/sh\necho an older one\n")
        self.taken(self.fetch(self.serve(GOOD), sha(GOOD)))

    def test_a_link_that_is_there_is_replaced_not_followed(self):
        os.mkdir(self.folder)
        outside = os.path.join(os.path.dirname(self.folder), "outside")
        write(outside, b"not ours")
        os.symlink(outside, self.folder + "/slogate")
        self.taken(self.fetch(self.serve(GOOD), sha(GOOD)))
        with open(outside, "rb") as file:
            self.assertEqual(file.read(), b"not ours")

    def test_wrong_digest_leaves_the_old_program(self):
        os.mkdir(self.folder)
        write(self.folder + "/slogate", b"the old one")
        self.refused(self.fetch(self.serve(GOOD), "0" * 64), f"has the SHA-256 {sha(GOOD)}, expected {'0' * 64}")
        with open(self.folder + "/slogate", "rb") as file:
            self.assertEqual(file.read(), b"the old one")

    def test_a_folder_in_the_way(self):
        os.makedirs(self.folder + "/slogate/inner")
        run = self.fetch(self.serve(GOOD), sha(GOOD))
        self.refused(run, "/slogate cannot be replaced")

    def test_truncated(self):
        self.refused(self.fetch(self.serve(GOOD[:-20]), sha(GOOD)), "has the SHA-256")

    def test_connection_that_ends_early(self):
        url = self.serve(GOOD, headers={"Content-Length": str(len(GOOD) + 100)})
        self.refused(self.fetch(url, sha(GOOD)), "could not be downloaded")

    def test_not_found(self):
        self.refused(self.fetch(f"http://{self.address}/gone.tar.gz", sha(GOOD)), "could not be downloaded")

    def test_nobody_listens(self):
        closed = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        closed.server_close()
        url = f"http://127.0.0.1:{closed.server_address[1]}/slogate.tar.gz"
        self.refused(self.fetch(url, sha(GOOD)), "could not be downloaded")

    def test_redirect_to_http(self):
        there = self.serve(GOOD, path="/there")
        url = self.serve(b"", status=302, headers={"Location": there})
        self.refused(self.fetch(url, sha(GOOD)), "redirects must be https")
        self.assertEqual(self.server.seen, ["/slogate.tar.gz"])

    def test_redirect_to_https(self):
        trusted = self.speak_tls()
        self.serve(GOOD, path="/there")
        self.serve(b"", status=302, headers={"Location": f"https://{self.address}/there"})
        url = f"https://{self.address}/slogate.tar.gz"
        self.refused(self.fetch(url, sha(GOOD)), "could not be downloaded")
        self.assertEqual(self.server.seen, [])
        self.taken(self.fetch(url, sha(GOOD), **trusted))
        self.assertEqual(self.server.seen, ["/slogate.tar.gz", "/there"])

    def test_redirect_to_a_file(self):
        url = self.serve(b"", status=302, headers={"Location": "file:///etc/passwd"})
        self.refused(self.fetch(url, sha(GOOD)), "could not be downloaded")

    def test_archives(self):
        bad = {
            "no slogate": (archive(("LICENSE", b"x")), "holds slogate 0 times"),
            "slogate twice": (archive(("slogate", PROGRAM), ("slogate", b"other")), "holds slogate 2 times"),
            "path traversal": (archive(("slogate", PROGRAM), ("../evil", b"x")), "holds ../evil; only"),
            "absolute path": (archive(("slogate", PROGRAM), ("/tmp/evil", b"x")), "holds /tmp/evil; only"),
            "another member": (archive(("slogate", PROGRAM), ("slogate.sh", b"x")), "holds slogate.sh; only"),
            "a folder": (archive(("bin/slogate", PROGRAM)), "holds bin/slogate; only"),
            "a name of two lines": (archive(("slogate\nLICENSE", PROGRAM)), "only slogate, LICENSE and NOTICE"),
            "a symbolic link": (archive(("slogate", "/bin/true", tarfile.SYMTYPE)), "empty or a link"),
            "a hard link": (archive(("LICENSE", b"x"), ("slogate", "LICENSE", tarfile.LNKTYPE)), "a link"),
            "an empty program": (archive(("slogate", b"")), "empty or a link"),
            "no tar at all": (b"<html>please log in</html>", "is no tar.gz"),
            "half a tar": (GOOD[:60], "is no tar.gz"),
        }
        for name, (body, words) in bad.items():
            with self.subTest(name):
                self.refused(self.fetch(self.serve(body), sha(body)), words)

    def test_urls(self):
        for url, words in {
            "http://releases.example/slogate.tar.gz": "plain http is for loopback only",
            "http://127.0.0.1@releases.example/x": "plain http is for loopback only",
            "http://localhost.releases.example/x": "plain http is for loopback only",
            "http://127.0.0.1:80@releases.example/x": "plain http is for loopback only",
            "file:///etc/passwd": "is no https URL",
            "ftp://releases.example/x": "is no https URL",
            "slogate.tar.gz": "is no https URL",
            "-o/tmp/x": "is no https URL",
            'https://releases.example/x"\noutput = "/tmp/x': "characters that no URL has",
            "https://releases.example/a b": "characters that no URL has",
        }.items():
            with self.subTest(url):
                self.refused(self.fetch(url, sha(GOOD)), words)

    def test_secrets_of_the_url_are_not_shown(self):
        self.serve(b"other", path="/x?token=hunter2")
        run = self.fetch(f"http://127.0.0.1:{self.address.split(':')[1]}/x?token=hunter2", sha(GOOD))
        self.refused(run, "/x has the SHA-256")
        self.assertNotIn("hunter2", run.stderr)
        run = self.fetch("http://robot:hunter2@releases.example/x", sha(GOOD))
        self.refused(run, "http://releases.example/x is not https")
        self.assertNotIn("hunter2", run.stderr)

    def test_inputs(self):
        url = self.serve(GOOD)
        for name in ("SLOGATE_URL", "SLOGATE_SHA256", "SLOGATE_FOLDER"):
            for value in (None, ""):
                with self.subTest(name, value=value):
                    self.refused(self.fetch(**{"url": url, "digest": sha(GOOD), name: value}), f"{name} is not set")
        for digest in ("abc", sha(GOOD)[:-1], sha(GOOD) + "0", "g" * 64, sha(GOOD) + "\n" + sha(GOOD), "$(id)"):
            with self.subTest(digest):
                self.refused(self.fetch(url, digest), "must be the 64 hex digits")
        self.assertEqual(self.server.seen, [])

    def test_a_folder_that_cannot_be_made(self):
        self.folder = "/proc/slogate"
        run = self.fetch(self.serve(GOOD), sha(GOOD))
        self.refused(run, "the folder /proc/slogate cannot be made")

    def test_options_in_a_file_of_curl_are_not_taken(self):
        home = os.path.dirname(self.folder)
        write(home + "/.curlrc", b"output = /dev/null\n")
        self.taken(self.fetch(self.serve(GOOD), sha(GOOD), HOME=home, CURL_HOME=home))


def sha(content):
    return hashlib.sha256(content).hexdigest()


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, 0o755)


if __name__ == "__main__":
    results.run(__name__)
