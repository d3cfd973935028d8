#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "check_definition.hpp"
#include "checks/tcp_probe.hpp"
#include "checks/unix_socket_probe.hpp"
#include "executor_state.hpp"
#include "pattern.hpp"
#include "placeholders.hpp"
#include "text.hpp"

namespace mirakuru {

HttpStatus::HttpStatus(int status) : expression_(std::to_string(status)) {
  if (status < 100 || status > 599) {
    throw std::invalid_argument(absl::StrCat("HttpCheck::status: ", status, " is no HTTP status"));
  }
}
HttpStatus::HttpStatus(const char* expression) : HttpStatus(std::string(expression)) {}
HttpStatus::HttpStatus(const std::string& expression) : expression_(expression) {}

namespace detail {
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

struct Url {
  std::string host;  // without brackets
  std::string port;
};

// Throws std::invalid_argument that shows the URL as it was `given`.
Url parse_url(const std::string& text, const std::string& given) {
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument(
        absl::StrCat("HttpCheck::url: bad URL '", readable(given), "': ", why));
  };
  if (text.empty()) refuse("it is empty");
  const UrlHandle url(curl_url());
  const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0);
  if (code != CURLUE_OK) refuse(absl::AsciiStrToLower(curl_url_strerror(code)));
  const auto part = [&](CURLUPart wanted) {
    char* value = nullptr;
    curl_url_get(url.get(), wanted, &value, CURLU_DEFAULT_PORT);
    const CurlText owner(value);
    return std::string(value == nullptr ? "" : value);
  };
  const std::string scheme = part(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    refuse(absl::StrCat("'", readable(scheme), "' is neither http nor https"));
  }
  Url result{part(CURLUPART_HOST), part(CURLUPART_PORT)};
  int port = 0;
  if (!absl::SimpleAtoi(result.port, &port) || port < 1 || port > 65535) {
    refuse(absl::StrCat("'", readable(result.port), "' is no port (1 to 65535)"));
  }
  if (result.host.size() > 2 && result.host.front() == '[') {
    result.host = result.host.substr(1, result.host.size() - 2);
  }
  return result;
}

class HttpDefinition : public CheckDefinition {
 public:
  explicit HttpDefinition(HttpCheck check)
      : check_(std::move(check)), status_(check_.status.expression(), "HttpCheck::status") {
    parse_url(fill_in_samples(check_.url), check_.url);
    if (!check_.unix_socket.empty())
      check_socket_path(check_.unix_socket, "HttpCheck::unix_socket");
    if (check_.method.empty() ||
        !std::all_of(check_.method.begin(), check_.method.end(),
                     [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); })) {
      throw std::invalid_argument(
          absl::StrCat("HttpCheck::method: '", readable(check_.method), "' is none"));
    }
    if (!check_.payload.empty() && !check_.body.empty()) {
      throw std::invalid_argument("HttpCheck: payload and body cannot be sent together");
    }
    if (check_.method == "HEAD" && !(check_.payload.empty() && check_.body.empty())) {
      throw std::invalid_argument(
          "HttpCheck: a HEAD request has no body: name a method that has (POST, PUT)");
    }
    for (const auto& [name, value] : check_.headers) {
      if (name.empty() || absl::StrCat(name, value).find_first_of("\r\n") != std::string::npos) {
        throw std::invalid_argument(
            absl::StrCat("HttpCheck::headers: bad header '", readable(name), "'"));
      }
    }
    if (check_.attempt_timeout.count() <= 0) {
      throw std::invalid_argument("HttpCheck::attempt_timeout: it must be positive");
    }
  }

  std::string describe(ExecutorState* subject) const override {
    return absl::StrCat(check_.method, " ", filled_in(check_.url, subject),
                        check_.unix_socket.empty() ? "" : " over ",
                        filled_in(check_.unix_socket, subject), " to answer ",
                        check_.status.expression() == HttpCheck{}.status.expression()
                            ? "2xx"
                            : readable(check_.status.expression()));
  }
  std::unique_ptr<Probe> begin(ExecutorState& subject) const override;

  std::optional<Endpoint> endpoint() const override {
    if (!check_.unix_socket.empty()) return std::nullopt;
    const Url url = parse_url(fill_in_samples(check_.url), check_.url);
    return Endpoint(url.host.find(':') == std::string::npos
                        ? absl::StrCat(url.host, ":", url.port)
                        : absl::StrCat("[", url.host, "]:", url.port));
  }

  const HttpCheck& check() const { return check_; }
  const Pattern& status() const { return status_; }

 private:
  HttpCheck check_;
  Pattern status_;
};

