// A line is split into the same words as by a shell, and by Python's shlex if its rules are the
// same. A printed command is split into the same words again.
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fuzz.hpp"
#include "mirakuru/command.hpp"
#include "shared_file.hpp"

namespace mirakuru::fuzz {
namespace {

using Words = std::vector<std::string>;

// A program that splits many lines, since a process for each line would be slow. When it has read a
// newline, it reads the line from a file (descriptor 3), and answers with the words, each with its
// NUL, and "\1<status>\n".
class Splitter {
 public:
  explicit Splitter(Words words) {
    int questions[2];
    int answers[2];
    require(pipe2(questions, O_CLOEXEC) == 0 && pipe2(answers, O_CLOEXEC) == 0, "pipes");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, questions[0], 0);
    posix_spawn_file_actions_adddup2(&actions, answers[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, line_.fd(), 3);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    char* no_environment[] = {nullptr};
    pid_t pid = 0;
    works_ =
        posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), no_environment) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(questions[0]);
    close(answers[1]);
    // Both stay open until we end, which ends the program.
    questions_ = questions[1];
    answers_ = fdopen(answers[0], "r");
  }

  bool works() const { return works_; }

  // std::nullopt if a quote is not closed.
  std::optional<Words> split(const std::string& line) {
    line_.assign(line);
    require(write(questions_, "\n", 1) == 1, "the other one takes questions");
    Words words(1);
    for (int c = 0; (c = std::fgetc(answers_)) != '\1';) {
      require(c != EOF, "the other one answers");
      if (c == '\0') {
        words.emplace_back();
      } else {
        words.back() += static_cast<char>(c);
      }
    }
    words.pop_back();
    int status = 0;
    require(std::fscanf(answers_, "%d", &status) == 1 && std::fgetc(answers_) == '\n',
            "the other one tells a status");
    if (status != 0) return std::nullopt;
    return words;
  }

 private:
  SharedFile line_;
  bool works_ = false;
  int questions_ = -1;
  std::FILE* answers_ = nullptr;
};

// It can run only built-in commands, and does not expand file names.
constexpr char kShell[] =
    "PATH=/nonexistent; set -f; while read -r _; do (. /proc/self/fd/3); printf '\\001%d\\n' $?; "
    "done";

constexpr char kShlex[] = R"(
import shlex, sys
while sys.stdin.buffer.readline():
    try:
        with open('/proc/self/fd/3', 'rb') as line:
            words, status = shlex.split(line.read().decode('latin-1')), 0
    except ValueError:
        words, status = [], 1
    answer = b''.join(word.encode('latin-1') + b'\0' for word in words)
    sys.stdout.buffer.write(answer + b'\1%d\n' % status)
    sys.stdout.buffer.flush()
)";

// Replaces characters with another meaning in a shell. After a backslash they may stay if they are
// ordinary characters in both kinds of quotes and outside.
std::string without_shell_syntax(std::string_view text) {
  const std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \t'\"\\=:,%@+_-./";
  const std::string_view plain_after_a_backslash = "$`\n";
  std::string line;
  bool escaped = false;
  for (const char c : text) {
    const bool high = static_cast<unsigned char>(c) >= 0xa0;
    const bool stays = high || plain.find(c) != std::string_view::npos ||
                       (escaped && plain_after_a_backslash.find(c) != std::string_view::npos);
    line += stays ? c : 'x';
    escaped = line.back() == '\\' && !escaped;
  }
  return line;
}

std::optional<Words> split_by_us(const std::string& line) {
  try {
    return Command(line).words();
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

// With a word at each end: an empty line, or a single backslash at the end, is valid for a shell
// but not for a command.
void compare_with_others(std::string_view text) {
  static Splitter shell({"sh", "-c", kShell});
  static Splitter python({"python3", "-c", kShlex});
  require(shell.works(), "there is a shell");

  const std::string line = "program " + without_shell_syntax(text) + " end";
  const auto ours = split_by_us(line);
  require(ours == shell.split("printf '%s\\0' " + line + "\n"), "sh splits it so: " + line);
  // shlex has different rules for these.
  if (python.works() && line.find_first_of("$`\n") == std::string::npos) {
    require(ours == python.split(line), "shlex splits it so: " + line);
  }
}

void print_and_read_again(const std::string& line) {
  const auto words = split_by_us(line);
  if (words) require(split_by_us(Command(*words).to_string()) == words, "printed: " + line);
}

}  // namespace
}  // namespace mirakuru::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  mirakuru::fuzz::compare_with_others(text);
  mirakuru::fuzz::print_and_read_again(std::string(text));
  return 0;
}
