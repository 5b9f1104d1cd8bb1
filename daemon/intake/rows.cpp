#include "daemon/intake/rows.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

constexpr std::size_t kMostNoteBytes = 8000;
constexpr std::size_t kMostSuggestions = 100;
constexpr std::size_t kMostTargetsCompared = 200'000;

// Cells of a milestone that say whether it is done; TRUE and FALSE are what spreadsheets save.
std::optional<double> done_or_not(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDone = {"是", "已完成", "完成", "true", "√", "✓", "✔"};
  constexpr std::array<std::string_view, 6> kNotDone = {"否", "未完成", "false", "×", "✗", "✘"};
  const std::string lower = lower_ascii(text);
  if (std::find(kDone.begin(), kDone.end(), lower) != kDone.end()) return 1.0;
  if (std::find(kNotDone.begin(), kNotDone.end(), lower) != kNotDone.end()) return 0.0;
  return std::nullopt;
}

std::string expected_value(const Target& target) {
  if (target.kind == Kind::milestone) return "0 至 1 之间的数、0% 至 100%，或“已完成”“未完成”";
  const std::string& unit = target.unit.symbol();
  if (unit.empty()) return "数字，例如 12.6";
  return "以“" + unit + "”为单位的数字，例如 12.6 或 12.6" + unit;
}

// Also what a cell says to take a value back.
bool says_withdrawn(std::string_view text) {
  return text == "撤回" || text == "withdrawn" || text == "withdraw";
}

bool begins_with_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

}  // namespace

Rows::Rows(const Submission& submission, const Catalogue& catalogue, Date today,
           const ColumnMapping& mapping, const KnownFigures* figures)
    : submission_(submission),
      catalogue_(catalogue),
      today_(today),
      mapping_(mapping),
      targets_(catalogue, submission.department),
      programmes_(catalogue, today, figures),
      suggestions_left_(std::clamp<std::size_t>(
          kMostTargetsCompared / std::max<std::size_t>(catalogue.targets().size(), 1), 1,
          kMostSuggestions)) {
  for (std::size_t i = 0; i < kColumns; ++i) names_[i] = kColumnNames[i].english;
  decoded_.receipt.department = submission.department;
}

void Rows::name_columns(const std::array<std::string, kColumns>& names) {
  names_ = names;
  decoded_.value_column = std::string(name(Column::value));
}

void Rows::set_header(std::span<const std::string_view> cells) {
  decoded_.receipt.header.assign(cells.begin(), cells.end());
}

void Rows::set_layout(const Layout& layout) {
  decoded_.receipt.header = layout.cells;
  decoded_.receipt.preamble = layout.preamble;
  for (const std::string& sentence : layout.notes) note(sentence);
  std::array<std::string, kColumns> names = layout.header.names;
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (names[i].empty()) names[i] = kColumnNames[i].chinese;
  }
  name_columns(names);
  target_position_ = layout.header.positions[static_cast<std::size_t>(Column::target)];
}

void Rows::note(std::string sentence) {
  constexpr std::size_t kMostNotes = 20;
  std::vector<std::string>& notes = decoded_.receipt.notes;
  if (notes.size() < kMostNotes) notes.push_back(std::move(sentence));
}

void Rows::count_remark(std::int64_t row, std::span<const std::string_view> cells) {
  std::string_view first;
  if (target_position_ && *target_position_ < cells.size()) first = trim(cells[*target_position_]);
  for (const std::string_view cell : cells) {
    if (first.empty()) first = trim(cell);
  }
  // What follows without a target is not of the one above this row.
  last_known_.reset();
  last_unknown_.clear();
  Row remark;
  remark.number = row;
  assume(uncommon().remarks, remark, first, "");
}

bool Rows::is_heading(std::span<const std::string_view> cells) {
  if (!target_position_ || *target_position_ >= cells.size()) return false;
  if (!is_blank_row(cells.subspan(*target_position_ + 1))) return false;
  const std::string_view name = trim(cells[*target_position_]);
  if (name.empty()) return true;
  if (formula_fault(name) || targets_.find(name) != nullptr || suggestions_left_ == 0) return false;
  return did_you_mean(name).empty();
}

