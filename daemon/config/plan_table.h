// Schedules as people plan them: by dates, by quarters, by months.
#pragma once

#include "base/toml_table.h"
#include "daemon/domain/target.h"

namespace districtd {

// Reads plan, plan_by_quarter or plan_by_month into `target.plan`; without any of them the plan
// stays as it is. A fault is a finding at its key. Requires that the target has its start and
// deadline.
void read_plan(TomlTable& table, Target& target);

// Adds a finding where the plan does not go with the target's pace and period, falls, or does not
// end at 1.
void check_plan(const TomlTable& table, const Target& target);

// Reads last_year, in the target's unit, into shares of the total of each of its up to three years.
void read_last_year(TomlTable& table, Target& target);

}  // namespace districtd
