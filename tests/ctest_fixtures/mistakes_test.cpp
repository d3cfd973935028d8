// What the functions say of mistakes, when the project is configured.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <regex>
#include <string>

#include "commands.hpp"
#include "support/run_program.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

struct Mistake {
  const char* name;
  const char* commands;
  const char* told;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class CtestMistake : public testing::TestWithParam<Mistake> {};

TEST_P(CtestMistake, EndsTheConfiguration) {
  ScratchProject project;
  const Finished cmake = project.configure(kMirakuru +
                                           "mirakuru_add_fixture(redis COMMAND redis-server)\n"
                                           "mirakuru_add_fixture(store COMMAND store)\n"
                                           "add_test(NAME api_test COMMAND true)\n" +
                                           GetParam().commands + "\n");
  EXPECT_NE(cmake.exit_code, 0);
  // cmake breaks lines as it likes.
  const std::string text = std::regex_replace(cmake.text, std::regex("\\s+"), " ");
  EXPECT_THAT(text, HasSubstr("CMake Error"));
  EXPECT_THAT(text, HasSubstr(GetParam().told));
  // The line of the user's.
  EXPECT_THAT(text, HasSubstr("CMakeLists.txt:10 (mirakuru_"));
}

INSTANTIATE_TEST_SUITE_P(
    Of, CtestMistake,
    testing::Values(
        Mistake{"NoCommand", "mirakuru_add_fixture(api READY NOTIFY)",
                "mirakuru_add_fixture(api): missing COMMAND <program> [<argument>...]"},
        Mistake{"NothingAtAll", "mirakuru_add_fixture(api)",
                "mirakuru_add_fixture(api): missing COMMAND <program> [<argument>...]"},
        Mistake{"EmptyCommand", "mirakuru_add_fixture(api COMMAND READY NOTIFY)",
                "mirakuru_add_fixture(api): missing COMMAND <program> [<argument>...]"},
        Mistake{"WordBeforeCommand", "mirakuru_add_fixture(api ./api)",
                "mirakuru_add_fixture(api): unexpected argument './api'; use COMMAND, READY, "
                "TIMEOUT, STOP_TIMEOUT, STOP_SIGNAL, ENVIRONMENT, WORKING_DIRECTORY or DEPENDS "
                "before it"},
        Mistake{"CommandTwice", "mirakuru_add_fixture(api COMMAND ./api TIMEOUT 1 COMMAND ./b)",
                "mirakuru_add_fixture(api): COMMAND is given twice"},
        Mistake{"UnknownKind", "mirakuru_add_fixture(api COMMAND ./api READY CARRIER pigeon)",
                "mirakuru_add_fixture(api): READY CARRIER: unknown check; use one of "},
        Mistake{"NoKind", "mirakuru_add_fixture(api COMMAND ./api READY)",
                "mirakuru_add_fixture(api): READY: missing check"},
        Mistake{"NoKindBeforeAnother", "mirakuru_add_fixture(api COMMAND ./api READY TIMEOUT 5)",
                "mirakuru_add_fixture(api): READY TIMEOUT: unknown check"},
        Mistake{"NoValue", "mirakuru_add_fixture(api COMMAND ./api READY TCP)",
                "mirakuru_add_fixture(api): READY TCP: missing value"},
        Mistake{"NoValueBeforeAnother",
                "mirakuru_add_fixture(api COMMAND ./api READY OUTPUT READY FILE x TIMEOUT 5)",
                "mirakuru_add_fixture(api): READY OUTPUT: missing value"},
        Mistake{"NoCheckCommand", "mirakuru_add_fixture(api COMMAND ./api READY COMMAND)",
                "mirakuru_add_fixture(api): READY COMMAND: missing value"},
        Mistake{"NoStatus", "mirakuru_add_fixture(api COMMAND ./api READY HTTP http://x/ STATUS)",
                "mirakuru_add_fixture(api): READY HTTP: missing value of STATUS"},
        Mistake{"TooManyWords",
                "mirakuru_add_fixture(api COMMAND ./api READY TCP 127.0.0.1 {port})",
                "mirakuru_add_fixture(api): READY TCP: unexpected argument '{port}'"},
        Mistake{"WordAfterNotify", "mirakuru_add_fixture(api COMMAND ./api READY NOTIFY now)",
                "mirakuru_add_fixture(api): READY NOTIFY: unexpected argument 'now'"},
        Mistake{"StatusOfTcp", "mirakuru_add_fixture(api COMMAND ./api READY TCP a:1 STATUS 200)",
                "mirakuru_add_fixture(api): READY TCP: unexpected argument 'STATUS'"},
        Mistake{"TimeoutInWords", "mirakuru_add_fixture(api COMMAND ./api TIMEOUT soon)",
                "mirakuru_add_fixture(api): TIMEOUT must be a number of seconds, not 'soon'"},
        Mistake{"TimeoutWithUnit", "mirakuru_add_fixture(api COMMAND ./api STOP_TIMEOUT 5s)",
                "mirakuru_add_fixture(api): STOP_TIMEOUT must be a number of seconds, not '5s'"},
        Mistake{"NoTimeout", "mirakuru_add_fixture(api COMMAND ./api TIMEOUT)",
                "mirakuru_add_fixture(api): missing value of TIMEOUT"},
        Mistake{"TwoSignals", "mirakuru_add_fixture(api COMMAND ./api STOP_SIGNAL SIGINT SIGTERM)",
                "mirakuru_add_fixture(api): STOP_SIGNAL: unexpected argument 'SIGTERM'"},
        Mistake{"NoVariable", "mirakuru_add_fixture(api COMMAND ./api ENVIRONMENT TZ)",
                "mirakuru_add_fixture(api): ENVIRONMENT: 'TZ' must be <variable>=<value>"},
        Mistake{"UnknownDependency", "mirakuru_add_fixture(api COMMAND ./api DEPENDS redis kafka)",
                "mirakuru_add_fixture(api): DEPENDS kafka: unknown fixture; "
                "mirakuru_add_fixture(kafka ...) must come before"},
        Mistake{"NameTwice", "mirakuru_add_fixture(redis COMMAND redis-server)",
                "mirakuru_add_fixture(redis): a fixture of this name exists already"},
        Mistake{"BadName", "mirakuru_add_fixture(\"my redis\" COMMAND redis-server)",
                "mirakuru_add_fixture: 'my redis': invalid name; use letters, digits, _ and -"},
        Mistake{"UnknownFixture", "mirakuru_use_fixtures(api_test redis kafka)",
                "mirakuru_use_fixtures: unknown fixture 'kafka'; known fixtures: redis, store"},
        Mistake{
            "UnknownTest", "mirakuru_use_fixtures(apitest redis)",
            "mirakuru_use_fixtures: 'apitest' is neither a test of add_test() nor a target with "
            "discovered tests nor a fixture of mirakuru_add_fixture() (known fixtures: redis, "
            "store)"},
        Mistake{"NoFixture", "mirakuru_use_fixtures(api_test)",
                "mirakuru_use_fixtures(<test>... <fixture>...): needs at least one of each"},
        Mistake{"NoTest", "mirakuru_use_fixtures(redis)",
                "mirakuru_use_fixtures(<test>... <fixture>...): needs at least one of each"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace mirakuru::tests
