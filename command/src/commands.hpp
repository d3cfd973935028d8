// The subcommands: each is a file, named after it.
#ifndef MIRAKURU_COMMAND_SRC_COMMANDS_HPP_
#define MIRAKURU_COMMAND_SRC_COMMANDS_HPP_

#include <memory>
#include <string>

#include "arguments.hpp"
#include "mirakuru/ctest.hpp"

namespace mirakuru::command {

struct Subcommand {
  const char* name;
  const char* synopsis;  // what follows "mirakuru "
  const char* summary;
  const char* description;
  Words options;
  // The exit code. Throws UsageError, std::invalid_argument (exit code 64 too), ExecutorError
  // (69) and std::system_error (1).
  int (*run)(Words words);
};

extern const Subcommand kRun;
extern const Subcommand kUp;
extern const Subcommand kDown;
extern const Subcommand kExec;
extern const Subcommand kPrint;
extern const Subcommand kLogs;
extern const Subcommand kPs;
extern const Subcommand kReap;

// Applies --directory, for subcommands that look for running services.
void use_directory_option();
// Throws ExecutorError if no service of that name is running.
std::unique_ptr<ctest::Fixture> require_fixture(const std::string& name);

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_COMMANDS_HPP_
