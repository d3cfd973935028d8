// Registers the plugin with GoogleTest.
#ifndef MIRAKURU_GTEST_PLUGIN_SRC_PLUGIN_HPP_
#define MIRAKURU_GTEST_PLUGIN_SRC_PLUGIN_HPP_

namespace mirakuru::gtest::detail {

// Later calls do nothing. A call also makes the linker keep the listener.
void install();

}  // namespace mirakuru::gtest::detail

#endif  // MIRAKURU_GTEST_PLUGIN_SRC_PLUGIN_HPP_
