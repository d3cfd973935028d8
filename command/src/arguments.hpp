// The options of the command's subcommands. What they are called, their types and their help are
// abseil flags; which subcommand takes which, and that some can be given more than once, is here.
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

// The user's mistake: exit code 64.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Words = std::vector<std::string>;

// Takes the options off the front, up to the first word that is none or behind "--". Those that are
// not among `known` are a UsageError. What was given before is forgotten.
void take_options(Words& words, const Words& known);

// The options that describe one service, and the service that those of the last take_options() make
// of `words`.
const Words& service_options();
Definition service_of(const Words& words);

// Services: one with "[options] -- command...", and more behind "::"; or those of --file. What is
// behind the last "::" stays in `words`, where `has_tests` is true.
std::vector<Definition> take_services(Words& words, const Words& more_options, bool has_tests);

// The process that --owner names; 0 where it names none.
pid_t owner_pid();

// "  --name=NAME   what ..." for each.
std::string options_help(const Words& names);

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_ARGUMENTS_HPP_
