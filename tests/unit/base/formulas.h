// Cells that a spreadsheet would run, and what it would make of a CSV.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

// What may stand before a formula's sign and be left out by a spreadsheet, and each such sign.
inline const std::vector<std::string> kBeforeFormulas = {
    "",       " ",      "\t",     "\r",     "\n",     "\u00A0",       "\u200B",        "\uFEFF",
    "\u3000", "\u2060", "\u200D", "\u202E", "\u061C", " \u3000\t ",   "\uFEFF\u200B ", "\x01",
    "\x7F",   "\u0085", "\u2003", "\u00AD", "\u2066", "\u200E\u00A0", "  \r\n",        "\xFF"};
inline const std::vector<std::string> kFormulaSigns = {"=",  "+",  "-",  "@",  "＝", "＋",    "－",
                                                       "＠", "﹦", "﹢", "﹣", "﹫", "\u2212"};

// Each of the ones before each of the others.
inline std::vector<std::string> formulas() {
  std::vector<std::string> all;
  for (const std::string& before : kBeforeFormulas) {
    for (const std::string& sign : kFormulaSigns) {
      all.push_back(before + sign + "1+A1");
      all.push_back(before + sign + "HYPERLINK(\"http://a\",1)");
      all.push_back(before + sign + "cmd|' /C calc'!A0");
    }
  }
  return all;
}

// RFC 4180, without the byte order mark: every cell.
inline std::vector<std::string> cells_of(std::string_view csv) {
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (c == '"' && is_quoted && csv.substr(i + 1).starts_with('"')) {
      cells.back() += '"';
      ++i;
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && (c == ',' || c == '\n')) {
      cells.emplace_back();
    } else if (is_quoted || c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

// Whether a spreadsheet might run the cell: it begins as a formula does, and is no number.
inline bool is_run(std::string_view cell) {
  char* end = nullptr;
  const std::string text(cell);
  std::strtod(text.c_str(), &end);
  if (end != text.c_str() && *end == '\0') return false;
  for (const std::string& before : kBeforeFormulas) {
    for (const std::string& sign : kFormulaSigns) {
      if (cell.starts_with(before + sign)) return true;
    }
  }
  return false;
}

}  // namespace districtd
