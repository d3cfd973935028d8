// The flags that subcommands read. All flags are defined in arguments.cpp.
#ifndef MIRAKURU_COMMAND_SRC_FLAGS_HPP_
#define MIRAKURU_COMMAND_SRC_FLAGS_HPP_

#include <string>

#include "absl/flags/declare.h"

ABSL_DECLARE_FLAG(std::string, directory);
ABSL_DECLARE_FLAG(std::string, owner);
ABSL_DECLARE_FLAG(bool, json);
ABSL_DECLARE_FLAG(bool, follow);
ABSL_DECLARE_FLAG(bool, err);
ABSL_DECLARE_FLAG(bool, dry_run);

#endif  // MIRAKURU_COMMAND_SRC_FLAGS_HPP_
