#include "checks/http_request.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/text.hpp"

namespace mirakuru::detail {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* resource) const {
    kFree(resource);
  }
};
using Easy = std::unique_ptr<CURL, Free<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Free<curl_multi_cleanup>>;
using UrlHandle = std::unique_ptr<CURLU, Free<curl_url_cleanup>>;
using List = std::unique_ptr<curl_slist, Free<curl_slist_free_all>>;
using CurlText = std::unique_ptr<char, Free<curl_free>>;

std::string part_of(const UrlHandle& url, CURLUPart part) {
  char* value = nullptr;
  curl_url_get(url.get(), part, &value, CURLU_DEFAULT_PORT);
  const CurlText text(value);
  return value == nullptr ? "" : value;
}

// A link-local address is incomplete without its zone: "fe80::1%eth0".
std::string host_of(const UrlHandle& url) {
  const std::string host = part_of(url, CURLUPART_HOST);
  const std::string zone = part_of(url, CURLUPART_ZONEID);
  absl::string_view name = host;
  if (absl::ConsumePrefix(&name, "[")) absl::ConsumeSuffix(&name, "]");
  return absl::StrCat(name, zone.empty() ? "" : "%", zone);
}

}  // namespace

Url parse_url(const std::string& text, const std::string& given) {
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument(
        absl::StrCat("HttpCheck::url: bad URL '", readable(given), "': ", why));
  };
  if (text.empty()) refuse("it is empty");
  // libcurl would use only what comes before the NUL.
  if (text.find('\0') != std::string::npos) refuse("it holds a NUL character");
  const UrlHandle url(curl_url());
  const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0);
  if (code != CURLUE_OK) refuse(absl::AsciiStrToLower(curl_url_strerror(code)));
  const std::string scheme = part_of(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    refuse(absl::StrCat("'", readable(scheme), "' is neither http nor https"));
  }
  const std::string port = part_of(url, CURLUPART_PORT);
  int number = 0;
  if (!absl::SimpleAtoi(port, &number) || number < 1 || number > 65535) {
    refuse(absl::StrCat("'", readable(port), "' is not a port (1 to 65535)"));
  }
  const std::string host = host_of(url);
  // libcurl accepts anything as the zone of an IPv6 address.
  if (host.find_first_of("[]") != std::string::npos) refuse("the host has brackets in it");
  return {text, host, port};
}

class HttpRequest::Transfer {
 public:
  Transfer(const HttpCheck& check, const ProbeContext& context, const Url& url,
           const std::string& address)
      : check_(check), context_(context), url_(url) {
    static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(global);  // if it fails, every request fails with an error that explains it
    multi_.reset(curl_multi_init());
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Transfer::on_socket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);

