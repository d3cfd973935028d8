// Whether these tests run with a sanitizer.
#ifndef MIRAKURU_TESTS_SUPPORT_SANITIZERS_HPP_
#define MIRAKURU_TESTS_SUPPORT_SANITIZERS_HPP_

namespace mirakuru::tests {

#if defined(__has_feature)  // for Clang; GCC defines macros
#define MIRAKURU_TESTS_HAS_FEATURE(feature) __has_feature(feature)
#else
#define MIRAKURU_TESTS_HAS_FEATURE(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    MIRAKURU_TESTS_HAS_FEATURE(address_sanitizer) || MIRAKURU_TESTS_HAS_FEATURE(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_SANITIZERS_HPP_
