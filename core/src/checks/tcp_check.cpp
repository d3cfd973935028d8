#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "checks/tcp_probe.hpp"
#include "executor/executor_state.hpp"
#include "resources/placeholders.hpp"

namespace mirakuru {

namespace {

[[noreturn]] void refuse(const std::string& address, const std::string& why) {
  throw std::invalid_argument(absl::StrCat("endpoint '", detail::readable(address), "': ", why));
}

// Brackets go around an IPv6 address, and nowhere else.
std::string without_brackets(const std::string& host) {
  const bool has_them = host.size() > 1 && host.front() == '[' && host.back() == ']';
  return has_them ? host.substr(1, host.size() - 2) : host;
}

void check_host(const std::string& address, const std::string& host) {
  if (host.empty()) refuse(address, "the host is empty");
  if (host.find_first_of(std::string("[]\0", 3)) != std::string::npos) {
    refuse(address, "a host has neither brackets nor a NUL character in it");
  }
}

void check_port(const std::string& address, const std::string& port) {
  int number = 0;
  const std::string sample = detail::fill_in_samples(port);
  const bool digits = sample.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || !absl::SimpleAtoi(sample, &number) || number < 1 || number > 65535) {
    refuse(address, absl::StrCat("'", detail::readable(port), "' is no port (1 to 65535)"));
  }
}

}  // namespace

Endpoint::Endpoint(const char* address) : Endpoint(std::string(address)) {}

Endpoint::Endpoint(const std::string& address) {
  // The colon of {port:name} is none of the address's.
  const std::size_t brace = address.rfind("{port:");
  const std::size_t colon = address.rfind(':', brace == std::string::npos ? brace : brace + 1);
  if (colon == std::string::npos) refuse(address, "host:port is wanted");
  const std::string host = address.substr(0, colon);
  host_ = without_brackets(host);
  port_ = address.substr(colon + 1);
  if (host_ == host && host.find(':') != std::string::npos) {
    refuse(address, "an IPv6 address goes into brackets: [::1]:80");
  }
  check_host(address, host_);
  check_port(address, port_);
}

Endpoint::Endpoint(const std::string& host, int port)
    : host_(without_brackets(host)), port_(std::to_string(port)) {
  check_host(to_string(), host_);
  check_port(to_string(), port_);
}

std::string Endpoint::to_string() const {
  return host_.find(':') == std::string::npos ? absl::StrCat(host_, ":", port_)
                                              : absl::StrCat("[", host_, "]:", port_);
}

namespace detail {
namespace {

// How long one address may leave us without an answer, where there are others to try.
constexpr std::chrono::milliseconds kAttempt(1000);

// Now and then a connection is tried although nobody listens: the machine may send it on to another
// one, as it does for the ports of some containers. It costs several times what the question who
// listens does, so each time after twice as long as the last, and no longer than this.
constexpr std::chrono::milliseconds kLongestUnconnected(1000);

bool is_loopback(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
    return ntohl(ipv4.sin_addr.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

std::string numeric(const sockaddr_storage& address, socklen_t size) {
  char host[NI_MAXHOST] = "";
  ::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host, sizeof host, nullptr, 0,
                NI_NUMERICHOST);
  return host;
}

// A connect to a port of the ephemeral range where nobody listens may be given that very port for
// its own end, and so meet itself (TCP's simultaneous open).
bool met_itself(int socket) {
  sockaddr_storage own{};
  sockaddr_storage peer{};
  socklen_t own_size = sizeof own;
  socklen_t peer_size = sizeof peer;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &own_size) != 0 ||
      ::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) {
    return false;
  }
  return own_size == peer_size && numeric(own, own_size) == numeric(peer, peer_size) &&
         reinterpret_cast<sockaddr_in&>(own).sin_port ==
             reinterpret_cast<sockaddr_in&>(peer).sin_port;
}

// On this machine the answer comes within microseconds, though not every kernel has it by the time
// that connect returns. A far one that is slow shall not delay the start.
bool accepts_at_once(int socket, const sockaddr_storage& address, socklen_t size) {
  constexpr int kPatienceMs = 100;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd connected{socket, POLLOUT, 0};
  int error = 0;
  socklen_t error_size = sizeof error;
  return ::poll(&connected, 1, kPatienceMs) > 0 &&
         ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &error_size) == 0 && error == 0;
}

class TcpDefinition : public CheckImplementation {
 public:
  explicit TcpDefinition(TcpCheck check) : check_(std::move(check)) {}

  std::string describe(ExecutorState* subject) const override {
    return filled_in(check_.endpoint.to_string(), subject) + " to accept a connection";
  }
  std::unique_ptr<Probe> begin(ExecutorState& subject) const override {
    return std::make_unique<TcpProbe>(subject, subject.expand(check_.endpoint.host()),
                                      subject.expand(check_.endpoint.port()));
  }
  std::optional<Endpoint> endpoint() const override { return check_.endpoint; }

 private:
  TcpCheck check_;
};

}  // namespace

TcpProbe::TcpProbe(ExecutorState& subject, std::string host, std::string port)
    : subject_(subject), host_(std::move(host)), port_(std::move(port)) {}