// One request after the other, driven by our own wait loop (libcurl's multi_socket interface), so
// that the end of the service is noticed in the middle of a request too.
class HttpProbe : public Probe {
 public:
  HttpProbe(const HttpDefinition& definition, ExecutorState& subject)
      : definition_(definition),
        check_(definition.check()),
        subject_(subject),
        url_text_(subject.expand(check_.url)),
        url_(parse_url(url_text_, url_text_)) {
    if (check_.unix_socket.empty()) {
      auto probe = std::make_unique<TcpProbe>(subject, url_.host, url_.port);
      tcp_ = probe.get();
      connection_ = std::move(probe);
    } else {
      connection_ = std::make_unique<UnixSocketProbe>(subject, subject.expand(check_.unix_socket));
    }
  }
  ~HttpProbe() override { end_request(); }
  HttpProbe(const HttpProbe&) = delete;
  HttpProbe& operator=(const HttpProbe&) = delete;

  std::optional<std::string> who_is_there() override { return connection_->who_is_there(); }

  bool ready() override {
    if (!connected_) {
      connected_ = connection_->ready();
      if (!connected_) return false;
    }
    if (easy_ == nullptr) {
      if (!backoff_.due()) return false;
      begin_request();
    }
    advance();
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    if (message == nullptr) return false;
    const bool success = take_result(message->data.result);
    end_request();
    if (!success) backoff_.tried();
    return success;
  }

  void wait_on(WaitSet& set) override {
    if (!connected_) return connection_->wait_on(set);
    if (easy_ == nullptr) return set.wake_at(backoff_.next());
    for (const auto& [socket, events] : sockets_) set.add(socket, events);
    if (curl_timer_) set.wake_at(*curl_timer_);
  }

  std::string last_answer() const override {
    return last_answer_.empty() ? connection_->last_answer() : last_answer_;
  }
  bool met_stranger() const override { return connection_->met_stranger(); }

 private:
  // What a server may send before we take it for broken.
  static constexpr std::size_t kMostHeaders = 256 * 1024;
  static constexpr std::size_t kShownOfBody = 200;

