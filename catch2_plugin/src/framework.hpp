// All differences between Catch2 2 (one header) and 3 (many headers).
#ifndef MIRAKURU_CATCH2_PLUGIN_SRC_FRAMEWORK_HPP_
#define MIRAKURU_CATCH2_PLUGIN_SRC_FRAMEWORK_HPP_

#if MIRAKURU_CATCH2_VERSION >= 3
#include <catch2/catch_assertion_result.hpp>
#include <catch2/catch_test_case_info.hpp>
#include <catch2/internal/catch_assertion_handler.hpp>
#include <catch2/internal/catch_test_failure_exception.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>

namespace mirakuru::catch2::detail {
using ListenerBase = Catch::EventListenerBase;
using AssertionEndedResult = void;
}  // namespace mirakuru::catch2::detail
#else
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

namespace mirakuru::catch2::detail {
using ListenerBase = Catch::TestEventListenerBase;
using AssertionEndedResult = bool;
}  // namespace mirakuru::catch2::detail
#endif

#endif  // MIRAKURU_CATCH2_PLUGIN_SRC_FRAMEWORK_HPP_
