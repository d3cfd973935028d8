#include "mirakuru/status.hpp"

#include <cerrno>
#include <exception>

namespace mirakuru {
namespace {

absl::StatusCode code_for(const StartError& error) {
  switch (error.code().value()) {
    case ENOENT:
    case ENOTDIR:
      return absl::StatusCode::kNotFound;
    case EACCES:
    case EPERM:
      return absl::StatusCode::kPermissionDenied;
    default:
      return absl::StatusCode::kFailedPrecondition;
  }
}

template <typename Action>
absl::Status as_status(Action action) {
  try {
    action();
    return absl::OkStatus();
  } catch (const TimeoutExpired& error) {
    return absl::DeadlineExceededError(error.what());
  } catch (const AlreadyRunning& error) {
    return absl::AlreadyExistsError(error.what());
  } catch (const StartError& error) {
    return absl::Status(code_for(error), error.what());
  } catch (const ExecutorError& error) {
    return absl::AbortedError(error.what());
  } catch (const std::exception& error) {
    return absl::UnknownError(error.what());
  } catch (...) {  // a hook may throw anything
    return absl::UnknownError("an exception that is not a std::exception");
  }
}

}  // namespace

absl::Status try_start(SimpleExecutor& executor) {
  return as_status([&] { executor.start(); });
}

absl::Status try_stop(SimpleExecutor& executor) {
  return as_status([&] { executor.stop(); });
}

}  // namespace mirakuru