void Rows::add(const Row& row, std::span<const std::string_view> cells) {
  Observation observation;
  Fault fault{};
  is_as_above_ = false;
  switch (check(row, observation, fault)) {
    case Verdict::empty:
      ++decoded_.receipt.empty;
      return;
    case Verdict::fault:
      refuse(row.number, cells, [&] { return explain_fault(fault, row, observation); });
      return;
    case Verdict::good:
      break;
  }
  if (row.context != nullptr && !row.context->value_name.empty()) {
    const Again again = said_again(observation);
    if (again == Again::same) return;
    if (again == Again::other) {
      const std::string_view column = row.context->value_name;
      const std::string_view value = trim(row[Column::value]);
      refuse(row.number, cells, [&] {
        return explain(Refusal::conflicting_columns, row.number, column, value,
                       {column, to_string(observation.reading.as_of), value});
      });
      return;
    }
    auto& columns = decoded_.value_columns;
    const Date as_of = observation.reading.as_of;
    const auto known = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column.first == as_of; });
    if (known == columns.end()) columns.emplace_back(as_of, row.context->value_name);
  }
  ++decoded_.receipt.rows;
  decoded_.observations.push_back(std::move(observation));
}

Rows::Again Rows::said_again(const Observation& observation) const {
  const auto& before = decoded_.observations;
  for (auto one = before.rbegin(); one != before.rend() && one->row == observation.row; ++one) {
    if (one->target != observation.target || one->reading.as_of != observation.reading.as_of) {
      continue;
    }
    return one->reading.value == observation.reading.value ? Again::same : Again::other;
  }
  return Again::no;
}

Decoded Rows::fail(const RowError& error, Outcome outcome) && {
  note_what_was_assumed();
  decoded_.outcome = outcome;
  decoded_.observations.clear();
  decoded_.receipt.rows = decoded_.receipt.rejected = 0;
  decoded_.receipt.refused.clear();
  decoded_.receipt.errors.assign(1, error);
  return std::move(decoded_);
}

Decoded Rows::finish() && {
  note_what_was_assumed();
  decoded_.outcome = decoded_.observations.empty() ? Outcome::refused : Outcome::taken;
  return std::move(decoded_);
}

void Rows::assume(Assumed& assumed, const Row& row, std::string_view text,
                  std::string_view meaning) {
  if (assumed.count++ > 0) return;
  assumed.row = row.number;
  assumed.text = utf8::cut(text, 60);
  assumed.meaning = meaning;
}

Rows::Uncommon& Rows::uncommon() {
  if (!uncommon_) uncommon_ = std::make_unique<Uncommon>();
  return *uncommon_;
}

void Rows::note_what_was_assumed() {
  if (!uncommon_) return;
  const auto& [year, serial, as_above, alike, remarks, programme, units] = *uncommon_;
  const auto places = [](const Assumed& assumed) {
    std::string text = "第 " + std::to_string(assumed.row) + " 行";
    if (assumed.count > 1) text += "等 " + std::to_string(assumed.count) + " 处";
    return text;
  };
  if (year.count > 0) {
    note(places(year) + "的日期“" + year.text + "”没有写年份，按 " + year.meaning + " 年读取。");
  }
  if (serial.count > 0) {
    note(places(serial) + "的“" + serial.text + "”按 Excel 的日期序号读作 " + serial.meaning +
         "。");
  }
  if (as_above.count > 0) {
    note(places(as_above) + "没有写指标，按上一行的“" + as_above.text + "”读取。");
  }
  if (alike.count > 0) {
    note(places(alike) + "的“" + alike.text + "”按目标“" + alike.meaning + "”读取。");
  }
  if (programme.count > 0) {
    note(places(programme) + "的“" + programme.text + "”读作 " + programme.meaning + "。");
  }
  if (remarks.count > 0) {
    note(places(remarks) + "“" + remarks.text + "”是标题、说明或合计，没有读取。");
  }
}

