// What is valid of a row: its target, its day, what kind of figure it is, and its value.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/domain/plausibility.h"
#include "daemon/intake/basis_words.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/rows.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

constexpr std::size_t kMostNoteBytes = 8000;

// Cells of a milestone that say whether it is done; TRUE and FALSE are what spreadsheets save.
std::optional<double> done_or_not(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDone = {"是", "已完成", "完成", "true", "√", "✓", "✔"};
  constexpr std::array<std::string_view, 6> kNotDone = {"否", "未完成", "false", "×", "✗", "✘"};
  const std::string lower = lower_ascii(text);
  if (std::find(kDone.begin(), kDone.end(), lower) != kDone.end()) return 1.0;
  if (std::find(kNotDone.begin(), kNotDone.end(), lower) != kNotDone.end()) return 0.0;
  return std::nullopt;
}

// Also what a cell says to take a value back.
bool says_withdrawn(std::string_view text) {
  return text == "撤回" || text == "withdrawn" || text == "withdraw";
}

bool begins_with_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

// Whether what a title or a remark says of all figures holds for one that says this of itself.
bool holds_for(Meaning title, Meaning own) {
  switch (title) {
    case Meaning::unsaid:
    case Meaning::actual:
    case Meaning::total:
      return false;
    case Meaning::plan:
    case Meaning::growth:
    case Meaning::last_year:
      return own == Meaning::unsaid;
    default:
      return own != Meaning::total;
  }
}

std::string in_unit(double base, const Unit& unit) {
  std::array<char, 40> number{};
  std::snprintf(number.data(), number.size(), "%.15g", unit.from_base(base));
  return number.data() + unit.symbol();
}

}  // namespace

// Old names and ids are understood until the programme settles; the receipt says whose it is now.
void Rows::note_handover(std::int64_t row, const RowTarget& called) {
  const Target& target = catalogue_[called.index];
  const auto name = [&](std::uint32_t department) {
    return catalogue_.departments()[department].name_on(today_);
  };
  Date since = today_;
  for (const Date day : catalogue_.handovers(called.index)) {
    if (day <= today_) since = day;
  }
  assumed().handed_over.add(row, called.text,
                            "原由" + name(target.department) + "负责，自 " + to_string(since) +
                                " 起由" + name(catalogue_.department_on(target, today_)) +
                                "负责，计入后者");
}

Rows::Verdict Rows::check(Row& row, Observation& observation, Fault& fault) {
  const auto fails = [&](std::optional<Fault> found) {
    if (found) fault = *found;
    return found.has_value();
  };
  const RowTarget* const called = find_target(row, fault);
  std::optional<Fault> rate;
  if (called != nullptr && row.context != nullptr) rate = check_rate_column(row, *called);
  const std::string_view value = trim(row[Column::value]);
  const bool may_be_empty = !begins_with_digit(value) && value.size() <= 6;
  const bool is_empty =
      may_be_empty && is_empty_mark(value) && !(blanks_are_missing_ && value.empty());
  if (called == nullptr) return is_empty && is_as_above_ ? Verdict::empty : Verdict::fault;
  observation.row = static_cast<std::int32_t>(row.number);
  observation.target = called->index;
  observation.sheet = sheet();
  // A pledge has no value: a row of it is the report, but for a cell of a wide table.
  const bool is_cell = row.context != nullptr && row.context->as_of() != nullptr;
  const bool needs_value = called->kind != Kind::pledge || is_cell || !value.empty();
  const bool is_words = is_words_alone(row, *called, is_empty) && !rate;
  if (is_empty && needs_value && !rate && !is_words) return Verdict::empty;
  if (!called->is_own && called->same.size() < 2) {
    fault = {Refusal::other_department, Column::target};
    return Verdict::fault;
  }
  if (fails(check_date(row, *called, observation.reading))) return Verdict::fault;
  const Date as_of = observation.reading.as_of;
  const bool is_plain = ProgrammeOfRow::is_plain(called->same, called->settles, called->start,
                                                 called->deadline, today_, as_of) &&
                        programme_named(row).empty();
  RowTarget chosen;
  if (!is_plain) {
    chosen = *called;
    if (fails(check_programme(row, chosen, observation))) return Verdict::fault;
  }
  const RowTarget& target = is_plain ? *called : chosen;
  if (!target.is_own) {
    fault = {Refusal::other_department, Column::target};
    return Verdict::fault;
  }
  if (fails(check_day(target, as_of))) return Verdict::fault;
  if (fails(check_words(row, words_))) return Verdict::fault;
  if (is_words) return Verdict::words;
  if (target.is_sum) {
    fault = {Refusal::sum_of_parts, Column::target};
    return Verdict::fault;
  }
  const FigureKey key{sheet(), row.number, target.index, as_of};
  if (fails(check_meaning(row, target, as_of))) {
    if (known_.beside.contains(key)) return Verdict::beside;
    otherwise_.insert(key);
    return Verdict::fault;
  }
  if (fails(std::move(rate))) return Verdict::fault;
  if (fails(check_value(row, target, observation.reading.value))) return Verdict::fault;
  if (fails(check_basis(row, observation.reading))) return Verdict::fault;
  if (!is_plain && fails(check_figure(row, *called, observation))) return Verdict::fault;
  if (fails(check_notes(row))) return Verdict::fault;
  if (fails(check_others(key))) return Verdict::fault;
  const std::string_view note = trim(row[Column::note]);
  if (!note.empty()) observation.note = note;
  const std::string_view explanation = trim(row[Column::explanation]);
  if (!is_empty_mark(explanation)) observation.explanation = explanation;
  if (is_as_above_) assumed().as_above.add(row.number, target_above(), "");
  if (target.is_handed_over) note_handover(row.number, target);
  return Verdict::good;
}

