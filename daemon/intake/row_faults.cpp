// The sentences by which a row's faults are told.
#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "daemon/intake/basis_words.h"
#include "daemon/intake/rows.h"
#include "daemon/intake/words_limit.h"

namespace districtd {

namespace {

constexpr std::size_t kMostNoteBytes = 8000;

// The number in "△35", "35-".
std::string digits_in(std::string_view text) {
  std::string digits;
  for (const char c : narrow(text)) {
    if ((c >= '0' && c <= '9') || c == '.' || c == ',' || c == '%') digits += c;
  }
  return digits;
}

// What to do where a heading or a cell says 预计: it may be a plan, or what is expected of the
// whole year. The column alone says that a figure is the total to date, only projected.
std::string_view where_to_say_projected(std::string_view text) {
  const bool says_projected = text.find("预计") != text.npos || text.find("预估") != text.npos;
  return says_projected ? "；截至当日的累计数还是预计的，照填累计数，另加一列“数据性质”填“预计”"
                        : "";
}

}  // namespace

std::string Rows::expected_value(const Target& target) {
  if (target.kind == Kind::milestone) return "0 至 1 之间的数、0% 至 100%，或“已完成”“未完成”";
  const std::string& unit = target.unit.symbol();
  if (unit.empty()) return "数字，例如 12.6";
  return "以“" + unit + "”为单位的数字，例如 12.6 或 12.6" + unit;
}

std::string_view Rows::own_department_name() const {
  const auto own = targets_.department();
  return own ? std::string_view(catalogue_.departments()[*own].name_on(today_))
             : std::string_view(submission_.department);
}

// Where a number was read: a total of single things is a whole one.
std::string Rows::expected_instead(Refusal refusal, const Target& target) {
  const bool is_total_of_things =
      target.kind == Kind::cumulative && target.unit.is_count() && target.unit.base_units() == 1;
  if (refusal != Refusal::out_of_range || !is_total_of_things) return expected_value(target);
  return "以“" + target.unit.symbol() + "”为单位的整数，例如 12";
}

RowError Rows::explain_percentage(const Fault& fault, const Row& row,
                                  std::string_view column) const {
  const std::string_view text = trim(row[fault.column]);
  const std::string number = narrow(text);
  const double value = std::strtod(number.c_str(), nullptr);
  std::array<char, 40> hundredfold{};
  std::snprintf(hundredfold.data(), hundredfold.size(), "%.10g%%", 100 * value);
  return explain(fault.refusal, row.number, column, text, {text, number + "%", hundredfold.data()});
}

// What is said of a target that is unknown: that it was of a programme that is settled, or which
// one it may be.
std::string Rows::settled_or_near(std::string_view text) {
  const ClosedProgramme* const closed = catalogue_.find_closed(text);
  if (closed == nullptr) return did_you_mean(text);
  const Programme& p = closed->programme;
  return "（它是 " + p.id + " 年度的目标，该年度已于 " + to_string(p.settles) +
         " 结账，不再收数；确需更改的，请督查室说明理由并推迟结账日）";
}

RowError Rows::explain_fault(const Fault& fault, const Row& row, const Observation& observation) {
  std::string_view text = trim(row[fault.column]);
  std::string_view column = name(fault.column);
  if (row.context != nullptr) {
    const std::string_view of_cell = row.context->value_name();
    if (!of_cell.empty() && fault.column != Column::target) column = of_cell;
    if (fault.column == Column::as_of && row.context->as_of() != nullptr) {
      text = row.context->as_of_text();
    }
  }
  if (fault.column == Column::target && is_as_above_) text = target_above();
  const auto say = [&](std::initializer_list<std::string_view> parts) {
    return explain(fault.refusal, row.number, column, text, parts);
  };
  switch (fault.refusal) {  // what has no target
    case Refusal::missing_target:
      return say({});
    case Refusal::formula_without_result:
    case Refusal::formula_error:
    case Refusal::cell_not_as_shown:
      return say({cell_fault(text) ? text : trim(row.unit)});
    case Refusal::unknown_target:
      return say({text, settled_or_near(text)});
    case Refusal::words_too_long:
    case Refusal::words_without_day:
    case Refusal::unknown_basis:
      return explain_words(fault, row);
    default:
      break;
  }
  const Target& target = catalogue_[observation.target];
  const std::string as_of = to_string(observation.reading.as_of);
  switch (fault.refusal) {
    case Refusal::other_department:
      return say(
          {text, catalogue_.department_of(target, today_).name_on(today_), own_department_name()});
    case Refusal::sum_of_parts:
      return say({target.name, names_of_parts(observation.target)});
    case Refusal::future_date:
      return say({as_of, to_string(today_)});
    case Refusal::before_start:
      return say({as_of, target.name, to_string(target.start)});
    case Refusal::after_the_period:
    case Refusal::several_programmes:
    case Refusal::namesake:
    case Refusal::unknown_programme:
      return explain_homeless(column, text, row.number);
    case Refusal::withdrawn:
      return say({as_of, target.name, to_string(*target.withdrawn)});
    case Refusal::missing_year:
      return say({text, target.name});
    case Refusal::missing_value:
      return say({expected_value(target)});
    case Refusal::ambiguous_percentage:
      return explain_percentage(fault, row, column);
    case Refusal::incompatible_unit:
    case Refusal::not_the_total:
    case Refusal::months_in_doubt:
    case Refusal::rate_in_doubt:
    case Refusal::negative_in_doubt:
    case Refusal::unit_in_doubt:
    case Refusal::several_rows:
      return explain_doubt(fault, row, observation, column);
    case Refusal::note_too_long:
      return say({std::to_string(text.size()), std::to_string(kMostNoteBytes)});
    default:
      return say({text, expected_instead(fault.refusal, target) +
                            std::string(where_to_say_projected(text))});
  }
}

// "塘雅镇投资（塘雅镇）、曹宅镇投资（曹宅镇）": the department where it is another one.
std::string Rows::names_of_parts(Catalogue::Index sum) const {
  constexpr std::size_t kMostNames = 20;
  std::string text;
  const auto parts = catalogue_.parts_of(sum);
  for (std::size_t i = 0; i < std::min(parts.size(), kMostNames); ++i) {
    const Target& part = catalogue_[parts[i]];
    if (i > 0) text += "、";
    text += part.name;
    if (part.department != catalogue_[sum].department) {
      text += "（" + catalogue_.department_of(part, today_).name_on(today_) + "）";
    }
  }
  return parts.size() > kMostNames ? text + "等 " + std::to_string(parts.size()) + " 项" : text;
}

// Of a column that says something of the figure in words.
RowError Rows::explain_words(const Fault& fault, const Row& row) const {
  const std::string_view text = trim(row[fault.column]);
  const std::string_view column = name(fault.column);
  const auto say = [&](std::initializer_list<std::string_view> parts) {
    return explain(fault.refusal, row.number, column, text, parts);
  };
  if (fault.refusal == Refusal::unknown_basis) return say({text, basis_words()});
  if (fault.refusal == Refusal::words_without_day) return say({column});
  return say({column, std::to_string(text.size()), std::to_string(kMostWordsBytes)});
}

// What the table leaves open, or says otherwise, of a figure that could be read.
RowError Rows::explain_doubt(const Fault& fault, const Row& row, const Observation& observation,
                             std::string_view column) {
  const Target& target = catalogue_[observation.target];
  const std::string_view text = trim(row[fault.column]);
  const auto say = [&](std::initializer_list<std::string_view> parts) {
    return explain(fault.refusal, row.number, column, text, parts);
  };
  switch (fault.refusal) {
    case Refusal::not_the_total:
      return say(
          {meaning_text_, words_of(meaning_), target.name, where_to_say_projected(meaning_text_)});
    case Refusal::negative_in_doubt:
      return say({text, digits_in(text)});
    case Refusal::unit_in_doubt:
      return say({doubt_text_, text, expected_value(target)});
    case Refusal::incompatible_unit: {
      const std::string narrowed = narrow(text);
      std::string_view unit = unit_of_value(narrowed);
      if (unit.empty()) unit = said_unit_.empty() ? trim(row.unit) : std::string_view(said_unit_);
      return say(
          {unit, target.name, expected_value(target) + std::string(where_to_say_projected(text))});
    }
    case Refusal::several_rows:
      return explain_several(row, observation);
    default:
      return say({target.name});
  }
}

RowError Rows::explain_several(const Row& row, const Observation& observation) {
  const Date as_of = observation.reading.as_of;
  const std::string_view value = trim(row[Column::value]);
  const bool is_wide = row.context != nullptr && row.context->is_wide;
  const std::string_view column = is_wide ? row.context->value_name() : name(Column::value);
  const auto known = known_.several.find({sheet(), row.number, observation.target, as_of});
  if (known == known_.several.end() || known->second.empty()) {
    return explain(Refusal::conflicting_columns, row.number, column, value,
                   {column, to_string(as_of), value});
  }
  return explain(Refusal::several_rows, row.number, column, value,
                 {catalogue_[observation.target].name, to_string(as_of), known->second});
}

}  // namespace districtd
