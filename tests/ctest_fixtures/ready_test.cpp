// READY of mirakuru_add_fixture(): all of its kinds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <ostream>
#include <string>

#include "commands.hpp"
#include "support/ready_kinds.hpp"
#include "support/run_program.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

// Of a fixture whose command and options are these.
std::string Fixture(const std::string& words) {
  return kMirakuru + "mirakuru_add_fixture(service COMMAND " + words + " TIMEOUT 20)\n" +
         AddScript("uses_it", "service");
}

// READY and what follows it.
std::string ReadyBy(const ReadyKind& kind) {
  std::string upper = kind.name;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return " READY " + upper + " " + kind.value;
}

class CtestReadyKind : public testing::TestWithParam<ReadyKind> {
 protected:
  static std::string command() {
    std::string words = Service(GetParam().service.front());
    for (std::size_t i = 1; i < GetParam().service.size(); ++i)
      words += " " + GetParam().service[i];
    return words;
  }
};

TEST_P(CtestReadyKind, WaitsForAService) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(Fixture(command() + ReadyBy(GetParam())));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
}

INSTANTIATE_TEST_SUITE_P(All, CtestReadyKind, testing::ValuesIn(kReadyKinds),
                         [](const auto& kind) { return kind.param.name; });

// The control: none of the kinds takes a service for ready that is not.
TEST(CtestReadiness, IsNotTakenForGranted) {
  ScratchProject project;
  std::string code = kMirakuru;
  for (const ReadyKind& kind : kReadyKinds) {
    code += "mirakuru_add_fixture(" + kind.name + " COMMAND " + Service("does_as_told") +
            " --unused={port}" + ReadyBy(kind) + " TIMEOUT 0.3)\n";
  }
  code += "mirakuru_add_fixture(several COMMAND " + Service("does_as_told") +
          " READY OUTPUT ready READY FILE {tmpdir}/never TIMEOUT 0.3)\n";
  project.build(code);
  const Finished ctest = project.ctest({"-R", "up$", "-FA", ".*", "-j8"});
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  const std::string count = std::to_string(kReadyKinds.size() + 1);
  EXPECT_THAT(ctest.text, HasSubstr("0% tests passed, " + count + " tests failed out of " + count));
}

// A command, READY and what follows it.
struct Special {
  const char* name;
  std::string words;
};

void PrintTo(const Special& special, std::ostream* out) { *out << special.name; }

class CtestReady : public testing::TestWithParam<Special> {};

TEST_P(CtestReady, WaitsForAService) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(Fixture(GetParam().words));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
}

INSTANTIATE_TEST_SUITE_P(
    By, CtestReady,
    testing::Values(
        Special{"HttpAtLast", Service("http_server") + " --port={port} --statuses=503,503,200 "
                                                       "READY HTTP http://127.0.0.1:{port}/health"},
        Special{"HttpStatus", Service("http_server") +
                                  " --port={port} --statuses=200,418 "
                                  "READY HTTP http://127.0.0.1:{port}/ STATUS 418"},
        Special{"HttpStatusRegex",
                Service("http_server") +
                    " --port={port} --statuses=200,418 "
                    "READY HTTP http://127.0.0.1:{port}/ STATUS \"(404|41[0-9])\""},
        Special{"Output", Service("prints_banner") +
                              R"( [==[--banner=say "C:\x"; [it's] {up} (1 of 2)]==])" +
                              R"( READY OUTPUT [==[^say "C:\\x"; \[it's[]] {up} \(\d of 2\)$]==])"},
        Special{"OutputWithABracket",
                Service("prints_banner") + " --banner=a[b READY OUTPUT \"^a\\\\[b$\""},
        Special{"CommandWithABlank",
                Service("does_as_told") + " \"--makes={tmpdir}/a file\" READY COMMAND " +
                    Service("succeeds_when_file_exists") + " \"--path={tmpdir}/a file\""},
        Special{"AllOfSeveral",
                Service("does_as_told") +
                    " --makes={tmpdir}/a READY OUTPUT ready FILE {tmpdir}/a COMMAND "
                    "test -e {tmpdir}/a READY FILE {tmpdir}/a"}),
    [](const auto& test) { return std::string(test.param.name); });

// The method, as the service saw it.
TEST(CtestReadiness, AsksByTheMethod) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      Fixture(Service("http_server") + " --port={port} --record=$ENV{DIRECTORY}/record " +
              "READY HTTP http://127.0.0.1:{port}/health METHOD OPTIONS STATUS 200"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(project.read("record"), HasSubstr("OPTIONS /health HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace mirakuru::tests
