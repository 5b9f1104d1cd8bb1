// Every reason for which Intake refuses a row or a submission: its stable code and its Chinese
// sentence, in one table. docs/api.md lists the codes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "collectors/submission.h"

namespace districtd {

enum class Refusal {
  // Of the submission as a whole.
  empty_submission,
  binary,
  other_workbook,
  bad_encoding,
  html_page,
  damaged_workbook,
  encrypted_workbook,
  macro_workbook,
  workbook_too_large,
  no_such_sheet,
  sheets_differ,
  only_example_sheets,
  bad_json,
  unknown_department,
  no_rows,
  missing_column,
  duplicate_column,
  // Of the shape of one row.
  unterminated_quote,
  stray_quote,
  too_few_columns,
  too_many_columns,
  row_too_long,
  merged_value,
  wrong_type,
  duplicate_key,
  unknown_key,
  // Of what a row says.
  formula_without_result,
  formula_error,
  cell_not_as_shown,
  missing_target,
  unknown_target,
  other_department,
  sum_of_parts,
  missing_date,
  bad_date,
  missing_year,
  future_date,
  before_start,
  after_the_period,
  several_programmes,
  namesake,
  unknown_programme,
  withdrawn,
  missing_value,
  not_the_total,
  rate_in_doubt,
  months_in_doubt,
  not_a_number,
  negative_in_doubt,
  approximate,
  ambiguous_percentage,
  incompatible_unit,
  unit_in_doubt,
  out_of_range,
  conflicting_columns,
  several_rows,
  conflicting_sheets,
  unknown_basis,
  words_too_long,
  words_without_day,
  note_too_long,
};

struct RefusalText {
  Refusal refusal;
  std::string_view code;      // as in RowError
  std::string_view sentence;  // {0}, {1} ... stand for what explain() is given
};

// All of them, in order of the enumeration.
std::span<const RefusalText> refusal_texts();

// The error that tells a clerk of it. `value` is cut to 200 bytes; `parts` fill the sentence and
// are cut likewise, so a message stays short whatever was sent.
RowError explain(Refusal refusal, std::int64_t row, std::string_view column, std::string_view value,
                 std::initializer_list<std::string_view> parts = {});

// The text of a workbook's cell that does not show what it holds: "〔单元格格式没有显示负号〕-5".
// No reader takes it for a name, a day or a number.
std::string unclear_cell(std::string_view why, std::string_view held);

// Of such a cell, and of what formula_fault says; nullopt for others. The text is trimmed already.
std::optional<Refusal> cell_fault(std::string_view cell);

// Of a cell that shows a formula instead of its result ("=A1+B1"), or what a spreadsheet shows for
// one that failed ("#REF!"); nullopt for others. The text is trimmed already.
std::optional<Refusal> formula_fault(std::string_view cell);

}  // namespace districtd
