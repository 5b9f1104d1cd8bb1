// One table in everything that departments send tables in.
#pragma once

#include <string>
#include <vector>

#include "collectors/submission.h"

namespace districtd {

using TableCells = std::vector<std::vector<std::string>>;

enum class Container {
  csv,     // UTF-8, quoted where needed
  bom,     // with a byte order mark, CRLF
  quoted,  // every cell in quotes, blanks before them
  gbk,     // as Excel saves CSV in Chinese
  utf16,   // "Unicode text": UTF-16LE with tabs
  semicolons,
  pipes,       // under "sep=|"
  wide_comma,  // ，
  xlsx,
};
inline constexpr Container kContainers[] = {
    Container::csv,   Container::bom,        Container::quoted,
    Container::gbk,   Container::utf16,      Container::semicolons,
    Container::pipes, Container::wide_comma, Container::xlsx};

// The submission of culture-tourism that holds the table. No cell may hold what separates it.
Submission in_container(Container container, const TableCells& table);

}  // namespace districtd
