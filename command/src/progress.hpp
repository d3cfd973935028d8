// What a person sees while services are started: on a terminal a live line for each, elsewhere
// plain lines. On stderr: stdout belongs to the tests.
#ifndef MIRAKURU_COMMAND_SRC_PROGRESS_HPP_
#define MIRAKURU_COMMAND_SRC_PROGRESS_HPP_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "group.hpp"

namespace mirakuru::command {

class ProgressDisplay {
 public:
  ProgressDisplay();
  // Leaves the terminal as a person expects it.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  // A live line wants to be drawn again from time to time.
  void wait_on(detail::WaitSet& set) const;
  void show(const std::vector<Progress>& services);

 private:
  void draw(const std::vector<Progress>& services);
  void tell_changes(const std::vector<Progress>& services);

  const bool on_terminal_;
  std::size_t lines_drawn_ = 0;
  std::map<std::string, Progress::State> told_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_PROGRESS_HPP_
