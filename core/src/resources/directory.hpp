// The directories with the services' files:
//
//   $MIRAKURU_DIR/mirakuru-<pid>-<random>/    one per test program; the supervisor deletes it
//     redis-server-1/                         one per executor, deleted with it
//       stdout.log  stderr.log                its output
//       tmp/                                  {tmpdir}
//
// Only their owner may access them (0700), unless a service runs as another user: then the
// directories above its {tmpdir} can be passed through, but not listed.
#ifndef MIRAKURU_CORE_SRC_RESOURCES_DIRECTORY_HPP_
#define MIRAKURU_CORE_SRC_RESOURCES_DIRECTORY_HPP_

#include <sys/types.h>

#include <string>

namespace mirakuru::detail {

// The test program's directory, made on first use, and made again if it was deleted. Throws
// std::system_error that names the path.
std::string run_directory();
// To be called once a supervisor will delete it at the end.
void run_directory_is_supervised();

// Whether MIRAKURU_KEEP is set: directories stay after the run.
bool keep_directories();

class Directory {
 public:
  // Makes the directory. `name` is the name of the executor.
  explicit Directory(const std::string& name);
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const std::string& path() const { return path_; }
  // {tmpdir}, made on first use.
  const std::string& tmpdir();
  // Makes it again, empty, if it was deleted.
  void restore();
  // Makes this user the owner of {tmpdir}.
  void hand_over(uid_t user, gid_t group);

 private:
  std::string path_;
  std::string tmpdir_;
  pid_t owner_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_RESOURCES_DIRECTORY_HPP_
