#include "daemon/intake/intake.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "daemon/intake/charset.h"
#include "daemon/intake/columns.h"
#include "daemon/intake/csv_reader.h"
#include "daemon/intake/json_reader.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/rows.h"
#include "daemon/intake/text.h"

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

bool is_blank(std::span<const std::string_view> cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](std::string_view cell) { return trim(cell).empty(); });
}

RowError explain_length(const CsvReader& csv, std::string_view subject, std::size_t most) {
  return explain(Refusal::row_too_long, csv.row(), "", "",
                 {subject, std::to_string(csv.bytes()), std::to_string(most),
                  "是否缺少换行，或有双引号没有配对"});
}

// Of a row that has a fault.
RowError explain_csv_fault(const CsvReader& csv) {
  const auto explain_quote = [&](Refusal refusal) {
    const std::string_view cell = csv.cells()[csv.faulty_cell()];
    return explain(refusal, csv.row(), "", cell, {cell});
  };
  switch (csv.fault()) {
    case CsvReader::Fault::too_many_cells:
      return explain(
          Refusal::too_many_columns, csv.row(), "", "",
          {std::to_string(csv.width()), "允许的", std::to_string(CsvReader::kMostCells)});
    case CsvReader::Fault::too_long:
      return explain_length(csv, "这一行", CsvReader::kMostRowBytes);
    case CsvReader::Fault::stray_quote:
      return explain_quote(Refusal::stray_quote);
    default:
      return explain_quote(Refusal::unterminated_quote);
  }
}

// Nothing but blank cells lies beyond the header's last column: Excel adds those.
bool is_too_wide(std::span<const std::string_view> cells, const Header& header) {
  return cells.size() > header.width && !is_blank(cells.subspan(header.width));
}

void take_row(const CsvReader& csv, const Header& header, Rows& rows) {
  const auto cells = csv.cells();
  const auto position = [&](Column column) {
    return header.positions[static_cast<std::size_t>(column)];
  };
  if (csv.fault() != CsvReader::Fault::none) {
    // What is too long is not given back: its doubled quotes may stand as they came.
    const bool is_given_back = csv.fault() != CsvReader::Fault::too_long;
    rows.refuse(csv.row(), is_given_back ? cells : std::span<const std::string_view>(),
                [&] { return explain_csv_fault(csv); });
    return;
  }
  Row row;
  row.number = csv.row();
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (header.positions[i] && *header.positions[i] < cells.size()) {
      row.cells[i] = cells[*header.positions[i]];
    }
  }
  if (trim(row[Column::target]).empty() && is_blank(cells)) return;
  for (const Column needed : {Column::target, Column::as_of}) {
    if (*position(needed) < cells.size()) continue;
    rows.refuse(csv.row(), cells, [&] {
      return explain(
          Refusal::too_few_columns, csv.row(), rows.name(needed), "",
          {std::to_string(cells.size()), rows.name(needed), std::to_string(header.width)});
    });
    return;
  }
  if (is_too_wide(cells, header)) {
    rows.refuse(csv.row(), cells, [&] {
      return explain(Refusal::too_many_columns, csv.row(), "", cells[header.width],
                     {std::to_string(cells.size()), "表头的", std::to_string(header.width)});
    });
    return;
  }
  rows.take(row, cells);
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

Decoded decode_csv(std::string_view text, Rows rows) {
  CsvReader csv(text);
  while (csv.next() && csv.fault() == CsvReader::Fault::none && is_blank(csv.cells())) {
  }
  if (csv.fault() == CsvReader::Fault::too_many_cells) {
    return std::move(rows).fail(explain_csv_fault(csv), Outcome::refused);
  }
  if (csv.bytes() > kMostHeaderBytes && csv.fault() != CsvReader::Fault::unterminated_quote) {
    return std::move(rows).fail(explain_length(csv, "表头", kMostHeaderBytes), Outcome::refused);
  }
  if (csv.bytes() <= kMostHeaderBytes) rows.set_header(csv.cells());
  if (csv.fault() != CsvReader::Fault::none) {
    return std::move(rows).fail(explain_csv_fault(csv), Outcome::unreadable);
  }
  const auto header = read_header(csv.cells(), csv.row());
  if (const auto* error = std::get_if<RowError>(&header)) {
    return std::move(rows).fail(*error, Outcome::refused);
  }
  rows.name_columns(std::get<Header>(header).names);
  while (csv.next()) {
    take_row(csv, std::get<Header>(header), rows);
    reserve_for(text, csv, rows);
  }
  if (rows.count() == 0) {
    return std::move(rows).fail(explain(Refusal::no_rows, 0, "", "", {"表头之后"}),
                                Outcome::refused);
  }
  return std::move(rows).finish();
}

Decoded decode_json(std::string_view text, Rows rows) {
  if (const auto error = read_json(text, rows)) {
    return std::move(rows).fail(*error, Outcome::unreadable);
  }
  if (rows.count() == 0) {
    return std::move(rows).fail(explain(Refusal::no_rows, 0, "", "", {"“observations”中"}),
                                Outcome::refused);
  }
  return std::move(rows).finish();
}

}  // namespace

Decoded decode(const Submission& submission, const Catalogue& catalogue, Date today) {
  Rows rows(submission, catalogue, today);
  const auto checked = check_text(submission.body);
  if (const auto* error = std::get_if<RowError>(&checked)) {
    return std::move(rows).fail(*error, Outcome::unreadable);
  }
  const std::string_view text = std::get<std::string_view>(checked);
  if (is_html(text)) {
    return std::move(rows).fail(explain(Refusal::html_page, 0, "", ""), Outcome::unreadable);
  }
  const Format format = format_of(submission, text);
  if (format == Format::unsupported) {
    return std::move(rows).fail(explain(Refusal::unsupported_media_type, 0, "",
                                        submission.media_type, {submission.media_type}),
                                Outcome::unreadable);
  }
  if (!catalogue.find_department(submission.department)) {
    return std::move(rows).fail(
        explain(Refusal::unknown_department, 0, "", submission.department, {submission.department}),
        Outcome::refused);
  }
  return format == Format::json ? decode_json(text, std::move(rows))
                                : decode_csv(text, std::move(rows));
}

}  // namespace districtd
