// memcached, with its text protocol.
#include <unistd.h>

#include "clients.hpp"
#include "real_service.hpp"

namespace mirakuru::tests {
namespace {

std::unique_ptr<SimpleExecutor> Make() {
  std::vector<std::string> words{
      FindProgram("memcached"), "-l", "127.0.0.1", "-p", "{port}", "-U", "0"};
  // By default it refuses to run as root.
  if (geteuid() == 0) words.insert(words.end(), {"-u", "root"});
  return std::make_unique<TCPExecutor>(words, "127.0.0.1:{port}");
}

std::string Ask(const SimpleExecutor& executor) {
  Conversation memcached(executor.port());
  memcached.say("set key 0 0 4\r\nhole\r\nget key\r\n");
  return memcached.lines(4);
}

}  // namespace

RealService Memcached() {
  return {"Memcached",
          {{"memcached", "memcached"}},
          &Make,
          &Ask,
          "STORED\r\nVALUE key 0 4\r\nhole\r\nEND\r\n"};
}

}  // namespace mirakuru::tests
