#include <map>
#include <string>

#include "mirakuru/gtest.hpp"
#include "mirakuru/service.hpp"
#include "plugin.hpp"
#include "report.hpp"

namespace mirakuru::gtest {
namespace {

class ReferredService : public plugin::Service {
 public:
  ReferredService(const ServiceRef& service, const std::string& name)
      : Service({name, service.file(), service.line(), plugin::Scope::run}),
        executor_(service.executor()) {}

 private:
  SimpleExecutor& make() override { return executor_; }
  void destroy() override {}

  SimpleExecutor& executor_;
};

}  // namespace

Environment::Environment(std::initializer_list<ServiceRef> services) {
  detail::install();
  std::map<std::string, int> count;
  for (const ServiceRef& service : services) {
    std::string name = service.executor().name();
    const int number = ++count[name];
    if (number > 1) name += " (" + std::to_string(number) + ")";
    services_.push_back(std::make_unique<ReferredService>(service, name));
  }
}

Environment::~Environment() = default;

std::vector<plugin::Service*> Environment::services() const {
  std::vector<plugin::Service*> services;
  for (const auto& service : services_) services.push_back(service.get());
  return services;
}

void Environment::SetUp() { plugin::start_for_all_tests(services()); }

void Environment::TearDown() {
  const detail::OnlyRecordFailures guard;
  detail::report(plugin::stop_for_all_tests(services()), testing::TestPartResult::kNonFatalFailure);
}

}  // namespace mirakuru::gtest
