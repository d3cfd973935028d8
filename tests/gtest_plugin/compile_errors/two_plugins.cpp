#define MIRAKURU_PLUGIN_HPP_  // as <mirakuru/catch2.hpp> does
#include "mirakuru/gtest.hpp"