void TcpProbe::resolve() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found);
  if (error != 0) {
    last_answer_ = absl::StrCat("cannot resolve ", readable(host_), ": ",
                                error == EAI_SYSTEM ? errno_in_words(errno) : gai_strerror(error));
    return;
  }
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Address address;
    std::copy_n(reinterpret_cast<const char*>(one->ai_addr), one->ai_addrlen,
                reinterpret_cast<char*>(&address.storage));
    address.size = one->ai_addrlen;
    addresses_.push_back(address);
  }
  ::freeaddrinfo(found);
}

pid_t TcpProbe::root() const {
  const ServiceProcess* process = subject_.process();
  return process == nullptr ? 0 : process->shepherd();
}

std::optional<std::string> TcpProbe::already_running() {
  resolve();
  for (const Address& address : addresses_) {
    const UniqueFd socket(
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket || !accepts_at_once(socket.get(), address.storage, address.size) ||
        met_itself(socket.get())) {
      continue;
    }
    const os::Listener listener = os::tcp_listener(address.storage, 0);
    return absl::StrCat(listener.ownership == os::Listener::Ownership::foreign
                            ? os::describe_foreign_process(listener)
                            : "somebody",
                        " listens on ", numeric(address.storage, address.size), " port ", port_);
  }
  return std::nullopt;
}

bool TcpProbe::accepted_by_ours(const Address& address) {
  if (!subject_.options().verify_listener || subject_.options().launcher) return true;
  const os::Listener listener = os::tcp_listener(address.storage, root());
  if (listener.ownership != os::Listener::Ownership::foreign) return true;
  met_in_round_ = true;
  if (listener.foreign_sockets != named_sockets_) {
    named_sockets_ = listener.foreign_sockets;
    named_foreign_process_ = os::describe_foreign_process(listener);
  }
  error_ = 0;
  last_answer_ =
      absl::StrCat("a foreign process listens on ", numeric(address.storage, address.size),
                   " port ", port_, ": ", named_foreign_process_);
  return false;
}

std::string TcpProbe::last_answer() const {
  if (error_ == 0) return last_answer_;
  const Address& address = addresses_[failed_];
  return absl::StrCat(numeric(address.storage, address.size), " port ", port_, ": ",
                      errno_in_words(error_));
}

void TcpProbe::finish_attempt(int error) {
  const Address& address = addresses_[current_];
  const UniqueFd socket = std::move(connecting_);
  if (error == 0 && met_itself(socket.get())) error = ECONNREFUSED;
  if (error != 0) {
    // Of several addresses, the one where a foreign process listens tells most.
    if (!met_in_round_) {
      failed_ = current_;
      error_ = error;
    }
  } else if (accepted_by_ours(address)) {
    accepted_at_ = numeric(address.storage, address.size);
    ready_ = true;
    return;
  }
  if (++current_ == addresses_.size()) met_foreign_process_ = met_in_round_;
}

void TcpProbe::try_next_address() {
  Address& address = addresses_[current_];
  if (is_loopback(address.storage) && Clock::now() < address.connect_anyway &&
      lookup_.anybody_at(address.storage) == false) {
    return finish_attempt(ECONNREFUSED);
  }
  address.connect_anyway = Clock::now() + address.unconnected;
  address.unconnected = std::min<Clock::duration>(2 * address.unconnected, kLongestUnconnected);
  connecting_.reset(
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!connecting_) return finish_attempt(errno);
  if (::connect(connecting_.get(), reinterpret_cast<const sockaddr*>(&address.storage),
                address.size) == 0) {
    return finish_attempt(0);
  }
  if (errno != EINPROGRESS) return finish_attempt(errno);
  give_up_ = Clock::now() + kAttempt;
  // At once: ports of this machine have answered by now, and a sleep costs more than a look.
  look_for_answer();
}

void TcpProbe::look_for_answer() {
  pollfd connected{connecting_.get(), POLLOUT, 0};
  if (::poll(&connected, 1, 0) > 0) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(connecting_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    finish_attempt(error);
  } else if (Clock::now() >= give_up_) {
    finish_attempt(ETIMEDOUT);
  }
}

bool TcpProbe::ready() {
  if (connecting_) {
    look_for_answer();
  } else if (backoff_.due()) {
    current_ = 0;
    met_in_round_ = false;
    if (addresses_.empty()) resolve();
    if (addresses_.empty()) backoff_.tried();
  }
  while (!ready_ && !connecting_ && backoff_.due() && current_ < addresses_.size()) {
    try_next_address();
  }
  if (!ready_ && !connecting_ && current_ >= addresses_.size() && backoff_.due()) backoff_.tried();
  return ready_;
}

void TcpProbe::wait_on(WaitSet& set) {
  if (connecting_) {
    set.add(connecting_.get(), POLLOUT);
    set.wake_at(give_up_);
  } else {
    set.wake_at(backoff_.next());
  }
}

}  // namespace detail

Check::Check(TcpCheck check) : Check(std::make_shared<detail::TcpDefinition>(std::move(check))) {}

}  // namespace mirakuru
