// {port}, {port:name}, {tmpdir} and {name} in texts.
#ifndef MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDERS_HPP_
#define MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDERS_HPP_

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace mirakuru::detail {

// The values of the placeholders; called only if one occurs.
struct PlaceholderSource {
  std::function<std::string(const std::string& name)> port;  // "" for plain {port}
  std::function<std::string()> tmpdir;
  std::function<std::string()> name;
};

// {{port}} gives a literal {port}. Braces around anything else stay as they are, since shells, awk
// and JSON use them.
std::string fill_in(std::string_view text, const PlaceholderSource& values);

// The inverse: fill_in() turns the result back into `text`.
std::string as_literal(std::string_view text);

// The text with sample values, for checks before anything is started.
std::string fill_in_samples(std::string_view text);

// The names of the ports that occur in the text; "" is the name of plain {port}.
std::set<std::string> port_names_in(std::string_view text);

// Throws std::invalid_argument, which begins with `where`, for a word in braces that is almost a
// placeholder ({prot}, {tmp_dir}, {port_admin}), and names the one that was probably meant. Ignores
// ${prot}, which is shell syntax, and {{prot}}, which is a literal {prot}.
void refuse_misspelled_placeholders(std::string_view text, const std::string& where);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_RESOURCES_PLACEHOLDERS_HPP_
