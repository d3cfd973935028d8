// The service of these examples, a small HTTP server on 127.0.0.1: GET and HEAD of / and /health.
//
//   http_server --port PORT [GREETING]
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <thread>

std::string answer(const std::string& request, const std::string& greeting) {
  std::string method, target;
  std::istringstream(request) >> method >> target;
  std::printf("%s %s\n", method.c_str(), target.c_str());
  const std::string path = target.substr(0, target.find('?'));
  std::string status = "200 OK";
  std::string body = path == "/health" ? "healthy\n" : greeting + "\n";
  if (path != "/" && path != "/health") status = "404 Not Found", body = "not found\n";
  if (method != "GET" && method != "HEAD") status = "405 Method Not Allowed", body = "GET, HEAD\n";
  return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nAllow: GET, HEAD\r\n" +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
         (method == "HEAD" ? "" : body);
}

void serve(int client, const std::string& greeting) {
  const timeval patience{10, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::string request;
  char buffer[4096];
  for (ssize_t size = 0; request.size() < 65536 && request.find("\r\n\r\n") == std::string::npos;) {
    if ((size = recv(client, buffer, sizeof buffer, 0)) <= 0) break;
    request.append(buffer, static_cast<std::size_t>(size));
  }
  if (request.find("\r\n\r\n") != std::string::npos) {
    const std::string response = answer(request, greeting);
    send(client, response.data(), response.size(), MSG_NOSIGNAL);
    shutdown(client, SHUT_WR);  // close() alone may discard the answer if unread data is left
    while (recv(client, buffer, sizeof buffer, 0) > 0) continue;
  }
  close(client);
}

int fail(const std::string& why) {
  std::fprintf(stderr, "http_server: %s\n", why.c_str());
  return 2;
}

int main(int argc, char** argv) {
  if (argc < 3 || std::string(argv[1]) != "--port") return fail("missing --port PORT");
  const std::string greeting = argc > 3 ? argv[3] : "hello";
  setvbuf(stdout, nullptr, _IOLBF, 0);  // write each line at once, also to a pipe

  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(std::atoi(argv[2])));
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, SOMAXCONN) != 0) {
    return fail(std::string("port ") + argv[2] + ": " + std::strerror(errno));
  }
  std::printf("listening on 127.0.0.1:%s\n", argv[2]);
  for (int client = 0; (client = accept(listener, nullptr, nullptr)) >= 0;) {
    std::thread(serve, client, greeting).detach();
  }
  return fail(std::strerror(errno));
}
