// The terms of one [[target]]: what is promised, by when, and how it is reported. What a target is
// called and whose it is stands in catalogue_file.cpp.
#pragma once

#include <string_view>

#include "base/toml_table.h"
#include "daemon/domain/target.h"

namespace districtd {

// Each reads its keys into `target`, which keeps what it has where a key is absent. A fault is a
// finding at its key.
void read_promise(TomlTable& table, Target& target);
// `has_default_cadence`: [defaults] says one, which holds for pledges too.
void read_schedule(TomlTable& table, Target& target, bool has_default_cadence);
// The keys that [defaults] knows as well, but for tolerance.
void read_reporting(TomlTable& table, Target& target);
// `whose`: how a finding calls it.
void read_tolerance(TomlTable& table, std::string_view whose, Target& target);
// added, withdrawn and why.
void read_days_in_force(TomlTable& table, Target& target);

// Of a target, or a version of it, that was read without findings: what does not go together.
void check_promise(const TomlTable& table, const Target& target);
void check_schedule(const TomlTable& table, const Target& target);

}  // namespace districtd
