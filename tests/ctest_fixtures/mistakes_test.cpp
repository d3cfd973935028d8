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
                "mirakuru_add_fixture(api): it needs COMMAND <program> [<argument>...]"},
        Mistake{"NothingAtAll", "mirakuru_add_fixture(api)",
                "mirakuru_add_fixture(api): it needs COMMAND <program> [<argument>...]"},
        Mistake{"EmptyCommand", "mirakuru_add_fixture(api COMMAND READY NOTIFY)",
                "mirakuru_add_fixture(api): it needs COMMAND <program> [<argument>...]"},
        Mistake{"WordBeforeCommand", "mirakuru_add_fixture(api ./api)",
                "mirakuru_add_fixture(api): './api' stands where COMMAND, READY, TIMEOUT, "
                "STOP_TIMEOUT, STOP_SIGNAL, ENVIRONMENT, WORKING_DIRECTORY or DEPENDS is expected"},
        Mistake{"CommandTwice", "mirakuru_add_fixture(api COMMAND ./api TIMEOUT 1 COMMAND ./b)",
                "mirakuru_add_fixture(api): COMMAND is there twice"},
        Mistake{"UnknownKind", "mirakuru_add_fixture(api COMMAND ./api READY UDP 127.0.0.1:53)",
                "mirakuru_add_fixture(api): READY UDP: there is no such kind, but TCP, HTTP, "
                "OUTPUT, FILE, UNIX, COMMAND and NOTIFY"},
        Mistake{"NoKind", "mirakuru_add_fixture(api COMMAND ./api READY)",
                "mirakuru_add_fixture(api): READY: what follows is missing"},
        Mistake{"NoKindBeforeAnother", "mirakuru_add_fixture(api COMMAND ./api READY TIMEOUT 5)",
                "mirakuru_add_fixture(api): READY TIMEOUT: there is no such kind"},
        Mistake{"NoSubject", "mirakuru_add_fixture(api COMMAND ./api READY TCP)",
                "mirakuru_add_fixture(api): READY TCP: what follows is missing"},
        Mistake{"NoSubjectBeforeAnother",
                "mirakuru_add_fixture(api COMMAND ./api READY OUTPUT READY FILE x TIMEOUT 5)",
                "mirakuru_add_fixture(api): READY OUTPUT: what follows is missing"},
        Mistake{"NoProbe", "mirakuru_add_fixture(api COMMAND ./api READY COMMAND)",
                "mirakuru_add_fixture(api): READY COMMAND: what follows is missing"},
        Mistake{"NoStatus", "mirakuru_add_fixture(api COMMAND ./api READY HTTP http://x/ STATUS)",
                "mirakuru_add_fixture(api): READY HTTP: what follows STATUS is missing"},
        Mistake{"TooManyWords",
                "mirakuru_add_fixture(api COMMAND ./api READY TCP 127.0.0.1 {port})",
                "mirakuru_add_fixture(api): READY TCP: '{port}' is too much"},
        Mistake{"WordBehindNotify", "mirakuru_add_fixture(api COMMAND ./api READY NOTIFY now)",
                "mirakuru_add_fixture(api): READY NOTIFY: 'now' is too much"},
        Mistake{"StatusOfTcp", "mirakuru_add_fixture(api COMMAND ./api READY TCP a:1 STATUS 200)",
                "mirakuru_add_fixture(api): READY TCP: 'STATUS' is too much"},
        Mistake{"TimeoutInWords", "mirakuru_add_fixture(api COMMAND ./api TIMEOUT soon)",
                "mirakuru_add_fixture(api): TIMEOUT is to be a number of seconds, not 'soon'"},
        Mistake{"TimeoutWithUnit", "mirakuru_add_fixture(api COMMAND ./api STOP_TIMEOUT 5s)",
                "mirakuru_add_fixture(api): STOP_TIMEOUT is to be a number of seconds, not '5s'"},
        Mistake{"NoTimeout", "mirakuru_add_fixture(api COMMAND ./api TIMEOUT)",
                "mirakuru_add_fixture(api): what follows TIMEOUT is missing"},
        Mistake{"TwoSignals", "mirakuru_add_fixture(api COMMAND ./api STOP_SIGNAL SIGINT SIGTERM)",
                "mirakuru_add_fixture(api): STOP_SIGNAL: 'SIGTERM' is too much"},
        Mistake{"NoVariable", "mirakuru_add_fixture(api COMMAND ./api ENVIRONMENT TZ)",
                "mirakuru_add_fixture(api): ENVIRONMENT: 'TZ' is not <variable>=<value>"},
        Mistake{"UnknownDependency", "mirakuru_add_fixture(api COMMAND ./api DEPENDS redis kafka)",
                "mirakuru_add_fixture(api): DEPENDS kafka: there is no such fixture (yet): "
                "mirakuru_add_fixture(kafka ...) comes first"},
        Mistake{"NameTwice", "mirakuru_add_fixture(redis COMMAND redis-server)",
                "mirakuru_add_fixture(redis): there is a fixture of this name already"},
        Mistake{"BadName", "mirakuru_add_fixture(\"my redis\" COMMAND redis-server)",
                "mirakuru_add_fixture: 'my redis' is no name: letters, digits, _ and - make one"},
        Mistake{"UnknownFixture", "mirakuru_use_fixtures(api_test redis kafka)",
                "mirakuru_use_fixtures: there is no fixture 'kafka'; those of "
                "mirakuru_add_fixture() are: redis, store"},
        Mistake{
            "UnknownTest", "mirakuru_use_fixtures(apitest redis)",
            "mirakuru_use_fixtures: 'apitest' is no test of add_test(), no target with "
            "discovered tests, and no fixture of mirakuru_add_fixture() (those are: redis, store)"},
        Mistake{"NoFixture", "mirakuru_use_fixtures(api_test)",
                "mirakuru_use_fixtures(<test>... <fixture>...): at least one of each"},
        Mistake{"NoTest", "mirakuru_use_fixtures(redis)",
                "mirakuru_use_fixtures(<test>... <fixture>...): at least one of each"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace mirakuru::tests
