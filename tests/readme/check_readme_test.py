"""The control of check_readme.py: it finds every way in which a document and the code can differ."""

import pathlib
import sys
import unittest

import check_readme

EXAMPLE = """#include <mirakuru/mirakuru.hpp>
int main() {
  // [readme:start]
  mirakuru::SimpleExecutor worker("./worker");

  worker.start();
  // [readme:end]
}
"""
CONSUMER = """project(consumer)
# [readme:link]
target_link_libraries(my_test PRIVATE mirakuru::gtest_main)
# [readme:end]
"""
PRINTED = """/home/somebody/test.cpp:10: Failure
Api is not ready: api: not ready within 1 s
  command:    /home/somebody/api --port 4711
  process:    still runs (pid 17)
"""
DOCUMENT = """# A title
```cpp
mirakuru::SimpleExecutor worker("./worker");

worker.start();
```
```cmake
target_link_libraries(my_test PRIVATE mirakuru::gtest_main)
```
```sh
scripts/test   # all of them
```
```text
test.cpp:12: Failure
Api is not ready: api: not ready within 950 ms
  process:    still runs (pid 4)
```
"""


def errors(document=DOCUMENT, example=EXAMPLE, consumer=CONSUMER, name="README.md"):
    checker = check_readme.Checker(options.root, {"examples/worker.cpp": example},
                                   {"tests/consumers/x/CMakeLists.txt": consumer}, PRINTED)
    return "\n".join(checker.check({name: document}))


class Checker(unittest.TestCase):
    def test_accepts_what_is_the_same(self):
        self.assertEqual(errors(), "")

    def test_finds_a_document_that_drifted(self):
        self.assertIn('+mirakuru::SimpleExecutor worker("./other");',
                      errors(DOCUMENT.replace("./worker", "./other")))

    def test_finds_an_example_that_drifted(self):
        self.assertIn("-worker.start().wait();",
                      errors(example=EXAMPLE.replace("start()", "start().wait()")))

    def test_finds_a_consumer_that_drifted(self):
        self.assertIn("is not what is run", errors(consumer=CONSUMER.replace("_main", "")))

    def test_finds_code_of_no_example(self):
        self.assertIn("is not what is run", errors(DOCUMENT + "```cpp\nint i;\n```\n"))

    def test_finds_an_example_that_is_no_longer_shown(self):
        more = "// [readme:more]\nint i;\n// [readme:end]\n"
        self.assertIn("no document shows [readme:more]", errors(example=EXAMPLE + more))

    def test_finds_a_command_that_nobody_runs(self):
        self.assertIn("'rm -rf /'", errors(DOCUMENT + "```sh\nrm -rf /  # tidy up\n```\n"))

    def test_finds_output_that_is_not_printed(self):
        self.assertIn("does not print", errors(DOCUMENT.replace("still runs", "has ended")))

    def test_ignores_directories(self):
        for directory in ("/other/place/", "../../", "./", ""):
            with self.subTest(directory):
                self.assertEqual(errors(DOCUMENT.replace("test.cpp:12", directory + "test.cpp:12")), "")

    def test_finds_output_in_another_order(self):
        last = "  process:    still runs (pid 4)\n"
        document = DOCUMENT.replace(last, "").replace("test.cpp:12", last + "test.cpp:12")
        self.assertIn("does not print", errors(document))

    def test_finds_blocks_that_would_go_unchecked(self):
        for block in ("```\nint i;\n```\n", "```c++\nint i;\n```\n", "~~~\nint i;\n~~~\n",
                      "\n    int i;\n", "```cpp\nint i;\n"):
            with self.subTest(block):
                self.assertNotEqual(errors(DOCUMENT + block), "")

    def test_takes_drawings_in_docs_alone(self):
        drawing = DOCUMENT + "```\na -- b\n```\n"
        self.assertEqual(errors(drawing, name="docs/how-it-works.md"), "")
        self.assertIn("README.md:", errors(drawing))

    def test_finds_regions_that_are_marked_wrongly(self):
        for wrong in ("// [readme:open]\n", "// [readme:end]\n",
                      "// [readme:start]\n// [readme:end]\n"):
            with self.subTest(wrong):
                self.assertIn("examples/worker.cpp", errors(example=EXAMPLE + wrong))


class ThisRepository(unittest.TestCase):
    """Each block of the real documents, with one change, is found."""

    def test_every_changed_block_is_found(self):
        sources, documents = check_readme.inputs(options)
        for where, text in documents.items():
            lines = text.splitlines()
            for begin, language, code in check_readme.blocks_of(text, where):
                if not language:
                    continue
                changed = list(lines)
                changed[begin] = "drifted " + changed[begin].strip()
                with self.subTest(f"{where}:{begin}"):
                    found = check_readme.Checker(*sources).check(
                        {**documents, where: "\n".join(changed)})
                    self.assertTrue(any(f"{where}:{begin}:" in error for error in found), found)


if __name__ == "__main__":
    options, rest = check_readme.arguments().parse_known_args()
    options.root = pathlib.Path(options.root)
    unittest.main(argv=[sys.argv[0], *rest])
