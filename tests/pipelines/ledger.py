"""A ledger beside pipelines that are tested: in a file that is gone with the test, which in CI has to be wanted."""
import json
import os
import subprocess

# The policy's people are alice, who is no approver, and bob, carol and dave of sre-oncall.
REASON = "checkout is down for everybody, and this mends it"
TICKET = "INC-1207"

# What the examples call is the real program; all that this adds is the flag that no user wants.
PROGRAM = """#!/bin/bash
case $1 in
check | record) exec @SLOGATE@ "$1" --allow-temporary-ledger "${@:2}" ;;
override | ledger) exec @SLOGATE@ "${@:1:2}" --allow-temporary-ledger "${@:3}" ;;
*) exec @SLOGATE@ "$@" ;;
esac
"""


class Ledger:
    """`location` is what --ledger takes, `program` a slogate that uses it in CI."""

    def __init__(self, folder, program, location=""):
        self.real = program
        self.location = location or f"sqlite:{folder}/ledger.db"
        self.program = os.path.join(folder, "slogate-with-ledger")
        with open(self.program, "w", encoding="utf-8") as file:
            file.write(PROGRAM.replace("@SLOGATE@", f"'{program}'"))
        os.chmod(self.program, 0o755)
        self.run("ledger", "init", "--id", "acme")

    def run(self, *words):
        """What the program says, run by hand."""
        done = subprocess.run([self.real, *words, "--ledger", self.location], env={"PGUSER": "postgres"},
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)
        return done.stdout

    def records(self, *kinds):
        """All records of those kinds, the oldest first, that count."""
        lines = self.run("ledger", "list", "--json", "--most", "0").splitlines()
        records = sorted((json.loads(line) for line in lines), key=lambda record: record["seq"])
        return [record for record in records if record["kind"] in kinds and not record.get("refused")]

    def refused(self):
        """Why what was tried had no effect."""
        lines = self.run("ledger", "list", "--json", "--most", "0").splitlines()
        return [why for line in lines if (why := json.loads(line).get("refused"))]

    def who(self, kind):
        """By whom records of that kind are, and how that is known."""
        return [(record["actor"]["account"], record["actor"]["known_by"]) for record in self.records(kind)]

    def results(self):
        return [record["result"] for record in self.records("release")]

    def verify(self):
        self.run("ledger", "verify")
