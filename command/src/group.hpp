// Several services that are started in parallel, each as soon as its dependencies are ready, and
// stopped in reverse order.
#ifndef MIRAKURU_COMMAND_SRC_GROUP_HPP_
#define MIRAKURU_COMMAND_SRC_GROUP_HPP_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/waiting.hpp"
#include "service_definition.hpp"

namespace mirakuru::detail {
class StartLoop;
}

namespace mirakuru::command {

// How far the start of a service is.
struct Progress {
  enum class State { waiting, starting, ready };
  std::string name;
  State state = State::waiting;
  std::string waited_for;
  std::chrono::milliseconds waited{};
  std::string last_answer;
};

// Observes a start, and can cancel it.
class StartObserver {
 public:
  virtual ~StartObserver() = default;
  // Adds further events to wake up for.
  virtual void wait_on(detail::WaitSet& set) = 0;
  // Called whenever something may have happened. True: cancel the start.
  virtual bool cancels(const std::vector<Progress>& progress) = 0;
};

class StartCancelled {};

class Group {
 public:
  // `outer` resolves what the group does not know itself. Throws std::invalid_argument if a
  // dependency is unknown or circular.
  Group(std::vector<ServiceDefinition> definitions, Resolver outer);
  ~Group();

  // Throws what SimpleExecutor::start() throws for the first that fails, or StartCancelled; nothing
  // is left running then.
  void start(StartObserver& observer);
  // In reverse order. Returns the errors of those that did not stop cleanly, or had ended before.
  std::vector<std::string> stop();

  // Those that are ready, in the order in which they became ready.
  const std::vector<SimpleExecutor*>& started() const { return started_; }
  // A text with what it says of these services filled in ({redis.port}). Throws
  // std::invalid_argument if a service has no such port, or is not started yet.
  std::string resolve(std::string_view text) const;

 private:
  struct Member;
  // Starts what can be started. True: all are ready.
  bool step();
  Member* find(const std::string& name) const;
  std::vector<Progress> progress() const;

  std::vector<std::unique_ptr<Member>> members_;
  std::vector<SimpleExecutor*> started_;
  detail::StartLoop* loop_ = nullptr;  // during start()
  Resolver outer_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_GROUP_HPP_
