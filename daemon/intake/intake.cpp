#include "daemon/intake/intake.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "daemon/intake/charset.h"
#include "daemon/intake/csv_reader.h"
#include "daemon/intake/json_reader.h"
#include "daemon/intake/layout.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/rows.h"
#include "daemon/intake/table.h"
#include "daemon/intake/workbook.h"

namespace districtd {

namespace {

constexpr std::size_t kMostHeaderBytes = 65'536;

enum class Format { csv, json, unsupported };

// Windows calls a CSV application/vnd.ms-excel where Excel is installed.
Format format_of(const Submission& submission, std::string_view text) {
  const std::string_view type = submission.media_type;
  if (type == "text/csv" || type == "application/csv") return Format::csv;
  if (type == "application/json") return Format::json;
  const bool says_nothing = type.empty() || type == "application/octet-stream" ||
                            type == "text/plain" || type == "application/vnd.ms-excel";
  if (!says_nothing) return Format::unsupported;
  const std::string name = lower_ascii(submission.name);
  if (name.ends_with(".csv")) return Format::csv;
  if (name.ends_with(".json")) return Format::json;
  const std::string_view content = trim(text);
  return content.starts_with('{') || content.starts_with('[') ? Format::json : Format::csv;
}

bool is_html(std::string_view text) {
  const std::string start = lower_ascii(trim(text.substr(0, 100)));
  return start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<head");
}

// Nothing but blank cells lies beyond the header's last column: Excel adds those.
bool is_too_wide(std::span<const std::string_view> cells, const Header& header) {
  return cells.size() > header.width && !is_blank_row(cells.subspan(header.width));
}

// Refuses a row that lacks a column or has cells that no column is for.
bool has_fault_of_width(std::span<const std::string_view> cells, std::int64_t number,
                        const Header& header, Rows& rows) {
  for (const Column needed : {Column::target, Column::as_of}) {
    const auto position = header.positions[static_cast<std::size_t>(needed)];
    if (!position || *position < cells.size()) continue;
    rows.refuse(number, cells, [&] {
      return explain(
          Refusal::too_few_columns, number, rows.name(needed), "",
          {std::to_string(cells.size()), rows.name(needed), std::to_string(header.width)});
    });
    return true;
  }
  if (!is_too_wide(cells, header)) return false;
  rows.refuse(number, cells, [&] {
    return explain(Refusal::too_many_columns, number, "", cells[header.width],
                   {std::to_string(cells.size()), "表头的", std::to_string(header.width)});
  });
  return true;
}

Row row_of(std::span<const std::string_view> cells, std::int64_t number, const Header& header) {
  Row row;
  row.number = number;
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (header.positions[i] && *header.positions[i] < cells.size()) {
      row.cells[i] = cells[*header.positions[i]];
    }
  }
  return row;
}

// A row below a plain header.
void take_plain_row(const CsvReader& csv, const Header& header, Rows& rows) {
  const auto cells = csv.cells();
  if (csv.fault() != CsvReader::Fault::none) {
    // What is too long is not given back: its doubled quotes may stand as they came.
    const bool is_given_back = csv.fault() != CsvReader::Fault::too_long;
    rows.refuse(csv.row(), is_given_back ? cells : std::span<const std::string_view>(),
                [&] { return explain_csv_fault(csv); });
    return;
  }
  const Row row = row_of(cells, csv.row(), header);
  if (trim(row[Column::target]).empty() && is_blank_row(cells)) return;
  if (trim(row[Column::as_of]).empty()) {
    const auto target = static_cast<std::size_t>(Column::target);
    if (is_remark(cells, *header.positions[target], header.names[target]) ||
        rows.is_heading(cells)) {
      return rows.count_remark(csv.row(), cells);
    }
  }
  if (has_fault_of_width(cells, csv.row(), header, rows)) return;
  rows.add(row, cells);
}

// NAME.errors.csv puts an apostrophe before what a spreadsheet would run; here it comes off again.
void take_off_apostrophes(std::vector<std::string_view>& cells) {
  for (std::string_view& cell : cells) {
    if (cell.size() > 1 && cell[0] == '\'' &&
        std::string_view("=+-@\t\r").find(cell[1]) != std::string_view::npos) {
      cell.remove_prefix(1);
    }
  }
}

// A row of any other table.
void take_table_row(std::span<const std::string_view> cells, std::int64_t number,
                    const Layout& layout, Rows& rows) {
  if (is_blank_row(cells)) return;
  const auto target = static_cast<std::size_t>(Column::target);
  if (is_remark(cells, *layout.header.positions[target], layout.header.names[target]) ||
      rows.is_heading(cells)) {
    return rows.count_remark(number, cells);
  }
  if (has_fault_of_width(cells, number, layout.header, rows)) return;
  RowContext context;
  if (layout.unit_position && *layout.unit_position < cells.size()) {
    context.unit_text = cells[*layout.unit_position];
  }
  Row row = row_of(cells, number, layout.header);
  row.context = &context;
  if (layout.periods.empty()) {
    context.unit = layout.unit ? &*layout.unit : nullptr;
    if (layout.as_of) {
      context.as_of = &*layout.as_of;
      context.as_of_text = layout.as_of_text;
    }
    return rows.add(row, cells);
  }
  for (const PeriodColumn& period : layout.periods) {
    const auto value = static_cast<std::size_t>(Column::value);
    row.cells[value] = period.position < cells.size() ? cells[period.position] : "";
    context.as_of = &period.date;
    context.as_of_text = period.name;
    context.value_name = period.name;
    context.unit = period.unit ? &*period.unit : layout.unit ? &*layout.unit : nullptr;
    rows.add(row, cells);
  }
}

// Growing to a million observations would move each of them several times: their number follows
// from the length of the first rows.
void reserve_for(std::string_view text, const CsvReader& csv, Rows& rows) {
  constexpr std::size_t kSample = 1000;
  constexpr std::size_t kMost = 4'000'000;  // a first guess is not worth more memory than this
  if (rows.count() != kSample) return;
  const auto read = static_cast<std::size_t>(csv.position() - text.data());
  const std::size_t estimate = text.size() / std::max<std::size_t>(read / kSample, 1);
  rows.reserve(std::min(estimate + estimate / 16 + kSample, kMost));
}

Decoded with_rows(Rows rows, std::string_view where) {
  if (rows.count() > 0) return std::move(rows).finish();
  const std::string place(where);
  const bool all_empty = rows.empty() > 0;
  return std::move(rows).fail(
      explain(Refusal::no_rows, 0, "", "", {all_empty ? "数值都是空的，" + place : place}),
      Outcome::refused);
}

Decoded decode_table(TableReader& table, const Layout& layout, Rows rows) {
  rows.set_layout(layout);
  std::vector<std::string_view> cells;
  while (table.next()) {
    if (const auto fault = table.fault()) {
      rows.refuse(table.row(), table.cells(), [&] { return *fault; });
      continue;
    }
    if (!layout.was_given_back) {
      take_table_row(table.cells(), table.row(), layout, rows);
      continue;
    }
    cells.assign(table.cells().begin(), table.cells().end());
    take_off_apostrophes(cells);
    take_table_row(cells, table.row(), layout, rows);
  }
  return with_rows(std::move(rows), "表头之后");
}

// What has no plain header: the first separator with which a header is found is the table's.
Decoded decode_unusual_csv(std::string_view text, const ColumnMapping& mapping, Rows rows) {
  std::optional<NoLayout> closest;
  for (const Separator separator :
       {Separator::comma, Separator::tab, Separator::semicolon, Separator::wide_comma}) {
    TextTable table(text, separator);
    auto layout = find_layout(table, mapping);
    if (layout) {
      return decode_table(table, *layout, std::move(rows));
    }
    NoLayout& none = layout.error();
    if (!closest || none.named > closest->named) closest = std::move(none);
  }
  const RowError& why = closest->why;
  // Big5 and the like are valid GB18030, of other characters.
  if (closest->named == 0 && rows.encoding() == "GB18030") {
    rows.note("文件是按 GB18030 读的；读到的如果是乱码，请另存为 CSV UTF-8 或 xlsx 后重新报送。");
  }
  const bool is_broken = why.code == "unterminated_quote" || why.code == "stray_quote";
  return std::move(rows).fail(why, is_broken ? Outcome::unreadable : Outcome::refused);
}

Decoded decode_csv(std::string_view text, const ColumnMapping& mapping, Rows rows) {
  CsvReader csv(text);
  while (csv.next() && csv.fault() == CsvReader::Fault::none && is_blank_row(csv.cells())) {
  }
  if (csv.fault() == CsvReader::Fault::too_many_cells) {
    return std::move(rows).fail(explain_csv_fault(csv), Outcome::refused);
  }
  if (csv.bytes() > kMostHeaderBytes && csv.fault() != CsvReader::Fault::unterminated_quote) {
    return std::move(rows).fail(explain_row_length(csv, "表头", kMostHeaderBytes),
                                Outcome::refused);
  }
  if (csv.bytes() <= kMostHeaderBytes) rows.set_header(csv.cells());
  const auto header =
      csv.fault() == CsvReader::Fault::none ? read_plain_header(csv.cells()) : std::nullopt;
  if (!header) return decode_unusual_csv(text, mapping, std::move(rows));
  const bool was_given_back =
      std::any_of(csv.cells().begin(), csv.cells().end(),
                  [](std::string_view cell) { return trim(cell) == kCorrectionColumn; });
  if (was_given_back) return decode_unusual_csv(text, mapping, std::move(rows));

  rows.name_columns(header->names);
  rows.target_stands_at(*header->positions[static_cast<std::size_t>(Column::target)]);
  while (csv.next()) {
    take_plain_row(csv, *header, rows);
    reserve_for(text, csv, rows);
  }
  return with_rows(std::move(rows), "表头之后");
}

// Why nothing of this department's is taken, whatever the submission's format; nullopt where it is.
std::optional<RowError> department_fault(const Submission& submission, const Catalogue& catalogue) {
  if (catalogue.find_department(submission.department)) return std::nullopt;
  return explain(Refusal::unknown_department, 0, "", submission.department,
                 {submission.department});
}

// The sheet that the mapping names, or the first that holds a table.
Decoded decode_workbook(const Submission& submission, const Catalogue& catalogue,
                        const ColumnMapping& mapping, Rows rows) {
  const auto read = read_workbook(submission.body);
  if (!read) return std::move(rows).fail(read.error(), Outcome::unreadable);
  rows.set_encoding("XLSX");
  if (const auto fault = department_fault(submission, catalogue)) {
    return std::move(rows).fail(*fault, Outcome::refused);
  }
  const auto& sheets = *read;
  std::optional<NoLayout> closest;
  std::string closest_name;
  std::string names;
  for (const Sheet& sheet : sheets) {
    names += (names.empty() ? "“" : "、“") + sheet.name + "”";
    if (!mapping.sheet.empty() && sheet.name != mapping.sheet) continue;
    SheetTable table(sheet);
    auto layout = find_layout(table, mapping);
    if (layout) {
      if (sheets.size() > 1) rows.note("读取的是工作表“" + sheet.name + "”。");
      return decode_table(table, *layout, std::move(rows));
    }
    NoLayout& none = layout.error();
    const bool is_closer =
        !closest || none.named > closest->named || (closest->why.row == 0 && none.why.row != 0);
    if (!is_closer) continue;
    closest = std::move(none);
    closest_name = sheet.name;
  }
  if (!closest) {
    return std::move(rows).fail(
        explain(Refusal::no_such_sheet, 0, "", mapping.sheet, {mapping.sheet, names}),
        Outcome::refused);
  }
  if (sheets.size() > 1) {
    rows.note("没有一张工作表能找到完整的表头，下面说的是工作表“" + closest_name + "”。");
  }
  return std::move(rows).fail(closest->why, Outcome::refused);
}

Decoded decode_json(std::string_view text, Rows rows) {
  rows.blanks_are_missing();
  if (const auto error = read_json(text, rows)) {
    return std::move(rows).fail(*error, Outcome::unreadable);
  }
  return with_rows(std::move(rows), "“observations”中");
}

}  // namespace

