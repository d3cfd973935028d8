#include "mirakuru/gtest.hpp"
#include "mirakuru/catch2.hpp"
