// Returns the exception that an action throws.
//
//   const auto error = Thrown<TimeoutExpired>([&] { service.start(); });
//   EXPECT_THAT(error.what(), HasSubstr("..."));
#ifndef MIRAKURU_TESTS_SUPPORT_THROWN_HPP_
#define MIRAKURU_TESTS_SUPPORT_THROWN_HPP_

#include <exception>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace mirakuru::tests {

// If the action throws something else or nothing, fails the test by an exception that says what
// happened instead.
template <typename Error, typename Action>
Error Thrown(Action action) {
  try {
    action();
  } catch (const Error& error) {
    // The type must match exactly: a derived class is an error.
    if (typeid(error) != typeid(Error)) {
      throw std::logic_error(std::string("threw a ") + typeid(error).name() + ": " + error.what());
    }
    return error;
  } catch (const std::exception& error) {
    throw std::logic_error(std::string("threw a ") + typeid(error).name() + ": " + error.what());
  }
  throw std::logic_error("threw nothing");
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_THROWN_HPP_
