#include "daemon/intake/rows.h"

#include <algorithm>
#include <utility>

#include "daemon/intake/date_reader.h"
#include "daemon/intake/text.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

constexpr std::size_t kMostNoteBytes = 8000;
constexpr std::size_t kMostSuggestions = 100;
constexpr std::size_t kMostTargetsCompared = 200'000;

// Cells of a milestone that say whether it is done; TRUE and FALSE are what spreadsheets save.
std::optional<double> done_or_not(std::string_view text) {
  constexpr std::array<std::string_view, 4> kDone = {"是", "已完成", "完成", "true"};
  constexpr std::array<std::string_view, 3> kNotDone = {"否", "未完成", "false"};
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

std::optional<Refusal> check_value(std::string_view text, const RowTarget& target, double& value) {
  if (target.kind == Kind::pledge) {
    value = 1;
    return std::nullopt;
  }
  if (text.empty()) return Refusal::missing_value;
  if (target.kind == Kind::milestone) {
    if (const auto done = done_or_not(text)) {
      value = *done;
      return std::nullopt;
    }
  }
  const ReadValue read = read_value(text, *target.unit);
  value = read.value;
  switch (read.fault) {
    case ValueFault::not_a_number:
      return Refusal::not_a_number;
    case ValueFault::incompatible_unit:
      return Refusal::incompatible_unit;
    case ValueFault::too_large:
      return Refusal::out_of_range;
    case ValueFault::none:
      break;
  }
  const bool is_share = value >= 0 && value <= 1;
  if (target.kind == Kind::milestone && !is_share) return Refusal::out_of_range;
  return std::nullopt;
}

}  // namespace

Rows::Rows(const Submission& submission, const Catalogue& catalogue, Date today)
    : submission_(submission),
      catalogue_(catalogue),
      today_(today),
      targets_(catalogue, submission.department),
      suggestions_left_(std::clamp<std::size_t>(
          kMostTargetsCompared / std::max<std::size_t>(catalogue.targets().size(), 1), 1,
          kMostSuggestions)) {
  for (std::size_t i = 0; i < kColumns; ++i) names_[i] = kColumnNames[i].english;
  decoded_.receipt.department = submission.department;
}

void Rows::set_header(std::span<const std::string_view> cells) {
  decoded_.receipt.header.assign(cells.begin(), cells.end());
}

void Rows::take(const Row& row, std::span<const std::string_view> cells) {
  Observation observation;
  if (const auto fault = check(row, observation)) {
    refuse(row.number, cells, [&] { return explain_fault(*fault, row, observation); });
    return;
  }
  ++decoded_.receipt.rows;
  decoded_.observations.push_back(std::move(observation));
}

Decoded Rows::fail(const RowError& error, Outcome outcome) && {
  decoded_.outcome = outcome;
  decoded_.observations.clear();
  decoded_.receipt.rows = decoded_.receipt.rejected = 0;
  decoded_.receipt.refused.clear();
  decoded_.receipt.errors.assign(1, error);
  return std::move(decoded_);
}

Decoded Rows::finish() && {
  decoded_.outcome = decoded_.observations.empty() ? Outcome::refused : Outcome::taken;
  return std::move(decoded_);
}

std::optional<Rows::Fault> Rows::check(const Row& row, Observation& observation) {
  const std::string_view name = trim(row[Column::target]);
  if (name.empty()) return Fault{Refusal::missing_target, Column::target};
  const RowTarget* const target = targets_.find(name);
  if (target == nullptr) return Fault{Refusal::unknown_target, Column::target};
  observation.row = static_cast<std::int32_t>(row.number);
  observation.target = target->index;
  if (!target->is_own) return Fault{Refusal::other_department, Column::target};

  if (auto fault = check_date(trim(row[Column::as_of]), *target, observation.reading)) return fault;
  if (const auto refusal =
          check_value(trim(row[Column::value]), *target, observation.reading.value)) {
    return Fault{*refusal, Column::value};
  }
  const std::string_view note = trim(row[Column::note]);
  if (note.size() > kMostNoteBytes) return Fault{Refusal::note_too_long, Column::note};
  if (!note.empty()) observation.note = note;
  return std::nullopt;
}

std::optional<Rows::Fault> Rows::check_date(std::string_view text, const RowTarget& target,
                                            Reading& reading) const {
  if (text.empty()) return Fault{Refusal::missing_date, Column::as_of};
  const auto date = read_date(text);
  if (!date) return Fault{Refusal::bad_date, Column::as_of};
  reading.as_of = *date;
  if (*date > today_) return Fault{Refusal::future_date, Column::as_of};
  if (*date < target.start) return Fault{Refusal::before_start, Column::as_of};
  if (target.kind == Kind::level && *date > target.deadline) {
    return Fault{Refusal::after_deadline, Column::as_of};
  }
  if (*date >= target.withdrawn) return Fault{Refusal::withdrawn, Column::as_of};
  return std::nullopt;
}

RowError Rows::explain_fault(const Fault& fault, const Row& row, const Observation& observation) {
  const std::string_view text = trim(row[fault.column]);
  const auto say = [&](std::initializer_list<std::string_view> parts) {
    return explain(fault.refusal, row.number, name(fault.column), text, parts);
  };
  if (fault.refusal == Refusal::missing_target) return say({});
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
    case Refusal::after_deadline:
      return say({as_of, target.name, to_string(target.last_deadline())});
    case Refusal::withdrawn:
      return say({as_of, target.name, to_string(*target.withdrawn)});
    case Refusal::missing_value:
      return say({expected_value(target)});
    case Refusal::incompatible_unit:
      return say({unit_of_value(text), target.name, expected_value(target)});
    case Refusal::note_too_long:
      return say({std::to_string(text.size()), std::to_string(kMostNoteBytes)});
    default:
      return say({text, expected_value(target)});
  }
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
  RefusedRow& refused = decoded_.receipt.refused.emplace_back(RefusedRow{row, {}});
  std::size_t bytes = cells.size() * sizeof(std::string);
  for (const std::string_view cell : cells) bytes += cell.size();
  if (bytes > kMostKeptBytes - kept_bytes_) return;
  kept_bytes_ += bytes;
  refused.cells.assign(cells.begin(), cells.end());
}

}  // namespace districtd
