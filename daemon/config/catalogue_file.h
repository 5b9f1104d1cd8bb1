// The catalogue as an operator writes it: TOML in, a Catalogue or everything that is wrong with it
// out. docs/catalogue.md describes every key.
#pragma once

#include <filesystem>
#include <vector>

#include "base/findings.h"
#include "base/result.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/catalogue_source.h"

namespace districtd {

struct LoadedCatalogue {
  Catalogue catalogue;
  CatalogueSources sources;           // what it was made from
  std::vector<Finding> quote_places;  // one a target, without message: where its quote stands
};

// Several files make one catalogue; a department may be named in several, by the same name.
// `holidays`: one file a year, see docs/catalogue.md.
Result<LoadedCatalogue, Findings> load_catalogue(
    const std::vector<std::filesystem::path>& files,
    const std::vector<std::filesystem::path>& holidays = {});

// The same from texts that were kept.
Result<LoadedCatalogue, Findings> parse_catalogue(CatalogueSources sources);

}  // namespace districtd
