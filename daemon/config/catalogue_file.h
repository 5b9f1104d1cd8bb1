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
  std::vector<Programme> programmes;  // all that `sources` have, settled or not
  std::vector<Finding> quote_places;  // one a target, without message: where its quote stands
};

// Several files make one catalogue; a department may be named in several, by the same name.
// `holidays`: one file a year, see docs/catalogue.md.
Result<LoadedCatalogue, Findings> load_catalogue(
    const std::vector<std::filesystem::path>& files,
    const std::vector<std::filesystem::path>& holidays = {});

// The same from texts.
Result<LoadedCatalogue, Findings> parse_catalogue(CatalogueSources sources);

// The same from texts that were good when they were kept, by an earlier version perhaps. A file
// that names no programme though its targets do not lie in one year is of the programme of which
// `present`, the catalogue of now, has the first of its targets that it has, else of the years in
// which they lie.
Result<LoadedCatalogue, Findings> parse_kept_catalogue(CatalogueSources sources,
                                                       const Catalogue& present);

}  // namespace districtd
