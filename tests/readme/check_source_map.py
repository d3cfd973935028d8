"""The source map of CONTRIBUTING.md names every source file exactly once, and no other file.

A heading of the section "Source map" names a directory. Below it, the first cell of each row of the
table names files of that directory: `x.cpp`, or `x.{hpp,cpp}` for two of them. Anywhere else in the
document, a name that ends like that of a source file must be the end of an existing path.
"""

import argparse
import collections
import pathlib
import re
import sys

DIRECTORIES = ("core", "plugin_runtime", "gtest_plugin", "catch2_plugin", "fixtures", "command",
               "cmake")
NOT_IN_THE_MAP = ("CMakeLists.txt", ".clang-tidy")

SECTION = re.compile(r"^## Source map\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
DIRECTORY = re.compile(r"^### `([^`]+)/`")
ROW = re.compile(r"^\| `([^`]+)` \|")
BRACES = re.compile(r"\{([^{}]+)\}")
MENTIONED = re.compile(r"`([\w./-]+\.(?:cpp|hpp|S|py))`")


def source_files(root):
    """The files that the map must name, relative to `root`."""
    return {str(path.relative_to(root))
            for directory in DIRECTORIES for path in (root / directory).rglob("*")
            if path.is_file() and path.name not in NOT_IN_THE_MAP}


def expand(name):
    """The files that one name stands for: x.{hpp,cpp} is two."""
    braces = BRACES.search(name)
    if braces is None:
        return [name]
    return [name[:braces.start()] + part + name[braces.end():] for part in braces[1].split(",")]


def mapped_files(section):
    """How often the map names each file: a Counter."""
    directory = None
    files = collections.Counter()
    for line in section.splitlines():
        if heading := DIRECTORY.match(line):
            directory = heading[1]
        elif (row := ROW.match(line)) and directory is not None:
            files.update(f"{directory}/{name}" for name in expand(row[1]))
    return files


def check(document, sources, everything):
    """The errors in `document`. `sources` must be in the map; `everything` may be mentioned."""
    section = SECTION.search(document)
    if section is None:
        return ["there is no section \"Source map\""]
    files = mapped_files(section[1])
    errors = [f"{file} is missing in the source map" for file in sorted(sources - files.keys())]
    errors += [f"{file} is in the source map, but does not exist"
               for file in sorted(files.keys() - sources)]
    errors += [f"{file} is in the source map {count} times"
               for file, count in sorted(files.items()) if count > 1]
    elsewhere = document[:section.start()] + document[section.end():]
    for name in sorted(set(MENTIONED.findall(elsewhere))):
        if not any(f"/{path}".endswith(f"/{name}") for path in everything):
            errors.append(f"{name} is mentioned, but does not exist")
    return errors


def inputs(root):
    """What check() needs for this repository."""
    tests = {str(path.relative_to(root)) for path in (root / "tests").rglob("*") if path.is_file()}
    sources = source_files(root)
    return (root / "CONTRIBUTING.md").read_text(encoding="utf-8"), sources, sources | tests


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, required=True)
    return parser


def main():
    errors = check(*inputs(arguments().parse_args().root))
    print("\n".join(errors) if errors else "CONTRIBUTING.md: the source map is complete")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
