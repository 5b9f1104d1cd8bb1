// A programme (年度目标): the targets of one period, such as 2026, opened, judged, settled and
// kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/calendar.h"
#include "daemon/domain/figure_check.h"

namespace districtd {

// How a department's score is reckoned in one programme: [scoring] of its file.
struct Scoring {
  double late_report = 0.5;      // points, for each period in which a report of it was late
  double missing_report = 1;     // points, for each period in which a report of it is missing
  double most = 10;              // points, of all deductions together
  double late_completion = 0.9;  // the part of a target that was reached after its deadline, 0..1
  bool rank = true;              // whether departments are ranked
  friend bool operator==(const Scoring&, const Scoring&) = default;
};

// Invariants, kept by the catalogue loader: first <= last <= settles; no target starts before
// `first` or has its first deadline after `last`; `settles` is not before the last final report is
// due. Periods of two programmes may overlap.
struct Programme {
  std::string id;  // "2026": without blanks, controls and slashes
  Date first{};    // of its period
  Date last{};
  Date settles{};  // the last day on which figures are taken; from the next one on it is settled
  Scoring scoring;
  // What was due before this day is nobody's fault; empty: everything counts.
  std::optional<Date> reports_since;
  std::vector<FigureCheck> checks;  // across figures of its targets

  bool has_begun(Date on) const { return on >= first; }
  bool is_settled(Date on) const { return on > settles; }
  bool is_open(Date on) const { return has_begun(on) && !is_settled(on); }
  friend bool operator==(const Programme&, const Programme&) = default;
};

// The end of the second month after a period's last day.
Date settled_by_default(Date last);

// From 1 January to 31 December: "2026", or "2026-2030" where there are several years.
Programme programme_of_years(int first, int last);

// Whether a text may be a programme's id.
bool is_programme_id(std::string_view text);

}  // namespace districtd
