// The kinds of checks that a service can be given; their table is check_kinds.def.
#ifndef MIRAKURU_COMMAND_SRC_CHECK_KINDS_HPP_
#define MIRAKURU_COMMAND_SRC_CHECK_KINDS_HPP_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mirakuru/check.hpp"

namespace mirakuru::command {

using CheckOptions = std::map<std::string, std::string>;

struct CheckKind {
  enum class Takes { text, words, nothing };

  const char* name;
  Takes takes;
  const char* metavariable;
  const char* ready_when;
  // Throws std::invalid_argument for bad values.
  Check (*make)(const std::string& text, const std::vector<std::string>& words,
                const CheckOptions& options);

  // "tcp:HOST:PORT", "notify"
  std::string usage() const;
};

struct CheckOption {
  const char* check;  // the kind that takes it
  const char* name;
};

const std::vector<CheckKind>& check_kinds();
const std::vector<CheckOption>& check_options();
// Null if there is no such kind.
const CheckKind* find_check_kind(std::string_view name);
// "tcp, http, ..."
std::string check_kind_names();

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_CHECK_KINDS_HPP_
