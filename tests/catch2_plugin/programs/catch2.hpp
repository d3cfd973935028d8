// Catch2, whichever it is.
#ifndef MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_CATCH2_HPP_
#define MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_CATCH2_HPP_

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
// What Catch2 2 has not, is expected to do the same.
#define TEST_CASE_PERSISTENT_FIXTURE TEST_CASE_METHOD
#endif

#include <cstdio>

// Not on stdout, which belongs to the report.
inline void TellThatTheBodyRan() { std::fputs("THE BODY RAN\n", stderr); }

#endif  // MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_CATCH2_HPP_
