// redis, with its own protocol (RESP).
#include "clients.hpp"
#include "real_service.hpp"

namespace mirakuru::tests {
namespace {

std::unique_ptr<SimpleExecutor> Make() {
  return std::make_unique<TCPExecutor>(
      Command{FindProgram("redis-server"), "--port", "{port}", "--bind", "127.0.0.1", "--dir",
              "{tmpdir}", "--save", ""},
      "127.0.0.1:{port}");
}

std::string Ask(const SimpleExecutor& executor) {
  Conversation redis(executor.port());
  redis.say("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$4\r\nhole\r\n*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n");
  return redis.lines(3);
}

}  // namespace

RealService Redis() {
  return {"Redis", {{"redis-server", "redis-server"}}, &Make, &Ask, "+OK\r\n$4\r\nhole\r\n"};
}

}  // namespace mirakuru::tests
