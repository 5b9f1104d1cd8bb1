// Who does what of a target beside its department, and what exactly it counts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/toml_table.h"
#include "daemon/domain/target.h"

namespace districtd {

// The department of that id: an index into Catalogue::departments(); nullopt where none is named.
using DepartmentOfId = std::function<std::optional<std::uint32_t>(std::string_view id)>;

// Of [[target]] and [[target.change]]: with (配合单位), leader (分管领导), owner (责任人) and
// definition (口径). A key that is absent leaves what the target has.
void read_people(TomlTable& table, const DepartmentOfId& department_of, Target& target);

}  // namespace districtd
