// The `mirakuru` command.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "commands.hpp"
#include "flags.hpp"
#include "mirakuru/errors.hpp"

namespace mirakuru::command {

void use_directory_option() {
  const std::string directory = absl::GetFlag(FLAGS_directory);
  if (!directory.empty()) setenv("MIRAKURU_FIXTURES", directory.c_str(), 1);
}

std::unique_ptr<ctest::Fixture> require_fixture(const std::string& name) {
  auto service = ctest::find_fixture(name);
  if (service == nullptr) {
    throw ExecutorError(absl::StrCat("no service '", name, "' is running: no record of it in ",
                                     ctest::fixtures_directory()));
  }
  return service;
}

namespace {

const std::vector<const Subcommand*>& subcommands() {
  static const auto* const all = new std::vector<const Subcommand*>{
      &kRun, &kUp, &kDown, &kExec, &kPrint, &kLogs, &kPs, &kReap};
  return *all;
}

std::string help() {
  std::string text = "Starts the services that tests need, and waits until they are ready.\n\n";
  for (const Subcommand* one : subcommands()) {
    absl::StrAppendFormat(&text, "  mirakuru %-6s %s\n", one->name, one->summary);
  }
  text +=
      "\nSee `mirakuru run --help` for one of them, and mirakuru(1).\n"
      "Exit codes: 64 wrong usage; 69 a service is not ready, not running or already running;\n"
      "70 a service died or did not stop cleanly; 1 another error; 128+N ended by signal N;\n"
      "otherwise the exit code of the command that was run.\n";
  return text;
}

int run_subcommand(Words words) {
  if (words.empty()) throw UsageError("missing subcommand\n\n" + help());
  const std::string name = words.front();
  words.erase(words.begin());
  if (name == "--help" || name == "-h" || name == "help") {
    std::fputs(help().c_str(), stdout);
    return 0;
  }
  if (name == "--version") {
    std::puts("mirakuru " MIRAKURU_VERSION);
    return 0;
  }
  for (const Subcommand* one : subcommands()) {
    if (one->name != name) continue;
    if (!words.empty() && (words[0] == "--help" || words[0] == "-h")) {
      std::printf("mirakuru %s\n\n%s\n\n%s", one->synopsis, one->description,
                  options_help(one->options).c_str());
      return 0;
    }
    return one->run(std::move(words));
  }
  throw UsageError(absl::StrCat("unknown subcommand '", name, "'"));
}

int run(Words words) {
  try {
    return run_subcommand(std::move(words));
  } catch (const UsageError& error) {
    std::fprintf(stderr, "mirakuru: %s\n", error.what());
    return kUsage;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "mirakuru: %s\n", error.what());
    return kUsage;
  } catch (const ExecutorError& error) {
    std::fprintf(stderr, "mirakuru: %s\n", error.what());
    return kNotReady;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mirakuru: %s\n", error.what());
    return EXIT_FAILURE;
  }
}

}  // namespace
}  // namespace mirakuru::command

int main(int argc, char** argv) {
  return mirakuru::command::run(mirakuru::command::Words(argv + 1, argv + argc));
}
