#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "checks/http_request.hpp"
#include "checks/tcp_probe.hpp"
#include "checks/unix_socket_probe.hpp"
#include "resources/placeholders.hpp"

namespace mirakuru {

HttpStatus::HttpStatus(int status) : expression_(std::to_string(status)) {
  if (status < 100 || status > 599) {
    throw std::invalid_argument(
        absl::StrCat("HttpCheck::status: ", status, " is not an HTTP status"));
  }
}
HttpStatus::HttpStatus(const char* expression) : HttpStatus(std::string(expression)) {}
HttpStatus::HttpStatus(const std::string& expression) : expression_(expression) {}

namespace detail {
namespace {

class HttpImplementation : public CheckImplementation {
 public:
  explicit HttpImplementation(HttpCheck check)
      : check_(std::move(check)), status_(check_.status.expression(), "HttpCheck::status") {
    refuse_misspelled_placeholders(check_.url, "HttpCheck::url");
    parse_url(fill_in_samples(check_.url), check_.url);
    if (!check_.unix_socket.empty())
      validate_socket_path(check_.unix_socket, "HttpCheck::unix_socket");
    if (check_.method.empty() ||
        !std::all_of(check_.method.begin(), check_.method.end(),
                     [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); })) {
      throw std::invalid_argument(
          absl::StrCat("HttpCheck::method: '", readable(check_.method), "' is not a method"));
    }
    if (!check_.payload.empty() && !check_.body.empty()) {
      throw std::invalid_argument("HttpCheck: payload and body cannot be sent together");
    }
    if (check_.method == "HEAD" && !(check_.payload.empty() && check_.body.empty())) {
      throw std::invalid_argument(
          "HttpCheck: a HEAD request has no body; set `method` to POST or PUT");
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

  std::string describe(const Expand& expand) const override {
    return absl::StrCat(check_.method, " ", expand(check_.url),
                        check_.unix_socket.empty() ? "" : " over ", expand(check_.unix_socket),
                        " to answer ",
                        check_.status.expression() == HttpCheck{}.status.expression()
                            ? "2xx"
                            : readable(check_.status.expression()));
  }
  std::vector<std::string> texts() const override {
    std::vector<std::string> texts{check_.url, check_.unix_socket, check_.ca_file};
    for (const auto& [name, value] : check_.headers) texts.push_back(value);
    return texts;
  }
  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override;

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

// Sends one request after the other, once the service's socket accepts connections.
class HttpProbe : public Probe {
 public:
  HttpProbe(const HttpImplementation& check, const ProbeContext& context)
      : check_(check),
        context_(context),
        url_(parse_url(context.expand(check.check().url), check.check().url)) {
    if (check.check().unix_socket.empty()) {
      auto probe = std::make_unique<TcpProbe>(context, url_.host, url_.port);
      tcp_ = probe.get();
      connection_ = std::move(probe);
    } else {
      connection_ =
          std::make_unique<UnixSocketProbe>(context, context.expand(check.check().unix_socket));
    }
  }

  bool examine_before_start() override { return connection_->examine_before_start(); }
  std::optional<std::string> already_running() override { return connection_->already_running(); }

  bool ready() override {
    if (!connected_) connected_ = connection_->ready();
    if (!connected_) return false;
    if (!request_) {
      if (!backoff_.due()) return false;
      request_.emplace(check_.check(), context_, url_, tcp_ == nullptr ? "" : tcp_->accepted_at());
    }
    if (!request_->advance()) return false;
    const int status = request_->status();
    const bool success = status != 0 && check_.status().matches_all_of(std::to_string(status));
    last_answer_ = request_->answer();
    request_.reset();
    if (!success) backoff_.tried();
    return success;
  }

  void wait_on(WaitSet& set) override {
    if (!connected_) return connection_->wait_on(set);
    if (!request_) return set.wake_at(backoff_.next());
    request_->wait_on(set);
  }

  std::string last_answer() const override {
    if (!connected_) return connection_->last_answer();
    // The request that is under way when time is up counts, too, unless it has just begun.
    constexpr std::chrono::milliseconds kLong(100);
    if (!request_ || (!last_answer_.empty() && request_->duration() < kLong)) return last_answer_;
    return absl::StrCat(last_answer_, last_answer_.empty() ? "" : "; then ", "connected to ",
                        tcp_ == nullptr ? readable(context_.expand(check_.check().unix_socket))
                                        : absl::StrCat(tcp_->accepted_at(), " port ", url_.port),
                        ", no answer for ", in_words(request_->duration()));
  }
  bool met_foreign_process() const override { return connection_->met_foreign_process(); }

 private:
  const HttpImplementation& check_;
  const ProbeContext& context_;
  const Url url_;
  std::unique_ptr<Probe> connection_;
  TcpProbe* tcp_ = nullptr;  // the same object if the request goes over TCP
  bool connected_ = false;
  std::optional<HttpRequest> request_;
  Backoff backoff_;
  std::string last_answer_;
};

std::unique_ptr<Probe> HttpImplementation::make_probe(const ProbeContext& context) const {
  return std::make_unique<HttpProbe>(*this, context);
}

}  // namespace

}  // namespace detail

Check::Check(HttpCheck check)
    : Check(std::make_shared<detail::HttpImplementation>(std::move(check))) {}

}  // namespace mirakuru
