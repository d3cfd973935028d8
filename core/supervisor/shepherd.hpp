// The process that looks after one service: it starts the service, drains its output, reports what
// becomes of it, stops it, and ends when no process of the service is left.
#ifndef MIRAKURU_CORE_SUPERVISOR_SHEPHERD_HPP_
#define MIRAKURU_CORE_SUPERVISOR_SHEPHERD_HPP_

#include "owner_watch.hpp"

namespace mirakuru::supervisor {

// The whole life of a shepherd; returns its exit code.
int tend_service(OwnerWatch owner);

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_SHEPHERD_HPP_
