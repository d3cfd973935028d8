#include "mirakuru/catch2.hpp"

MIRAKURU_FIXTURE(OfALine, "./api --port {port}");
int OfALinePort() { return OfALine::executor().port(); }

mirakuru::TCPExecutor variable("./api", "127.0.0.1:{port}");
MIRAKURU_FIXTURE(OfAVariable, variable);
int OfAVariablePort() { return OfAVariable::executor().port(); }
