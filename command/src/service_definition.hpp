// What a service is to be, before it is one: from the command line or a file.
#ifndef MIRAKURU_COMMAND_SRC_DEFINITION_HPP_
#define MIRAKURU_COMMAND_SRC_DEFINITION_HPP_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mirakuru/mirakuru.hpp"

namespace mirakuru::command {

// One way to tell that a service is ready.
struct Readiness {
  std::string kind;                // tcp, http, output, file, unix, command, notify
  std::string subject;             // address, URL, expression, path
  std::vector<std::string> words;  // of a command
  std::string status;              // of http; empty: 2xx
  std::string method;              // of http; empty: HEAD
};

struct Definition {
  std::string name;
  std::vector<std::string> words;
  std::vector<Readiness> ready;  // all of them; none: ready at once
  Options options;
  std::vector<std::string> depends;
  std::string where_depends;  // for messages: the place in the file where that stands
};

// "tcp:127.0.0.1:{port}", "http:http://127.0.0.1:{port}/", "output:REGEX", "file:PATH",
// "unix:PATH", "command:LINE", "notify". Throws std::invalid_argument.
Readiness readiness_of(std::string_view text);

// Fills in what a text says of other services: {redis.port}, {redis.port:admin}, {redis.tmpdir}.
using Resolver = std::function<std::string(std::string_view text)>;

// Throws std::invalid_argument for what is wrong with the definition.
std::unique_ptr<SimpleExecutor> make_executor(const Definition& definition,
                                              const Resolver& resolve);

// The same errors, without an executor.
void check(const Definition& definition);

// Replaces {name.port}, {name.port:admin} and {name.tmpdir} by what `value` says; what it has no
// answer for (an empty one) stays, and so does all else between braces.
std::string fill_in_of_others(
    std::string_view text,
    const std::function<std::string(const std::string& name, const std::string& what)>& value);

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_DEFINITION_HPP_
