"""Checks which directories include headers of which others.

Usage: check_layers.py ROOT

The core must not include headers of the plugins' runtime, the client of running services, the
command or a test framework. As a control, includes that are not allowed are added, and must be
found.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])

CORE = "core/src/"
PUBLIC = "core/include"
PROTOCOL = "core/supervisor"  # its protocol.hpp
# Only these may be included; in addition, every directory may include its own headers, and the
# public ones of the core.
ALLOWED = {
    PUBLIC: set(),
    PROTOCOL: set(),
    CORE + "base": set(),
    CORE + "linux": {CORE + "base"},
    CORE + "output": {CORE + "base", CORE + "linux", PROTOCOL},
    CORE + "resources": {CORE + "base"},
    CORE + "process": {CORE + "base", CORE + "linux", CORE + "output", CORE + "resources", PROTOCOL},
    CORE + "checks": {CORE + "base", CORE + "linux", CORE + "output", CORE + "resources"},
    CORE + "executor": {CORE + name for name in
                        ("base", "checks", "linux", "output", "process", "resources")},
    "plugin_runtime": {CORE + "base", CORE + "executor"},
    "gtest_plugin": {"plugin_runtime"},
    "catch2_plugin": {"plugin_runtime"},
    "fixtures": {CORE + name for name in ("base", "executor", "output", "process", "resources")} |
                {"plugin_runtime"},
    "command": {CORE + name for name in ("base", "executor", "linux", "process", "resources")} |
               {"fixtures", "plugin_runtime"},
}
# A CommandCheck starts its program as a separate service.
ALLOWED_FILES = {CORE + "checks/command_check.cpp": {CORE + "executor"}}
FRAMEWORKS = {"gtest_plugin": ("gtest/", "gmock/"), "catch2_plugin": ("catch2/",)}
ROOTS = ["core/include", "core/src", "core", "core/supervisor"] + [
    f"{module}/{part}" for module in
    ("plugin_runtime", "fixtures", "gtest_plugin", "catch2_plugin", "command")
    for part in ("include", "src")]


def directory_of(path):
    """The deepest known directory that contains the path."""
    return max((name for name in ALLOWED if path.startswith(name + "/")), key=len, default=None)


def sources():
    files = {}
    for pattern in ("*.cpp", "*.hpp", "*.def"):
        for path in ROOT.rglob(pattern):
            name = path.relative_to(ROOT).as_posix()
            if directory_of(name) is not None:
                files[name] = path.read_text()
    return files


def target_of(include, own, files):
    """The directory that the header is in; `own` comes first if there are two of that name."""
    found = [directory_of(f"{root}/{include}") for root in ROOTS if f"{root}/{include}" in files]
    return own if own in found else (found or [None])[0]


def violations(files):
    for name, text in sorted(files.items()):
        own = directory_of(name)
        allowed = ALLOWED[own] | ALLOWED_FILES.get(name, set()) | {own, PUBLIC}
        for include in re.findall(r'#include [<"]([^>"]+)[>"]', text):
            target = target_of(include, own, files)
            if target is not None and target not in allowed:
                yield f"{name} includes {include} of {target}"
            for module, prefixes in FRAMEWORKS.items():
                if include.startswith(prefixes) and own != module:
                    yield f"{name} includes {include} of a test framework"


def main():
    files = sources()
    assert len(files) > 100, "the sources were not found"
    found = list(violations(files))
    for violation in found:
        print(violation)
    # The control.
    for include in ("mirakuru/service.hpp", "mirakuru/ctest.hpp", "group.hpp", "gtest/gtest.h",
                    "catch2/catch.hpp", "executor/executor_impl.hpp"):
        planted = dict(files)
        planted["core/src/base/planted.cpp"] = f'#include "{include}"\n'
        if not any("planted.cpp" in one for one in violations(planted)):
            print(f"the control was not found: {include}")
            found.append(include)
    sys.exit(1 if found else 0)


main()
