#include "daemon/bulletins/annex.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/csv_cell.h"
#include "base/json_writer.h"
#include "base/ports/files.h"
#include "daemon/status/words.h"

namespace districtd {
namespace {

enum class Cell { text, number, share, points, date, whole };

struct AnnexColumn {
  const char* title;
  Cell cell;
  double width;  // in characters
};
constexpr std::array kAnnexColumns = {
    AnnexColumn{"序号", Cell::whole, 6},      AnnexColumn{"目标编号", Cell::text, 28},
    AnnexColumn{"目标", Cell::text, 24},      AnnexColumn{"责任部门", Cell::text, 16},
    AnnexColumn{"目标值", Cell::number, 10},  AnnexColumn{"单位", Cell::text, 8},
    AnnexColumn{"完成值", Cell::number, 10},  AnnexColumn{"完成率", Cell::share, 9},
    AnnexColumn{"序时进度", Cell::share, 10}, AnnexColumn{"偏差（百分点）", Cell::points, 14},
    AnnexColumn{"亮灯", Cell::text, 12},      AnnexColumn{"自何时起", Cell::date, 12},
    AnnexColumn{"数据截至", Cell::date, 12},  AnnexColumn{"期限", Cell::date, 12},
    AnnexColumn{"逾期未报", Cell::text, 10},  AnnexColumn{"延期", Cell::text, 24},
    AnnexColumn{"引文", Cell::text, 60},
};
constexpr lxw_col_t kStatusColumn = 10;

// The deviation of a level that is no percentage is no number of points, and its column says so.
std::string title_of(const AnnexColumn& column, const Bulletin& bulletin) {
  const auto is_per_cent = [](const TargetView& view) {
    return view.assessment.deviation && view.assessment.deviation_unit == DeviationUnit::per_cent;
  };
  const bool is_mixed = column.cell == Cell::points &&
                        std::any_of(bulletin.targets.begin(), bulletin.targets.end(), is_per_cent);
  return is_mixed ? "偏差（百分点；非百分比的水平类为%）" : column.title;
}

// Hands each cell of a row to `out`, which has text(), number() and date(); an absent one to
// none().
template <typename Out>
void write_row(std::size_t number, const TargetView& view, Out& out) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  const auto maybe = [&](const std::optional<double>& value, double factor) {
    value ? out.number(*value * factor) : out.none();
  };
  const auto in_unit = [&](const std::optional<double>& base) {
    base ? out.number(target.unit.from_base(*base)) : out.none();
  };
  const auto date = [&](const std::optional<Date>& day) { day ? out.date(*day) : out.none(); };
  out.number(static_cast<double>(number));
  out.text(target.id);
  out.text(target.name);
  out.text(view.department_name());
  in_unit(a.goal);
  out.text(target.unit.symbol());
  in_unit(a.actual);
  maybe(a.progress, 1);
  maybe(a.expected_share, 1);
  maybe(a.deviation, 100);
  out.text(status_words(target, a));
  date(a.status_since);
  date(a.as_of);
  out.date(a.deadline);
  out.text(a.report_overdue ? "逾期未报" : "");
  out.text(a.is_extended ? "延期，原期限" + to_string(target.deadline) : "");
  out.text(view.version().quote);
}

class CsvRow {
 public:
  explicit CsvRow(std::string& out) : out_(out) {}
  void text(std::string_view value) {
    separate();
    out_ += csv_cell(value);
  }
  void number(double value) {
    separate();
    out_ += json_ratio(value);
  }
  void date(Date value) {
    separate();
    out_ += to_string(value);
  }
  void none() { separate(); }

 private:
  void separate() {
    if (!is_first_) out_ += ',';
    is_first_ = false;
  }
  std::string& out_;
  bool is_first_ = true;
};

class SheetRow {
 public:
  SheetRow(lxw_worksheet* sheet, lxw_row_t row,
           const std::array<lxw_format*, kAnnexColumns.size()>& formats)
      : sheet_(sheet), row_(row), formats_(formats) {}
  void text(std::string_view value) {
    if (value.empty()) return none();
    buffer_ = value;
    worksheet_write_string(sheet_, row_, column_, buffer_.c_str(), formats_[column_]);
    ++column_;
  }
  void number(double value) {
    worksheet_write_number(sheet_, row_, column_, value, formats_[column_]);
    ++column_;
  }
  // Days since 1899-12-30, as spreadsheets count.
  void date(Date value) { number(static_cast<double>((value - date_of(1899, 12, 30)).count())); }
  void none() { ++column_; }

