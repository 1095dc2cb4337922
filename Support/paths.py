#!/usr/bin/env python3
"""Finds files of ours that a page names and that are not there: `Room/Folder/File.swift`, below Sources/ or from the top.

A decision tells what was true on its day, so decisions are left out. Exit 1, and a line for each, if there is any.
"""

import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAMED = re.compile(r"(?<![\w/.])((?:\w[\w+-]*/)+[\w+-]+\.swift)")
PAGES = ["README.md", "Documentation", "Bench", "Catalogue", "Fuzzing", "Sources"]


def pages():
    for page in PAGES:
        path = os.path.join(TOP, page)
        for folder, _, names in os.walk(path):
            if not folder.endswith("decisions"):
                yield from (os.path.join(folder, name) for name in names if name.endswith(".md"))
        if os.path.isfile(path):
            yield path


def main():
    missing = []
    for page in sorted(pages()):
        with open(page, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                for name in NAMED.findall(line):
                    if not any(os.path.exists(os.path.join(TOP, below, name)) for below in ("", "Sources", "Tests")):
                        missing.append(f"{os.path.relpath(page, TOP)}:{number}: there is no {name}")
    print("\n".join(missing), end="\n" if missing else "")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
