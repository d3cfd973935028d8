// mirakuru print: ports, paths and pid of a running service, for scripts.
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "commands.hpp"
#include "mirakuru/ctest.hpp"

namespace mirakuru::command {
namespace {

int print(Words words) {
  take_options(words, {"directory"});
  use_directory_option();
  if (words.empty() || words.size() > 2) throw UsageError("print NAME [WHAT]");
  const auto fixture = require_fixture(words[0]);
  if (words.size() == 1) {
    for (const auto& [name, value] : fixture->variables()) {
      std::printf("%s=%s\n", name.c_str(), detail::shell_quoted({value}).c_str());
    }
    return 0;
  }
  const std::string& what = words[1];
  std::string value;
  if (what == "pid") {
    value = std::to_string(fixture->pid());
  } else if (what == "stdout" || what == "stderr") {
    value = (what == "stdout" ? fixture->output() : fixture->err_output()).path();
  } else {
    const std::string placeholder = absl::StrCat("{", what, "}");
    value = fixture->expand(placeholder);
    if (value == placeholder) {
      throw UsageError(
          absl::StrCat("'", what, "': use one of port, port:NAME, tmpdir, pid, stdout, stderr"));
    }
  }
  std::printf("%s\n", value.c_str());
  return 0;
}

}  // namespace

const Subcommand kPrint{
    "print",
    "print [--directory=...] NAME [WHAT]",
    "print ports, paths or the pid of a running service",
    "WHAT is port, port:NAME, tmpdir, pid, stdout or stderr (the paths of its logs). Without it,\n"
    "all variables that `mirakuru exec` sets, so that a shell can evaluate them.",
    {"directory"},
    print};

}  // namespace mirakuru::command
