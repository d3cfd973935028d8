// A service that two files of a program use.
#ifndef MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_SHARED_SERVICE_HPP_
#define MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_SHARED_SERVICE_HPP_

#include "mirakuru/catch2.hpp"
#include "programs/catch2.hpp"
#include "support/obedient.hpp"

MIRAKURU_ENVIRONMENT(Shared, mirakuru::OutputExecutor{Obedient("Shared"), "ready"});

#endif  // MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_SHARED_SERVICE_HPP_
