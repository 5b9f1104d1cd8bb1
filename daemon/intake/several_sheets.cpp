#include "daemon/intake/several_sheets.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/intake/refusals.h"

namespace districtd {

namespace {

bool is_same(ReportedValue a, ReportedValue b) {
  if (a.is_withdrawn() || b.is_withdrawn()) return a.is_withdrawn() == b.is_withdrawn();
  constexpr double kRounding = 1e-12;
  const double most = std::max(std::abs(a.number()), std::abs(b.number()));
  return std::abs(a.number() - b.number()) <= kRounding * most;
}

// A projected figure is not the same as an actual one.
bool is_same(const ReportedReading& a, const ReportedReading& b) {
  return a.basis == b.basis && is_same(a.value, b.value);
}

using Figures = std::vector<std::size_t>;  // indices of observations

// What becomes of the figures of one target and day: dropped, or refused because of another.
void judge(const std::vector<Observation>& all, const Figures& figures,
           std::vector<bool>& is_dropped, std::map<std::size_t, std::size_t>& refused) {
  const Observation& first = all[figures.front()];
  const auto differs = std::find_if(figures.begin(), figures.end(), [&](std::size_t each) {
    return !is_same(all[each].reading, first.reading);
  });
  for (const std::size_t each : figures) {
    if (differs == figures.end()) {
      is_dropped[each] = all[each].sheet != first.sheet;
      continue;
    }
    is_dropped[each] = true;
    const bool is_first = is_same(all[each].reading, first.reading);
    refused.emplace(each, is_first ? *differs : figures.front());
  }
}

}  // namespace

void compare_sheets(Decoded& decoded) {
  if (decoded.sheets.size() < 2) return;
  std::vector<Observation>& all = decoded.observations;
  std::map<std::pair<Catalogue::Index, Date>, Figures> by_figure;
  for (std::size_t i = 0; i < all.size(); ++i) {
    by_figure[{all[i].target, all[i].reading.as_of}].push_back(i);
  }
  std::vector<bool> is_dropped(all.size());
  std::map<std::size_t, std::size_t> refused;
  for (const auto& [figure, figures] : by_figure) {
    if (all[figures.front()].sheet != all[figures.back()].sheet) {
      judge(all, figures, is_dropped, refused);
    }
  }
  Receipt& receipt = decoded.receipt;
  for (const auto& [each, other] : refused) {
    ++receipt.rejected;
    if (receipt.errors.size() >= Receipt::kMostErrors) continue;
    receipt.errors.push_back(explain(Refusal::conflicting_sheets, all[each].row,
                                     decoded.value_column_of(all[each].reading.as_of), "",
                                     {decoded.sheet_of(all[other]), std::to_string(all[other].row),
                                      to_string(all[each].reading.as_of)}));
    receipt.errors.back().sheet = decoded.sheet_of(all[each]);
  }
  std::vector<Observation> kept;
  kept.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_dropped[i]) kept.push_back(std::move(all[i]));
  }
  const std::size_t said_again = all.size() - kept.size() - refused.size();
  receipt.rows -= static_cast<std::int64_t>(said_again);
  if (said_again > 0) {
    receipt.notes.push_back("有 " + std::to_string(said_again) +
                            " 个数在几张工作表里都有，而且相同，只计一次。");
  }
  all = std::move(kept);
  if (all.empty() && decoded.narratives.empty()) decoded.outcome = Outcome::refused;
}

}  // namespace districtd
