// The table of the kinds of checks (command/src/check_kinds.def) reaches all that come from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <regex>
#include <string>
#include <vector>

#include "commands.hpp"
#include "support/ready_kinds.hpp"
#include "support/run_program.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::tests {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

using Names = std::vector<std::string>;

#define MIRAKURU_CHECK(name, ...) #name,
#define MIRAKURU_CHECK_OPTION(...)
const Names kKinds{
#include "command/src/check_kinds.def"
};
#undef MIRAKURU_CHECK
#undef MIRAKURU_CHECK_OPTION

#define MIRAKURU_CHECK(...)
#define MIRAKURU_CHECK_OPTION(check, option, ...) #option,
const Names kOptions{
#include "command/src/check_kinds.def"
};
#undef MIRAKURU_CHECK
#undef MIRAKURU_CHECK_OPTION

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// The names for which the expression, with the name in place of %, is found nowhere in the text.
Names Missing(const Names& names, const std::string& expression, const std::string& text) {
  Names missing;
  for (const std::string& name : names) {
    const std::regex of_name(std::regex_replace(expression, std::regex("%"), name));
    if (!std::regex_search(text, of_name)) missing.push_back(name);
  }
  return missing;
}

// With one that is in no table, which must be found missing.
Names WithPigeon(Names names) {
  names.push_back("pigeon");
  return names;
}

std::string Help() { return RunToTheEnd({MIRAKURU_COMMAND, "run", "--help"}).text; }

std::string RefusalOfTheOption() {
  return RunToTheEnd({MIRAKURU_COMMAND, "up", "--ready=carrier:x", "--", "true"}).text;
}

// Of {"ready": CHECK}.
std::string RefusalOfTheFile(const std::string& check) {
  const TempDir directory;
  const std::string path = directory / "services.json";
  WriteFile(path, R"({"services": {"a": {"command": "true", "ready": )" + check + "}}}");
  return RunToTheEnd({MIRAKURU_COMMAND, "run", "--file", path, "::", "true"}).text;
}

std::string RefusalOfCMake() {
  ScratchProject project;
  const std::string text =
      project.configure(kMirakuru + "mirakuru_add_fixture(a COMMAND b READY CARRIER x)\n").text;
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

TEST(CheckKinds, AreInTheHelp) {
  EXPECT_THAT(kKinds, SizeIs(testing::Ge(7U)));
  EXPECT_THAT(Missing(WithPigeon(kKinds), "\n +%(:[A-Z:]+)? +[a-z]", Help()),
              ElementsAre("pigeon"));
}

TEST(CheckKinds, HaveATest) {
  Names tested;
  for (const ReadyKind& kind : kReadyKinds) tested.push_back(kind.name);
  EXPECT_THAT(tested, testing::UnorderedElementsAreArray(kKinds));
}

TEST(CheckKinds, AreInTheReadme) {
  Names upper;
  for (const std::string& kind : WithPigeon(kKinds)) upper.push_back(Upper(kind));
  EXPECT_THAT(Missing(upper, "`%[` ]", ReadFile(MIRAKURU_README)), ElementsAre("PIGEON"));
}

TEST(CheckKinds, AreInTheRefusalOfTheOption) {
  EXPECT_THAT(Missing(WithPigeon(kKinds), "[ ,]%(:[A-Z:]+)?[,\n]", RefusalOfTheOption()),
              ElementsAre("pigeon"));
}

TEST(CheckKinds, AreInTheRefusalsOfAServiceFile) {
  for (const char* check : {"{}", R"({"carrier": "x"})"}) {
    EXPECT_THAT(Missing(WithPigeon(kKinds), "[ ,]%[,\n]", RefusalOfTheFile(check)),
                ElementsAre("pigeon"));
  }
}

TEST(CheckKinds, AreInTheRefusalOfCMake) {
  Names upper;
  for (const std::string& kind : WithPigeon(kKinds)) upper.push_back(Upper(kind));
  EXPECT_THAT(Missing(upper, "[ ,]%(,| )", RefusalOfCMake()), ElementsAre("PIGEON"));
}

TEST(CheckKinds, AreInTheManPage) {
  EXPECT_THAT(
      Missing(WithPigeon(kKinds), "\n\\.B %(:\\\\fI[A-Z:]+)?\n[a-z]", ReadFile(MIRAKURU_MAN_PAGE)),
      ElementsAre("pigeon"));
}

TEST(CheckKinds, HaveTheirOptionsEverywhere) {
  const Names options = WithPigeon(kOptions);
  EXPECT_THAT(Missing(options, "\n  --ready-%=", Help()), ElementsAre("pigeon"));
  EXPECT_THAT(Missing(options, "[ ,]%[,\n]", RefusalOfTheFile(R"({"carrier": "x"})")),
              ElementsAre("pigeon"));
  EXPECT_THAT(Missing(options, "\\\\-\\\\-ready\\\\-%=", ReadFile(MIRAKURU_MAN_PAGE)),
              ElementsAre("pigeon"));
  // CMake takes them: ready_test.cpp.
}

}  // namespace
}  // namespace mirakuru::tests
