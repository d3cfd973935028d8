"""Runs every `mirakuru` command line in the documentation: those of each document in order, in one
directory. Each must succeed.

    run_commands.py MIRAKURU ROOT
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def commands_of_markdown(text):
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()
            if line.startswith("mirakuru ")]


def commands_of_man_page(text):
    blocks = re.findall(r"^\.EX\n(.*?)^\.EE", text, re.MULTILINE | re.DOTALL)
    return [line.replace("\\-", "-") for block in blocks for line in block.splitlines()]


def run(document, commands, mirakuru, root):
    """Returns the number of failures."""
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        shutil.copy(root / "examples" / "services.json", directory)
        environment = dict(os.environ, MIRAKURU_FIXTURES=f"{directory}/fixtures",
                           PATH=f"{mirakuru.parent}:{os.environ['PATH']}")
        for command in commands:
            result = subprocess.run(["bash", "-c", command], cwd=directory, env=environment, text=True,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, check=False)
            if result.returncode != 0:
                print(f"{document}: {command}\nended with {result.returncode}:\n{result.stdout}")
                failed += 1
    return failed


def main():
    mirakuru, root = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    failed = 0
    for document in ("README.md", "command/doc/mirakuru.1.in"):
        text = (root / document).read_text()
        of = commands_of_man_page if document.endswith(".1.in") else commands_of_markdown
        commands = of(text)
        assert commands, f"{document} has no commands"
        failed += run(document, commands, mirakuru, root)
        print(f"{document}: {len(commands)} commands")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
