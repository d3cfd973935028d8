"""Prints the contents of an XML or JSON report of GoogleTest, a line for each fact:

    passed|skipped|failure <TAB> Suite.Test <TAB> the failure's text

with newlines, tabs and backslashes escaped. Failures of a whole suite and a final newline are
not printed, since versions of GoogleTest differ there.
"""

import json
import sys
import xml.etree.ElementTree


def emit(fact, test, text=""):
    if test.endswith("."):
        return
    text = text.rstrip("\n").replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    print(f"{fact}\t{test}\t{text}")


def read_xml(path):
    for suite in xml.etree.ElementTree.parse(path).getroot():
        for case in suite.iter("testcase"):
            test = f"{suite.get('name')}.{case.get('name')}"
            failures = case.findall("failure")
            for failure in failures:
                if failure.text.strip() != failure.get("message").strip():
                    emit("difference", test, failure.text)
                emit("failure", test, failure.get("message"))
            if case.findall("skipped"):
                emit("skipped", test)
            elif not failures and case.get("status") == "run":
                emit("passed", test)


def read_json(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    for suite in report["testsuites"]:
        for case in suite["testsuite"]:
            test = f"{suite['name']}.{case['name']}"
            for failure in case.get("failures", []):
                emit("failure", test, failure["failure"])
            if case["result"] == "SKIPPED":
                emit("skipped", test)
            elif not case.get("failures") and case["status"] == "RUN":
                emit("passed", test)


sys.stdout.reconfigure(encoding="utf-8", newline="\n")
(read_json if sys.argv[1].endswith(".json") else read_xml)(sys.argv[1])
