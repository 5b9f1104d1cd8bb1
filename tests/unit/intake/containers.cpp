#include "tests/unit/intake/containers.h"

#include <iconv.h>
#include <xlsxwriter.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {

namespace {

std::string converted(const std::string& text, const char* to) {
  iconv_t converter = iconv_open(to, "UTF-8");
  std::string result(4 * text.size() + 16, '\0');
  std::string copy = text;
  char* in = copy.data();
  char* out = result.data();
  std::size_t left = copy.size();
  std::size_t room = result.size();
  const bool failed = iconv(converter, &in, &left, &out, &room) == static_cast<std::size_t>(-1);
  iconv_close(converter);
  if (failed) throw std::runtime_error("the text has characters that the encoding lacks");
  result.resize(result.size() - room);
  return result;
}

std::string quoted(const std::string& cell) {
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

std::string separated(const TableCells& table, const std::string& separator, const std::string& end,
                      bool quote_all) {
  std::string text;
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += separator + (quote_all ? " " : "");
      const bool must = row[i].find_first_of("\"\n") != std::string::npos ||
                        row[i].find(separator) != std::string::npos;
      text += quote_all || must ? quoted(row[i]) : row[i];
    }
    text += end;
  }
  return text;
}

std::string workbook(const TableCells& table) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "table.xlsx";
  lxw_workbook* const book = workbook_new(file.c_str());
  lxw_worksheet* const sheet = workbook_add_worksheet(book, nullptr);
  for (std::size_t r = 0; r < table.size(); ++r) {
    for (std::size_t c = 0; c < table[r].size(); ++c) {
      const auto row = static_cast<lxw_row_t>(r);
      const auto column = static_cast<lxw_col_t>(c);
      const std::string& cell = table[r][c];
      if (cell.empty()) continue;
      char* rest = nullptr;
      const double number = std::strtod(cell.c_str(), &rest);
      if (*rest == '\0') {
        worksheet_write_number(sheet, row, column, number, nullptr);
      } else {
        worksheet_write_string(sheet, row, column, cell.c_str(), nullptr);
      }
    }
  }
  if (workbook_close(book) != LXW_NO_ERROR) throw std::runtime_error("no workbook");
  return read_file(file);
}

}  // namespace

Submission in_container(Container container, const TableCells& table) {
  Submission submission{"culture-tourism", "csv_drop", "text/csv", "table.csv", ""};
  switch (container) {
    case Container::csv:
      submission.body = separated(table, ",", "\n", false);
      break;
    case Container::bom:
      submission.body = "\xEF\xBB\xBF" + separated(table, ",", "\r\n", false);
      break;
    case Container::quoted:
      submission.body = separated(table, ",", "\n", true);
      break;
    case Container::gbk:
      submission.body = converted(separated(table, ",", "\r\n", false), "GB18030");
      break;
    case Container::utf16:
      submission.body = "\xFF\xFE" + converted(separated(table, "\t", "\r\n", false), "UTF-16LE");
      break;
    case Container::semicolons:
      submission.body = separated(table, ";", "\n", false);
      break;
    case Container::pipes:
      submission.body = "sep=|\n" + separated(table, "|", "\n", false);
      break;
    case Container::wide_comma:
      submission.body = separated(table, "，", "\n", false);
      break;
    case Container::xlsx:
      submission.media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
      submission.name = "table.xlsx";
      submission.body = workbook(table);
      break;
  }
  return submission;
}

}  // namespace districtd
