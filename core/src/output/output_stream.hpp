// The two output streams of a service.
#ifndef MIRAKURU_CORE_SRC_OUTPUT_OUTPUT_STREAM_HPP_
#define MIRAKURU_CORE_SRC_OUTPUT_OUTPUT_STREAM_HPP_

#include <array>
#include <cstddef>

#include "mirakuru/options.hpp"
#include "supervisor/protocol.hpp"

namespace mirakuru::detail {

using protocol::OutputStream;

inline constexpr std::array kOutputStreams{OutputStream::std_out, OutputStream::std_err};

inline const char* to_string(OutputStream stream) {
  return stream == OutputStream::std_out ? "stdout" : "stderr";
}

// Where the stream is directed to.
inline const Stream& target_of(OutputStream stream, const Options& options) {
  return stream == OutputStream::std_out ? options.std_out : options.std_err;
}

// Whether its output can be read back.
inline bool is_captured(const Stream& target) {
  return target.kind() == Stream::Kind::capture || target.kind() == Stream::Kind::terminal ||
         target.kind() == Stream::Kind::file;
}

// Its index in an array of both.
inline constexpr std::size_t index_of(OutputStream stream) {
  return static_cast<std::size_t>(stream);
}

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_OUTPUT_OUTPUT_STREAM_HPP_