const RowTarget* Rows::find_target(const Row& row, Fault& fault) {
  std::string_view name = trim(row[Column::target]);
  if (name.empty()) {
    name = target_above();
    if (name.empty()) {
      fault = {Refusal::missing_target, Column::target};
      return nullptr;
    }
    is_as_above_ = true;
  }
  const RowTarget* const target = targets_.find(name);
  if (target != nullptr) {
    last_known_ = target->text;
    if (target->is_alike) assume(uncommon().alike, row, name, catalogue_[target->index].name);
    return target;
  }
  fault = {formula_fault(name).value_or(Refusal::unknown_target), Column::target};
  if (!is_as_above_) {
    last_known_.reset();
    last_unknown_ = utf8::cut(name, 1000);
  }
  return nullptr;
}

std::string_view Rows::target_above() const { return last_known_ ? *last_known_ : last_unknown_; }

Rows::Verdict Rows::check(const Row& row, Observation& observation, Fault& fault) {
  const std::string_view value = trim(row[Column::value]);
  const bool may_be_empty = !begins_with_digit(value) && value.size() <= 6;
  const bool is_cell = row.context != nullptr && row.context->as_of != nullptr;
  const bool is_empty =
      may_be_empty && is_empty_mark(value) && !(blanks_are_missing_ && value.empty());
  const RowTarget* const called = find_target(row, fault);
  if (called == nullptr) return is_empty && is_as_above_ ? Verdict::empty : Verdict::fault;
  observation.row = static_cast<std::int32_t>(row.number);
  observation.target = called->index;
  // A pledge has no value: a row of it is the report, but for a cell of a wide table.
  const bool needs_value = called->kind != Kind::pledge || is_cell || !value.empty();
  if (is_empty && needs_value) return Verdict::empty;
  const auto fails = [&](std::optional<Fault> found) {
    if (found) fault = *found;
    return found.has_value();
  };
  if (!called->is_own) {
    fault = {Refusal::other_department, Column::target};
    return Verdict::fault;
  }
  if (fails(check_date(row, *called, observation.reading))) return Verdict::fault;
  const bool is_plain = ProgrammeOfRow::is_plain(called->same, called->settles, called->deadline,
                                                 today_, observation.reading.as_of) &&
                        programme_named(row).empty();
  RowTarget chosen;
  if (!is_plain) {
    chosen = *called;
    if (fails(check_programme(row, chosen, observation))) return Verdict::fault;
  }
  const RowTarget& target = is_plain ? *called : chosen;
  if (fails(check_day(target, observation.reading.as_of))) return Verdict::fault;
  if (fails(check_value(row, target, observation.reading.value))) return Verdict::fault;
  if (!is_plain && fails(check_figure(row, *called, observation))) return Verdict::fault;
  const std::string_view note = trim(row[Column::note]);
  if (note.size() > kMostNoteBytes) {
    fault = {Refusal::note_too_long, Column::note};
    return Verdict::fault;
  }
  if (!note.empty()) observation.note = note;
  if (is_as_above_) assume(uncommon().as_above, row, target_above(), "");
  return Verdict::good;
}

std::optional<Rows::Fault> Rows::check_date(const Row& row, const RowTarget& target,
                                            ReportedReading& reading) {
  const std::string_view text = trim(row[Column::as_of]);
  std::optional<Date> date = read_date(text);
  if (!date) {
    Refusal why = Refusal::missing_date;
    date = read_uncommon_date(row, target, why);
    if (!date) return Fault{why, Column::as_of};
  }
  reading.as_of = *date;
  if (*date > today_) return Fault{Refusal::future_date, Column::as_of};
  return std::nullopt;
}

