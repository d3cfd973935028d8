// The values of an executor's placeholders: its ports, its {tmpdir}, its name.
#ifndef MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDER_VALUES_HPP_
#define MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDER_VALUES_HPP_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "resources/directory.hpp"
#include "resources/port_lease.hpp"

namespace mirakuru::detail {

// Ports and directories are made on first use, and kept until the executor is destroyed.
class PlaceholderValues {
 public:
  // `port_names`: the ports that the executor uses (port_names_in()).
  PlaceholderValues(std::string name, std::set<std::string> port_names)
      : name_(std::move(name)), port_names_(std::move(port_names)) {}

  // Throws std::invalid_argument for a port that the executor does not use, as port() does.
  std::string expand(std::string_view text);
  // The message of the exception lists the existing ports.
  int port(const std::string& name);
  bool uses_port(const std::string& name) const { return port_names_.count(name) > 0; }
  Directory& directory();
  // Makes the directory again if it was deleted.
  void restore_directory() {
    if (directory_ != nullptr) directory_->restore();
  }

  // Services that do not set SO_REUSEADDR can only listen on ports that are not held. From now on
  // they are held only between on_stopped() and on_start().
  void hold_ports_only_while_stopped() { hold_always_ = false; }
  void on_start();
  void on_stopped();
  void renew_ports();
  // Those that have been used so far, by name.
  std::map<std::string, int> ports() const;

  // As one line, for another process that uses the same service, and back.
  std::string serialize();
  void adopt(const std::string& line);

 private:
  std::string name_;
  std::set<std::string> port_names_;
  std::map<std::string, PortLease> ports_;
  bool hold_always_ = true;
  std::unique_ptr<Directory> directory_;
  // From adopt(): they belong to another process.
  std::map<std::string, int> adopted_ports_;
  std::string adopted_tmpdir_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDER_VALUES_HPP_
