// What is settled costs the daemon nothing: of such a programme neither targets nor figures are in
// memory. The store answers for it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/findings.h"
#include "daemon/config/catalogue_file.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/store/reader.h"

namespace districtd {

// Takes the targets of the programmes that are settled on the day out of the catalogue. Those of
// `known` which have begun by then and of which no file tells any more it knows as closed: so a row
// for them can be told why it is refused.
void leave_out_settled(LoadedCatalogue& loaded, const std::vector<Programme>& known, Date today);

// Every programme that the store has had a catalogue of. Throws StoreError.
std::vector<Programme> stored_programmes(const StoreReader& store);

// Every programme that the catalogue in force knows, closed or not.
std::vector<Programme> known_programmes(const Catalogue& in_force);

// What the store has of the open programmes of `next` of which the catalogue in force has no
// targets; the store is read where there are any. Throws StoreError.
Reopened reopened_programmes(const Catalogue& in_force, const LoadedCatalogue& next,
                             const std::filesystem::path& store_path, const DistrictClock& clock);

// A finding, of the configuration's file, for each programme in force that has begun and is not
// settled and that `next` does not have any more.
Findings dropped_programmes(const std::filesystem::path& file, const Catalogue& in_force,
                            const LoadedCatalogue& next, Date today);

// Logs programme_missing for each programme that has begun and is not settled and is closed all the
// same: its file is missing.
void log_missing_programmes(const Catalogue& catalogue, Date today);

}  // namespace districtd
