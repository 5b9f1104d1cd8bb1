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
#include "daemon/intake/several_sheets.h"
#include "daemon/intake/sheets.h"
#include "daemon/intake/table.h"
#include "daemon/intake/table_rows.h"
#include "daemon/intake/workbook.h"

namespace districtd {

namespace {

constexpr std::size_t kMostHeaderBytes = 65'536;

// Whether a text is JSON by how it begins. "[附件] 表一" is a table.
bool begins_as_json(std::string_view text) {
  const std::string_view content = trim(text.substr(0, 1000));
  if (!content.starts_with('{') && !content.starts_with('[')) return false;
  const std::string_view next = trim(content.substr(1));
  return next.empty() || std::string_view("\"{[]}").find(next[0]) != std::string_view::npos;
}

// Whether a text may be meant as JSON where its sender says so.
bool may_be_json(std::string_view text) {
  const std::string_view content = trim(text.substr(0, 1000));
  constexpr std::array<std::string_view, 3> kWords = {"true", "false", "null"};
  return std::string_view("{[\"-0123456789").find(content[0]) != std::string_view::npos ||
         std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return content == word; });
}

bool is_json(const Submission& submission, std::string_view text) {
  if (begins_as_json(text)) return true;
  const bool says_json =
      submission.media_type == "application/json" ||
      (submission.media_type.empty() && lower_ascii(submission.name).ends_with(".json"));
  return says_json && may_be_json(text);
}

// What other programs write as text and call a workbook; nullopt for other texts.
std::optional<RowError> markup_fault(std::string_view text) {
  constexpr std::size_t kMostBytes = 4096;
  const std::string start = lower_ascii(trim(text.substr(0, kMostBytes)));
  const auto has = [&](std::string_view piece) { return start.find(piece) != start.npos; };
  const auto other = [](std::string_view what) {
    return explain(Refusal::other_workbook, 0, "", "", {what});
  };
  if (start.starts_with("mime-version:") && has("multipart/related")) {
    return other("这是网页存档（mht）");
  }
  if (!start.starts_with('<')) return std::nullopt;
  if (has("office:document")) return other("这是 OpenDocument 表格（fods）");
  if (has("office:spreadsheet")) return other("这是 XML 表格（Excel 2003 的 xml）");
  const bool is_html =
      start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<head");
  const bool is_table = has("office:excel") || start.starts_with("<table");
  if (is_table) return other("这是网页格式的表格（系统导出的 xls 常是这样）");
  if (is_html) return explain(Refusal::html_page, 0, "", "");
  return std::nullopt;
}

