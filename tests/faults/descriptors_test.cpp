// Whatever descriptors a test program has open, and whatever programs it starts at the same time:
// no service inherits a descriptor of the test's, and no other program one of mirakuru's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "faults/under.hpp"
#include "support/run_program.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::Gt;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// How many descriptors each of them found, printed by programs/has_many_descriptors.
struct Found {
  explicit Found(const std::string& without) {
    const Finished program =
        RunToTheEnd({FaultProgram("has_many_descriptors"), "--without=" + without});
    EXPECT_EQ(program.exit_code, 0) << program.text;
    std::istringstream facts(program.text);
    std::string whose;
    for (int count = 0; facts >> whose >> count;) {
      if (whose == "before") before = count;
      if (whose == "service") services.push_back(count);
      if (whose == "other") others.push_back(count);
    }
  }

  int before = 0;
  std::vector<int> services;
  std::vector<int> others;
};

constexpr int kStreams = 3;

TEST(Descriptors, AreInheritedByNobody) {
  const Found found("nothing");
  EXPECT_THAT(found.services, AllOf(SizeIs(20), Each(kStreams)));
  EXPECT_THAT(found.others, AllOf(SizeIs(Gt(19)), Each(found.before)));
  EXPECT_GE(found.before, 1000 + kStreams) << "the control: others do inherit the test's";
}

TEST(Descriptors, OfOursWouldBeInheritedWithoutCloseOnExec) {
  const Found found("close_on_exec");
  EXPECT_THAT(found.others, Contains(Gt(found.before)));
  EXPECT_THAT(found.services, Each(kStreams)) << "services are protected twice";
}

class DescriptorsOfAMillion : public Under {
 protected:
  std::string report_of(const std::vector<std::string>& program) {
    return run_under({"--descriptors=1000000", "--inheritable"}, program).text;
  }
  const std::string reports_ = Service("reports_its_descriptors_and_signals");
};

TEST_F(DescriptorsOfAMillion, AreNoneOfTheServices) {
  EXPECT_THAT(report_of({FaultProgram("starts"), reports_}),
              AllOf(HasSubstr("end of report"), Not(HasSubstr("/dev/zero"))));
  EXPECT_THAT(report_of({reports_}), HasSubstr("/dev/zero")) << "the control: others inherit it";
}

}  // namespace
}  // namespace mirakuru::tests