 private:
  lxw_worksheet* sheet_;
  lxw_row_t row_;
  const std::array<lxw_format*, kAnnexColumns.size()>& formats_;
  lxw_col_t column_ = 0;
  std::string buffer_;
};

lxw_format* format_of(lxw_workbook* book, Cell cell) {
  lxw_format* const format = workbook_add_format(book);
  format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
  switch (cell) {
    case Cell::text:
      format_set_text_wrap(format);
      break;
    case Cell::number:
      format_set_num_format(format, "#,##0.####");
      break;
    case Cell::share:
      format_set_num_format(format, "0.0%");
      break;
    case Cell::points:
      format_set_num_format(format, "+0.0#;-0.0#;0.0");
      break;
    case Cell::date:
      format_set_num_format(format, "yyyy-mm-dd");
      break;
    case Cell::whole:
      format_set_num_format(format, "0");
      break;
  }
  return format;
}

void colour_lights(lxw_workbook* book, lxw_worksheet* sheet, lxw_row_t last_row) {
  struct Colours {
    lxw_color_t background;
    lxw_color_t font;
  };
  // In the order of the enumerators of Light; no light, no colour.
  constexpr std::array<Colours, kLights - 1> kColours = {
      {{0xC6EFCE, 0x006100}, {0xFFEB9C, 0x7F6000}, {0xFFC7CE, 0x9C0006}, {0xD9D9D9, 0x404040}}};
  for (const StatusWords& words : all_status_words()) {
    if (words.light == Light::none) continue;
    const Colours& colours = kColours[static_cast<std::size_t>(words.light)];
    lxw_format* const format = workbook_add_format(book);
    format_set_bg_color(format, colours.background);
    format_set_font_color(format, colours.font);
    std::string formula = "\"" + std::string{words.text} + "\"";
    lxw_conditional_format condition{};
    condition.type = LXW_CONDITIONAL_TYPE_CELL;
    condition.criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO;
    condition.value_string = formula.data();
    condition.format = format;
    worksheet_conditional_format_range(sheet, 1, kStatusColumn, last_row, kStatusColumn,
                                       &condition);
  }
}

void fill(lxw_workbook* book, const Bulletin& bulletin) {
  lxw_worksheet* const sheet = workbook_add_worksheet(book, "目标一览");
  lxw_format* const header = workbook_add_format(book);
  format_set_bold(header);
  format_set_text_wrap(header);
  format_set_align(header, LXW_ALIGN_CENTER);
  format_set_align(header, LXW_ALIGN_VERTICAL_CENTER);
  format_set_bg_color(header, 0xEDEDED);
  format_set_border(header, LXW_BORDER_THIN);
  std::array<lxw_format*, kAnnexColumns.size()> formats{};
  for (lxw_col_t c = 0; c < static_cast<lxw_col_t>(kAnnexColumns.size()); ++c) {
    formats[c] = format_of(book, kAnnexColumns[c].cell);
    worksheet_set_column(sheet, c, c, kAnnexColumns[c].width, nullptr);
    worksheet_write_string(sheet, 0, c, title_of(kAnnexColumns[c], bulletin).c_str(), header);
  }
  lxw_row_t row = 1;
  for (const TargetView& view : bulletin.targets) {
    SheetRow cells{sheet, row, formats};
    write_row(row, view, cells);
    ++row;
  }
  const lxw_row_t last_row = row > 1 ? row - 1 : 1;
  worksheet_freeze_panes(sheet, 1, 3);
  worksheet_autofilter(sheet, 0, 0, last_row, kAnnexColumns.size() - 1);
  colour_lights(book, sheet, last_row);
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, 9);  // A4
  worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_repeat_rows(sheet, 0, 0);
  worksheet_set_footer(sheet, "&C第&P页，共&N页");
}

}  // namespace

std::string annex_csv(const Bulletin& bulletin) {
  std::string out = "\xEF\xBB\xBF";
  CsvRow header{out};
  for (const AnnexColumn& column : kAnnexColumns) header.text(title_of(column, bulletin));
  out += "\r\n";
  std::size_t number = 0;
  for (const TargetView& view : bulletin.targets) {
    CsvRow cells{out};
    write_row(++number, view, cells);
    out += "\r\n";
  }
  return out;
}

void write_annex_workbook(const Bulletin& bulletin, const std::filesystem::path& file) {
  // The library would say it on standard error.
  if (!open_file(file, O_WRONLY | O_CREAT | O_TRUNC, 0666)) {
    throw std::runtime_error(file.string() +
                             " cannot be created: " + std::generic_category().message(errno));
  }
  // Rows go to disk as they come, so that a province's targets need no memory; the scratch file
  // lies beside the result, whose disk is known to be meant for this.
  std::string scratch = file.parent_path().string();
  if (scratch.empty()) scratch = ".";
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = scratch.data();
  lxw_workbook* const book = workbook_new_opt(file.c_str(), &options);
  if (book == nullptr) throw std::runtime_error(file.string() + " cannot be created");
  lxw_doc_properties properties{};
  std::string title = bulletin.title;
  std::string author = bulletin.issuer;
  properties.title = title.data();
  properties.author = author.data();
  // As of the occasion: the same bulletin, the same bytes.
  properties.created = static_cast<time_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                               bulletin.occasion.known_at.time_since_epoch())
                                               .count());
  workbook_set_properties(book, &properties);
  fill(book, bulletin);
  const lxw_error error = workbook_close(book);
  if (error == LXW_NO_ERROR) return;
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  throw std::runtime_error(file.string() + " could not be written: " + lxw_strerror(error));
}

}  // namespace districtd
