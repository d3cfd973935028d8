#include "mirakuru/errors.hpp"

#include <ostream>

namespace mirakuru {

std::string ExecutorError::summary() const {
  const std::string story = what();
  return story.substr(0, story.find('\n'));
}

std::ostream& operator<<(std::ostream& out, const ExecutorError& error) {
  return out << error.what();
}

}  // namespace mirakuru
