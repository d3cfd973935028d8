// A command line is split as a POSIX shell splits it, and printed so that it can be pasted into
// one. Where possible, the results are compared with those of a shell.
#include "mirakuru/command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/child_program.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Words = std::vector<std::string>;

// How /bin/sh splits the line; std::nullopt if it finds an unclosed quote.
std::optional<Words> SplitByShell(const std::string& line) {
  ChildProgram shell({"/bin/sh", "-c", "printf '%s\\0' " + line});
  if (shell.wait_for_end() != 0) return std::nullopt;
  Words words;
  std::istringstream output(shell.text());
  for (std::string word; std::getline(output, word, '\0');) words.push_back(word);
  return words;
}

std::optional<Words> SplitByUs(const std::string& line) {
  try {
    return Command(line).words();
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

TEST(Command, IsALineOfWords) {
  EXPECT_THAT(Command("./worker --verbose 'two words'").words(),
              ElementsAre("./worker", "--verbose", "two words"));
}

TEST(Command, IsAListOfWordsPassedOnAsTheyAre) {
  EXPECT_THAT(Command({"./worker", "'quoted'", "", "two words", "a\\b"}).words(),
              ElementsAre("./worker", "'quoted'", "", "two words", "a\\b"));
}

TEST(Command, IsAShellScriptIfAskedForByName) {
  EXPECT_THAT(Command::shell("./worker | tee log").words(),
              ElementsAre("/bin/sh", "-c", "./worker | tee log"));
}

TEST(Command, TakesWhatShellsTreatSpeciallyAsOrdinaryCharacters) {
  EXPECT_THAT(
      Command("./worker $HOME *.txt | tee;ls # no comment > x ~ {a,b} `id` $(id) &").words(),
      ElementsAre("./worker", "$HOME", "*.txt", "|", "tee;ls", "#", "no", "comment", ">", "x", "~",
                  "{a,b}", "`id`", "$(id)", "&"));
}

TEST(Command, TakesANewlineAsASpace) {
  EXPECT_THAT(Command("./worker\n  --verbose\n").words(), ElementsAre("./worker", "--verbose"));
}

class CommandLine : public testing::TestWithParam<const char*> {};

TEST_P(CommandLine, IsSplitAsTheShellDoes) {
  const std::string line = GetParam();
  ASSERT_TRUE(SplitByShell(line)) << line;
  EXPECT_EQ(SplitByUs(line), SplitByShell(line)) << line;
}

INSTANTIATE_TEST_SUITE_P(
    Table, CommandLine,
    testing::Values("plain", "two words", "  spaces   around\t and tabs \t ", "'single quoted'",
                    "\"double quoted\"", "empty '' and \"\"", "program ''", "joined'to'\"gether\"",
                    "'a \"double\" in single'", "\"a 'single' in double\"", "'back\\slash'",
                    "\"back\\slash\"", "\"escaped \\\" quote\"", "\"escaped \\\\ backslash\"",
                    "\"escaped \\$HOME\"", "\"escaped \\`id\\`\"", "\"kept \\a \\n \\' \\!\"",
                    "escaped\\ space", "escaped\\\\backslash", "escaped\\'quote",
                    "escaped\\\"quote", "escaped\\$HOME", "escaped\\*star", "escaped\\\ttab",
                    "'it'\\''s'", "line\\\ncontinued", "two \\\n words", "\"in quotes\\\ngoes on\"",
                    "'in quotes\\\nstays'", "'new\nline'", "\"new\nline\"", "a=b --c='d e'",
                    "\\a\\b\\c", "gr\xc3\xbc\xc3\x9f 'gr\xc3\xbc\xc3\x9f'", "x ''''",
                    "\"\"''\"\"x"));

// The alphabet has all characters of quoting, and no others that are special in a shell.
TEST(Command, SplitsPseudoRandomLinesAsTheShellDoes) {
  std::mt19937 random(20240229);  // always the same lines
  const std::string alphabet = "ab \t'\"\\";
  int understood = 0;
  int refused = 0;
  for (int round = 0; round < 250; ++round) {
    // With a word at each end: an empty line, or a single backslash at the end, is valid for a
    // shell but not for a command.
    std::string line = "program ";
    for (auto length = random() % 12; length > 0; --length) {
      line += alphabet[random() % alphabet.size()];
    }
    line += " end";
    const auto expected = SplitByShell(line);
    ASSERT_EQ(SplitByUs(line), expected) << "[" << line << "]";
    ++(expected ? understood : refused);
  }
  // Both kinds occurred, so that both were compared.
  EXPECT_GT(understood, 50);
  EXPECT_GT(refused, 50);
}

TEST(Command, IsRefusedIfItIsEmpty) {
  EXPECT_THAT(Thrown<std::invalid_argument>([] { Command(""); }).what(), HasSubstr("empty"));
  EXPECT_THAT(Thrown<std::invalid_argument>([] { Command(" \t\n "); }).what(), HasSubstr("empty"));
  EXPECT_THAT(Thrown<std::invalid_argument>([] { Command(Words{}); }).what(), HasSubstr("empty"));
  EXPECT_THAT(Thrown<std::invalid_argument>([] { Command::shell(""); }).what(), HasSubstr("empty"));
}

TEST(Command, IsRefusedIfItsProgramIsEmpty) {
  EXPECT_THAT(Thrown<std::invalid_argument>([] {
                Command({"", "argument"});
              }).what(),
              HasSubstr("empty"));
  EXPECT_THAT(Thrown<std::invalid_argument>([] { Command("'' argument"); }).what(),
              HasSubstr("empty"));
}

TEST(Command, IsRefusedIfAWordHoldsANul) {
  EXPECT_THAT(Thrown<std::invalid_argument>([] {
                Command({"program", std::string("a\0b", 3)});
              }).what(),
              HasSubstr("NUL"));
}

TEST(Command, ShowsWhereAQuoteIsNotClosed) {
  EXPECT_THAT(Thrown<std::invalid_argument>([] { Command("./worker 'two words"); }).what(),
              testing::AllOf(HasSubstr("single quote"), HasSubstr("character 10"),
                             HasSubstr("./worker 'two words\n"
                                       "           ^")));
  EXPECT_THAT(Thrown<std::invalid_argument>([] { Command("./worker 'a' \"b \\\" c"); }).what(),
              testing::AllOf(HasSubstr("double quote"), HasSubstr("character 14"),
                             HasSubstr("./worker 'a' \"b \\\" c\n"
                                       "               ^")));
}

TEST(Command, IsRefusedIfItEndsInABackslash) {
  EXPECT_THAT(Thrown<std::invalid_argument>([] { Command("./worker \\"); }).what(),
              testing::AllOf(HasSubstr("backslash"), HasSubstr("character 10")));
}

TEST(Command, PrintsAsOneCouldPasteIt) {
  const Words words = {"printf", "",  "two words", "it's",       "\"", "$HOME",
                       "a\\b",   "*", "{port}",    "new\nline",  "~",  "#",
                       "--x=y",  "!", "a;b",       "gr\xc3\xbc", "\t"};
  const std::string pasted = Command(words).to_string();
  const auto split = SplitByShell(pasted);
  ASSERT_TRUE(split) << pasted;
  EXPECT_EQ(*split, words) << pasted;
  EXPECT_EQ(Command(pasted).words(), words);
}

TEST(Command, PrintsPlainWordsWithoutQuotes) {
  std::ostringstream out;
  out << Command({"./worker", "--port=80", "/tmp/x"});
  EXPECT_EQ(out.str(), "./worker --port=80 /tmp/x");
}

}  // namespace
}  // namespace mirakuru::tests
