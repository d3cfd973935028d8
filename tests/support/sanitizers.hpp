// Whether these tests run with a sanitizer, whose runtime has habits and needs of its own.
#ifndef MIRAKURU_TESTS_SUPPORT_SANITIZERS_HPP_
#define MIRAKURU_TESTS_SUPPORT_SANITIZERS_HPP_

namespace mirakuru::tests {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_SANITIZERS_HPP_
