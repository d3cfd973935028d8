// The two streams that a service prints to.
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

// Where it leads.
inline const Stream& target_of(OutputStream stream, const Options& options) {
  return stream == OutputStream::std_out ? options.std_out : options.std_err;
}

// Whether what goes there can be read back.
inline bool is_captured(const Stream& target) {
  return target.kind() == Stream::Kind::capture || target.kind() == Stream::Kind::terminal ||
         target.kind() == Stream::Kind::file;
}

// Its place in an array of both.
inline constexpr std::size_t index_of(OutputStream stream) {
  return static_cast<std::size_t>(stream);
}

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_OUTPUT_OUTPUT_STREAM_HPP_