// What the other rows of the table make of this one.
std::optional<Rows::Fault> Rows::check_others(const FigureKey& key) const {
  if (!known_.several.empty() && known_.several.contains(key)) {
    return Fault{Refusal::several_rows, Column::value};
  }
  if (!known_.falling.empty() && known_.falling.contains(key)) {
    return Fault{Refusal::months_in_doubt, Column::value};
  }
  return std::nullopt;
}

std::optional<Rows::Fault> Rows::check_notes(const Row& row) {
  for (const Column column : {Column::note, Column::explanation}) {
    if (trim(row[column]).size() > kMostNoteBytes) return Fault{Refusal::note_too_long, column};
  }
  if (const auto formula = cell_fault(trim(row[Column::explanation]))) {
    return Fault{*formula, Column::explanation};
  }
  return std::nullopt;
}

// The figure of a target that is a growth rate or a share stands in that column, where there is
// one.
std::optional<Rows::Fault> Rows::check_rate_column(Row& row, const RowTarget& target) {
  const FigureColumn& figures = *row.context->figures;
  const auto& columns = target.is_growth ? figures.growth : figures.shares;
  if ((!target.is_growth && !target.is_share) || columns.empty()) return std::nullopt;
  const auto cell_of = [&](const RateColumn& column) {
    const auto& cells = row.context->cells;
    return column.position < cells.size() ? trim(cells[column.position]) : std::string_view();
  };
  const std::string_view own = trim(row[Column::value]);
  const bool is_blank = std::all_of(columns.begin(), columns.end(), [&](const RateColumn& column) {
    return is_empty_mark(cell_of(column));
  });
  if (is_blank && is_empty_mark(own)) return std::nullopt;
  const Fault doubt{Refusal::rate_in_doubt, Column::value};
  // A figure with its own % beside a rate: both may be meant.
  const bool is_rate_too = own.ends_with('%') || own.ends_with("％");
  if (is_blank && is_rate_too) return std::nullopt;
  if (is_blank || columns.size() > 1) return doubt;
  const std::string_view cell = cell_of(columns.front());
  if (is_rate_too && own != cell) return doubt;
  row.cells[static_cast<std::size_t>(Column::value)] = cell;
  rate_ = &columns.front();
  assumed().rate.add(row.number, rate_->name, "");
  return std::nullopt;
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

// The year that the table or the configuration says for days without one.
std::optional<int> Rows::year_said(const Row& row, bool& in_doubt) const {
  in_doubt = false;
  if (row.context != nullptr) {
    const std::vector<int>& years = row.context->layout->above.years();
    if (years.size() == 1) return years.front();
    in_doubt = years.size() > 1 && !mapping_.year;
  }
  return mapping_.year;
}

// A day that the table says for the row, or one that is written otherwise than as a whole date.
std::optional<Date> Rows::read_uncommon_date(const Row& row, const RowTarget& target,
                                             Refusal& why) {
  std::string_view text = trim(row[Column::as_of]);
  std::optional<WrittenDate> written;
  if (row.context != nullptr && row.context->as_of() != nullptr) {
    text = row.context->as_of_text();
    written = *row.context->as_of();
  } else if (!text.empty()) {
    written = read_written_date(text);
    why = cell_fault(text).value_or(Refusal::bad_date);
  }
  if (!written) return std::nullopt;
  why = Refusal::bad_date;
  if (written->year) {
    const auto day = day_in(*written, *written->year);
    if (day && written->is_serial) assumed().serial.add(row.number, text, to_string(*day));
    if (day && written->is_moved) assumed().moment.add(row.number, text, to_string(*day));
    return day;
  }
  bool in_doubt = false;
  std::optional<int> year = year_said(row, in_doubt);
  if (!year && !in_doubt) {
    year = year_by_target(*written, target);
    in_doubt = !year;
  }
  if (in_doubt) {
    why = Refusal::missing_year;
    return std::nullopt;
  }
  const auto day = day_in(*written, *year);
  if (day) assumed().year.add(row.number, text, std::to_string(*year));
  return day;
}

// Whether anything in the table says that the figure is no total to date.
std::optional<Rows::Fault> Rows::check_meaning(const Row& row, const RowTarget& target,
                                               Date as_of) {
  constexpr std::size_t kMostNoteBytesOfMeaning = 45;
  if (target.kind == Kind::pledge) return std::nullopt;
  const auto refuse = [&](Meaning meaning, std::string_view text) {
    meaning_ = meaning;
    meaning_text_ = text;
    return Fault{Refusal::not_the_total, Column::value};
  };
  const auto is_itself = [&](Meaning meaning) {
    return (meaning == Meaning::growth && target.is_growth) ||
           (meaning == Meaning::share && target.is_share);
  };
  for (const Column column : {Column::note, Column::progress}) {
    const std::string_view note = trim(row[column]);
    if (note.empty() || note.size() > kMostNoteBytesOfMeaning) continue;
    const Meaning said = meaning_of_label(words_compared(note)).value_or(Meaning::unsaid);
    if (!may_be_total(said) && !is_itself(said)) return refuse(said, note);
  }
  Meaning own = Meaning::unsaid;
  if (row.context != nullptr) {
    const RowContext& context = *row.context;
    if (!may_be_total(context.label) && !is_itself(context.label)) {
      return refuse(context.label, context.label_text);
    }
    if (context.label_year && *context.label_year != year_of(as_of)) {
      return refuse(Meaning::last_year, context.label_text);
    }
    own = meaning_of_heading(words_compared(context.label_text));
    if (own == Meaning::unsaid) own = context.figures->meaning;
    const SaidAbove& above = context.layout->above.said();
    if (holds_for(above.meaning, own) && !is_itself(above.meaning)) {
      return refuse(above.meaning, above.text);
    }
  }
  const SaidAbove& below = known_below().said;
  if (holds_for(below.meaning, own) && !is_itself(below.meaning)) {
    return refuse(below.meaning, below.text);
  }
  return std::nullopt;
}

// What the figure rests on: the row's own cell alone says it.
std::optional<Rows::Fault> Rows::check_basis(const Row& row, ReportedReading& reading) {
  const std::string_view text = trim(row[Column::basis]);
  if (text.empty()) return std::nullopt;
  if (const auto formula = cell_fault(text)) return Fault{*formula, Column::basis};
  const auto basis = read_basis(text);
  if (!basis) return Fault{Refusal::unknown_basis, Column::basis};
  if (*basis == Basis::actual || reading.value.is_withdrawn()) return std::nullopt;
  reading.basis = *basis;
  return std::nullopt;
}

const Unit* Rows::unit_of(std::string_view text) {
  constexpr std::size_t kMostUnits = 1000;
  auto& units = uncommon().units;
  const auto known = units.find(std::string(text));
  if (known != units.end()) return known->second ? &*known->second : nullptr;
  if (units.size() >= kMostUnits) units.clear();
  auto parsed = unit_in_words(text);
  const auto& unit = units.emplace(text, std::move(parsed)).first->second;
  return unit ? &*unit : nullptr;
}

// The unit of a bare figure: that of the row's own cell, of the target's name, of the column, or of
// the table. The first two have to agree with the column's.
std::optional<Rows::Fault> Rows::choose_context(const Row& row, const RowTarget& target,
                                                ValueContext& context) {
  context.percentages = mapping_.percentages;
  context.unit = target.written_unit;
  const Fault doubt{Refusal::unit_in_doubt, Column::value};
  const std::string_view own = trim(row.unit);
  if (!is_empty_mark(own)) {
    if (const auto formula = cell_fault(own)) return Fault{*formula, Column::value};
    if (names_organisation(own, catalogue_)) {
      assumed().office.add(row.number, own, "");
    } else {
      context.unit = unit_of(own);
      if (context.unit == nullptr) return Fault{Refusal::incompatible_unit, Column::value};
    }
  }
  if (row.context == nullptr) return std::nullopt;
  const UnitsSaid& column = rate_ != nullptr ? rate_->units : row.context->figures->units;
  if (!column.empty()) {
    const ChosenUnit chosen = choose_unit(column, *target.unit);
    doubt_text_ = column.text;
    if (chosen.doubt) return doubt;
    if (context.unit == nullptr) {
      context.unit = chosen.unit;
    } else {
      const auto a = target.unit->base_of(1, *context.unit);
      const auto b = target.unit->base_of(1, *chosen.unit);
      doubt_text_ = context.unit->symbol() + "、" + column.text;
      if (a && b && std::abs(*a - *b) > 1e-9 * std::abs(*a)) return doubt;
    }
  }
  if (context.unit != nullptr) return std::nullopt;
  UnitsSaid around = row.context->layout->above.units();
  add_units(around, known_below().units);
  if (around.empty()) return std::nullopt;
  const ChosenUnit chosen = choose_unit(around, *target.unit);
  doubt_text_ = around.text;
  if (chosen.doubt) return doubt;
  around_unit_ = *chosen.unit;
  context.unit = &around_unit_;
  return std::nullopt;
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
    if (const auto formula = cell_fault(text)) return refuse(*formula);
  }
  if (target.kind == Kind::pledge) {
    // 否, 0 and nothing are no report; what is said beside them is kept.
    const bool is_report = !text.empty() && text != "0" && done_or_not(text) != 0.0;
    value = is_report ? 1 : 0;
    if (!is_report) assumed().no_report.add(row.number, catalogue_[target.index].name, "");
    return std::nullopt;
  }
  if (text.empty()) return refuse(Refusal::missing_value);
  ValueContext context;
  auto context_fault = choose_context(row, target, context);
  if (target.kind == Kind::milestone) {
    if (const auto done = done_or_not(text)) {
      value = *done;
      return std::nullopt;
    }
    // 项, 个, 万元: what such a target is counted in where several stand in one table.
    if (context_fault && context_fault->refusal == Refusal::unit_in_doubt) context_fault.reset();
    if (context.unit != nullptr && !context.unit->is_percentage()) context.unit = nullptr;
  }
  if (context_fault && context_fault->refusal != Refusal::unit_in_doubt) return context_fault;
  if (context_fault) context.unit = nullptr;
  said_unit_.clear();
  if (context.unit != nullptr) said_unit_ = context.unit->symbol();
  const ReadValue read = read_value(text, *target.unit, context);
  // What says its own unit needs no other.
  if (context_fault && read.is_bare) return context_fault;
  switch (read.fault) {
    case ValueFault::not_a_number:
      return refuse(Refusal::not_a_number);
    case ValueFault::negative_in_doubt:
      return refuse(Refusal::negative_in_doubt);
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
  if (is_fraction_of_a_count(catalogue_[target.index], read.value)) {
    return refuse(Refusal::out_of_range);
  }
  value = read.value;
  if (read.is_spoken) assumed().spoken.add(row.number, text, in_unit(read.value, *target.unit));
  if (read.is_bracketed) assumed().bracketed.add(row.number, text, "");
  return std::nullopt;
}

}  // namespace districtd
