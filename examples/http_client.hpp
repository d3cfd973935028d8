// The HTTP client of these examples, with libcurl.
#ifndef MIRAKURU_EXAMPLES_HTTP_CLIENT_HPP_
#define MIRAKURU_EXAMPLES_HTTP_CLIENT_HPP_

#include <curl/curl.h>

#include <memory>
#include <stdexcept>
#include <string>

struct Response {
  long status = 0;
  std::string body;
};

// Throws if there is no answer.
inline Response http_get(const std::string& url) {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  Response response;
  const auto append = +[](char* data, std::size_t, std::size_t size, void* body) {
    static_cast<std::string*>(body)->append(data, size);
    return size;
  };
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &response.body);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) throw std::runtime_error(url + ": " + curl_easy_strerror(code));
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &response.status);
  return response;
}

#endif  // MIRAKURU_EXAMPLES_HTTP_CLIENT_HPP_
