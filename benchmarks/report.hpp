// What was promised, what was measured, and whether the one is met by the other: a table in
// Markdown, row by row as the measuring goes on.
#ifndef MIRAKURU_BENCHMARKS_REPORT_HPP_
#define MIRAKURU_BENCHMARKS_REPORT_HPP_

#include <string>

namespace benchmarks {

class Report {
 public:
  // Prints the machine, and the head of the table.
  Report();

  // Met where `measured` is below `bar`; both in `unit`. `floor` is what it costs without mirakuru.
  void below(const std::string& what, double bar, double measured, const std::string& unit,
             const std::string& floor);
  // Met where nothing was added.
  void no_growth(const std::string& what, long before, long after);
  void not_measured(const std::string& what, const std::string& why);

  bool all_met() const { return all_met_; }

 private:
  void row(const std::string& what, const std::string& bar, const std::string& measured,
           const std::string& floor, bool met);

  bool all_met_ = true;
};

// "0.12 ms"
std::string in_unit(double value, const std::string& unit);

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_REPORT_HPP_
