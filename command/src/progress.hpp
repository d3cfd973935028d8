// Shows the progress of a start on stderr: on a terminal one live line per service, otherwise plain
// lines.
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
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  // Live lines are redrawn from time to time.
  void wait_on(detail::WaitSet& set) const;
  void show(const std::vector<Progress>& services);

 private:
  void draw(const std::vector<Progress>& services);
  void print_changes(const std::vector<Progress>& services);

  const bool on_terminal_;
  std::size_t lines_drawn_ = 0;
  std::map<std::string, Progress::State> shown_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_PROGRESS_HPP_
