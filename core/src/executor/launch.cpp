#include "executor/launch.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.hpp"

namespace mirakuru::detail {
namespace {

bool can_be_executed(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

// Why the kernel did not execute it: execve(2) has one errno for several mistakes.
std::string why_not_executed(int error, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  std::string what = absl::StrCat(readable(path), ": ", errno_in_words(error));
  if (error == ENOENT && fs::exists(path, ignored)) {
    return what + "; the file is there, but its interpreter (#! line) or loader is not";
  }
  if (error == EACCES && fs::is_directory(path, ignored)) return what + "; it is a directory";
  if (error == EACCES && ::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), X_OK) != 0) {
    return what + "; it is not executable";
  }
  if (error == ENOEXEC)
    return what + "; it is neither a binary for this machine nor a script that begins with #!";
  return what;
}

// A program without a slash is searched for on the PATH of the service.
std::string resolve_program(const std::string& program, const LaunchContext& context) {
  if (program.find('/') != std::string::npos) return program;
  const auto variable = context.environment.find("PATH");
  // execvp(3) does the same if there is no PATH.
  const std::string path =
      variable == context.environment.end() ? "/bin:/usr/bin" : variable->second;
  int error = ENOENT;
  std::string tried = program;
  std::string what =
      absl::StrCat("there is no program '", readable(program), "': ", errno_in_words(ENOENT));
  for (const auto directory : absl::StrSplit(path, ':', absl::SkipEmpty())) {
    const std::string candidate = absl::StrCat(directory, "/", program);
    if (can_be_executed(candidate)) return std::filesystem::absolute(candidate).string();
    if (error == EACCES || ::access(candidate.c_str(), F_OK) != 0) continue;
    error = EACCES;
    tried = candidate;
    what = why_not_executed(EACCES, candidate);
  }
  if (program.find(' ') != std::string::npos) {
    what += "; did you mean a command line (\"...\") rather than a list of one word ({...})?";
  }
  throw StartError(absl::StrCat(what, "; PATH is ", path.empty() ? "empty" : readable(path)),
                   std::error_code(error, std::generic_category()), tried);
}

void set_user(LaunchRequest& request, const Options& options, PlaceholderValues& values) {
  const passwd* user = ::getpwnam(options.user.c_str());
  if (user == nullptr) {
    throw StartError(absl::StrCat("there is no user '", readable(options.user), "'"),
                     std::error_code(ENOENT, std::generic_category()), options.user);
  }
  request.spec.change_user = 1;
  request.spec.uid = user->pw_uid;
  request.spec.gid = user->pw_gid;
  int count = 0;
  ::getgrouplist(user->pw_name, user->pw_gid, nullptr, &count);
  request.groups.resize(static_cast<std::size_t>(std::max(count, 1)));
  static_assert(sizeof(gid_t) == sizeof(std::uint32_t));
  ::getgrouplist(user->pw_name, user->pw_gid, request.groups.data(), &count);
  request.groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  values.directory().hand_over(user->pw_uid, user->pw_gid);
}

}  // namespace

LaunchContext launch_context_of(const Options& options, PlaceholderValues& values,
                                const std::string& mark) {
  LaunchContext result;
  if (options.inherit_env) {
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
      const std::pair<std::string, std::string> entry =
          absl::StrSplit(*variable, absl::MaxSplits('=', 1));
      result.environment[entry.first] = entry.second;
    }
    result.environment.erase(kServicesVariable);
  }
  if (const passwd* user = options.user.empty() ? nullptr : ::getpwnam(options.user.c_str())) {
    result.environment["HOME"] = user->pw_dir;
    result.environment["USER"] = result.environment["LOGNAME"] = user->pw_name;
  }
  for (const auto& [variable, value] : options.env)
    result.environment[variable] = values.expand(value);
  result.environment["mirakuru_uuid"] = mark;
  result.cwd = values.expand(options.cwd);
  return result;
}

LaunchRequest launch_request_of(const Command& command, const Options& options,
                                const std::string& name, const LaunchContext& context,
                                PlaceholderValues& values) {
  LaunchRequest request;
  request.name = name;
  if (!options.user.empty()) set_user(request, options, values);
  request.fds[protocol::kCwd] =
      open_or_throw(context.cwd.empty() ? "." : context.cwd, O_PATH | O_DIRECTORY);
  for (const std::string& word : command.words()) request.arguments.push_back(values.expand(word));
  request.program = resolve_program(request.arguments.front(), context);
  for (const auto& [variable, value] : context.environment) {
    request.environment.push_back(absl::StrCat(variable, "=", value));
  }
  request.spec.stop_signal = options.stop_signal;
  request.spec.kill_signal = options.kill_signal;
  constexpr std::chrono::milliseconds kLongestGrace(2000);
  request.spec.orphan_grace_ms = std::min(kLongestGrace, options.stop_timeout).count();
  return request;
}

UniqueFd open_or_throw(const std::string& path, int flags, mode_t mode) {
  UniqueFd file(::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, mode));
  if (!file) {
    const int error = errno;
    throw StartError(absl::StrCat("cannot open ", readable(path), ": ", errno_in_words(error)),
                     std::error_code(error, std::generic_category()), path);
  }
  return file;
}

StartError start_error_of(const LaunchError& error, const std::string& program,
                          const LaunchContext& context, const Options& options) {
  namespace fs = std::filesystem;
  const std::string& cwd = context.cwd;
  std::string path = program;
  std::string what;
  switch (error.stage) {
    case protocol::Stage::exec: {
      // A relative path is relative to the working directory of the service.
      const std::string seen_from_here = fs::path(program).is_relative() && !cwd.empty()
                                             ? (fs::path(cwd) / program).string()
                                             : program;
      what = why_not_executed(error.error, seen_from_here);
      path = seen_from_here;
      break;
    }
    case protocol::Stage::cwd:
      path = cwd.empty() ? "." : cwd;
      what = absl::StrCat("cannot run in the directory ", readable(path), ": ",
                          errno_in_words(error.error));
      break;
    case protocol::Stage::user:
      path = options.user;
      what = absl::StrCat("cannot become the user '", readable(path),
                          "': ", errno_in_words(error.error));
      break;
    case protocol::Stage::streams:
      what = absl::StrCat("cannot set up its streams: ", errno_in_words(error.error));
      break;
    case protocol::Stage::shepherd:
      what = "its shepherd, the process that watches over it, was killed";
      break;
    default:
      what = absl::StrCat("no process can be created: ", errno_in_words(error.error));
      break;
  }
  return StartError(what, std::error_code(error.error, std::generic_category()), path);
}

}  // namespace mirakuru::detail
