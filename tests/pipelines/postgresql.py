"""A PostgreSQL for one test, on a socket in a folder of its own, with the logins that the examples name."""
import ctypes
import os
import subprocess
import tempfile
import unittest

FOLDER = os.environ.get("SLOGATE_POSTGRESQL_DIR", "")
needed = unittest.skipUnless(FOLDER, "PostgreSQL is not there; ./dev test brings it")

# Not as root, which postgres refuses. The folder may be root's, and stays readable.
NOBODY = ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--securebits=+no_setuid_fixup",
          "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--bounding-set=-all,+dac_override"]


class Postgresql:
    """A context. SIGQUIT ends the server at once, also should this process end."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="slogate-pg.")
        self.data = self.folder.name + "/data"
        self.location = f"postgresql:///slogate?host={self.folder.name}"

    def command(self, name, *words):
        user = NOBODY if os.geteuid() == 0 else []
        return ["/usr/bin/setpriv", "--pdeathsig", "QUIT", *user, f"{FOLDER}/{name}", *words]

    def __enter__(self):
        os.chmod(self.folder.name, 0o777)
        subprocess.run(self.command("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale",
                                    "--no-sync", "--no-instructions"), check=True, capture_output=True)
        self.server = subprocess.Popen(
            self.command("postgres", "-D", self.data, "-c", "listen_addresses=", "-c",
                         f"unix_socket_directories={self.folder.name}"), stderr=subprocess.PIPE, text=True)
        log = ""
        while "ready to accept" not in log:
            line = self.server.stderr.readline()
            log += line
            if not line:
                raise AssertionError(log)
        self.sql("CREATE DATABASE slogate TEMPLATE template0", "postgres")
        return self

    def __exit__(self, *_):
        self.server.send_signal(subprocess.signal.SIGQUIT)
        self.server.communicate()
        self.folder.cleanup()

    def sql(self, text, database="slogate"):
        """By libpq, which slogate needs anyway: psql is in another package than the server."""
        pq = ctypes.CDLL("libpq.so.5")
        for name in ("PQconnectdb", "PQexec"):
            getattr(pq, name).restype = ctypes.c_void_p
        for name in ("PQerrorMessage", "PQresultErrorMessage"):
            getattr(pq, name).restype = ctypes.c_char_p
        connection = ctypes.c_void_p(pq.PQconnectdb(f"host={self.folder.name} user=postgres dbname={database}".encode()))
        result = ctypes.c_void_p(pq.PQexec(connection, text.encode()))
        error = pq.PQresultErrorMessage(result) or (not result and pq.PQerrorMessage(connection))
        pq.PQclear(result)
        pq.PQfinish(connection)
        if error:
            raise AssertionError(error.decode())

    def login(self, name, *roles):
        """Makes that login, with those of the roles that slogate has made."""
        self.sql(f'CREATE ROLE "{name}" LOGIN')
        for role in roles:
            self.sql(f'GRANT {role} TO "{name}"')
