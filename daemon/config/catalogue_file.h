// The catalogue as an operator writes it: TOML in, a Catalogue or everything that is wrong with it
// out. docs/catalogue.md describes every key.
#pragma once

#include <filesystem>
#include <variant>
#include <vector>

#include "daemon/config/findings.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

struct LoadedCatalogue {
  Catalogue catalogue;
  std::vector<Finding> quote_places;  // one a target, without message: where its quote stands
};

// Several files make one catalogue; a department may be named in several, by the same name.
std::variant<LoadedCatalogue, Findings> load_catalogue(
    const std::vector<std::filesystem::path>& files);

}  // namespace districtd
