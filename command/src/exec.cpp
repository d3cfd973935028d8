// mirakuru exec: runs a command with environment variables that tell it of running services.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/waiting.hpp"
#include "child.hpp"
#include "commands.hpp"
#include "mirakuru/ctest.hpp"
#include "show_output.hpp"
#include "signals.hpp"

namespace mirakuru::command {
namespace {

struct Used {
  std::unique_ptr<ctest::Fixture> fixture;
  std::uint64_t mark;
  std::uint64_t err_mark;
};

int exec(Words words) {
  take_options(words, {"directory"});
  use_directory_option();
  const auto separator = std::find(words.begin(), words.end(), "--");
  const Words names(words.begin(), separator);
  Words command(separator == words.end() ? separator : separator + 1, words.end());
  if (names.empty() || command.empty()) throw UsageError("exec NAME... -- COMMAND...");

  const std::string directory = ctest::fixtures_directory();
  std::vector<Used> used;
  std::map<std::string, std::string> variables{{"MIRAKURU_FIXTURES", directory}};
  for (const std::string& name : names) {
    Used one{require_fixture(name), 0, 0};
    one.mark = one.fixture->output().mark();
    one.err_mark = one.fixture->err_output().mark();
    variables.merge(one.fixture->variables());
    used.push_back(std::move(one));
  }
  for (std::string& word : command) {
    word = fill_in_other_services(word, [&](const std::string& name, const std::string& what) {
      for (const Used& one : used) {
        if (one.fixture->name() == name) return one.fixture->expand(absl::StrCat("{", what, "}"));
      }
      return std::string();
    });
    if (used.size() == 1) word = used.front().fixture->expand(word);
  }

  StopSignals signals;
  Child child(command, variables);
  while (!detail::ready_to_read(child.fd())) {
    detail::WaitSet set;
    set.add(child.fd());
    set.add(signals.fd());
    set.wait();
    // The command decides what to do; the terminal sends its signals to it, too.
    const auto received = signals.take();
    if (received && !received->from_terminal) child.send(received->signal);
  }
  const int code = child.wait();
  const detail::ShowOutput show = detail::show_output();
  if (show == detail::ShowOutput::always || (show == detail::ShowOutput::failure && code != 0)) {
    for (const Used& one : used) {
      std::fputs(ctest::printed_since(*one.fixture, one.mark, one.err_mark).c_str(), stderr);
    }
  }
  return code;
}

}  // namespace

const Subcommand kExec{
    "exec",
    "exec [--directory=...] NAME... -- COMMAND...",
    "run a command with variables of running services",
    "COMMAND gets the environment variables REDIS_PORT, REDIS_TMPDIR and so on; {redis.port} and "
    "the\n"
    "like are replaced in its arguments, and {port} if there is one service. If COMMAND fails, "
    "what\n"
    "the services printed during its run is written to stderr (see MIRAKURU_SHOW_OUTPUT). The exit "
    "code\n"
    "is that of COMMAND.",
    {"directory"},
    exec};

}  // namespace mirakuru::command
