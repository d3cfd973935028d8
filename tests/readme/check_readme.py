"""Every block of code in the documentation is code that the tests compile and run.

A block must be identical, apart from indentation, to a region of a file

    // [readme:name]            or            # [readme:name]
    ...                                       ...
    // [readme:end]                           # [readme:end]

- cpp: a region of an example;
- cmake: a region of a project in tests/consumers;
- sh: commands in COMMANDS below, each with the file that runs it; or `mirakuru` commands, which
  run_commands.py runs;
- json: a file in examples/;
- text: lines that examples/not_ready_test prints, in this order, ignoring numbers and directories;
- without a language, and only in docs/: a drawing.

Other blocks, and regions that no document shows, are errors.
"""

import argparse
import difflib
import pathlib
import re
import subprocess
import sys
import textwrap

# The commands in the documentation, the file in which we run each, and the text that runs it.
COMMANDS = {
    "scripts/demo": (".ci/run", "scripts/demo"),
    "scripts/test": (".ci/run", "scripts/test"),
    "cmake --install build/default --prefix /opt/mirakuru": (
        "tests/packaging/CMakeLists.txt",
        "${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix ${prefix}",
    ),
}

REGION_BEGIN = re.compile(r"^\s*(?://|#) \[readme:([^\]]+)\]$")
FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})(.*)$")
INDENTED_CODE = re.compile(r"^( {4}|\t)")


def regions_of(text, where):
    """The marked regions of a file: {name: code}. Raises ValueError."""
    regions = {}
    name, lines = None, []
    for number, line in enumerate(text.splitlines(), 1):
        begin = REGION_BEGIN.match(line)
        if begin is None:
            lines.append(line)
        elif begin[1] == "end":
            if name is None:
                raise ValueError(f"{where}:{number}: end without a region")
            regions[name] = textwrap.dedent("\n".join(lines)).strip("\n")
            name = None
        else:
            if name is not None or begin[1] in regions:
                raise ValueError(f"{where}:{number}: {begin[1]} is nested or defined twice")
            name, lines = begin[1], []
    if name is not None:
        raise ValueError(f"{where}: {name} does not end")
    return regions


def blocks_of(text, where):
    """The fenced blocks of a document: [(line, language, code)]. Raises ValueError."""
    blocks = []
    fence, begin, lines = None, 0, []
    previous = ""
    for number, line in enumerate(text.splitlines(), 1):
        mark = FENCE.match(line)
        if fence is not None:
            if mark and mark[2] == fence[2] and not mark[3].strip():
                code = textwrap.dedent("\n".join(lines)).strip("\n")
                blocks.append((begin, fence[3].strip(), code))
                fence = None
            else:
                lines.append(line)
        elif mark:
            fence, begin, lines = mark, number, []
        elif INDENTED_CODE.match(line) and not previous.strip():
            raise ValueError(f"{where}:{number}: code needs a fence and a language")
        previous = line
    if fence is not None:
        raise ValueError(f"{where}:{begin}: this block does not end")
    return blocks


def without_chance(text):
    """The lines of a program's output, without what differs between runs."""
    text = re.sub(r"(?<![:/\w.])\.{0,2}(?:/[^\s/:]+)*/([^\s/:]+)", r"\1", text)  # directories
    text = re.sub(r"\d+(\.\d+)? (ms|s)\b", "TIME", text)
    return [re.sub(r"\d+", "N", line.strip()) for line in text.splitlines()]


class Checker:
    def __init__(self, root, examples, consumers, not_ready_output):
        """`examples`, `consumers`: {file name: text} of the code that is compiled and run."""
        self.root = root
        self.errors = []
        self.regions = {"cpp": {}, "cmake": {}}
        self.shown = set()
        self.printed = without_chance(not_ready_output)
        for language, files in (("cpp", examples), ("cmake", consumers)):
            for where, text in files.items():
                try:
                    for name, code in regions_of(text, where).items():
                        self.regions[language][where, name] = code
                except ValueError as error:
                    self.errors.append(str(error))

    def check(self, documents):
        """`documents`: {file name: text}. Returns the errors."""
        for where, text in documents.items():
            try:
                for line, language, code in blocks_of(text, where):
                    self.check_block(f"{where}:{line}", language, code)
            except ValueError as error:
                self.errors.append(str(error))
        for regions in self.regions.values():
            for where, name in regions.keys() - self.shown:
                self.errors.append(f"{where}: no document shows [readme:{name}]")
        return self.errors

    def check_block(self, where, language, code):
        if language in self.regions:
            self.check_code(where, language, code)
        elif language == "sh":
            self.check_commands(where, code)
        elif language == "json":
            if code not in (path.read_text().strip() for path in self.root.glob("examples/*.json")):
                self.errors.append(f"{where}: no file in examples/ has this content")
        elif language == "text":
            self.check_output(where, code)
        elif language or not where.startswith("docs/"):
            self.errors.append(f"{where}: no test runs blocks of '{language}'")

    def check_code(self, where, language, code):
        regions = self.regions[language]
        same = [key for key, region in regions.items() if region == code]
        if same:
            self.shown.update(same)
            return
        if not regions:
            self.errors.append(f"{where}: no {language} code is run")
            return

        def likeness(key):
            return difflib.SequenceMatcher(None, regions[key], code, autojunk=False).ratio()

        nearest = max(regions, key=likeness)
        self.shown.add(nearest)
        difference = difflib.unified_diff(
            regions[nearest].splitlines(), code.splitlines(),
            f"{nearest[0]} [readme:{nearest[1]}]", where, lineterm="")
        self.errors.append(f"{where}: this code is not what is run\n" + "\n".join(difference))

    def check_commands(self, where, code):
        for line in code.splitlines():
            command = line.split("#")[0].strip()
            if not command or command.startswith("mirakuru "):
                continue
            if command not in COMMANDS:
                self.errors.append(f"{where}: no test runs '{command}'")
                continue
            file, words = COMMANDS[command]
            path = self.root / file
            if not path.exists() or words not in path.read_text():
                self.errors.append(f"{where}: {file} no longer runs '{command}' as '{words}'")

    def check_output(self, where, code):
        rest = iter(self.printed)
        for line in without_chance(code):
            if line not in rest:
                self.errors.append(f"{where}: not_ready_test does not print '{line}' here")
                return


def run_not_ready(program):
    result = subprocess.run([program], capture_output=True, text=True, check=False)
    if result.returncode != 1:
        raise SystemExit(f"{program} ended with {result.returncode}, not 1")
    return result.stdout


def files(root, names):
    return {str(path.relative_to(root)): path.read_text()
            for path in sorted(root / name for name in names)}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--examples", nargs="+", required=True, metavar="FILE")
    parser.add_argument("--consumers", nargs="+", required=True, metavar="DIRECTORY")
    parser.add_argument("--not-ready", required=True, metavar="PROGRAM")
    return parser


def inputs(options):
    """The arguments of Checker and Checker.check() for this repository."""
    root = options.root.resolve()
    documents = ["README.md", *(str(path.relative_to(root)) for path in root.glob("docs/*.md"))]
    return (
        (root, files(root, options.examples),
         files(root, [f"tests/consumers/{name}/CMakeLists.txt" for name in options.consumers] +
               ["tests/consumers/my_test.cmake"]),
         run_not_ready(options.not_ready)),
        files(root, documents),
    )


def main():
    sources, documents = inputs(arguments().parse_args())
    errors = Checker(*sources).check(documents)
    print("\n\n".join(errors) if errors else f"{', '.join(documents)}: all code in them is run")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
