// The process that watches over one service: it starts the service, drains its output, reports its
// state, stops it, and ends when no process of the service is left.
#ifndef MIRAKURU_CORE_SUPERVISOR_SHEPHERD_HPP_
#define MIRAKURU_CORE_SUPERVISOR_SHEPHERD_HPP_

#include "owner_watch.hpp"

namespace mirakuru::supervisor {

// Runs the shepherd until its service has ended.
void run_shepherd(OwnerWatch owner);

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_SHEPHERD_HPP_
