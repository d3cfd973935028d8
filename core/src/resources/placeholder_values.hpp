// What an executor's placeholders stand for: its ports, its {tmpdir}, its name.
#ifndef MIRAKURU_CORE_SRC_RESOURCES_PLACES_HPP_
#define MIRAKURU_CORE_SRC_RESOURCES_PLACES_HPP_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "resources/directory.hpp"
#include "resources/port_lease.hpp"

namespace mirakuru::detail {

// In this variable a test program tells copies of itself, which run its death tests, the places of
// its services (service_registry.hpp). It is not for the services.
inline constexpr char kServicesVariable[] = "MIRAKURU_TEST_SERVICES";

// Everything is made when it is first asked for, and stays until the executor goes.
class PlaceholderValues {
 public:
  explicit PlaceholderValues(std::string name) : name_(std::move(name)) {}

  std::string expand(std::string_view text);
  int port(const std::string& name);
  Directory& directory();

  // Services that do not set SO_REUSEADDR can only listen on ports that nobody holds. From now on
  // they are held only between on_stopped() and on_start().
  void hold_ports_only_while_stopped() { hold_always_ = false; }
  void on_start();
  void on_stopped();
  void renew_ports();
  // Those that have been asked for, by name.
  std::map<std::string, int> ports() const;
  bool has_ports() const { return !ports_.empty(); }
  bool has_port(const std::string& name) const {
    return ports_.count(name) + adopted_ports_.count(name) > 0;
  }

  // As one line, for a copy of the test program that shall talk to the same services, and back.
  std::string serialize();
  void adopt(const std::string& line);

 private:
  std::string name_;
  std::map<std::string, PortLease> ports_;
  bool hold_always_ = true;
  std::unique_ptr<Directory> directory_;
  // Adopted ones, which belong to another process.
  std::map<std::string, int> adopted_ports_;
  std::string adopted_tmpdir_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_RESOURCES_PLACES_HPP_
