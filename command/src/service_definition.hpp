// The definition of a service, from the command line or a file, before it is an executor.
#ifndef MIRAKURU_COMMAND_SRC_SERVICE_DEFINITION_HPP_
#define MIRAKURU_COMMAND_SRC_SERVICE_DEFINITION_HPP_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "check_kinds.hpp"
#include "mirakuru/mirakuru.hpp"

namespace mirakuru::command {

// A check before placeholders are filled in.
struct CheckDefinition {
  const CheckKind* kind = nullptr;
  std::string text;                // where the kind takes text
  std::vector<std::string> words;  // where it takes words
  CheckOptions options;
};

struct ServiceDefinition {
  std::string name;
  std::vector<std::string> words;
  std::vector<CheckDefinition> checks;  // all must pass; none: ready at once
  Options options;
  std::vector<std::string> depends;
  std::string where_depends;  // for messages: file, line and key of `depends`
};

// "tcp:127.0.0.1:{port}", "notify": CheckKind::usage(). Throws std::invalid_argument.
CheckDefinition parse_check(std::string_view text);

// Fills in the placeholders of other services: {redis.port}, {redis.port:admin}, {redis.tmpdir}.
using Resolver = std::function<std::string(std::string_view text)>;

// Throws std::invalid_argument for an invalid definition.
std::unique_ptr<SimpleExecutor> make_executor(const ServiceDefinition& definition,
                                              const Resolver& resolve);

// Throws the same errors, makes no executor.
void check(const ServiceDefinition& definition);

// Replaces {name.port}, {name.port:admin} and {name.tmpdir} by the result of `value`. If that is
// empty, the placeholder stays, as do all other braces.
std::string fill_in_other_services(
    std::string_view text,
    const std::function<std::string(const std::string& name, const std::string& what)>& value);

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_SERVICE_DEFINITION_HPP_
