#!/usr/bin/env python3
"""failures.py FILE...: the failed tests of ctest's JUnit files, each with the end of what it printed.

The output of a run of a thousand tests is too long to be read, or kept, whole; test.sh prints this
last. A FILE that does not exist is passed over: its tests did not come to run.
"""

import pathlib
import sys
import xml.etree.ElementTree

LINES = 60


def main():
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        if not path.exists():
            continue
        for case in xml.etree.ElementTree.parse(path).iter("testcase"):
            if case.get("status") != "fail":
                continue
            print(f"\n==> failed in {path.parent.name}: {case.get('name')}, after {case.get('time')} s")
            print("\n".join((case.findtext("system-out") or "").splitlines()[-LINES:]))


if __name__ == "__main__":
    main()
