"""Runs a module's unit tests and leaves their counts where ./dev test adds them up, in GoogleTest's form."""
import os
import sys
import unittest
from xml.sax.saxutils import quoteattr


def run(module):
    program = unittest.main(module=module, argv=[sys.argv[0], *sys.argv[1:]], exit=False)
    result = program.result
    file = os.environ.get("SLOGATE_RESULTS")
    if file:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        bad = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
        with open(file, "w", encoding="utf-8") as out:
            out.write(f'<testsuites tests="{result.testsRun}" failures="{bad}">\n')
            for test, why in result.skipped:
                out.write(f'<testcase name={quoteattr(str(test))} result="skipped" why={quoteattr(why)}/>\n')
            out.write("</testsuites>\n")
    for test, why in result.skipped:
        print(f"SKIPPED: {test} ({why})")
    sys.exit(0 if result.wasSuccessful() else 1)
