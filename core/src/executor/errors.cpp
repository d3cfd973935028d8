#include "mirakuru/errors.hpp"

#include <ostream>

namespace mirakuru {

std::string ExecutorError::summary() const {
  const std::string report = what();
  return report.substr(0, report.find('\n'));
}

std::ostream& operator<<(std::ostream& out, const ExecutorError& error) {
  return out << error.what();
}

}  // namespace mirakuru
