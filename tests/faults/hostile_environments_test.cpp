// Whatever is missing in the environment of a test program: its services work, or one clear error
// says what is missing and where. programs/under.cpp verifies that it is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <ostream>
#include <string>
#include <vector>

#include "faults/under.hpp"
#include "support/leftovers.hpp"
#include "support/sanitizers.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;

struct Environment {
  std::string name;
  // In all of these, DIRECTORY is replaced by the directory with the services' directories.
  std::vector<std::string> restrictions;
  Variables variables = {};
  std::vector<std::string> arguments = {};  // of the program
  std::vector<std::string> error = {};      // parts of its error message; empty if it works
  bool starves_sanitizers = false;          // they need it too, and fail without it
};

void PrintTo(const Environment& environment, std::ostream* out) { *out << environment.name; }
std::string NameOf(const testing::TestParamInfo<Environment>& info) { return info.param.name; }

class HostileEnvironmentTest : public Under, public testing::WithParamInterface<Environment> {
 protected:
  Finished use_services() {
    const auto& [name, restrictions, variables, arguments, error, starves_sanitizers] = GetParam();
    if (kSanitized && starves_sanitizers) {
      skip("the sanitizer needs it, too");
      return {};
    }
    Variables all{{"TMPDIR", directory_.path()}};
    for (const auto& [variable, value] : variables) all[variable] = in_directory(value);
    std::vector<std::string> program{FaultProgram("uses_services"), mark_.argument()};
    program.insert(program.end(), arguments.begin(), arguments.end());
    std::vector<std::string> restrictions_in_directory = restrictions;
    for (std::string& one : restrictions_in_directory) one = in_directory(one);
    return run_under(restrictions_in_directory, program, all);
  }
  std::string in_directory(std::string text) const {
    const std::string placeholder = "DIRECTORY";
    const std::size_t at = text.find(placeholder);
    return at == std::string::npos ? text : text.replace(at, placeholder.size(), directory_.path());
  }
  bool left_nothing() const { return mark_.gone_within(1s); }

 private:
  const TempDir directory_;
  const Mark mark_;
};

class Hostile : public HostileEnvironmentTest {};

TEST_P(Hostile, LetsServicesWork) {
  const Finished finished = use_services();
  if (was_skipped()) return;
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.text, EndsWith("all is well\n"));
  EXPECT_TRUE(left_nothing());
}

const std::string kMissing = "--errno=" + std::to_string(ENOSYS);
const std::string kForbidden = "--errno=" + std::to_string(EPERM);
const std::string kUsedUp = "--errno=" + std::to_string(EMFILE);

INSTANTIATE_TEST_SUITE_P(
    Environment, Hostile,
    testing::Values(Environment{"BlockedSignals", {"--blocked-signals", "--ignored-sigpipe"}},
                    Environment{"FewDescriptors", {"--descriptors=64"}},
                    Environment{"AMillionDescriptors", {"--descriptors=1000000", "--inheritable"}},
                    Environment{"AMillionDescriptorsOneByOne",
                                {"--descriptors=1000000", "--inheritable", "--refused=close_range",
                                 kMissing}},
                    Environment{"MissingMemfd", {"--refused=memfd_create", kMissing}},
                    Environment{"ForbiddenMemfd", {"--refused=memfd_create", kForbidden}},
                    Environment{"MissingCalls", {"--refused=pidfd_open,close_range", kMissing}},
                    Environment{"ForbiddenCalls", {"--refused=pidfd_open,close_range", kForbidden}},
                    Environment{"UsedUpInotify", {"--refused=inotify_init1", kUsedUp}},
                    Environment{"NoProgramsInTmpdir", {"--noexec=DIRECTORY"}},
                    Environment{"MissingTmpdir", {}, {{"TMPDIR", "DIRECTORY/is/not/there"}}},
                    Environment{"MissingHome", {"--without-home"}},
                    Environment{"EmptyPath", {}, {{"PATH", ""}}}),
    NameOf);

class TooHostile : public HostileEnvironmentTest {};

TEST_P(TooHostile, IsReportedInOneError) {
  const Finished finished = use_services();
  if (was_skipped()) return;
  EXPECT_EQ(finished.exit_code, 1);
  for (const std::string& part : GetParam().error) {
    EXPECT_EQ(Count(finished.text, in_directory(part)), 2) << part << " in: " << finished.text;
  }
  EXPECT_TRUE(left_nothing());
}

const std::string kDirectoryFailure =
    ": cannot be started: cannot create a directory for services (set MIRAKURU_DIR to use another "
    "place): "
    "DIRECTORY/";