std::optional<Rows::Fault> Rows::check_day(const RowTarget& target, Date as_of) const {
  if (as_of < target.start) return Fault{Refusal::before_start, Column::as_of};
  if (as_of >= target.withdrawn) return Fault{Refusal::withdrawn, Column::as_of};
  return std::nullopt;
}

// What the row says of its programme, else what the whole submission says.
std::string_view Rows::programme_named(const Row& row) const {
  const std::string_view own = trim(row[Column::programme]);
  return is_empty_mark(own) ? std::string_view(submission_.programme) : own;
}

std::optional<Rows::Fault> Rows::check_programme(const Row& row, RowTarget& target,
                                                 Observation& observation) {
  const Catalogue::Index alone = target.index;
  const auto same = target.same.empty() ? std::span(&alone, 1) : target.same;
  auto home = programmes_.by_day(same, programme_named(row), observation.reading.as_of);
  if (auto* const homeless = std::get_if<Homeless>(&home)) return fault_of(std::move(*homeless));
  observation.target = std::get<Catalogue::Index>(home);
  target = targets_.in_programme(target, observation.target);
  return std::nullopt;
}

std::optional<Rows::Fault> Rows::check_figure(const Row& row, const RowTarget& called,
                                              const Observation& observation) {
  const std::string_view named = programme_named(row);
  const Catalogue::Index index = observation.target;
  const auto same = called.same.empty() ? std::span(&index, 1) : called.same;
  if (auto homeless = programmes_.by_figure(index, same, named, observation.reading)) {
    return fault_of(*std::move(homeless));
  }
  const std::string meaning = programmes_.note_of(index, same, named, observation.reading.as_of);
  if (!meaning.empty()) {
    assume(uncommon().programme, row,
           std::string(called.text) + "，" + to_string(observation.reading.as_of), meaning);
  }
  return std::nullopt;
}

Rows::Fault Rows::fault_of(Homeless homeless) {
  homeless_ = std::move(homeless);
  const bool is_named = homeless_.refusal == Refusal::unknown_programme;
  const bool is_of_value = homeless_.refusal == Refusal::namesake;
  return {homeless_.refusal, is_named      ? Column::programme
                             : is_of_value ? Column::value
                                           : Column::as_of};
}

// A day that the table says for the row, or one that is written otherwise than as a whole date.
std::optional<Date> Rows::read_uncommon_date(const Row& row, const RowTarget& target,
                                             Refusal& why) {
  std::string_view text = trim(row[Column::as_of]);
  std::optional<WrittenDate> written;
  if (row.context != nullptr && row.context->as_of != nullptr) {
    text = row.context->as_of_text;
    written = *row.context->as_of;
  } else if (!text.empty()) {
    written = read_written_date(text);
    why = formula_fault(text).value_or(Refusal::bad_date);
  }
  if (!written) return std::nullopt;
  why = Refusal::bad_date;
  if (written->year) {
    const auto day = day_in(*written, *written->year);
    if (day && written->is_serial) assume(uncommon().serial, row, text, to_string(*day));
    return day;
  }
  const auto year = mapping_.year ? mapping_.year : year_by_target(*written, target);
  if (!year) {
    why = Refusal::missing_year;
    return std::nullopt;
  }
  const auto day = day_in(*written, *year);
  if (day) assume(uncommon().year, row, text, std::to_string(*year));
  return day;
}

// The only year in which the day may be the target's; nullopt where there are several, or none.
std::optional<int> Rows::year_by_target(const WrittenDate& written, const RowTarget& target) const {
  constexpr int kMostYears = 100;
  const Catalogue::Index alone = target.index;
  const auto same = target.same.empty() ? std::span(&alone, 1) : target.same;
  int first = year_of(catalogue_[same.front()].start);
  int last = first;
  for (const Catalogue::Index i : same) {
    first = std::min(first, year_of(catalogue_[i].start));
    last = std::max(last, year_of(catalogue_[i].last_deadline()));
  }
  if (first == last) return first;
  std::optional<int> year;
  for (int y = first; y <= last && y - first < kMostYears; ++y) {
    const auto day = day_in(written, y);
    const bool fits = day && (same.size() > 1 ? programmes_.may_be(same, *day)
                                              : *day >= target.start && *day <= target.deadline);
    if (!fits) continue;
    if (year) return std::nullopt;
    year = y;
  }
  return year;
}

