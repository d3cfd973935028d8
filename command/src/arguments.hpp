// The options of the subcommands. abseil's flags define names, types and help; this file says which
// subcommand takes which, and which can be repeated.
#ifndef MIRAKURU_COMMAND_SRC_ARGUMENTS_HPP_
#define MIRAKURU_COMMAND_SRC_ARGUMENTS_HPP_

#include <sys/types.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "service_definition.hpp"

namespace mirakuru::command {

// What sysexits.h calls EX_USAGE, EX_UNAVAILABLE and EX_SOFTWARE.
inline constexpr int kUsage = 64;
inline constexpr int kNotReady = 69;
inline constexpr int kDied = 70;

// The command was called in a wrong way: exit code 64.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Words = std::vector<std::string>;

// Removes the options from the front of `words`: up to the first word that is not an option, or
// through "--". An option that is not among `known` is a UsageError. Resets earlier values.
// Returns the names of the options that it removed.
Words take_options(Words& words, const Words& known);

// The options that define one service, and the service with the command `words` and the options of
// the last take_options().
const Words& service_options();
ServiceDefinition definition_of(const Words& words);

// The services of "[options] -- command...", separated by "::", or of --file. If `has_tests`, what
// follows the last "::" stays in `words`.
std::vector<ServiceDefinition> take_definitions(Words& words, const Words& more_options,
                                                bool has_tests);

// The process that --owner names; 0 for none.
pid_t owner_pid();

// "  --name=NAME   what ..." for each.
std::string options_help(const Words& names);

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_ARGUMENTS_HPP_
