// Where something is written, for a finding elsewhere that names it.
#pragma once

#include <string>

#include "base/findings.h"

namespace districtd {

// "2026.toml:12:8"
inline std::string place_text(const Finding& place) {
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

}  // namespace districtd