    easy_.reset(curl_easy_init());
    set_limits();
    set_target(address);
    set_content();
    set_headers();
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    curl_multi_add_handle(multi_.get(), easy_.get());
  }
  ~Transfer() { curl_multi_remove_handle(multi_.get(), easy_.get()); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  bool advance() {
    int running = 0;
    curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
    // 0: libcurl itself checks what the descriptor is ready for. A copy, as the calls change the
    // map.
    const std::map<curl_socket_t, short> sockets = sockets_;
    for (const auto& entry : sockets) {
      curl_multi_socket_action(multi_.get(), entry.first, 0, &running);
    }
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    if (message != nullptr) {
      result_ = message->data.result;
      return true;
    }
    if (!deadline_.expired()) return false;
    result_ = CURLE_OPERATION_TIMEDOUT;
    return true;
  }

  void wait_on(WaitSet& set) const {
    for (const auto& [socket, events] : sockets_) set.add(socket, events);
    long milliseconds = -1;
    curl_multi_timeout(multi_.get(), &milliseconds);
    if (milliseconds >= 0) set.wake_at(Clock::now() + std::chrono::milliseconds(milliseconds));
    set.wake_at(deadline_.time());
  }

  int status() const { return answered() ? static_cast<int>(response_code()) : 0; }

  std::string answer() const {
    const std::string status_line = readable(status_line_);
    if (!answered()) {
      return status_line.empty() ? why_no_answer()
                                 : absl::StrCat(why_no_answer(), " (", status_line, ")");
    }
    const std::string body = readable(body_);
    return body.empty() ? status_line
                        : absl::StrCat(status_line, ": ", body.substr(0, body.find('\n')));
  }

 private:
  // A server that sends more is considered broken.
  static constexpr std::size_t kMostHeaders = 256 * 1024;
  static constexpr std::size_t kShownOfBody = 200;

  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_.get(), option, value);
  }

  void set_limits() {
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PROXY, "");  // ignore http_proxy
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_HTTP_VERSION, !check_.http2 ? CURL_HTTP_VERSION_1_1
                              : absl::StartsWith(url_.text, "https:")
                                  ? CURL_HTTP_VERSION_2TLS
                                  : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE);
    set(CURLOPT_FOLLOWLOCATION, check_.follow_redirects ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, 5L);
    set(CURLOPT_SSL_VERIFYPEER, check_.verify_certificate ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, check_.verify_certificate ? 2L : 0L);
    if (!check_.ca_file.empty()) set(CURLOPT_CAINFO, context_.expand(check_.ca_file).c_str());
  }

  void set_target(const std::string& address) {
    set(CURLOPT_URL, url_.text.c_str());
    if (!check_.unix_socket.empty()) {
      set(CURLOPT_UNIX_SOCKET_PATH, context_.expand(check_.unix_socket).c_str());
    } else if (url_.host.find(':') == std::string::npos) {  // an IPv6 address resolves to itself
      // Exactly the address at which the service was found to listen. It also avoids libcurl's
      // resolver, which would be a thread.
      resolved_.reset(curl_slist_append(
          nullptr, absl::StrCat(url_.host, ":", url_.port, ":", address).c_str()));
      set(CURLOPT_RESOLVE, resolved_.get());
    }
  }

  void set_content() {
    std::string form;
    for (const auto& [name, value] : check_.payload) {
      absl::StrAppend(&form, form.empty() ? "" : "&", escaped(name), "=", escaped(value));
    }
    const std::string& body = check_.payload.empty() ? check_.body : form;
    if (!body.empty()) {
      set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
      set(CURLOPT_COPYPOSTFIELDS, body.c_str());
    }
    if (check_.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else {
      set(CURLOPT_CUSTOMREQUEST, check_.method.c_str());
    }
  }

  std::string escaped(const std::string& text) const {
    return CurlText(curl_easy_escape(easy_.get(), text.data(), static_cast<int>(text.size())))
        .get();
  }

  void set_headers() {
    set(CURLOPT_USERAGENT, "mirakuru");
    // Avoids the round trip for "100 Continue".
    curl_slist* headers = curl_slist_append(nullptr, "Expect:");
    for (const auto& [name, value] : check_.headers) {
      const std::string text = context_.expand(value);
      // This is how libcurl sends a header without a value.
      headers = curl_slist_append(headers, text.empty() ? absl::StrCat(name, ";").c_str()
                                                        : absl::StrCat(name, ": ", text).c_str());
    }
    headers_.reset(headers);
    set(CURLOPT_HTTPHEADER, headers_.get());
  }

  long response_code() const {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  // Only the status counts: a body that we broke off is no error.
  bool answered() const {
    return redirected_to_.empty() &&
           (result_ == CURLE_OK ||
            (result_ == CURLE_WRITE_ERROR && header_bytes_ <= kMostHeaders) ||
            (response_code() != 0 && !body_.empty()));
  }

  std::string why_no_answer() const {
    if (!redirected_to_.empty()) {
      return "a redirect to another host, which is not followed: " + readable(redirected_to_);
    }
    if (header_bytes_ > kMostHeaders) return "an answer with more than 256 KiB of headers";
    if (result_ == CURLE_OPERATION_TIMEDOUT) {
      return absl::StrCat(header_bytes_ == 0 ? "no answer within " : "no whole answer within ",
                          in_words(scaled(check_.attempt_timeout)));
    }
    // libcurl's error for any reply that does not begin with a status line of HTTP/1.
    if (result_ == CURLE_UNSUPPORTED_PROTOCOL && !check_.http2) {
      return "an answer that is not HTTP/1; if the server speaks HTTP/2 alone, set .http2 = true";
    }
    return readable(error_[0] != '\0' ? error_.data() : curl_easy_strerror(result_));
  }

  // The host that the redirect leads to, if it is another one: that is not our service.
  std::string other_host_in(absl::string_view location) const {
    const UrlHandle url(curl_url());
    std::string target(location);
    const bool parsed = curl_url_set(url.get(), CURLUPART_URL, url_.text.c_str(), 0) == CURLUE_OK &&
                        curl_url_set(url.get(), CURLUPART_URL, target.c_str(), 0) == CURLUE_OK;
    return parsed && absl::EqualsIgnoreCase(host_of(url), url_.host) ? "" : target;
  }

  static int on_socket(CURL* /*easy*/, curl_socket_t socket, int what, void* self,
                       void* /*unused*/) {
    auto& sockets = static_cast<Transfer*>(self)->sockets_;
    if (what == CURL_POLL_REMOVE) {
      sockets.erase(socket);
    } else {
      sockets[socket] = static_cast<short>((what != CURL_POLL_OUT ? POLLIN : 0) |
                                           (what != CURL_POLL_IN ? POLLOUT : 0));
    }
    return 0;
  }

  // Returning anything other than `size` from these two makes libcurl abort the transfer.
  static std::size_t on_header(const char* data, std::size_t /*one*/, std::size_t size,
                               void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const absl::string_view line(data, size);
    if (absl::StartsWith(line, "HTTP/")) {
      transfer.status_line_ = std::string(absl::StripAsciiWhitespace(line));
    }
    transfer.header_bytes_ += size;
    if (transfer.check_.follow_redirects && transfer.response_code() / 100 == 3 &&
        absl::StartsWithIgnoreCase(line, "location:")) {
      transfer.redirected_to_ = transfer.other_host_in(absl::StripAsciiWhitespace(line.substr(9)));
    }
    return transfer.header_bytes_ > kMostHeaders || !transfer.redirected_to_.empty() ? 0 : size;
  }

  static std::size_t on_body(const char* data, std::size_t /*one*/, std::size_t size, void* self) {
    auto& body = static_cast<Transfer*>(self)->body_;
    body.append(data, std::min(size, kShownOfBody - body.size()));
    return body.size() < kShownOfBody ? size : 0;
  }

  const HttpCheck& check_;
  const ProbeContext& context_;
  const Url& url_;
  // Not CURLOPT_TIMEOUT_MS: if libcurl is called in the very millisecond in which that expires, it
  // considers the time not yet over, but the timer done.
  const Deadline deadline_ = Deadline::after(scaled(check_.attempt_timeout));
  Multi multi_;
  Easy easy_;
  List resolved_;
  List headers_;
  std::map<curl_socket_t, short> sockets_;  // to wait on for libcurl, with events of poll(2)

  CURLcode result_ = CURLE_OK;
  std::string status_line_;
  std::string body_;
  std::size_t header_bytes_ = 0;
  std::string redirected_to_;  // another host
  std::array<char, CURL_ERROR_SIZE> error_{};
};

HttpRequest::HttpRequest(const HttpCheck& check, const ProbeContext& context, const Url& url,
                         const std::string& address)
    : transfer_(std::make_unique<Transfer>(check, context, url, address)) {}

HttpRequest::~HttpRequest() = default;

bool HttpRequest::advance() { return transfer_->advance(); }
void HttpRequest::wait_on(WaitSet& set) const { transfer_->wait_on(set); }
std::chrono::milliseconds HttpRequest::duration() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
}
int HttpRequest::status() const { return transfer_->status(); }
std::string HttpRequest::answer() const { return transfer_->answer(); }

}  // namespace mirakuru::detail
