// What to run, and how: the LaunchHeader and the specification that follows it, validated, so that
// the rest of the program can rely on it.
#ifndef MIRAKURU_CORE_SUPERVISOR_SPECIFICATION_HPP_
#define MIRAKURU_CORE_SUPERVISOR_SPECIFICATION_HPP_

#include <sys/types.h>

#include "owner_watch.hpp"
#include "protocol.hpp"
#include "system.hpp"

namespace mirakuru::supervisor {

class Specification {
 public:
  // Returns 0, or an errno if it is invalid. E2BIG: more than any execve(2) accepts. ECANCELED: the
  // owner has ended.
  int receive_from(const OwnerWatch& owner);

  protocol::Spec head;
  const gid_t* groups = nullptr;
  const char* name = nullptr;
  const char* program = nullptr;
  const char* log_names[2] = {};  // of stdout, of stderr
  char** arguments = nullptr;     // both end with a null pointer, as execve requires
  char** environment = nullptr;
  Fd fds[protocol::kFdSlots];

 private:
  int receive_header(const OwnerWatch& owner, std::size_t& size);
  int receive_bytes(const OwnerWatch& owner, std::size_t size);
  int parse(std::size_t size);

  List<char> bytes_;
  List<char*> strings_;
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_SPECIFICATION_HPP_
