// Looks up the addresses of a host, without waiting. The system's resolver, which knows the hosts
// file and name servers, can only be asked and waited for; so it is asked in a thread. Numeric
// addresses and "localhost" are resolved at once, without a thread.
#ifndef MIRAKURU_CORE_SRC_CHECKS_HOST_LOOKUP_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_HOST_LOOKUP_HPP_

#include <netdb.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "base/waiting.hpp"

namespace mirakuru::detail {

struct FreeAddressList {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreeAddressList>;

// One lookup, which begins with the object. If it is destroyed earlier, the thread ends by itself
// when the resolver has answered.
class HostLookup {
 public:
  struct Result {
    AddressList addresses;  // null if there are none
    std::string error;      // why
  };

  HostLookup(const std::string& host, const std::string& port);

  // nullopt while it is not known. Must not be called again after it returned the result.
  std::optional<Result> take_result();
  void wait_on(WaitSet& set) const;
  std::chrono::milliseconds duration() const;

 private:
  const Clock::time_point begin_ = Clock::now();
  std::future<Result> result_;
  UniqueFd answered_;  // its other end is closed when the result is there
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_HOST_LOOKUP_HPP_
