#include "mirakuru/ctest.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "announcement.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/simple_executor.hpp"
#include "placeholders.hpp"
#include "show_output.hpp"

namespace mirakuru::ctest {
namespace {

// An executor for its output alone: what it reads, somebody else has started.
class Reader : public SimpleExecutor {
 public:
  explicit Reader(const detail::Announcement& service)
      : SimpleExecutor(Command(std::vector<std::string>{service.name})) {
    for (const int number : {1, 2}) {
      const detail::Announcement::Log& log = service.logs[static_cast<std::size_t>(number - 1)];
      state().read_from(number, detail::LogReader(log.path, log.head, log.segment, log.origin),
                        log.begin);
    }
    state().catch_up_by(
        [keeper = service.keeper] { detail::ask_keeper(keeper, detail::kCatchUp); });
  }
};

std::string folder_of_ctest() {
  const char* const folder = std::getenv("MIRAKURU_FIXTURES");
  return folder == nullptr ? "" : folder;
}

// Root may write to another user's folder, who could then put something else in its place.
bool is_own(const char* folder) {
  struct stat status {};
  return ::stat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

std::string in_capitals(const std::string& name) {
  std::string result = absl::AsciiStrToUpper(name);
  for (char& c : result) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return result;
}

// Fixtures that this program has asked for, and how much they had printed by then.
struct Asked {
  std::unique_ptr<Fixture> fixture;
  std::uint64_t mark;
  std::uint64_t err_mark;
  detail::UniqueFd keeper;  // who shows the output where this program cannot
};

std::map<std::string, Asked>& asked() {
  static auto* const map = new std::map<std::string, Asked>;  // read while the program exits
  return *map;
}

void show_output_at_exit(int status, void* owner) {
  if (getpid() != static_cast<pid_t>(reinterpret_cast<std::intptr_t>(owner))) return;
  for (const auto& [name, entry] : asked()) detail::say_goodbye(entry.keeper);
  const detail::ShowOutput show = detail::show_output();
  if (show == detail::ShowOutput::never) return;
  if (show == detail::ShowOutput::failure && status == EXIT_SUCCESS) return;
  for (auto& [name, entry] : asked()) {
    const std::string printed = printed_since(*entry.fixture, entry.mark, entry.err_mark);
    if (!printed.empty()) std::fputs(printed.c_str(), stderr);
  }
}

}  // namespace

struct Fixture::State {
  explicit State(detail::Announcement announcement)
      : service(std::move(announcement)), reader(service) {}

  detail::Announcement service;
  Reader reader;
};

Fixture::Fixture(std::unique_ptr<State> state) : state_(std::move(state)) {}
Fixture::~Fixture() = default;

const std::string& Fixture::name() const { return state_->service.name; }
int Fixture::pid() const { return state_->service.pid; }

int Fixture::port(const std::string& name) const {
  const auto port = state_->service.ports.find(name);
  if (port == state_->service.ports.end()) {
    throw std::invalid_argument(absl::StrCat("the service '", this->name(), "' has no {port",
                                             name.empty() ? "" : ":", name, "}"));
  }
  return port->second;
}

std::string Fixture::expand(std::string_view text) const {
  return detail::fill_in(text,
                         {[this](const std::string& name) { return std::to_string(port(name)); },
                          [this] { return state_->service.tmpdir; }, [this] { return name(); }});
}

Output& Fixture::output() { return state_->reader.output(); }
Output& Fixture::err_output() { return state_->reader.err_output(); }

std::map<std::string, std::string> Fixture::variables() const {
  const detail::Announcement& service = state_->service;
  const std::string prefix = in_capitals(name()) + "_";
  std::map<std::string, std::string> variables{
      {prefix + "PID", std::to_string(service.pid)},
      {prefix + "TMPDIR", service.tmpdir},
      {prefix + "STDOUT", service.logs[0].path},
      {prefix + "STDERR", service.logs[1].path},
  };
  for (const auto& [name, port] : service.ports) {
    variables[absl::StrCat(prefix, "PORT", name.empty() ? "" : "_", in_capitals(name))] =
        std::to_string(port);
  }
  return variables;
}

std::string printed_since(Fixture& fixture, std::uint64_t mark, std::uint64_t err_mark) {
  return detail::printed_meanwhile(fixture.name(), fixture.output(), mark, fixture.err_output(),
                                   err_mark);
}

std::unique_ptr<Fixture> find_fixture(const std::string& name) {
  auto announcement = detail::find_announcement(name, fixtures_folder());
  if (!announcement) return nullptr;
  return std::unique_ptr<Fixture>(
      new Fixture(std::make_unique<Fixture::State>(std::move(*announcement))));
}

Fixture& fixture(const std::string& name) {
  const auto found = asked().find(name);
  if (found != asked().end()) return *found->second.fixture;
  std::unique_ptr<Fixture> fixture = find_fixture(name);
  if (fixture == nullptr) {
    throw ExecutorError(absl::StrCat(
        "no service '", name, "' runs: none is announced in ", fixtures_folder(),
        folder_of_ctest().empty()
            ? " (the tests of mirakuru_use_fixtures() find theirs when ctest runs them)"
            : ""));
  }
  if (asked().empty()) {
    on_exit(show_output_at_exit, reinterpret_cast<void*>(static_cast<std::intptr_t>(getpid())));
  }
  Asked entry{std::move(fixture), 0, 0, {}};
  entry.mark = entry.fixture->output().mark();
  entry.err_mark = entry.fixture->err_output().mark();
  if (detail::show_output() != detail::ShowOutput::never) {
    entry.keeper = detail::ask_keeper_to_look_after_me(entry.fixture->state_->service.keeper, name,
                                                       entry.mark, entry.err_mark);
  }
  return *asked().emplace(name, std::move(entry)).first->second.fixture;
}

std::string fixtures_folder() {
  if (std::string folder = folder_of_ctest(); !folder.empty()) return folder;
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && is_own(runtime)) return absl::StrCat(runtime, "/mirakuru");
  return absl::StrCat("/tmp/mirakuru-of-", ::geteuid());
}

}  // namespace mirakuru::ctest
