#include <cerrno>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "base/waiting.hpp"
#include "base/write_without_signal.hpp"
#include "executor/executor_impl.hpp"
#include "executor/failure_report.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/output.hpp"

namespace mirakuru {

using detail::Deadline;

void Input::write(std::string_view text, std::chrono::milliseconds timeout) {
  const Deadline deadline = Deadline::after(detail::scaled(timeout));
  const detail::UniqueFd& fd = executor_.streams().std_in();
  while (!text.empty()) {
    if (!fd) {
      throw ExecutorError(
          executor_.name() +
          ": its stdin cannot be written: it was closed, is not a pipe, or nothing was "
          "started");
    }
    const ssize_t n = detail::write_without_signal(fd.get(), text);
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      if (deadline.expired()) {
        throw TimeoutExpired(detail::failure_report(
            executor_, absl::StrCat("did not read its stdin within ",
                                    detail::in_words(detail::scaled(timeout)), "; ", text.size(),
                                    " bytes are left")));
      }
      detail::WaitSet set;
      set.add(fd.get(), POLLOUT);
      set.wake_at(deadline.time());
      set.wait();
    } else if (errno != EINTR) {
      const int error = errno;
      executor_.update();
      throw ExecutorError(detail::failure_report(
          executor_,
          absl::StrCat("does not read its stdin any more: ", detail::errno_in_words(error))));
    }
  }
}

void Input::close() { executor_.streams().std_in().reset(); }

}  // namespace mirakuru
