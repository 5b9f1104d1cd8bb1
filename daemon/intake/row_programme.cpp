// Of which programme a row is: its day, its figure, and what it says itself.
#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/text.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/rows.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

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
    assumed().programme.add(row.number,
                            std::string(called.text) + "，" + to_string(observation.reading.as_of),
                            meaning);
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

RowError Rows::explain_homeless(std::string_view column, std::string_view text,
                                std::int64_t row) const {
  std::array<std::string_view, 6> parts;
  const auto& said = homeless_.parts;
  std::copy_n(said.begin(), std::min(said.size(), parts.size()), parts.begin());
  return explain(homeless_.refusal, row, column, text,
                 {parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]});
}

}  // namespace districtd
