"""Prints the contents of a report of Catch2, a line for each fact:

    passed|failure <TAB> test case <TAB> the failure's text

with newlines, tabs and backslashes escaped. Fails if the report violates its format. The console
reporters have no format; the tests search their text.

    read_report.py FORMAT FILE
"""

import re
import sys
import xml.etree.ElementTree


def emit(fact, test, text=""):
    text = text.strip().replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    print(f"{fact}\t{test}\t{text}")


def read_xml(path):
    for case in xml.etree.ElementTree.parse(path).getroot().iter("TestCase"):
        within = case.findall(".//Expression/Exception")
        for element in case.iter():
            if element.tag == "Failure" or (element.tag == "Exception" and element not in within):
                emit("failure", case.get("name"), element.text)
            if element.tag == "Expression" and element.get("success") == "false":
                thrown = element.findtext("Exception")
                emit("failure", case.get("name"), thrown or element.findtext("Original"))
        if case.find("OverallResult").get("success") == "true":
            emit("passed", case.get("name"))


def read_cases(path, tag):
    for case in xml.etree.ElementTree.parse(path).getroot().iter(tag):
        failures = case.findall("failure") + case.findall("error")
        for failure in failures:
            emit("failure", case.get("name"), failure.text)
        if not failures:
            emit("passed", case.get("name"))


def read_junit(path):
    read_cases(path, "testcase")


def read_sonarqube(path):
    read_cases(path, "testCase")


def read_tap(path):
    """https://testanything.org/tap-specification.html: readers ignore lines that are no result, plan
    or comment. Here they are part of the result before them."""
    results, test, plan = [], None, None
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file.read().splitlines():
            result = re.match(r"(ok|not ok) (\d+) ?-? ?(.*)", line)
            if result:
                results.append([test, result[1], [result[3]]])
                assert int(result[2]) == len(results), line
            elif line.startswith("# "):
                test = line[2:]
            elif re.fullmatch(r"1\.\.\d+", line):
                plan = int(line[3:])
            elif results:
                results[-1][2].append(line)
    assert plan == len(results), f"planned {plan}, got {len(results)}"
    for test, result, lines in results:
        if result == "not ok":
            emit("failure", test, "\n".join(lines))
        else:
            emit("passed", test)


sys.stdout.reconfigure(encoding="utf-8", newline="\n")
globals()["read_" + sys.argv[1]](sys.argv[2])
