// Copies a service's output to the test program's stderr as it is printed, line by line, each line
// preceded by the service's name (MIRAKURU_ECHO).
#ifndef MIRAKURU_CORE_SUPERVISOR_ECHO_HPP_
#define MIRAKURU_CORE_SUPERVISOR_ECHO_HPP_

#include "system.hpp"

namespace mirakuru::supervisor {

// A reader that has stopped reading must not block the service. The mode of the descriptor belongs
// to the test program, so if the kind of file allows it we open a separate, non-blocking one.
Fd open_echo_target(Fd given);

class Echo {
 public:
  Echo() = default;
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;
  ~Echo() { std::free(line_); }

  // `target` is borrowed. If it is -1, nothing is echoed.
  void open(int target, const char* name);
  void write(const char* data, std::size_t size);
  // Writes an incomplete last line.
  void finish();

 private:
  void add(const char* data, std::size_t size);
  void end_line();

  int target_ = -1;
  char* line_ = nullptr;
  std::size_t prefix_size_ = 0;
  std::size_t size_ = 0;
  bool is_stuck_ = false;  // there was no room for the last line
  Time give_up_ = 0;
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_ECHO_HPP_
