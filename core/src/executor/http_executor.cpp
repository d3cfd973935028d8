#include "mirakuru/http_executor.hpp"

#include <utility>

namespace mirakuru {

HTTPExecutor::HTTPExecutor(Command command, const HttpCheck& check, Options options)
    : Executor(std::move(command), Check(check), std::move(options)), url_(check.url) {}

std::string HTTPExecutor::url() const { return expand(url_); }

}  // namespace mirakuru
