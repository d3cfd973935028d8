// READY of mirakuru_add_fixture(): all of its kinds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "commands.hpp"
#include "support/run_program.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

// Of a fixture whose command and options are these.
std::string Fixture(const std::string& words) {
  return kMirakuru + "mirakuru_add_fixture(service COMMAND " + words + " TIMEOUT 20)\n" +
         AddScript("uses_it", "service");
}

struct Kind {
  const char* name;
  std::string words;
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class CtestReady : public testing::TestWithParam<Kind> {};

TEST_P(CtestReady, WaitsForAService) {
  ScratchProject project;
  project.write("there", "");
  const Finished ctest = project.run_ctest(Fixture(GetParam().words));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
}

INSTANTIATE_TEST_SUITE_P(
    By, CtestReady,
    testing::Values(
        Kind{"Tcp", Service("listens_on_port") + " --port={port} READY TCP 127.0.0.1:{port}"},
        Kind{"Http", Service("http_server") + " --port={port} --statuses=503,503,200 "
                                              "READY HTTP http://127.0.0.1:{port}/health"},
        Kind{"HttpStatus", Service("http_server") +
                               " --port={port} --statuses=200,418 "
                               "READY HTTP http://127.0.0.1:{port}/ STATUS 418"},
        Kind{"HttpStatusRegex", Service("http_server") +
                                    " --port={port} --statuses=200,418 "
                                    "READY HTTP http://127.0.0.1:{port}/ STATUS \"(404|41[0-9])\""},
        Kind{"Output", Service("prints_banner") +
                           R"( [==[--banner=say "C:\x"; [it's] {up} (1 of 2)]==])" +
                           R"( READY OUTPUT [==[^say "C:\\x"; \[it's[]] {up} \(\d of 2\)$]==])"},
        Kind{"OutputWithABracket",
             Service("prints_banner") + " --banner=a[b READY OUTPUT \"^a\\\\[b$\""},
        Kind{"File", Service("does_as_told") + " --makes={tmpdir}/pid READY FILE {tmpdir}/pid"},
        Kind{"Unix", Service("unix_socket_listener") + " --path={tmpdir}/s READY UNIX {tmpdir}/s"},
        Kind{"Command", Service("does_as_told") + " \"--makes={tmpdir}/a file\" READY COMMAND " +
                            Service("succeeds_when_file_exists") + " \"--path={tmpdir}/a file\""},

        Kind{"Notify", Service("notifies_ready") + " READY NOTIFY"},
        Kind{"AllOfSeveral", Service("does_as_told") +
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

// The control: none of the kinds takes a service for ready that is not.
TEST(CtestReadiness, IsNotTakenForGranted) {
  ScratchProject project;
  const std::string idle = " COMMAND " + Service("does_as_told") + " --unused={port} ";
  project.build(kMirakuru + "mirakuru_add_fixture(tcp" + idle +
                "READY TCP 127.0.0.1:{port} TIMEOUT 0.3)\n"
                "mirakuru_add_fixture(http" +
                idle +
                "READY HTTP http://127.0.0.1:{port}/ TIMEOUT 0.3)\n"
                "mirakuru_add_fixture(output" +
                idle +
                "READY OUTPUT ^never$ TIMEOUT 0.3)\n"
                "mirakuru_add_fixture(file" +
                idle +
                "READY FILE {tmpdir}/never TIMEOUT 0.3)\n"
                "mirakuru_add_fixture(unix" +
                idle +
                "READY UNIX {tmpdir}/never TIMEOUT 0.3)\n"
                "mirakuru_add_fixture(command" +
                idle +
                "READY COMMAND false TIMEOUT 0.3)\n"
                "mirakuru_add_fixture(notify" +
                idle +
                "READY NOTIFY TIMEOUT 0.3)\n"
                "mirakuru_add_fixture(several" +
                idle + "READY OUTPUT ready READY FILE {tmpdir}/never TIMEOUT 0.3)\n");
  const Finished ctest = project.ctest({"-R", "up$", "-FA", ".*", "-j8"});
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text, HasSubstr("0% tests passed, 8 tests failed out of 8"));
}

}  // namespace
}  // namespace mirakuru::tests
