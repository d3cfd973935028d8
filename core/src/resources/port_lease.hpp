// A free TCP port, reserved so that no other program is given it.
#ifndef MIRAKURU_CORE_SRC_RESOURCES_PORT_LEASE_HPP_
#define MIRAKURU_CORE_SRC_RESOURCES_PORT_LEASE_HPP_

#include "base/unique_fd.hpp"

namespace mirakuru::detail {

// The port is bound, but not listened on, with SO_REUSEADDR (socket(7)): the kernel gives it to no
// bind(0) and no connect, but still lets a service listen on it that sets SO_REUSEADDR, as servers
// do.
class PortLease {
 public:
  // Throws std::system_error if the system has no port left.
  PortLease();

  int port() const { return port_; }
  // For services that do not set SO_REUSEADDR: frees the port, and takes it back.
  void release() { socket_.reset(); }
  void retake();

 private:
  UniqueFd socket_;
  int port_ = 0;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_RESOURCES_PORT_LEASE_HPP_
