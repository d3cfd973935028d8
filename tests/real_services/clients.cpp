#include "clients.hpp"

#include <curl/curl.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "support/child_program.hpp"

namespace mirakuru::tests {
namespace {

[[noreturn]] void Fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

std::size_t Append(const char* data, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

}  // namespace

Conversation::Conversation(int port) : socket_(AF_INET) {
  // If the server does not answer, the test must fail and not hang.
  const timeval patience{20, 0};
  setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(port));
  if (connect(socket_.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    Fail("connect to port " + std::to_string(port));
  }
}

void Conversation::say(const std::string& text) {
  if (send(socket_.fd(), text.data(), text.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(text.size())) {
    Fail("send");
  }
}

std::string Conversation::lines(int count) {
  std::string lines;
  while (count > 0) {
    char c = 0;
    const ssize_t size = recv(socket_.fd(), &c, 1, 0);
    if (size < 0) Fail("receive");
    if (size == 0) throw std::runtime_error("the server hung up after '" + lines + "'");
    lines += c;
    if (c == '\n') --count;
  }
  return lines;
}

std::string HttpGet(const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                   &curl_easy_cleanup);
  std::string body;
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt(handle.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &body);
  const CURLcode code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) throw std::runtime_error(url + ": " + curl_easy_strerror(code));
  return body;
}

std::string OutputOf(const std::vector<std::string>& words) {
  ChildProgram program(words);
  const int status = program.wait_for_end();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error(words[0] + " failed: " + program.text());
  }
  return program.text();
}

}  // namespace mirakuru::tests
