// Addresses and URLs: accepted ones give one host and one port; others are rejected when the check
// is created, with a readable message.
#include <re2/re2.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "checks/http_request.hpp"
#include "fuzz.hpp"
#include "mirakuru/check.hpp"
#include "resources/placeholders.hpp"

namespace mirakuru::fuzz {
namespace {

void require_a_port(const std::string& port) {
  int number = 0;
  require(RE2::FullMatch(port, "[0-9]+") && RE2::FullMatch(port, "0*([0-9]{1,5})", &number) &&
              number >= 1 && number <= 65535,
          "'" + port + "' is a port");
}

void require_a_host(const std::string& host) {
  require(!host.empty() && host.find_first_of(std::string("[]\0", 3)) == std::string::npos,
          "'" + detail::readable(host) + "' is a host");
}

void require_fit_to_be_shown(const std::invalid_argument& error) {
  require(detail::readable(error.what()) == error.what(), "the message has no control characters");
}

void address(const std::string& text) {
  try {
    const Endpoint endpoint(text);
    require_a_host(endpoint.host());
    // With sample values for placeholders.
    require_a_port(detail::fill_in_samples(endpoint.port()));
    const Endpoint again(endpoint.to_string());
    require(again.host() == endpoint.host() && again.port() == endpoint.port(),
            "'" + endpoint.to_string() + "' is the same as '" + text + "'");
    const Check check(TcpCheck{endpoint});
    require(!check.to_string().empty(), "the check says what it waits for");
  } catch (const std::invalid_argument& error) {
    require_fit_to_be_shown(error);
  }
}

void host_and_port(const std::string& host, int port) {
  try {
    const Endpoint endpoint(host, port);
    require_a_host(endpoint.host());
    require(Endpoint(endpoint.to_string()).host() == endpoint.host(), "host and port as a text");
  } catch (const std::invalid_argument& error) {
    require_fit_to_be_shown(error);
  }
}

// RFC 3986, 3.2: host and port of an unambiguous authority.
void require_the_host_that_it_names(const std::string& url, const detail::Url& parsed) {
  static const RE2 plain(
      R"((?i)https?://(?:[^\x00-\x20/?#@\\]*@)?([a-z0-9.-]+)(?::([0-9]{1,5}))?([/?#].*)?)",
      RE2::Latin1);
  static const RE2 ipv6(
      R"((?i)https?://\[([0-9a-f:.]+)(?:%25([a-z0-9]+))?\](?::([0-9]{1,5}))?([/?#].*)?)",
      RE2::Latin1);
  std::string host;
  std::string zone;
  std::string port;
  if (RE2::FullMatch(url, plain, &host, &port)) {
    // 127.1 and 0x7f.1 are IPv4 addresses, normalised to four numbers.
    const bool number =
        RE2::FullMatch(host, R"((?i)(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?)");
    require(number || parsed.host == host, "the host of " + url + " is " + parsed.host);
  } else if (RE2::FullMatch(url, ipv6, &host, &zone, &port)) {
    require(zone.empty() == (parsed.host.find('%') == std::string::npos),
            "the zone of " + url + " is in " + parsed.host);
  } else {
    return;
  }
  require(port.empty() || std::stoi(port) == std::stoi(parsed.port),
          "the port of " + url + " is " + parsed.port);
}

void url(const std::string& text) {
  try {
    const Check check(HttpCheck{text});
    const detail::Url parsed = detail::parse_url(detail::fill_in_samples(text), text);
    require_a_host(parsed.host);
    require_a_port(parsed.port);
    require(text.find('\0') == std::string::npos, "all of the URL counts");
    require_the_host_that_it_names(parsed.text, parsed);
    // The endpoint of the connection before the request.
    const auto endpoint = check.implementation().endpoint();
    require(endpoint && endpoint->host() == parsed.host && endpoint->port() == parsed.port,
            "the endpoint of " + text);
  } catch (const std::invalid_argument& error) {
    require_fit_to_be_shown(error);
  }
}

}  // namespace
}  // namespace mirakuru::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  mirakuru::fuzz::address(text);
  mirakuru::fuzz::host_and_port(text, 80);
  mirakuru::fuzz::url(text);
  mirakuru::fuzz::url("http://" + text);
  return 0;
}