const Unit* Rows::unit_of(std::string_view text) {
  constexpr std::size_t kMostUnits = 1000;
  auto& units = uncommon().units;
  const auto known = units.find(std::string(text));
  if (known != units.end()) return known->second ? &*known->second : nullptr;
  if (units.size() >= kMostUnits) units.clear();
  auto parsed = Unit::parse(narrow(text));
  const auto& unit = units.emplace(text, std::move(parsed)).first->second;
  return unit ? &*unit : nullptr;
}

std::optional<Rows::Fault> Rows::check_value(const Row& row, const RowTarget& target,
                                             ReportedValue& value) {
  const std::string_view text = trim(row[Column::value]);
  if (!begins_with_digit(text) && says_withdrawn(text)) {
    value = ReportedValue::withdrawn();
    return std::nullopt;
  }
  const auto refuse = [](Refusal refusal) { return Fault{refusal, Column::value}; };
  if (!begins_with_digit(text)) {
    if (const auto formula = formula_fault(text)) return refuse(*formula);
  }
  if (target.kind == Kind::pledge) {
    value = 1;
    return std::nullopt;
  }
  if (text.empty()) return refuse(Refusal::missing_value);
  ValueContext context;
  context.percentages = mapping_.percentages;
  context.unit = target.written_unit;
  if (row.context != nullptr) {
    if (context.unit == nullptr) context.unit = row.context->unit;
    const std::string_view own = trim(row.context->unit_text);
    if (!is_empty_mark(own)) {
      context.unit = unit_of(own);
      if (const auto formula = formula_fault(own)) return refuse(*formula);
      if (context.unit == nullptr) return refuse(Refusal::incompatible_unit);
    }
  }
  if (target.kind == Kind::milestone) {
    if (const auto done = done_or_not(text)) {
      value = *done;
      return std::nullopt;
    }
    // 项, 个: what such a target is counted in where several stand in one table.
    if (context.unit != nullptr && !context.unit->is_percentage()) context.unit = nullptr;
  }
  const ReadValue read = read_value(text, *target.unit, context);
  switch (read.fault) {
    case ValueFault::not_a_number:
      return refuse(Refusal::not_a_number);
    case ValueFault::approximate:
      return refuse(Refusal::approximate);
    case ValueFault::ambiguous_percentage:
      return refuse(Refusal::ambiguous_percentage);
    case ValueFault::incompatible_unit:
      return refuse(Refusal::incompatible_unit);
    case ValueFault::too_large:
      return refuse(Refusal::out_of_range);
    case ValueFault::none:
      break;
  }
  const bool is_share = read.value >= 0 && read.value <= 1;
  if (target.kind == Kind::milestone && !is_share) return refuse(Refusal::out_of_range);
  value = read.value;
  return std::nullopt;
}

RowError Rows::explain_percentage(const Fault& fault, const Row& row) const {
  const std::string_view text = trim(row[fault.column]);
  const std::string number = narrow(text);
  const double value = std::strtod(number.c_str(), nullptr);
  std::array<char, 40> hundredfold{};
  std::snprintf(hundredfold.data(), hundredfold.size(), "%.10g%%", 100 * value);
  return explain(fault.refusal, row.number, name(fault.column), text,
                 {text, number + "%", hundredfold.data()});
}

