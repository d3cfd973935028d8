"""The control of check_source_map.py: it finds every way in which the map and the tree can differ."""

import pathlib
import sys
import tempfile
import unittest

import check_source_map

DOCUMENT = """# Contributing
A start goes through `src/start.cpp`.

## Source map
### `core/src/`: all of it
| file | contents |
| --- | --- |
| `start.{hpp,cpp}` | the start, called by `main.cpp` |
| `main.cpp` | main() |

## Style
"""
SOURCES = {"core/src/start.hpp", "core/src/start.cpp", "core/src/main.cpp"}


def errors(document=DOCUMENT, sources=frozenset(SOURCES)):
    return check_source_map.check(document, set(sources), set(sources))


class SourceMap(unittest.TestCase):
    def test_accepts_a_complete_map(self):
        self.assertEqual(errors(), [])

    def test_finds_a_new_file(self):
        self.assertEqual(errors(sources=SOURCES | {"core/src/new.cpp"}),
                         ["core/src/new.cpp is missing in the source map"])

    def test_finds_a_deleted_file(self):
        self.assertEqual(errors(sources=SOURCES - {"core/src/main.cpp"}),
                         ["core/src/main.cpp is in the source map, but does not exist"])

    def test_finds_a_renamed_file(self):
        self.assertEqual(len(errors(sources=SOURCES - {"core/src/main.cpp"} | {"core/src/m.cpp"})), 2)

    def test_finds_one_half_of_a_pair(self):
        self.assertEqual(errors(sources=SOURCES - {"core/src/start.hpp"}),
                         ["core/src/start.hpp is in the source map, but does not exist"])

    def test_finds_a_file_that_is_named_twice(self):
        twice = DOCUMENT.replace("\n## Style", "| `main.cpp` | again |\n\n## Style")
        self.assertEqual(errors(twice), ["core/src/main.cpp is in the source map 2 times"])

    def test_finds_a_file_below_the_wrong_directory(self):
        self.assertEqual(len(errors(DOCUMENT.replace("`core/src/`", "`core/`"))), 6)

    def test_finds_a_missing_map(self):
        self.assertEqual(errors(DOCUMENT.replace("## Source map", "## Files")),
                         ["there is no section \"Source map\""])

    def test_finds_other_mentions_of_files_that_do_not_exist(self):
        self.assertEqual(errors(DOCUMENT.replace("`src/start.cpp`", "`src/begin.cpp`")),
                         ["src/begin.cpp is mentioned, but does not exist"])
        # The end of a name is not enough.
        self.assertEqual(errors(DOCUMENT.replace("`src/start.cpp`", "`art.cpp`")),
                         ["art.cpp is mentioned, but does not exist"])


class ThisRepository(unittest.TestCase):
    """Each file of the real tree, left out of the real map, is found."""

    def test_every_missing_file_is_found(self):
        document, sources, everything = check_source_map.inputs(options.root)
        self.assertGreater(len(sources), 100)
        for file in sources:
            with self.subTest(file):
                found = check_source_map.check(document, sources - {file}, everything)
                self.assertIn(f"{file} is in the source map, but does not exist", found)

    def test_a_new_file_in_any_directory_is_found(self):
        for directory in check_source_map.DIRECTORIES:
            with self.subTest(directory), tempfile.TemporaryDirectory() as name:
                root = pathlib.Path(name)
                (root / directory / "src" / "deep").mkdir(parents=True)
                (root / directory / "CMakeLists.txt").touch()
                (root / directory / "src" / "deep" / "new.cpp").touch()
                self.assertEqual(check_source_map.source_files(root),
                                 {f"{directory}/src/deep/new.cpp"})


if __name__ == "__main__":
    options, rest = check_source_map.arguments().parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
