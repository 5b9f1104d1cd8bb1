#include "daemon/store/observation_writer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>

#include "base/check.h"
#include "daemon/domain/explanation_text.h"
#include "daemon/store/columns.h"

namespace districtd {
namespace {

using OnFile = KnownValues::OnFile;

// The sign bit of the day is turned, so that days before 1970 come first.
std::uint64_t placed_at(TargetKey key, std::int32_t day) {
  return std::uint64_t{key} << 32 | (static_cast<std::uint32_t>(day) ^ 0x8000'0000u);
}
TargetKey key_at(std::uint64_t place) { return static_cast<TargetKey>(place >> 32); }
std::int32_t day_at(std::uint64_t place) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(place) ^ 0x8000'0000u);
}

std::string shown(const Target& target, double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", target.unit.from_base(value));
  return text.data() + target.unit.symbol();
}

}  // namespace

RecordedRows ObservationWriter::record(const Append& append, std::int64_t seq,
                                       const Earlier& earlier) {
  RecordedRows recorded;
  recorded.changes.catalogue = append.catalogue;
  if (append.submission.is_dry_run) recorded.fates.resize(append.decoded.observations.size());
  place_rows(append);
  counted_.clear();
  held_.clear();
  said_unchanged_.clear();
  const std::span<const Placed> rows(placed_);
  for (std::size_t begin = 0; begin < rows.size();) {
    const TargetKey key = key_at(rows[begin].target_and_day);
    std::size_t end = begin + 1;
    while (end < rows.size() && key_at(rows[end].target_and_day) == key) ++end;
    record_target(rows.subspan(begin, end - begin), seq,
                  {key, append, recorded.changes.readings.size(), recorded, earlier});
    begin = end;
  }
  rows_.insert(seq, std::span<const CountedRow>(counted_));
  rows_.insert(seq, std::span<const HeldRow>(held_));
  series_.insert(seq, said_unchanged_);
  recorded.noted_unchanged = static_cast<std::int64_t>(said_unchanged_.size());
  return recorded;
}

// The table is clustered by target and day: rows in its order fill one page after the other.
void ObservationWriter::place_rows(const Append& append) {
  const std::vector<Observation>& observations = append.decoded.observations;
  placed_.clear();
  placed_.reserve(observations.size());
  for (std::uint32_t i = 0; i < observations.size(); ++i) {
    const TargetKey key = newest_.key_of(append.catalogue, observations[i].target);
    placed_.push_back({placed_at(key, day_number(observations[i].reading.as_of)), i});
  }
  if (!std::is_sorted(placed_.begin(), placed_.end())) std::sort(placed_.begin(), placed_.end());
}

void ObservationWriter::record_target(std::span<const Placed> rows, std::int64_t seq,
                                      const OfTarget& target) {
  const Newest before = newest_.newest(target.key);
  Newest newest = before;
  known_.turn_to(
      target.key, before,
      {day_at(rows.front().target_and_day), day_at(rows.back().target_and_day), rows.size()});
  std::vector<ReportedReading>& readings = target.recorded.changes.readings;
  for (std::size_t begin = 0; begin < rows.size();) {
    const std::uint64_t place = rows[begin].target_and_day;
    std::size_t end = begin + 1;
    while (end < rows.size() && rows[end].target_and_day == place) ++end;
    const auto of_day = rows.subspan(begin, end - begin);
    const Observation* counts = target.earlier.series == nullptr
                                    ? record_day(of_day, target)
                                    : record_day_of_series(of_day, target);
    begin = end;
    if (counts == nullptr) continue;
    const std::int32_t as_of = day_at(place);
    readings.emplace_back(date_from(as_of), counts->reading.value).basis = counts->reading.basis;
    if (newest.seq == 0 || as_of >= newest.as_of) newest = {as_of, seq, counts->reading.value};
  }
  const auto count = static_cast<std::uint32_t>(readings.size() - target.readings_before);
  if (count > 0) {
    const Observation& any = target.append.decoded.observations[rows.front().index];
    target.recorded.changes.targets.push_back({any.target, count});
  }
  if (newest.seq != before.seq) newest_.set(target.key, newest);
}

// Returns the row that counts for the day from now on; nullptr where none of these was stored.
const Observation* ObservationWriter::record_day(std::span<const Placed> rows,
                                                 const OfTarget& target) {
  const std::vector<Observation>& observations = target.append.decoded.observations;
  RecordedRows& recorded = target.recorded;
  note_fate(rows, RowFate::unchanged, target);
  if (target.earlier.came_first &&
      known_.is_said_since(*target.earlier.came_first, day_at(rows.front().target_and_day))) {
    recorded.unchanged += static_cast<std::int64_t>(rows.size());
    return nullptr;
  }
  // Where the last row stands already, the submission is a repetition, whatever its earlier rows
  // said.
  if (rows.size() > 1 && known_.compare(observations[rows.back().index]) == OnFile::same) {
    recorded.unchanged += static_cast<std::int64_t>(rows.size());
    return nullptr;
  }
  const Observation* current = nullptr;  // of this submission
  bool is_stored = false;
  for (const Placed& row : rows) {
    const Observation& said = observations[row.index];
    OnFile found = OnFile::another;
    if (current == nullptr) {
      found = known_.compare(said);
    } else if (figure_of(current->reading) == figure_of(said.reading) &&
               current->note == said.note &&
               (said.explanation.empty() || said.explanation == current->explanation)) {
      found = OnFile::same;
    }
    // Withdrawing what was never said changes nothing.
    const bool is_nothing = found == OnFile::nothing && said.reading.value.is_withdrawn();
    if (found == OnFile::same || is_nothing) {
      if (!is_nothing) current = &said;
      ++recorded.unchanged;
      continue;
    }
    if (flag_oddities(said, target)) {
      ++recorded.held;
      note_fate({&row, 1}, RowFate::held, target);
      held_.push_back({target.key, &said, odd_});
      continue;
    }
    current = &said;
    const bool is_first = found == OnFile::nothing;
    ++(is_first ? recorded.accepted : recorded.corrected);
    note_fate({&row, 1}, is_first ? RowFate::accepted : RowFate::corrected, target);
    counted_.push_back({target.key, &said});
    is_stored = true;
  }
  return is_stored ? current : nullptr;
}

// The same, for what is fetched whole again and again: a row that says what the series said last is
// no news, and what came since from elsewhere stays.
const Observation* ObservationWriter::record_day_of_series(std::span<const Placed> rows,
                                                           const OfTarget& target) {
  const std::int32_t as_of = day_at(rows.front().target_and_day);
  const Observation& said = target.append.decoded.observations[rows.back().index];
  const auto before = series_.said_last(*target.earlier.series, target.key, as_of);
  const auto counting = known_.figure_of(as_of);
  // A reason is news where the row waits for one and nothing came since.
  const bool has_reason =
      before && !said.explanation.empty() && said.explanation != before->explanation;
  const bool is_awaited =
      has_reason && before->is_held && !known_.is_said_since(before->seq + 1, as_of);
  const bool is_said_again = before && before->figure == figure_of(said.reading) && !is_awaited;
  const bool is_in_force = counting && *counting == figure_of(said.reading);
  // Another note, or reason, on the same value is news as long as the value counts.
  if (is_said_again && (!is_in_force || (before->note == said.note && !has_reason))) {
    note_fate(rows, RowFate::unchanged, target);
    target.recorded.unchanged += static_cast<std::int64_t>(rows.size());
    if (!is_in_force && !target.earlier.came_first) {
      target.recorded.superseded += static_cast<std::int64_t>(rows.size());
    }
    return nullptr;
  }
  const std::size_t held = held_.size();
  const Observation* counts = record_day(rows, target);
  // Where the series' own earlier value counts, it may be said anew: it was read otherwise then.
  const bool is_own = before && counting && *counting == before->figure;
  if (counts == nullptr && held_.size() == held && !is_own) {
    said_unchanged_.push_back({target.key, &said});
  }
  return counts;
}

void ObservationWriter::note_fate(std::span<const Placed> rows, RowFate fate,
                                  const OfTarget& target) {
  if (!target.append.submission.is_dry_run) return;
  for (const Placed& row : rows) {
    ObservationFate& known = target.recorded.fates[row.index];
    known.fate = fate;
    known.stands = known_.figure_of(day_at(row.target_and_day));
  }
}

// What was said of an earlier day is no reason for this one.
bool ObservationWriter::is_explained(const Observation& said, const OfTarget& of) {
  if (said.explanation.empty()) return false;
  const bool is_own_before = explained_key_ == of.key && explained_day_ < said.reading.as_of;
  const std::string before =
      is_own_before ? explanation_ : known_.explanation_before(day_number(said.reading.as_of));
  explained_key_ = of.key;
  explained_day_ = said.reading.as_of;
  explanation_ = said.explanation;
  return explains(said.explanation, before);
}

bool ObservationWriter::flag_oddities(const Observation& said, const OfTarget& of) {
  odd_ = 0;
  if (said.reading.value.is_withdrawn()) return false;
  const Append& append = of.append;
  const Target& target = (*append.catalogue)[said.target];
  if (target.kind == Kind::pledge) return false;
  RecordedRows& recorded = of.recorded;
  const auto own =
      std::span<const ReportedReading>(recorded.changes.readings).subspan(of.readings_before);
  const Reading reading{said.reading.as_of, said.reading.value.number(), {}};
  const auto previous = known_.reading_before(reading.as_of, own);
  Oddities odd = oddities(target, reading, previous);
  if (known_.repeats(target, reading, previous, own)) {
    odd = static_cast<Oddities>(odd | static_cast<std::uint8_t>(Oddity::repeated));
  }
  if (odd == 0) return false;
  odd_ = odd;
  ++recorded.flagged;
  const bool is_explained = this->is_explained(said, of);
  const bool is_unexplained = (odd & append.explain) != 0 && !is_explained;
  const bool is_held = (odd & append.hold) != 0;
  const AfterOddity after = is_unexplained ? AfterOddity::unexplained
                            : is_held      ? AfterOddity::held
                            : is_explained ? AfterOddity::explained
                                           : AfterOddity::taken;
  for (const Oddity one : kOddities) {
    if (!has(odd, one) || recorded.flags.size() >= Receipt::kMostErrors) continue;
    const std::string value = shown(target, reading.value);
    recorded.flags.push_back({said.row, append.decoded.value_column_of(reading.as_of), value,
                              std::string(to_string(one)),
                              sentence(one, target, reading, value, previous,
                                       previous ? shown(target, previous->value) : "", after),
                              append.decoded.sheet_of(said), is_explained ? said.explanation : ""});
  }
  return is_held || is_unexplained;
}

}  // namespace districtd
