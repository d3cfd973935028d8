// Connects until the service's own socket accepts. Used by TcpCheck, and by HttpCheck before its
// request.
#ifndef MIRAKURU_CORE_SRC_CHECKS_TCP_PROBE_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_TCP_PROBE_HPP_

#include <sys/socket.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "checks/host_lookup.hpp"
#include "checks/probe.hpp"
#include "linux/listeners.hpp"

namespace mirakuru::detail {

class TcpProbe : public Probe {
 public:
  // `host` and `port` have their placeholders filled in.
  TcpProbe(const ProbeContext& context, std::string host, std::string port);

  bool examine_before_start() override;
  std::optional<std::string> already_running() override;
  bool ready() override;
  void wait_on(WaitSet& set) override;
  std::string last_answer() const override;
  bool met_foreign_process() const override { return met_foreign_process_; }

  // The numeric address that accepted; valid once ready.
  const std::string& accepted_at() const { return accepted_at_; }

 private:
  struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    // When to connect even if nothing seems to listen, and how long to wait before the next time.
    Clock::time_point connect_anyway;
    Clock::duration unconnected = std::chrono::milliseconds(250);
  };
  // A connection attempt before the start.
  struct EarlyAttempt {
    UniqueFd socket;
    int error = 0;  // EINPROGRESS while there is no answer
  };
  // The socket, and in `error` the result of connect(2); EINPROGRESS: see answer_to() later.
  static UniqueFd begin_to_connect(const Address& address, int& error);
  static int answer_to(const UniqueFd& connecting);
  // True once there are addresses to try.
  bool resolve();
  void try_next_address();
  void look_for_answer();
  void finish_attempt(int error);
  bool accepted_by_ours(const Address& address);

  const ProbeContext& context_;
  std::string host_;
  std::string port_;
  std::optional<HostLookup> host_lookup_;  // while it is under way
  std::vector<Address> addresses_;  // a name may have several; the service may listen on only one
  std::vector<EarlyAttempt> early_attempts_;  // one per address
  bool is_examined_ = false;                  // before the start
  bool is_started_ = false;
  std::size_t current_ = 0;
  os::ListenerLookup listener_lookup_;
  UniqueFd connecting_;
  Clock::time_point deadline_;  // for what does not answer: a lookup before the start, an address
  Backoff backoff_ = Backoff::of_cheap_tries();
  bool ready_ = false;
  bool met_foreign_process_ = false;  // in the last complete round
  bool met_in_round_ = false;
  // The result of the last try: an error, formatted only on demand, or else a text.
  std::size_t failed_ = 0;  // index of the address
  int error_ = 0;
  std::string last_answer_;
  std::string accepted_at_;
  std::vector<ino_t>
      named_sockets_;  // of the foreign process that was named last: naming is expensive
  std::string named_foreign_process_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_TCP_PROBE_HPP_