RowError Rows::explain_fault(const Fault& fault, const Row& row, const Observation& observation) {
  std::string_view text = trim(row[fault.column]);
  std::string_view column = name(fault.column);
  if (row.context != nullptr) {
    if (!row.context->value_name.empty() && fault.column != Column::target) {
      column = row.context->value_name;
    }
    if (fault.column == Column::as_of && row.context->as_of != nullptr) {
      text = row.context->as_of_text;
    }
  }
  if (fault.column == Column::target && is_as_above_) {
    text = target_above();
  }
  const auto say = [&](std::initializer_list<std::string_view> parts) {
    return explain(fault.refusal, row.number, column, text, parts);
  };
  if (fault.refusal == Refusal::missing_target) return say({});
  if (fault.refusal == Refusal::formula_without_result || fault.refusal == Refusal::formula_error) {
    const bool is_of_unit = row.context != nullptr && !formula_fault(text);
    return say({is_of_unit ? trim(row.context->unit_text) : text});
  }
  if (fault.refusal == Refusal::unknown_target) return say({text, did_you_mean(text)});

  const Target& target = catalogue_[observation.target];
  const std::string as_of = to_string(observation.reading.as_of);
  switch (fault.refusal) {
    case Refusal::other_department: {
      const auto own_department = targets_.department();
      const std::string_view own = own_department ? catalogue_.departments()[*own_department].name
                                                  : std::string_view(submission_.department);
      return say({text, catalogue_.department_of(target).name, own});
    }
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
    case Refusal::ambiguous_percentage: {
      RowError error = explain_percentage(fault, row);
      error.column = column;
      return error;
    }
    case Refusal::incompatible_unit: {
      const std::string narrowed = narrow(text);
      std::string_view unit = unit_of_value(narrowed);
      if (unit.empty() && row.context != nullptr) {
        unit = trim(row.context->unit_text);
        if (is_empty_mark(unit) && row.context->unit != nullptr) unit = row.context->unit->symbol();
      }
      return say({unit, target.name, expected_value(target)});
    }
    case Refusal::note_too_long:
      return say({std::to_string(text.size()), std::to_string(kMostNoteBytes)});
    default:
      return say({text, expected_value(target)});
  }
}

RowError Rows::explain_homeless(std::string_view column, std::string_view text,
                                std::int64_t row) const {
  std::array<std::string_view, 6> parts;
  const auto& said = homeless_.parts;
  std::copy_n(said.begin(), std::min(said.size(), parts.size()), parts.begin());
  return explain(homeless_.refusal, row, column, text,
                 {parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]});
}

std::string Rows::did_you_mean(std::string_view text) {
  constexpr std::size_t kMostBytes = 1000;  // so that what is remembered stays small
  if (text.size() > kMostBytes) return "";
  const auto known = suggestions_.find(std::string(text));
  if (known != suggestions_.end()) return known->second;
  if (suggestions_left_ == 0) return "";
  --suggestions_left_;
  std::string nearest = catalogue_.nearest(submission_.department, text);
  if (!nearest.empty()) nearest = "，最接近的是“" + nearest + "”";
  return suggestions_.emplace(text, std::move(nearest)).first->second;
}

void Rows::list(std::int64_t row, std::span<const std::string_view> cells, RowError error) {
  decoded_.receipt.errors.push_back(std::move(error));
  std::vector<RefusedRow>& rows = decoded_.receipt.refused;
  // Several cells of one row of a wide table.
  if (!rows.empty() && rows.back().row == row) return;
  RefusedRow& refused = rows.emplace_back(RefusedRow{row, {}});
  std::size_t bytes = cells.size() * sizeof(std::string);
  for (const std::string_view cell : cells) bytes += cell.size();
  if (bytes > kMostKeptBytes - kept_bytes_) return;
  kept_bytes_ += bytes;
  refused.cells.assign(cells.begin(), cells.end());
  if (is_as_above_ && target_position_ && *target_position_ < refused.cells.size() &&
      trim(refused.cells[*target_position_]).empty()) {
    refused.cells[*target_position_] = target_above();
  }
}

const std::string& Decoded::value_column_of(Date as_of) const {
  for (const auto& [day, column] : value_columns) {
    if (day == as_of) return column;
  }
  return value_column;
}

}  // namespace districtd