  void begin_request() {
    static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (multi_ == nullptr && global == CURLE_OK) {
      multi_.reset(curl_multi_init());
      curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &HttpProbe::on_socket);
      curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
      curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &HttpProbe::on_timer);
      curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
    }
    status_line_.clear();
    body_.clear();
    header_bytes_ = 0;
    redirected_to_.clear();
    easy_.reset(curl_easy_init());
    CURL* const curl = easy_.get();
    const auto set = [curl](CURLoption option, auto value) {
      curl_easy_setopt(curl, option, value);
    };
    set(CURLOPT_URL, url_text_.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PROXY, "");  // whatever http_proxy says
    set(CURLOPT_NOSIGNAL, 1L);
    error_.fill('\0');
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_USERAGENT, "mirakuru");
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(scaled(check_.attempt_timeout).count()));
    set(CURLOPT_FOLLOWLOCATION, check_.follow_redirects ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, 5L);
    if (!check_.unix_socket.empty()) {
      set(CURLOPT_UNIX_SOCKET_PATH, subject_.expand(check_.unix_socket).c_str());
    } else if (url_.host.find(':') == std::string::npos) {  // an IPv6 address resolves to itself
      // The very address that was found to be the service's. It also spares libcurl its own
      // resolver, which would be a thread.
      resolved_.reset(curl_slist_append(
          nullptr, absl::StrCat(url_.host, ":", url_.port, ":", tcp_->accepted_at()).c_str()));
      set(CURLOPT_RESOLVE, resolved_.get());
    }
    set_request(set);
    set(CURLOPT_SSL_VERIFYPEER, check_.verify_certificate ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, check_.verify_certificate ? 2L : 0L);
    if (!check_.ca_file.empty()) set(CURLOPT_CAINFO, subject_.expand(check_.ca_file).c_str());
    set(CURLOPT_HEADERFUNCTION, &HttpProbe::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &HttpProbe::on_body);
    set(CURLOPT_WRITEDATA, this);
    curl_multi_add_handle(multi_.get(), curl);
  }

  template <typename Set>
  void set_request(const Set& set) {
    std::string form;
    for (const auto& [name, value] : check_.payload) {
      const CurlText key(curl_easy_escape(easy_.get(), name.data(), static_cast<int>(name.size())));
      const CurlText text(
          curl_easy_escape(easy_.get(), value.data(), static_cast<int>(value.size())));
      absl::StrAppend(&form, form.empty() ? "" : "&", key.get(), "=", text.get());
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
    curl_slist* headers =
        curl_slist_append(nullptr, "Expect:");  // no round trip for "100 Continue"
    for (const auto& [name, value] : check_.headers) {
      const std::string text = subject_.expand(value);
      // libcurl's way to write a header that has no value.
      headers = curl_slist_append(headers, text.empty() ? absl::StrCat(name, ";").c_str()
                                                        : absl::StrCat(name, ": ", text).c_str());
    }
    headers_.reset(headers);
    set(CURLOPT_HTTPHEADER, headers_.get());
  }

  void advance() {
    int running = 0;
    if (curl_timer_ && Clock::now() >= *curl_timer_) {
      curl_timer_.reset();
      curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
    }
    // 0: libcurl looks itself what the descriptor is ready for. The map changes underneath.
    const std::map<curl_socket_t, short> sockets = sockets_;
    for (const auto& entry : sockets) {
      curl_multi_socket_action(multi_.get(), entry.first, 0, &running);
    }
  }

  std::string why_no_answer(CURLcode result) const {
    if (!redirected_to_.empty()) {
      return "a redirect to another host, which is not followed: " + readable(redirected_to_);
    }
    if (header_bytes_ > kMostHeaders) return "an answer with endless headers";
    if (result == CURLE_OPERATION_TIMEDOUT) {
      return absl::StrCat(header_bytes_ == 0 ? "no answer within " : "no whole answer within ",
                          in_words(scaled(check_.attempt_timeout)));
    }
    return readable(error_[0] != '\0' ? error_.data() : curl_easy_strerror(result));
  }

  // Where the redirect leads, if that is another host: what answers there is not our service.
  std::string other_host_in(absl::string_view location) const {
    const UrlHandle url(curl_url());
    const std::string target(location);
    char* host = nullptr;
    if (curl_url_set(url.get(), CURLUPART_URL, url_text_.c_str(), 0) != CURLUE_OK ||
        curl_url_set(url.get(), CURLUPART_URL, target.c_str(), 0) != CURLUE_OK ||
        curl_url_get(url.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
      return target;
    }
    const CurlText owner(host);
    absl::string_view name = host;
    if (absl::ConsumePrefix(&name, "[")) absl::ConsumeSuffix(&name, "]");
    return absl::EqualsIgnoreCase(name, url_.host) ? "" : target;
  }

  bool take_result(CURLcode result) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    // The status is all that counts: that we broke off in the middle of the body is no error.
    const bool answered =
        redirected_to_.empty() &&
        (result == CURLE_OK || (result == CURLE_WRITE_ERROR && header_bytes_ <= kMostHeaders) ||
         (status != 0 && !body_.empty()));
    if (!answered) {
      last_answer_ = why_no_answer(result);
      if (!status_line_.empty()) absl::StrAppend(&last_answer_, " (", readable(status_line_), ")");
      return false;
    }
    last_answer_ = readable(status_line_);
    if (!body_.empty()) {
      const std::string body = readable(body_);
      absl::StrAppend(&last_answer_, ": ", body.substr(0, body.find('\n')));
    }
    return definition_.status().matches_all_of(std::to_string(status));
  }

  void end_request() {
    if (easy_ == nullptr) return;
    curl_multi_remove_handle(multi_.get(), easy_.get());
    easy_.reset();
    sockets_.clear();
    curl_timer_.reset();
  }

  static int on_socket(CURL* /*easy*/, curl_socket_t socket, int what, void* self,
                       void* /*unused*/) {
    auto& sockets = static_cast<HttpProbe*>(self)->sockets_;
    if (what == CURL_POLL_REMOVE) {
      sockets.erase(socket);
    } else {
      sockets[socket] = static_cast<short>((what != CURL_POLL_OUT ? POLLIN : 0) |
                                           (what != CURL_POLL_IN ? POLLOUT : 0));
    }
    return 0;
  }

  static int on_timer(CURLM* /*multi*/, long milliseconds, void* self) {
    auto& timer = static_cast<HttpProbe*>(self)->curl_timer_;
    if (milliseconds < 0) {
      timer.reset();
    } else {
      timer = Clock::now() + std::chrono::milliseconds(milliseconds);
    }
    return 0;
  }

  static std::size_t on_header(const char* data, std::size_t /*one*/, std::size_t size,
                               void* self) {
    auto& probe = *static_cast<HttpProbe*>(self);
    const absl::string_view line(data, size);
    if (absl::StartsWith(line, "HTTP/")) {
      probe.status_line_ = std::string(absl::StripAsciiWhitespace(line));
    }
    probe.header_bytes_ += size;
    long status = 0;
    curl_easy_getinfo(probe.easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (probe.check_.follow_redirects && status / 100 == 3 &&
        absl::StartsWithIgnoreCase(line, "location:")) {
      probe.redirected_to_ = probe.other_host_in(absl::StripAsciiWhitespace(line.substr(9)));
    }
    return probe.header_bytes_ > kMostHeaders || !probe.redirected_to_.empty() ? 0 : size;
  }

  static std::size_t on_body(const char* data, std::size_t /*one*/, std::size_t size, void* self) {
    auto& body = static_cast<HttpProbe*>(self)->body_;
    body.append(data, std::min(size, kShownOfBody - body.size()));
    return body.size() < kShownOfBody ? size : 0;
  }

  const HttpDefinition& definition_;
  const HttpCheck& check_;
  ExecutorState& subject_;
  const std::string url_text_;
  const Url url_;
  std::unique_ptr<Probe> connection_;  // who must accept before a request is made
  TcpProbe* tcp_ = nullptr;            // the same, where it goes over TCP
  bool connected_ = false;

  Multi multi_;
  Easy easy_;
  List resolved_;
  List headers_;
  std::map<curl_socket_t, short> sockets_;  // that libcurl waits on, with poll(2)'s events
  std::optional<Clock::time_point> curl_timer_;

  std::string status_line_;
  std::string body_;
  std::size_t header_bytes_ = 0;
  std::string redirected_to_;  // another host
  std::array<char, CURL_ERROR_SIZE> error_{};
  Backoff backoff_ = Backoff::of_dear_tries();
  std::string last_answer_;
};

std::unique_ptr<Probe> HttpDefinition::begin(ExecutorState& subject) const {
  return std::make_unique<HttpProbe>(*this, subject);
}

}  // namespace

}  // namespace detail

Check::Check(HttpCheck check) : Check(std::make_shared<detail::HttpDefinition>(std::move(check))) {}

}  // namespace mirakuru
