// Head and segments of a captured log (see log_writer.hpp).
#include "log_writer.hpp"

#include <fcntl.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <utility>

namespace mirakuru::supervisor {
namespace {

struct SegmentName {
  SegmentName(const char* log, std::uint64_t number) {
    std::snprintf(text, sizeof text, "%s.%llu", log, static_cast<unsigned long long>(number));
  }
  char text[NAME_MAX + 1];
};

}  // namespace

void LogWriter::open(Fd head, const char* name, int directory, const protocol::LogLimit& limit) {
  file_ = std::move(head);
  name_ = name;
  directory_ = directory;
  limit_ = limit;
  lseek(file_.get(), 0, SEEK_END);  // an earlier start of the service may have written to it
}

void LogWriter::write(const char* data, std::size_t size) {
  while (size > 0) {
    const std::uint64_t due = file_due();
    if (due != file_number_ && !open_segment(due)) return;
    const std::uint64_t room = room_in_file();
    const ssize_t written =
        ::write(file_.get(), data, size < room ? size : static_cast<std::size_t>(room));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail(written < 0 ? errno : EIO);
    data += written;
    size -= static_cast<std::size_t>(written);
    limit_.offset += static_cast<std::uint64_t>(written);
  }
}

int LogWriter::take_error() {
  const int error = error_;
  error_ = 0;
  return error;
}

std::uint64_t LogWriter::file_due() const {
  if (limit_.head == 0 || limit_.offset < limit_.head) return 0;
  return 1 + (limit_.offset - limit_.head) / limit_.segment;
}

std::uint64_t LogWriter::room_in_file() const {
  if (limit_.head == 0) return UINT64_MAX;
  if (limit_.offset < limit_.head) return limit_.head - limit_.offset;
  return limit_.segment - (limit_.offset - limit_.head) % limit_.segment;
}

bool LogWriter::open_segment(std::uint64_t number) {
  // The oldest one is deleted first, so that there are never more than two.
  if (number > 2) unlinkat(directory_, SegmentName(name_, number - 2).text, 0);
  const SegmentName name(name_, number);
  constexpr int kFlags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW;
  Fd file(openat(directory_, name.text, kFlags | O_CREAT | O_EXCL, 0600));
  // It exists if an earlier start of the service wrote part of it.
  if (!file && errno == EEXIST) file = Fd(openat(directory_, name.text, kFlags | O_APPEND));
  if (!file) {
    fail(errno);
    return false;
  }
  file_ = std::move(file);
  file_number_ = number;
  return true;
}

void LogWriter::fail(int error) {
  if (!failed_before_) error_ = error;
  failed_before_ = true;
}

}  // namespace mirakuru::supervisor
