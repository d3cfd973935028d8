// The three standard streams of an executor's service: where they are directed to, as the options
// say, and the logs of the captured ones.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_SERVICE_STREAMS_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_SERVICE_STREAMS_HPP_

#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "mirakuru/output.hpp"
#include "output/log_source.hpp"
#include "output/output_stream.hpp"

namespace mirakuru::detail {

class ExecutorImpl;
struct LaunchRequest;

// The log of one output stream.
class ServiceLog final : public LogSource {
 public:
  ServiceLog(ExecutorImpl& executor, OutputStream stream)
      : LogSource(stream), executor_(executor) {}

  // To be called before each start. Until the first call nothing is captured.
  void open();

  bool is_deleted() const override;
  void flush() override;
  void update() override;
  bool ended() const override;
  std::optional<ExitStatus> exit_status() const override;
  void wait_on(WaitSet& set) const override;
  std::string failure_report(const std::string& headline, const std::string& waited_for) override;

 private:
  ExecutorImpl& executor_;
};

class ServiceStreams {
 public:
  explicit ServiceStreams(ExecutorImpl& executor);

  Output& output(OutputStream stream) { return stream == OutputStream::std_out ? out_ : err_; }
  Input& input() { return in_; }

  ServiceLog& log(OutputStream stream) {
    return stream == OutputStream::std_out ? out_log_ : err_log_;
  }
  // The test program's end of a stdin that is a pipe; empty if it is closed or is not a pipe.
  UniqueFd& std_in() { return std_in_; }

  // To be called at each start, before the service can print.
  void open_logs();
  // Adds the descriptors of a launch and their modes. Throws StartError.
  void add_to(LaunchRequest& request);

 private:
  void add_std_in(LaunchRequest& request);
  // True if the shepherd captures the stream.
  bool add_output(LaunchRequest& request, OutputStream stream);

  ExecutorImpl& executor_;
  ServiceLog out_log_;
  ServiceLog err_log_;
  Output out_;
  Output err_;
  Input in_;
  UniqueFd std_in_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_SERVICE_STREAMS_HPP_
