// How the departments stand in each programme: score, rank, and what became of them since the
// period before. The rules are in docs/judging.md. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

// A target's part of the score, 0..1: 1 + deviation, of a level 1 + (actual - expected) in parts of
// its goal, cut to 0..1, so that what is on schedule or ahead of it has all of it and 8 percentage
// points behind leaves 0.92. What is achieved has 1, after its deadline `late_completion` (0
// switches that off). What is overdue has at most its progress, a ceiling 1 less its excess, and 0
// without a final value. What is stale has 0, without a cadence the part of its last value. What
// was never reported has 0 once a report was due. nullopt: does not count (nothing due yet, nothing
// expected yet, a pledge, or not in force).
std::optional<double> score_of(const Target& target, const Assessment& assessment,
                               double late_completion);

struct Standing {
  // 0..1: the mean of the parts, less what is deducted; not below 0. Empty where nothing is scored.
  std::optional<double> score;
  std::optional<double> mean;  // sum of weight * part over sum of weight
  double deducted = 0;         // a ratio: 0.015 is one point and a half
  // Periods in which a report of the department was late, and in which one is missing; a period
  // with both is one of the second.
  std::uint32_t periods_late = 0;
  std::uint32_t periods_missing = 0;
  // 1 is best; departments with the same score have the same rank, and the next one counts them
  // (1, 1, 3). Empty where nothing is scored, and where [scoring] switches ranks off.
  std::optional<std::uint32_t> rank;
  std::optional<double> score_before;  // at the end of the period before, as of then
  std::optional<std::uint32_t> rank_before;
  std::uint32_t counted = 0;   // targets in the score
  std::uint32_t in_force = 0;  // targets in force
  std::uint32_t reports_due = 0;
  std::uint32_t reports_on_time = 0;
  std::uint32_t reports_corrected = 0;  // with a figure that was corrected after the due day
  friend bool operator==(const Standing&, const Standing&) = default;
};

// One a group of the catalogue, in its order: ranks are among the departments of one programme.
// `assessments` has one element a target, as of day `on`. A target is that department's which is
// responsible on `on`; a report, with its fault, that one's which was on the day on which it was
// due; what counted before, that one's which was then. A part is counted under its parent and adds
// to no number here but those of reports, which its department owes; a target that is the sum of
// its parts owes none of its own.
std::vector<Standing> standings(const Catalogue& catalogue, std::span<const Assessment> assessments,
                                Date on);

// With what is compared: the end of the last month but one that has ended before `on`. In July that
// is the end of May: June's values are today's news.
Date period_before(Date on);

}  // namespace districtd
