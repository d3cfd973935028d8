#include "checks/tcp_probe.hpp"

#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"

namespace mirakuru::detail {
namespace {

// How long to wait for an answer from one address if there are others to try.
constexpr std::chrono::milliseconds kAttempt(1000);

// The same before the start. On this machine the answer takes microseconds; a slow remote one must
// not delay the start, nor must a slow name server.
constexpr std::chrono::milliseconds kAttemptBeforeStart(100);
constexpr std::chrono::milliseconds kLookupBeforeStart(1000);

// From time to time a connection is tried even if nothing listens: the machine may forward it to
// another one, as it does for the ports of some containers. It costs several times as much as
// looking for a listener, so the interval doubles each time, up to this limit.
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

// A connect to a port of the ephemeral range on which nothing listens may be given that very port
// as its local port, and so connect to itself (TCP's simultaneous open).
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

}  // namespace

TcpProbe::TcpProbe(const ProbeContext& context, std::string host, std::string port)
    : context_(context), host_(std::move(host)), port_(std::move(port)) {}

bool TcpProbe::resolve() {
  if (!addresses_.empty()) return true;
  if (!host_lookup_) {
    if (!backoff_.due()) return false;
    host_lookup_.emplace(host_, port_);
    deadline_ = Clock::now() + kLookupBeforeStart;
  }
  const std::optional<HostLookup::Result> result = host_lookup_->take_result();
  if (!result) return false;
  host_lookup_.reset();
  if (result->addresses == nullptr) {
    last_answer_ = absl::StrCat("cannot resolve ", readable(host_), ": ", result->error);
    backoff_.tried();
    return false;
  }
  for (const addrinfo* one = result->addresses.get(); one != nullptr; one = one->ai_next) {
    Address address;
    std::copy_n(reinterpret_cast<const char*>(one->ai_addr), one->ai_addrlen,
                reinterpret_cast<char*>(&address.storage));
    address.size = one->ai_addrlen;
    addresses_.push_back(address);
  }
  return true;
}

UniqueFd TcpProbe::begin_to_connect(const Address& address, int& error) {
  UniqueFd socket(
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const bool connected =
      socket && ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage),
                          address.size) == 0;
  error = connected ? 0 : errno;
  return socket;
}

int TcpProbe::answer_to(const UniqueFd& connecting) {
  pollfd connected{connecting.get(), POLLOUT, 0};
  if (::poll(&connected, 1, 0) <= 0) return EINPROGRESS;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(connecting.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

bool TcpProbe::examine_before_start() {
  if (is_examined_) return true;
  if (early_attempts_.empty()) {
    if (!resolve() && host_lookup_ && Clock::now() < deadline_) return false;
    deadline_ = Clock::now() + kAttemptBeforeStart;
    for (const Address& address : addresses_) {
      EarlyAttempt attempt;
      attempt.socket = begin_to_connect(address, attempt.error);
      early_attempts_.push_back(std::move(attempt));
    }
  }
  bool known = true;
  for (EarlyAttempt& attempt : early_attempts_) {
    if (attempt.error == EINPROGRESS) attempt.error = answer_to(attempt.socket);
    known = known && attempt.error != EINPROGRESS;
  }
  is_examined_ = known || Clock::now() >= deadline_;
  return is_examined_;
}

std::optional<std::string> TcpProbe::already_running() {
  const std::vector<EarlyAttempt> attempts = std::exchange(early_attempts_, {});
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const Address& address = addresses_[i];
    if (attempts[i].error != 0 || met_itself(attempts[i].socket.get())) continue;
    const os::Listener listener = os::tcp_listener(address.storage, 0);
    return absl::StrCat(listener.ownership == os::Listener::Ownership::foreign
                            ? os::describe_foreign_process(listener)
                            : "a process",
                        " listens on ", numeric(address.storage, address.size), " port ", port_);
  }
  return std::nullopt;
}

bool TcpProbe::accepted_by_ours(const Address& address) {
  if (!context_.options().verify_listener || context_.options().launcher) return true;
  const os::Listener listener = os::tcp_listener(address.storage, context_.root_process());
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
  // The lookup that is under way when time is up counts, unless it has just begun.
  constexpr std::chrono::milliseconds kLong(100);
  if (host_lookup_ && (last_answer_.empty() || host_lookup_->duration() >= kLong)) {
    return absl::StrCat("the resolver has not found ", readable(host_), " in ",
                        in_words(host_lookup_->duration()));
  }
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
    // Of several addresses, one on which a foreign process listens is the most informative.
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
      listener_lookup_.has_listener_at(address.storage) == false) {
    return finish_attempt(ECONNREFUSED);
  }
  address.connect_anyway = Clock::now() + address.unconnected;
  address.unconnected = std::min<Clock::duration>(2 * address.unconnected, kLongestUnconnected);
  int error = 0;
  connecting_ = begin_to_connect(address, error);
  if (error != EINPROGRESS) return finish_attempt(error);
  deadline_ = Clock::now() + kAttempt;
  // At once: ports of this machine have answered by now, and a sleep costs more than a look.
  look_for_answer();
}

void TcpProbe::look_for_answer() {
  const int error = answer_to(connecting_);
  if (error != EINPROGRESS) {
    finish_attempt(error);
  } else if (Clock::now() >= deadline_) {
    finish_attempt(ETIMEDOUT);
  }
}

bool TcpProbe::ready() {
  is_started_ = true;
  if (!resolve()) return false;
  if (connecting_) {
    look_for_answer();
  } else if (backoff_.due()) {
    current_ = 0;
    met_in_round_ = false;
  }
  while (!ready_ && !connecting_ && backoff_.due() && current_ < addresses_.size()) {
    try_next_address();
  }
  if (!ready_ && !connecting_ && current_ >= addresses_.size() && backoff_.due()) backoff_.tried();
  return ready_;
}

void TcpProbe::wait_on(WaitSet& set) {
  if (is_examined_ && !is_started_) return;  // other probes are still examining
  if (host_lookup_) {
    host_lookup_->wait_on(set);
    // After the start, the start has its own deadline.
    if (!is_started_) set.wake_at(deadline_);
  } else if (!is_started_) {
    for (const EarlyAttempt& attempt : early_attempts_) {
      if (attempt.error == EINPROGRESS) set.add(attempt.socket.get(), POLLOUT);
    }
    set.wake_at(deadline_);
  } else if (connecting_) {
    set.add(connecting_.get(), POLLOUT);
    set.wake_at(deadline_);
  } else {
    set.wake_at(backoff_.next());
  }
}

}  // namespace mirakuru::detail
