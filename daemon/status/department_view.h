// A department's standing as people and programs see it, with the arithmetic that led to it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/standing.h"
#include "daemon/status/target_view.h"

namespace districtd {

struct DepartmentView {
  const Department* department;
  const Programme* programme;
  Standing standing;                // in that programme
  std::vector<TargetView> counted;  // the targets in its score
  bool is_settled = false;          // whether the programme was settled on the day asked for
  Date on{};

  // What it is called on that day.
  const std::string& name() const { return department->name_on(on); }
};

// "（1×0.92＋2×1）÷3－0.015＝0.9583", where something is deducted; of more than twenty targets the
// first, and how many more. "" where nothing counts.
std::string arithmetic_of(const DepartmentView& view);

// An array; each element has department, programme, settled, name, score, mean, deducted,
// periods_late, periods_missing, rank, score_before, rank_before, counted, in_force, reports_due,
// reports_on_time, on_time_rate, reports_corrected, corrected_rate, arithmetic, formula and
// targets: [{target, name, status, weight, score}]. Ratios; null where there is none.
std::string to_json(const std::vector<DepartmentView>& views);
std::string to_json(const DepartmentView& view);

// For a terminal: a line a department by rank, with score, change and reports in time; where the
// views are of several programmes, a table a programme.
std::string to_table(const std::vector<DepartmentView>& views);

// For a terminal: one department's score, target by target.
std::string to_text(const DepartmentView& view, Date on);

}  // namespace districtd
