// Compiles without any header of Catch2.
#include "mirakuru/catch2.hpp"

MIRAKURU_FIXTURE(Api, mirakuru::TCPExecutor{"./api", "127.0.0.1:{port}"});
