// The dated steps of a milestone: [[target.node]].
#pragma once

#include "base/toml_table.h"
#include "daemon/domain/target.h"

namespace districtd {

// Reads [[target.node]] of a target, or of a change of one, whose kind, goal, baseline, start,
// deadline and pace are read already. Where there are some they replace those that it has, and its
// pace is nodes. What does not go together is a finding at its key: a node outside start..deadline,
// shares that do not rise, a last one that is not 1 at the deadline.
void read_nodes(TomlTable& table, Target& target);

}  // namespace districtd
