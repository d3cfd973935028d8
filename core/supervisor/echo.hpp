// Copies a service's output to the test program's stderr as it comes, line by line, each line with
// the service's name before it (MIRAKURU_ECHO).
#ifndef MIRAKURU_CORE_SUPERVISOR_ECHO_HPP_
#define MIRAKURU_CORE_SUPERVISOR_ECHO_HPP_

#include "system.hpp"

namespace mirakuru::supervisor {

// What a reader that has stopped reading must not do is stop the service. The descriptor's mode is
// the test program's own, so where the kind of file allows it we open our own, non-blocking one.
Fd open_echo_target(Fd given);

class Echo {
 public:
  Echo() = default;
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;
  ~Echo() { std::free(line_); }

  // `target` is borrowed. Without it (-1) nothing is echoed.
  void open(int target, const char* name);
  void write(const char* data, std::size_t size);
  // Writes a last line that has no newline.
  void finish();

 private:
  void add(const char* data, std::size_t size);
  void end_line();

  int target_ = -1;
  char* line_ = nullptr;
  std::size_t prefix_size_ = 0;
  std::size_t size_ = 0;
  bool is_stuck_ = false;  // the last line found no room
  Time give_up_ = 0;
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_ECHO_HPP_