Decoded decode(const Submission& submission, const Catalogue& catalogue, Date today,
               const ColumnMapping& mapping, const KnownFigures* figures) {
  Rows rows(submission, catalogue, today, mapping, figures);
  if (is_zip(submission.body)) {
    return decode_workbook(submission, catalogue, mapping, std::move(rows));
  }
  if (is_encrypted_workbook(submission.body)) {
    return std::move(rows).fail(explain(Refusal::encrypted_workbook, 0, "", ""),
                                Outcome::unreadable);
  }
  auto decoded = decode_text(submission.body);
  if (!decoded) {
    return std::move(rows).fail(decoded.error(), Outcome::unreadable);
  }
  const DecodedText& from = *decoded;
  const std::string_view text = from.text();
  rows.set_encoding(from.encoding);
  if (is_html(text)) {
    return std::move(rows).fail(explain(Refusal::html_page, 0, "", ""), Outcome::unreadable);
  }
  const Format format = format_of(submission, text);
  if (format == Format::unsupported) {
    return std::move(rows).fail(explain(Refusal::unsupported_media_type, 0, "",
                                        submission.media_type, {submission.media_type}),
                                Outcome::unreadable);
  }
  if (const auto fault = department_fault(submission, catalogue)) {
    return std::move(rows).fail(*fault, Outcome::refused);
  }
  return format == Format::json ? decode_json(text, std::move(rows))
                                : decode_csv(text, mapping, std::move(rows));
}

}  // namespace districtd
