// Every kind of check of the command, a JSON file and CMake, with a service that gets ready by it.
// CheckKinds.HaveATest compares the names with command/src/check_kinds.def.
#ifndef MIRAKURU_TESTS_SUPPORT_READY_KINDS_HPP_
#define MIRAKURU_TESTS_SUPPORT_READY_KINDS_HPP_

#include <ostream>
#include <string>
#include <vector>

namespace mirakuru::tests {

struct ReadyKind {
  std::string name;
  std::string value;                 // what the check waits for, empty if it takes nothing
  std::vector<std::string> service;  // a program of services/ and its arguments
};

inline void PrintTo(const ReadyKind& kind, std::ostream* out) { *out << kind.name; }

inline const std::vector<ReadyKind> kReadyKinds{
    {"tcp", "127.0.0.1:{port}", {"listens_on_port", "--port={port}"}},
    {"http", "http://127.0.0.1:{port}/", {"http_server", "--port={port}"}},
    {"output", "^ready.to.*cept$", {"prints_banner"}},
    {"file", "{tmpdir}/file", {"writes_pid_file", "--path={tmpdir}/file"}},
    {"pidfile", "{tmpdir}/pid", {"writes_pid_file", "--path={tmpdir}/pid"}},
    {"unix", "{tmpdir}/s", {"unix_socket_listener", "--path={tmpdir}/s"}},
    {"command", "test -e {tmpdir}/file", {"writes_pid_file", "--path={tmpdir}/file"}},
    {"notify", "", {"notifies_ready"}},
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_READY_KINDS_HPP_
