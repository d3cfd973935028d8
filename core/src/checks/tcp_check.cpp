#include <stdexcept>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "checks/tcp_probe.hpp"
#include "resources/placeholders.hpp"

namespace mirakuru {

namespace {

[[noreturn]] void refuse(const std::string& address, const std::string& why) {
  throw std::invalid_argument(absl::StrCat("endpoint '", detail::readable(address), "': ", why));
}

// Only an IPv6 address may be in brackets.
std::string without_brackets(const std::string& host) {
  const bool has_them = host.size() > 1 && host.front() == '[' && host.back() == ']';
  return has_them ? host.substr(1, host.size() - 2) : host;
}

void validate_host(const std::string& address, const std::string& host) {
  if (host.empty()) refuse(address, "the host is empty");
  if (host.find_first_of(std::string("[]\0", 3)) != std::string::npos) {
    refuse(address, "a host has neither brackets nor a NUL character in it");
  }
}

void validate_port(const std::string& address, const std::string& port) {
  detail::refuse_misspelled_placeholders(
      port, absl::StrCat("endpoint '", detail::readable(address), "'"));
  int number = 0;
  const std::string sample = detail::fill_in_samples(port);
  const bool digits = sample.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || !absl::SimpleAtoi(sample, &number) || number < 1 || number > 65535) {
    refuse(address, absl::StrCat("'", detail::readable(port), "' is not a port (1 to 65535)"));
  }
}

}  // namespace

Endpoint::Endpoint(const char* address) : Endpoint(std::string(address)) {}

Endpoint::Endpoint(const std::string& address) {
  // The colon in {port:name} does not separate host and port.
  const std::size_t brace = address.rfind("{port:");
  const std::size_t colon = address.rfind(':', brace == std::string::npos ? brace : brace + 1);
  if (colon == std::string::npos) refuse(address, "expected host:port");
  const std::string host = address.substr(0, colon);
  host_ = without_brackets(host);
  port_ = address.substr(colon + 1);
  if (host_ == host && host.find(':') != std::string::npos) {
    refuse(address, "an IPv6 address goes into brackets: [::1]:80");
  }
  validate_host(address, host_);
  validate_port(address, port_);
}

Endpoint::Endpoint(const std::string& host, int port)
    : host_(without_brackets(host)), port_(std::to_string(port)) {
  validate_host(to_string(), host_);
  validate_port(to_string(), port_);
}

std::string Endpoint::to_string() const {
  return host_.find(':') == std::string::npos ? absl::StrCat(host_, ":", port_)
                                              : absl::StrCat("[", host_, "]:", port_);
}

namespace detail {
namespace {

class TcpImplementation : public CheckImplementation {
 public:
  explicit TcpImplementation(TcpCheck check) : check_(std::move(check)) {}

  std::string describe(const Expand& expand) const override {
    return expand(check_.endpoint.to_string()) + " to accept a connection";
  }
  std::vector<std::string> texts() const override { return {check_.endpoint.to_string()}; }
  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override {
    return std::make_unique<TcpProbe>(context, context.expand(check_.endpoint.host()),
                                      context.expand(check_.endpoint.port()));
  }
  std::optional<Endpoint> endpoint() const override { return check_.endpoint; }

 private:
  TcpCheck check_;
};

}  // namespace
}  // namespace detail

Check::Check(TcpCheck check)
    : Check(std::make_shared<detail::TcpImplementation>(std::move(check))) {}

}  // namespace mirakuru
