// How the departments stand: score, rank, and what became of them since the period before. The
// formula is in docs/judging.md. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

// A target's part of the score, 0..1: 1 + deviation, cut to 0..1, so that what is on schedule or
// ahead of it has all of it and 8 percentage points behind leaves 0.92. What adds up and is overdue
// has its progress, where that is less. A pledge that is reported has 1. What was never reported
// although a report is overdue has 0. What expects nothing yet is scored by
// scored_deviation(). nullopt: does not count (nothing reported and nothing due yet, or not in
// force).
std::optional<double> score_of(const Target& target, const Assessment& assessment);

struct Standing {
  std::optional<double> score;         // 0..1: sum of weight * score over sum of weight
  std::optional<std::uint32_t> rank;   // 1 is best; departments with the same score have the same
                                       // rank, and the next one counts them (1, 1, 3)
  std::optional<double> score_before;  // at the end of the period before, as of then
  std::optional<std::uint32_t> rank_before;
  std::uint32_t counted = 0;   // targets in the score
  std::uint32_t in_force = 0;  // targets in force
  std::uint32_t reports_due = 0;
  std::uint32_t reports_on_time = 0;
  friend bool operator==(const Standing&, const Standing&) = default;
};

// One a department, in the catalogue's order. `assessments` has one element a target.
std::vector<Standing> standings(const Catalogue& catalogue,
                                std::span<const Assessment> assessments);

// With what is compared: the end of the last month but one that has ended before `on`. In July that
// is the end of May: June's values are today's news.
Date period_before(Date on);

}  // namespace districtd
