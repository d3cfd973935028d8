// {port}, {port:name}, {tmpdir} and {name} in texts.
#ifndef MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDERS_HPP_
#define MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDERS_HPP_

#include <functional>
#include <string>
#include <string_view>

namespace mirakuru::detail {

// What the placeholders stand for; asked only where one occurs.
struct PlaceholderSource {
  std::function<std::string(const std::string& name)> port;  // "" for plain {port}
  std::function<std::string()> tmpdir;
  std::function<std::string()> name;
};

// {{port}} gives a literal {port}. Braces around anything else stay as they are, since they belong
// to shells, awk and JSON.
std::string fill_in(std::string_view text, const PlaceholderSource& values);

// The text as it could look, for checks before anything is started.
std::string fill_in_samples(std::string_view text);

// Whether plain {port} occurs.
bool uses_plain_port(std::string_view text);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDERS_HPP_