// A row below a plain header. False where it is none of plain data: then the whole file is read as
// any other table.
bool take_plain_row(const CsvReader& csv, const Header& header, Rows& rows) {
  const auto cells = csv.cells();
  if (csv.fault() != CsvReader::Fault::none) {
    // What is too long is not given back: its doubled quotes may stand as they came.
    const bool is_given_back = csv.fault() != CsvReader::Fault::too_long;
    rows.refuse(csv.row(), is_given_back ? cells : std::span<const std::string_view>(),
                [&] { return explain_csv_fault(csv); });
    return true;
  }
  const Row row = row_of(cells, csv.row(), header);
  const std::string_view target = trim(row[Column::target]);
  if (target.empty() && is_blank_row(cells)) return true;
  if (target.empty() || !rows.knows(target)) return false;
  if (has_fault_of_width(cells, csv.row(), header, rows)) return true;
  rows.add(row, cells);
  return true;
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

Decoded with_rows(Rows& rows, std::string_view where) {
  if (rows.count() > 0 || rows.says_words()) return rows.finish();
  const std::string place(where);
  const bool all_empty = rows.empty() > 0;
  return rows.fail(
      explain(Refusal::no_rows, 0, "", "", {all_empty ? "数值都是空的，" + place : place}),
      Outcome::refused);
}

LayoutWords words_of(const ColumnMapping& mapping, Rows& rows) {
  return {mapping, rows.catalogue(), rows.targets()};
}

Decoded decode_table(TableReader& table, Layout layout, const ColumnMapping& mapping, Rows& rows) {
  rows.set_layout(layout);
  read_table_rows(table, std::move(layout), words_of(mapping, rows), rows);
  return with_rows(rows, "表头之后");
}

// The first row that is not blank, as the receipt keeps it; or why the file cannot be read at all.
std::optional<RowError> read_first_row(CsvReader& csv, Rows& rows) {
  while (csv.next() && csv.fault() == CsvReader::Fault::none && is_blank_row(csv.cells())) {
  }
  if (csv.fault() == CsvReader::Fault::too_many_cells) return explain_csv_fault(csv);
  if (csv.bytes() > kMostHeaderBytes && csv.fault() != CsvReader::Fault::unterminated_quote) {
    return explain_row_length(csv, "表头", kMostHeaderBytes);
  }
  if (csv.bytes() <= kMostHeaderBytes) rows.set_header(csv.cells());
  return std::nullopt;
}

// "sep=|" in the first row, by which Excel is told the separator.
std::optional<Separator> declared_separator(std::string_view text) {
  const std::string_view line =
      trim(text.substr(0, std::min(text.size(), text.find_first_of("\r\n"))));
  if (lower_ascii(line.substr(0, 4)) != "sep=" || line.size() > 7) return std::nullopt;
  const std::string_view mark = line.substr(4);
  if (mark == ",") return Separator::comma;
  if (mark == ";") return Separator::semicolon;
  if (mark == "|") return Separator::pipe;
  if (mark == "，") return Separator::wide_comma;
  return mark.empty() || mark == "\t" ? std::optional(Separator::tab) : std::nullopt;
}

// What has no plain header: the first separator with which a header is found is the table's.
Decoded decode_unusual_csv(std::string_view text, const ColumnMapping& mapping, Rows& rows) {
  CsvReader csv(text);
  if (auto error = read_first_row(csv, rows)) return rows.fail(*error, Outcome::refused);
  const auto declared = declared_separator(text);
  std::vector<Separator> separators = {Separator::comma, Separator::tab, Separator::semicolon,
                                       Separator::wide_comma, Separator::pipe};
  if (declared) separators.assign(1, *declared);
  std::optional<NoLayout> closest;
  for (const Separator separator : separators) {
    TextTable table(text, separator);
    if (declared) table.next();
    auto layout = find_layout(table, words_of(mapping, rows));
    if (layout) return decode_table(table, std::move(*layout), mapping, rows);
    NoLayout& none = layout.error();
    if (!closest || none.named > closest->named) closest = std::move(none);
  }
  const RowError& why = closest->why;
  // Big5 and the like are valid GB18030, of other characters.
  if (closest->named == 0 && rows.encoding() == "GB18030") {
    rows.note("文件是按 GB18030 读的；读到的如果是乱码，请另存为 CSV UTF-8 或 xlsx 后重新报送。");
  }
  const bool is_broken = why.code == "unterminated_quote" || why.code == "stray_quote";
  return rows.fail(why, is_broken ? Outcome::unreadable : Outcome::refused);
}

bool has_names(const ColumnMapping& mapping) {
  return !mapping.unit_names.empty() ||
         std::any_of(mapping.names.begin(), mapping.names.end(),
                     [](const auto& names) { return !names.empty(); });
}

// A UTF-8 CSV under the plain header, every row of which names a target: the short way. nullopt
// where it is not that; then nothing of `rows` counts.
std::optional<Decoded> decode_plain_csv(std::string_view text, Rows& rows) {
  CsvReader csv(text);
  if (read_first_row(csv, rows) || csv.fault() != CsvReader::Fault::none) return std::nullopt;
  const auto header = read_plain_header(csv.cells());
  if (!header) return std::nullopt;
  rows.name_columns(header->names);
  rows.target_stands_at(*header->positions[static_cast<std::size_t>(Column::target)]);
  while (csv.next()) {
    if (!take_plain_row(csv, *header, rows)) return std::nullopt;
    reserve_for(text, csv, rows);
  }
  return with_rows(rows, "表头之后");
}

struct OneReading {
  Decoded decoded;
  std::optional<Hindsight> learned;
};

// Reads a submission once, and again with what only its end told.
template <typename Read>
Decoded with_hindsight(const Read& read) {
  constexpr int kMostReadings = 4;  // remarks below, several rows, rows beside a total
  Hindsight known;
  for (int time = 1;; ++time) {
    OneReading reading = read(known);
    if (!reading.learned || time == kMostReadings) return std::move(reading.decoded);
    known = std::move(*reading.learned);
  }
}

// Why nothing of this department's is taken, whatever the submission's format; nullopt where it is.
std::optional<RowError> department_fault(const Submission& submission, const Catalogue& catalogue) {
  if (catalogue.find_department(submission.department)) return std::nullopt;
  return explain(Refusal::unknown_department, 0, "", submission.department,
                 {submission.department});
}

Decoded decode_sheets(const std::vector<Sheet>& sheets, const ColumnMapping& mapping, Rows& rows) {
  const LayoutWords words = words_of(mapping, rows);
  ChosenSheets chosen = choose_sheets(sheets, words);
  for (std::string& sentence : chosen.notes) rows.note(std::move(sentence));
  if (chosen.tables.empty()) return rows.fail(chosen.why, Outcome::refused);
  // What is refused is given back below one header and what stands above it.
  const Layout& first = chosen.tables.front().layout;
  const bool is_one_header =
      std::all_of(chosen.tables.begin(), chosen.tables.end(), [&](const TableOnSheet& one) {
        return one.layout.cells == first.cells && one.layout.above.rows() == first.above.rows();
      });
  for (TableOnSheet& one : chosen.tables) {
    if (chosen.tables.size() > 1) rows.begin_sheet(one.sheet->name);
    rows.set_layout(one.layout);
    read_table_rows(one.table, one.layout, words, rows);
  }
  if (!is_one_header) rows.forget_cells();
  Decoded decoded = with_rows(rows, "表头之后");
  compare_sheets(decoded);
  return decoded;
}

Decoded decode_json(std::string_view text, Rows& rows) {
  rows.blanks_are_missing();
  if (const auto error = read_json(text, rows)) {
    const bool is_json = error->code == "unknown_key";
    return rows.fail(*error, is_json ? Outcome::refused : Outcome::unreadable);
  }
  return with_rows(rows, "“observations”中");
}

}  // namespace

