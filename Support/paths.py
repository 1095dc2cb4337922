#!/usr/bin/env python3
"""Finds files of ours that a page names and that are not there: `Room/Folder/File.swift`, or `File.swift` alone; and pages
that a comment names.

A path is meant from the top, from Sources/ or from Tests/; a bare name may stand anywhere. A decision tells what was true
on its day, so decisions are left out. Exit 1, and a line for each, if there is any.
"""

import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAMED = re.compile(r"(?<![\w/*-])(?:\.\./)*((?:\w[\w+-]*/)*[\w+-]+\.swift)")


PAGE = re.compile(r"^\s*//.*?`([\w./-]+\.md)`")


def tracked(pattern):
    listed = subprocess.run(["git", "-C", TOP, "ls-files", "-z", pattern], capture_output=True, check=True)
    return listed.stdout.decode().split("\0")[:-1]


def main():
    paths = set(tracked("*.swift"))
    paths |= {path.partition("/")[2] for path in paths if path.startswith(("Sources/", "Tests/"))}
    paths |= {os.path.basename(path) for path in paths}
    missing = []
    for page in tracked("*.md"):
        if "/decisions/" in page:
            continue
        with open(os.path.join(TOP, page), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                missing += [f"{page}:{number}: there is no {name}" for name in NAMED.findall(line) if name not in paths]
    pages = {os.path.basename(page) for page in tracked("*.md")}
    for source in tracked("*.swift"):
        with open(os.path.join(TOP, source), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                missing += [f"{source}:{number}: there is no {name}" for name in PAGE.findall(line)
                            if os.path.basename(name) not in pages]
    print("\n".join(missing), end="\n" if missing else "")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
