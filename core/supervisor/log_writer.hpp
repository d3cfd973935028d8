// Writes a captured stream to disk within a size limit: a head, and the last two of the segments
// that follow it. See protocol::LogLimit for the layout.
#ifndef MIRAKURU_CORE_SUPERVISOR_LOG_WRITER_HPP_
#define MIRAKURU_CORE_SUPERVISOR_LOG_WRITER_HPP_

#include <cstdint>

#include "protocol.hpp"
#include "system.hpp"

namespace mirakuru::supervisor {

class LogWriter {
 public:
  // `name` and `directory` are borrowed: segments are made in `directory`, and their names begin
  // with `name`.
  void open(Fd head, const char* name, int directory, const protocol::LogLimit& limit);
  void close() { file_.reset(); }

  // What cannot be written is dropped: a service must never wait for its log.
  void write(const char* data, std::size_t size);
  // The errno of the first failure, returned once; otherwise 0.
  int take_error();

 private:
  // The file for the byte at the current offset: 0 is the head, n the segment ".n".
  std::uint64_t file_due() const;
  std::uint64_t room_in_file() const;
  bool open_segment(std::uint64_t number);
  void fail(int error);

  Fd file_;
  std::uint64_t file_number_ = 0;
  const char* name_ = nullptr;
  int directory_ = -1;
  protocol::LogLimit limit_;
  int error_ = 0;
  bool failed_before_ = false;
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_LOG_WRITER_HPP_