Decoded decode(const Submission& submission, const Catalogue& catalogue, Date today,
               const ColumnMapping& mapping, const KnownFigures* figures) {
  const auto reading_of = [&](const Hindsight& known, std::string_view encoding, auto&& read) {
    Rows rows(submission, catalogue, today, mapping, known, figures);
    rows.set_encoding(encoding);
    Decoded result = read(rows);
    return OneReading{std::move(result), rows.learned()};
  };
  static const Hindsight kNothing;
  const auto fail = [&](const RowError& error, Outcome outcome, std::string_view encoding) {
    return reading_of(kNothing, encoding, [&](Rows& rows) { return rows.fail(error, outcome); })
        .decoded;
  };
  if (is_zip(submission.body)) {
    const auto sheets = read_workbook(submission.body);
    if (!sheets) return fail(sheets.error(), Outcome::unreadable, "");
    if (const auto fault = department_fault(submission, catalogue)) {
      return fail(*fault, Outcome::refused, "XLSX");
    }
    return with_hindsight([&](const Hindsight& known) {
      return reading_of(known, "XLSX",
                        [&](Rows& rows) { return decode_sheets(*sheets, mapping, rows); });
    });
  }
  if (is_encrypted_workbook(submission.body)) {
    return fail(explain(Refusal::encrypted_workbook, 0, "", ""), Outcome::unreadable, "");
  }
  const auto decoded = decode_text(submission.body);
  if (!decoded) return fail(decoded.error(), Outcome::unreadable, "");
  const std::string_view text = decoded->text();
  const std::string encoding(decoded->encoding);
  if (const auto fault = markup_fault(text)) return fail(*fault, Outcome::unreadable, encoding);
  if (const auto fault = department_fault(submission, catalogue)) {
    return fail(*fault, Outcome::refused, encoding);
  }
  if (is_json(submission, text)) {
    return with_hindsight([&](const Hindsight& known) {
      return reading_of(known, encoding, [&](Rows& rows) { return decode_json(text, rows); });
    });
  }
  bool may_be_plain = !has_names(mapping);
  return with_hindsight([&](const Hindsight& known) {
    if (may_be_plain) {
      Rows rows(submission, catalogue, today, mapping, known, figures);
      rows.set_encoding(encoding);
      if (auto plain = decode_plain_csv(text, rows)) {
        return OneReading{std::move(*plain), rows.learned()};
      }
      may_be_plain = false;
    }
    return reading_of(known, encoding,
                      [&](Rows& rows) { return decode_unusual_csv(text, mapping, rows); });
  });
}

}  // namespace districtd
