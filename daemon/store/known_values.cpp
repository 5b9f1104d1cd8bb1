#include "daemon/store/known_values.h"

#include <algorithm>
#include <limits>

#include "daemon/domain/plausibility.h"
#include "daemon/store/columns.h"

namespace districtd {
namespace {

constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();

template <typename OfADay>
auto first_from(std::vector<OfADay>& days, std::int32_t as_of) {
  return std::lower_bound(days.begin(), days.end(), as_of,
                          [](const OfADay& one, std::int32_t day) { return one.as_of < day; });
}

bool withdraws(std::span<const ReportedReading> own, Date day) {
  return std::any_of(own.begin(), own.end(), [&](const ReportedReading& one) {
    return one.as_of == day && one.value.is_withdrawn();
  });
}

}  // namespace

KnownValues::KnownValues(const sqlite::Connection& connection)
    : current_(connection,
               "SELECT value, note, basis, explanation FROM observation"
               " WHERE target = ? AND as_of = ?"
               " ORDER BY seq DESC, row DESC LIMIT 1"),
      range_(connection,
             "SELECT as_of, value, note, basis, explanation FROM observation"
             " WHERE target = ? AND as_of BETWEEN ? AND ? ORDER BY as_of, seq, row"),
      earlier_(connection,
               "SELECT as_of, value FROM observation WHERE target = ? AND as_of < ?"
               " ORDER BY as_of DESC, seq DESC, row DESC"),
      since_(connection,
             "SELECT EXISTS(SELECT 1 FROM observation WHERE target = ?1 AND as_of = ?2"
             "   AND seq >= ?3)"
             " OR EXISTS(SELECT 1 FROM held WHERE target = ?1 AND as_of = ?2 AND seq >= ?3)"),
      explanation_before_(connection,
                          "SELECT explanation FROM observation WHERE target = ? AND as_of < ?"
                          " AND explanation <> '' ORDER BY as_of DESC, seq DESC, row DESC LIMIT 1"),
      read_through_(kNoDay) {}

void KnownValues::turn_to(TargetKey key, const Newest& newest) {
  key_ = key;
  newest_ = newest;
  read_ahead_.clear();
  read_through_ = kNoDay;
}

// Where several days of one target may be known already, one ordered read is cheaper than a search
// a day. Much-corrected or much longer histories end it early; find() then searches.
void KnownValues::turn_to(TargetKey key, const Newest& newest, const Days& days) {
  turn_to(key, newest);
  if (newest.seq == 0 || days.rows < 2) return;
  const std::int32_t last = std::min(days.last, newest.as_of);
  if (days.first >= last) return;

  std::size_t budget = 4 * days.rows + 64;
  range_.bind(1, std::int64_t{key}).bind(2, std::int64_t{days.first}).bind(3, std::int64_t{last});
  read_through_ = last;
  while (range_.step()) {
    const auto as_of = static_cast<std::int32_t>(range_.integer(0));
    if (budget-- == 0) {
      read_through_ = as_of - 1;  // of this day more may follow
      break;
    }
    if (read_ahead_.empty() || read_ahead_.back().as_of != as_of) {
      read_ahead_.push_back({as_of, {}, {}, {}});
    }
    read_ahead_.back().figure = {ReportedValue::from_column(range_.real(1)),
                                 basis_from(range_.integer(3))};
    read_ahead_.back().note = range_.text(2);
    read_ahead_.back().explanation = range_.text(4);
  }
  range_.reset();
}

const KnownValues::Value* KnownValues::find(std::int32_t as_of) {
  if (as_of <= read_through_) {
    const auto at = first_from(read_ahead_, as_of);
    return at != read_ahead_.end() && at->as_of == as_of ? &*at : nullptr;
  }
  current_.bind(1, std::int64_t{key_}).bind(2, std::int64_t{as_of});
  const bool is_known = current_.step();
  if (is_known) {
    found_.as_of = as_of;
    found_.figure = {ReportedValue::from_column(current_.real(0)), basis_from(current_.integer(2))};
    found_.note = current_.text(1);
    found_.explanation = current_.text(3);
  }
  current_.reset();
  return is_known ? &found_ : nullptr;
}

KnownValues::OnFile KnownValues::compare_with_file(std::int32_t as_of, const Observation& said) {
  const Value* known = find(as_of);
  if (known == nullptr) return OnFile::nothing;
  const bool is_same = known->figure == districtd::figure_of(said.reading) &&
                       known->note == said.note &&
                       (said.explanation.empty() || said.explanation == known->explanation);
  return is_same ? OnFile::same : OnFile::another;
}

std::string KnownValues::explanation_before(std::int32_t as_of) {
  explanation_before_.bind(1, std::int64_t{key_}).bind(2, std::int64_t{as_of});
  std::string text;
  if (explanation_before_.step()) text = explanation_before_.text(0);
  explanation_before_.reset();
  return text;
}

bool KnownValues::is_said_since(std::int64_t seq, std::int32_t as_of) {
  since_.bind(1, std::int64_t{key_}).bind(2, std::int64_t{as_of}).bind(3, seq);
  const bool is_said = since_.step() && since_.integer(0) != 0;
  since_.reset();
  return is_said;
}

std::optional<Reading> KnownValues::reading_before(Date as_of,
                                                   std::span<const ReportedReading> own) {
  std::optional<Reading> mine;
  for (auto one = own.rbegin(); one != own.rend() && !mine; ++one) {
    if (one->as_of < as_of && !one->value.is_withdrawn()) {
      mine = Reading{one->as_of, one->value.number(), {}};
    }
  }
  if (newest_.seq == 0) return mine;
  const Date newest_day = date_from(newest_.as_of);
  if (mine && mine->as_of >= newest_day) return mine;
  if (newest_day < as_of && !newest_.value.is_withdrawn() && !withdraws(own, newest_day)) {
    return Reading{newest_day, newest_.value.number(), {}};
  }
  if (day_number(as_of) <= read_through_) {
    for (auto at = first_from(read_ahead_, day_number(as_of)); at != read_ahead_.begin();) {
      --at;
      const Date day = date_from(at->as_of);
      if (mine && mine->as_of >= day) return mine;
      if (!at->figure.value.is_withdrawn() && !withdraws(own, day)) {
        return Reading{day, at->figure.value.number(), {}};
      }
    }
  }
  return reading_in_file(as_of, mine, own);
}

// `mine` is the latest earlier reading of `own`; it is the answer where the file has none after it.
std::optional<Reading> KnownValues::reading_in_file(Date as_of, const std::optional<Reading>& mine,
                                                    std::span<const ReportedReading> own) {
  earlier_.bind(1, std::int64_t{key_}).bind(2, std::int64_t{day_number(as_of)});
  std::optional<Reading> found;
  std::int32_t last_day = kNoDay;
  while (!found && earlier_.step()) {
    const auto day = static_cast<std::int32_t>(earlier_.integer(0));
    if (day == last_day) continue;  // what was corrected
    last_day = day;
    if (mine && mine->as_of >= date_from(day)) break;
    const auto value = ReportedValue::from_column(earlier_.real(1));
    if (!value.is_withdrawn() && !withdraws(own, date_from(day))) {
      found = Reading{date_from(day), value.number(), {}};
    }
  }
  earlier_.reset();
  return found ? found : mine;
}

bool KnownValues::repeats(const Target& target, const Reading& reading,
                          const std::optional<Reading>& before,
                          std::span<const ReportedReading> own) {
  constexpr int kPeriods = 3;
  constexpr int kMostLookedAt = 40;
  if (!before || before->value != reading.value || !may_not_repeat(target, reading)) return false;
  int periods = 1;
  Date last_period = period_end(target.cadence, reading.as_of);
  std::optional<Reading> one = before;
  for (int i = 0; i < kMostLookedAt && one && one->value == reading.value; ++i) {
    const Date period = period_end(target.cadence, one->as_of);
    if (period < last_period && ++periods == kPeriods) return true;
    last_period = period;
    one = reading_before(one->as_of, own);
  }
  return false;
}

void KnownValues::reset() noexcept {
  current_.reset();
  range_.reset();
  earlier_.reset();
  since_.reset();
  explanation_before_.reset();
}

}  // namespace districtd
