// How the plugin is hooked into GoogleTest.
#ifndef MIRAKURU_GTEST_PLUGIN_SRC_PLUGIN_HPP_
#define MIRAKURU_GTEST_PLUGIN_SRC_PLUGIN_HPP_

namespace mirakuru::gtest::detail {

// Once, however often it is called. Whoever calls it makes the linker keep the listener.
void install();

}  // namespace mirakuru::gtest::detail

#endif  // MIRAKURU_GTEST_PLUGIN_SRC_PLUGIN_HPP_
