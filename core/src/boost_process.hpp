// What Boost.Process does for us: boost_process.cpp is the one file that knows it.
#ifndef MIRAKURU_CORE_SRC_BOOST_PROCESS_HPP_
#define MIRAKURU_CORE_SRC_BOOST_PROCESS_HPP_

#include <string>

namespace mirakuru::detail {

// The program `name` as found on `path` (the value of a PATH variable); empty where it is not.
std::string find_program(const std::string& name, const std::string& path);

// Starts the supervisor program in `executable` with its descriptors (-1: none) and an empty
// environment, and returns once it has detached itself. Throws std::system_error.
void launch_supervisor(const std::string& executable, const std::string& folder_to_delete,
                       int control, int owner);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BOOST_PROCESS_HPP_
