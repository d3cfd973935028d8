// Catch2 2 or 3.
#ifndef MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_CATCH2_HPP_
#define MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_CATCH2_HPP_

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
// Replacements for what Catch2 2 does not have.
#define TEST_CASE_PERSISTENT_FIXTURE TEST_CASE_METHOD
#endif

#include <cstdio>

// To stderr, since stdout has the report.
inline void TellThatTheBodyRan() { std::fputs("THE BODY RAN\n", stderr); }

#endif  // MIRAKURU_TESTS_CATCH2_PLUGIN_PROGRAMS_CATCH2_HPP_
