#include "mirakuru/catch2.hpp"
#include "mirakuru/gtest.hpp"
