#include <exception>
#include <stdexcept>

#include "base/text.hpp"
#include "checks/check_implementation.hpp"

namespace mirakuru::detail {
namespace {

class CallableProbe : public Probe {
 public:
  explicit CallableProbe(const std::function<bool()>& callable) : callable_(callable) {}

  bool ready() override {
    if (!backoff_.due()) return false;
    try {
      if (callable_()) return true;
      last_answer_ = "it returned false";
    } catch (const std::exception& error) {
      // Clients commonly throw while the service does not answer yet.
      last_answer_ = std::string("it threw: ") + readable(error.what());
    }
    backoff_.tried();
    return false;
  }

  void wait_on(WaitSet& set) override { set.wake_at(backoff_.next()); }
  std::string last_answer() const override { return last_answer_; }

 private:
  const std::function<bool()>& callable_;
  Backoff backoff_;
  std::string last_answer_;
};

class CallableImplementation : public CheckImplementation {
 public:
  CallableImplementation(std::string description, std::function<bool()> callable)
      : description_(std::move(description)), callable_(std::move(callable)) {
    if (!callable_) throw std::invalid_argument("check: the callable is empty");
  }

  std::string describe(const Expand& /*expand*/) const override { return description_; }
  std::unique_ptr<Probe> make_probe(const ProbeContext& /*context*/) const override {
    return std::make_unique<CallableProbe>(callable_);
  }

 private:
  std::string description_;
  std::function<bool()> callable_;
};

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(std::string description, std::function<bool()> ready)
    : Check(std::make_shared<detail::CallableImplementation>(std::move(description),
                                                             std::move(ready))) {}

}  // namespace mirakuru
