// The list of the ways in.
#pragma once

#include <span>

#include "collectors/collector.h"

namespace districtd {

// In the order in which `check` reads their tables.
std::span<const CollectorKind* const> all_collectors();

}  // namespace districtd
