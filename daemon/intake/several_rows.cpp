#include "daemon/intake/several_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace districtd {

namespace {

// Whether any target and day occurs twice, by one bit for each that may occur: a tenth of the time
// of sorting a million. nullopt where they are too far apart for that.
std::optional<bool> has_several(const std::vector<Observation>& observations) {
  constexpr std::uint64_t kMostBitsEach = 256;
  const auto day = [](const Observation& one) {
    return one.reading.as_of.time_since_epoch().count();
  };
  const auto [first_target, last_target] =
      std::minmax_element(observations.begin(), observations.end(),
                          [](const auto& a, const auto& b) { return a.target < b.target; });
  const auto [first_day, last_day] =
      std::minmax_element(observations.begin(), observations.end(),
                          [&](const auto& a, const auto& b) { return day(a) < day(b); });
  const auto days = static_cast<std::uint64_t>(day(*last_day) - day(*first_day) + 1);
  const std::uint64_t targets = last_target->target - first_target->target + 1U;
  if (days * targets > kMostBitsEach * observations.size() + 4096) return std::nullopt;
  std::vector<bool> seen(days * targets);
  for (const Observation& one : observations) {
    const std::uint64_t which = (one.target - first_target->target) * days +
                                static_cast<std::uint64_t>(day(one) - day(*first_day));
    if (seen[which]) return true;
    seen[which] = true;
  }
  return false;
}

bool is_same_value(ReportedValue a, ReportedValue b) {
  if (a == b) return true;
  if (a.is_withdrawn() || b.is_withdrawn()) return false;
  const double most = std::max(std::abs(a.number()), std::abs(b.number()));
  return std::abs(a.number() - b.number()) <= 1e-12 * most;
}

FigureKey key_of(const Observation& one) {
  return {one.sheet, one.row, one.target, one.reading.as_of};
}

constexpr std::size_t kMostNamed = 5;

// The first rows of a group, one more than are named, and how many there are.
struct GroupRows {
  std::vector<std::int64_t> first;
  std::size_t count = 0;
};

GroupRows rows_of(const std::vector<Observation>& observations,
                  std::span<const std::size_t> group) {
  GroupRows rows;
  std::int64_t last = 0;
  for (const std::size_t each : group) {
    const std::int64_t row = observations[each].row;
    if (rows.count > 0 && row == last) continue;
    last = row;
    ++rows.count;
    if (rows.first.size() <= kMostNamed) rows.first.push_back(row);
  }
  return rows;
}

// "第 3、5、6 行", without `row` itself; "" where there is no other row.
std::string others(const GroupRows& rows, std::int64_t row) {
  std::string text;
  std::size_t named = 0;
  for (const std::int64_t other : rows.first) {
    if (other == row || named == kMostNamed) continue;
    ++named;
    text += (text.empty() ? "第 " : "、") + std::to_string(other);
  }
  if (text.empty()) return text;
  const std::size_t count = rows.count - 1;
  return text + (count > named ? " 行等 " + std::to_string(count) + " 行" : " 行");
}

void judge_group(std::vector<Observation>& observations, std::span<const std::size_t> totals,
                 std::span<const std::size_t> group, std::map<FigureKey, std::string>& refused) {
  const auto is_total = [&](std::size_t each) {
    return std::binary_search(totals.begin(), totals.end(), each);
  };
  const auto same = [&](std::size_t a, std::size_t b) {
    return observations[a].reading.basis == observations[b].reading.basis &&
           is_same_value(observations[a].reading.value, observations[b].reading.value);
  };
  const bool all_same = std::all_of(group.begin(), group.end(),
                                    [&](std::size_t each) { return same(each, group.front()); });
  if (all_same) {
    for (const std::size_t each : group) {
      observations[each].reading.value = observations[group.front()].reading.value;
    }
    return;
  }
  const GroupRows rows = rows_of(observations, group);
  const auto total = std::find_if(group.begin(), group.end(), is_total);
  const bool is_named =
      total != group.end() && std::all_of(group.begin(), group.end(), [&](std::size_t each) {
        return !is_total(each) || same(each, *total);
      });
  for (const std::size_t each : group) {
    if (is_named && is_total(each)) {
      observations[each].reading.value = observations[*total].reading.value;
      continue;
    }
    refused.emplace(key_of(observations[each]), others(rows, observations[each].row));
  }
}

}  // namespace

std::map<FigureKey, std::string> judge_several(std::vector<Observation>& observations,
                                               std::span<const std::size_t> totals) {
  std::map<FigureKey, std::string> refused;
  if (observations.size() < 2 || has_several(observations) == std::optional(false)) return refused;
  std::vector<std::size_t> order(observations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto same_figure = [&](std::size_t a, std::size_t b) {
    return observations[a].target == observations[b].target &&
           observations[a].sheet == observations[b].sheet &&
           observations[a].reading.as_of == observations[b].reading.as_of;
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Observation& x = observations[a];
    const Observation& y = observations[b];
    if (x.target != y.target) return x.target < y.target;
    if (x.reading.as_of != y.reading.as_of) return x.reading.as_of < y.reading.as_of;
    if (x.sheet != y.sheet) return x.sheet < y.sheet;
    return a < b;
  });
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && same_figure(order[begin], order[end])) ++end;
    if (end - begin > 1) {
      judge_group(observations, totals, std::span(order).subspan(begin, end - begin), refused);
    }
    begin = end;
  }
  return refused;
}

std::set<FigureKey> falling_months(const std::vector<Observation>& observations,
                                   std::span<const std::size_t> months) {
  std::set<FigureKey> falling;
  for (std::size_t begin = 0; begin < months.size();) {
    const Observation& first = observations[months[begin]];
    std::size_t end = begin;
    std::map<Date, double> by_day;
    while (end < months.size() && observations[months[end]].row == first.row &&
           observations[months[end]].sheet == first.sheet &&
           observations[months[end]].target == first.target) {
      const ReportedReading& reading = observations[months[end++]].reading;
      if (!reading.value.is_withdrawn()) by_day.emplace(reading.as_of, reading.value.number());
    }
    double last = -HUGE_VAL;
    const bool falls = std::any_of(by_day.begin(), by_day.end(), [&](const auto& each) {
      return each.second < std::exchange(last, each.second);
    });
    for (std::size_t i = begin; falls && i < end; ++i)
      falling.insert(key_of(observations[months[i]]));
    begin = end;
  }
  return falling;
}

}  // namespace districtd
