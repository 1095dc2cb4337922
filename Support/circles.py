#!/usr/bin/env python3
"""Finds circles between the folders of one target, and a folder that names a later one.

    Support/folders.txt     TARGET: FIRST SECOND ...     the order of its folders; a folder names itself and earlier ones

A folder names another if a file of it names a type, or a member of an extension, that is declared there and nowhere else
in the target. `.` is the target's own folder. Targets without a line may not have circles at all. Files are read as text:
what the compiler would call ambiguous is not counted, nor are initialisers of extensions and a property that is read on
itself without a dot. Exit 1, and a line for each, if there is any.
"""

import collections
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = os.path.join(TOP, "Sources")
PREFIX = r"(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate|final|indirect|static|nonisolated|mutating)\s+)*"
TYPE = re.compile(rf"^{PREFIX}(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)", re.M)
EXTENSION = re.compile(rf"^{PREFIX}extension\s+[\w.]+[^{{]*\{{", re.M)
MEMBER = re.compile(rf"^    (?!.*private){PREFIX}(?:func|var|let|struct|class|enum|actor|typealias)\s+(\w+)", re.M)
TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"""(.*?)"""|"((?:\\\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)|\\.|[^"\\\n])*)"', re.S)
INSERTED = re.compile(r"\\\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


def code_of(path):
    """A file without comments and texts; what is inserted into a text stays."""
    def blank(found):
        inside = found.group(1) or found.group(2) or ""
        return '"' + " ".join(INSERTED.findall(inside)) + '"' + "\n" * found.group(0).count("\n")
    with open(path, encoding="utf-8") as file:
        return TEXT.sub(blank, file.read())


def end_of(code, start):
    """Where the brace that opens before `start` is closed."""
    depth = 1
    for found in re.compile(r"[{}]").finditer(code, start):
        depth += 1 if found.group() == "{" else -1
        if depth == 0:
            return found.start()
    return len(code)


class Target:
    def __init__(self, name):
        self.name, self.files = name, {}
        base = os.path.join(SOURCES, name)
        for folder, _, names in os.walk(base):
            for one in names:
                if one.endswith(".swift"):
                    path = os.path.join(folder, one)
                    self.files[os.path.relpath(path, base)] = code_of(path)
        self.members = self.counted_members()

    @staticmethod
    def folder(path):
        return os.path.dirname(path) or "."

    def folders(self):
        return sorted({self.folder(path) for path in self.files})

    def counted_members(self):
        """Every member, however private, with how often it is declared."""
        return collections.Counter(
            "." + name for code in self.files.values() for name in re.findall(r"(?:func|var|let|case|struct|class|enum|actor|typealias)\s+(\w+)", code))

    def declared(self, elsewhere):
        """Types, and members of extensions, that one folder alone declares, and which. No member of the name is elsewhere."""
        where = collections.defaultdict(set)
        for path, code in self.files.items():
            for name in TYPE.findall(code):
                where[name].add(self.folder(path))
            for found in EXTENSION.finditer(code):
                for name in MEMBER.findall(code[found.end():end_of(code, found.end())]):
                    where["." + name].add(self.folder(path))
        here = self.members
        return {name: next(iter(one)) for name, one in where.items()
                if len(one) == 1 and (name[0] != "." or (here[name] == 1 and name not in elsewhere))}

    def arrows(self, elsewhere):
        """(folder, folder) -> names by which the first names the second."""
        declared, found = self.declared(elsewhere), collections.defaultdict(set)
        for path, code in self.files.items():
            words = set(re.findall(r"(?<![\w.])[A-Z]\w*", code)) | set(re.findall(r"\.[A-Za-z]\w*", code))
            # Called on itself, a member has no dot.
            words |= {"." + name for name in re.findall(r"(?<!func )\b([a-z]\w*)(?=\()", code)}
            for name in words & declared.keys():
                if declared[name] != self.folder(path):
                    found[self.folder(path), declared[name]].add(name)
        return found


def reach(arrows, start):
    """All folders that can be come to from one."""
    seen, new = set(), {start}
    while new:
        new = {b for a, b in arrows if a in new} - seen
        seen |= new
    return seen


def rules():
    order = {}
    with open(os.path.join(TOP, "Support", "folders.txt"), encoding="utf-8") as file:
        for line in file:
            target, _, words = line.partition("#")[0].strip().partition(": ")
            if target:
                order[target] = words.split()
    return order


def faults(target, elsewhere, order):
    """A line for each arrow that may not be, for each folder without a place, and for each place without a folder."""
    arrows, folders = target.arrows(elsewhere), target.folders()
    if order:
        place = {folder: number for number, folder in enumerate(order)}
        yield from (f"{target.name}: {folder} has no place in the order" for folder in folders if folder not in place)
        yield from (f"{target.name}: there is no folder {folder}" for folder in order if folder not in folders)
        wrong = {arrow for arrow in arrows if place.get(arrow[0], 0) < place.get(arrow[1], 0)}
    else:
        wrong = {arrow for arrow in arrows if arrow[0] in reach(arrows, arrow[1])}
    for a, b in sorted(wrong):
        yield f"{target.name}: {a} -> {b} may not be: {', '.join(sorted(arrows[a, b]))}"


def main():
    order, targets = rules(), [Target(name) for name in sorted(os.listdir(SOURCES))]
    found = [f"there is no target {name}" for name in order if name not in {target.name for target in targets}]
    for target in targets:
        elsewhere = {name for other in targets if other is not target for name in other.members}
        found += faults(target, elsewhere, order.get(target.name))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
