#!/usr/bin/env python3
"""Compares mirakuru with the floor and with other tools, on the same services.

Installs the other tools with npm, if available, into the build directory, and runs
mirakuru_benchmark. Prints its output, and a table with a column for each tool; both tables, the
figures as JSON and a chart go to BUILD/benchmarks/compare/. Unknown flags are passed on; a filter
must include all rows of the table.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

import chart

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The title of a column, and the suffix of its benchmarks' names.
TOOLS = {
    "mirakuru": "",
    "floor": "/floor",
    "shell loop": "/shell_loop",
    "wait-on": "/wait-on",
    "start-server-and-test": "/start-server-and-test",
    "Playwright": "/playwright",
}

# The title of a row, its benchmark, and a statistic of its time or the median of a counter.
ROWS = {
    "from ready to the test, median": ("one_service", "median"),
    "from ready to the test, 99th percentile": ("one_service", "p99"),
    "stop, median": ("one_service", "stop_ms"),
    "start to stop, median": ("one_service", "cycle_ms"),
    "start to stop among 5,000 other processes": ("crowd/5000", "cycle_ms"),
    "service that takes 5 s: processor time": ("five_seconds", "processor_ms"),
    "service that takes 5 s: from ready to the test": ("five_seconds", "median"),
    "1 service, ready at once: start to stop": ("concurrent/1", "cycle_ms"),
    "10 services": ("concurrent/10", "cycle_ms"),
    "100 services": ("concurrent/100", "cycle_ms"),
    "1,000 services": ("concurrent/1000", "cycle_ms"),
}
CHART = [
    "from ready to the test, median",
    "start to stop, median",
    "service that takes 5 s: processor time",
]

BEGIN, END = "<!-- figures of scripts/benchmark -->", "<!-- end of the figures -->"


def install_peers(directory):
    """If that fails, the columns of these tools say that they are missing."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed; only the shell loop with curl is compared.")
        return
    subprocess.run(
        [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=directory, env={**os.environ, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}, check=False)


def run(program, flags, out):
    """Returns the output of the program, and shows it while it runs."""
    lines = []
    command = [program, f"--benchmark_out={out}", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        raise SystemExit(f"{program} ended with {process.returncode}")
    return "".join(lines)


def read_figures(report):
    """By the benchmark's name: its statistics and the medians of its counters, in milliseconds, or
    under "error" the reason why there are none."""
    figures = {}
    for one in report["benchmarks"]:
        of = figures.setdefault(one["run_name"].split("/iterations:")[0], {})
        if one.get("error_occurred"):
            of["error"] = one["error_message"]
        elif one.get("aggregate_name") in ("median", "p99"):
            of[one["aggregate_name"]] = one["real_time"]
            if one["aggregate_name"] == "median":
                of.update({key: one[key] for key in one if key.endswith("_ms")})
    return figures


def compare(figures):
    """{row: {tool: milliseconds, or the reason why there are none}}"""
    result = {}
    for row, (benchmark, figure) in ROWS.items():
        cells = result[row] = {}
        for tool, suffix in TOOLS.items():
            of = figures.get(benchmark + suffix, {})
            cells[tool] = of.get(figure, of.get("error", "-"))
        if isinstance(cells["mirakuru"], str):
            raise SystemExit(f"there is no figure for: {row}")
    return result


def in_words(cell):
    if isinstance(cell, str):
        return cell
    return f"{cell:.3g} ms" if cell < 1000 else f"{cell / 1000:.3g} s"


def table_of(rows):
    lines = [["", *TOOLS], ["---"] * (1 + len(TOOLS))]
    lines += [[row, *map(in_words, cells.values())] for row, cells in rows.items()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def machine(report):
    system = platform.freedesktop_os_release()
    processor = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    cores = len(os.sched_getaffinity(0))
    linux = ".".join(platform.release().split(".")[:2])
    return (f"{system['NAME']} {system.get('VERSION_ID', '')}, "
            f"{processor[1] if processor else platform.machine()} with {cores} cores, "
            f"Linux {linux}, {report['context']['compiler']}")


def publish(text, svg):
    """Replaces the figures of the last run in docs/."""
    shutil.copy(svg, ROOT / "docs/benchmarks.svg")
    document = ROOT / "docs/benchmarks.md"
    before, rest = document.read_text().split(BEGIN)
    _, after = rest.split(END)
    document.write_text(f"{before}{BEGIN}\n{text}{END}{after}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/default")
    parser.add_argument("--without-peers", action="store_true",
                        help="do not install the other tools")
    parser.add_argument("--publish", action="store_true", help="put table and chart into docs/")
    return parser.parse_known_args()


def main():
    options, flags = arguments()
    benchmarks = options.build.resolve() / "benchmarks"
    out = benchmarks / "compare"
    out.mkdir(exist_ok=True)
    if not options.without_peers:
        install_peers(benchmarks / "peers")

    printed = run(benchmarks / "mirakuru_benchmark", flags, out / "samples.json")
    report = json.loads((out / "samples.json").read_text())
    rows = compare(read_figures(report))
    table = table_of(rows)
    print(f"\n{table}")

    bars = printed[printed.index("| what | bar"):]
    text = f"\n{machine(report)}.\n\n{table}\n{bars}\n"
    (out / "tables.md").write_text(text)
    (out / "figures.json").write_text(json.dumps(
        {"machine": machine(report), "unit": "ms", "figures": rows}, indent=2) + "\n")
    svg = out / "chart.svg"
    svg.write_text(chart.draw({row: rows[row] for row in CHART}, in_words))
    if options.publish:
        publish(text, svg)
    return 0


if __name__ == "__main__":
    sys.exit(main())
