#include "mirakuru/gtest.hpp"

MIRAKURU_FIXTURE(OfALine, "./api --port {port}");
TEST_F(OfALine, Answers) {}

mirakuru::TCPExecutor variable("./api", "127.0.0.1:{port}");
MIRAKURU_FIXTURE(OfAVariable, variable);
TEST_F(OfAVariable, Answers) {}

mirakuru::gtest::Environment of_a_temporary({mirakuru::SimpleExecutor("./api")});