INSTANTIATE_TEST_SUITE_P(
    Environment, TooHostile,
    testing::Values(
        Environment{"MissingProc",
                    {"--without-proc"},
                    {},
                    {},
                    {": cannot be started: the processes of a service are found in /proc, which "
                     "cannot be read: No such file or directory\n"},
                    true},
        Environment{"ReadOnlyTmpdir",
                    {"--read-only=DIRECTORY"},
                    {},
                    {},
                    {kDirectoryFailure + "mirakuru-", ": Read-only file system\n"}},
        Environment{"MissingTmpdirThatCannotBeMade",
                    {"--read-only=DIRECTORY"},
                    {{"TMPDIR", "DIRECTORY/is/not/there"}},
                    {},
                    {kDirectoryFailure + "is/not/there: Read-only file system\n"}},
        Environment{"NoInodes",
                    {"--without-inodes=DIRECTORY"},
                    {},
                    {},
                    {kDirectoryFailure + "mirakuru-", ": No space left on device\n"}},
        Environment{"FullTmpdir",
                    {"--full=DIRECTORY"},
                    {},
                    {},
                    {"prints_banner: what it printed cannot be written to DIRECTORY/mirakuru-",
                     "/stdout.log: No space left on device (ENOSPC)\n"}},
        Environment{"FullTmpdirAndMissingMemfd",
                    {"--full=DIRECTORY", "--refused=memfd_create", kMissing},
                    {},
                    {},
                    {": cannot be started: cannot write the supervisor to DIRECTORY/mirakuru-",
                     "/supervisor: No space left on device\n"}},
        Environment{"NoProgramsInTmpdirAndMissingMemfd",
                    {"--noexec=DIRECTORY", "--refused=memfd_create", kMissing},
                    {},
                    {},
                    {": cannot be started: cannot run DIRECTORY/mirakuru-",
                     "/supervisor: Permission denied\n"}},
        Environment{"TooFewDescriptors",
                    {"--descriptors=64"},
                    {},
                    {"--more=40"},
                    {": cannot be started: ", "Too many open files"},
                    true},
        Environment{"EmptyPathForAName",
                    {},
                    {{"PATH", ""}},
                    {"--program=true"},
                    {"true: cannot be started: there is no program 'true': No such file or "
                     "directory (ENOENT); PATH is empty\n"}}),
    NameOf);

TEST_F(Under, AnyNumberOfDescriptorsWorksOrIsReportedAsTooSmall) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer needs descriptors, too";
  for (int count = 5; count < 40; count += 3) {
    const Finished finished =
        run_under({"--descriptors=" + std::to_string(count)}, {FaultProgram("uses_services")});
    const bool reported = finished.text.find("cannot be started: ") != std::string::npos &&
                          finished.text.find("Too many open files") != std::string::npos;
    EXPECT_TRUE(finished.exit_code == 0 || (finished.exit_code == 1 && reported))
        << count << ": " << finished.text;
  }
}

TEST_F(Under, BlockedAndIgnoredSignalsAreNotTheServices) {
  const std::vector<std::string> restrictions{"--blocked-signals", "--ignored-sigpipe"};
  const std::string report = Service("reports_its_descriptors_and_signals");
  EXPECT_THAT(run_under(restrictions, {FaultProgram("starts"), report}).text,
              AllOf(HasSubstr("SigBlk:\t0000000000000000"), HasSubstr("SigIgn:\t0000000000000000"),
                    HasSubstr("end of report")));
  // The control: other programs inherit them.
  EXPECT_THAT(run_under(restrictions, {report}).text,
              AllOf(ContainsRegex("SigBlk:\t[0-9a-f]{15}f"),
                    ContainsRegex("SigIgn:\t[0-9a-f]{12}1"), HasSubstr("end of report")));
}

// --- a /proc that shows another pid namespace

const std::string kForeignProc =
    "true: cannot be started: the processes of a service are found in /proc, which shows those of "
    "another pid namespace here; mount a /proc of this namespace";

TEST_F(Under, AForeignProcIsRefused) {
  const Finished finished = run_under({"--foreign-proc"}, {FaultProgram("starts"), "true"});
  if (was_skipped()) return;
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.text, HasSubstr(kForeignProc));
}

// Found by the supervisor: for the test program /proc is correct.
TEST_F(Under, AForeignProcForWhatIsStartedIsRefused) {
  const Finished finished =
      run_under({"--foreign-proc-for-children"}, {FaultProgram("starts"), "true"});
  if (was_skipped()) return;
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.text, HasSubstr(kForeignProc));
}

// The control: the namespace does no harm with its own /proc.
TEST_F(Under, APidNamespaceWithItsOwnProcWorks) {
  const Finished finished = run_under({"--own-pids"}, {FaultProgram("uses_services")});
  if (was_skipped()) return;
  EXPECT_EQ(finished.exit_code, 0) << finished.text;
}

// The control: without a restriction, what the programs request is not too much.
TEST_F(Under, NoRestrictionEverythingWorks) {
  const Finished finished =
      run_under({}, {FaultProgram("uses_services"), "--more=40", "--program=true"});
  EXPECT_EQ(finished.exit_code, 0) << finished.text;
}

}  // namespace
}  // namespace mirakuru::tests
