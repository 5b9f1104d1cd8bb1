// How the targets stand on a day, from the store: what `status` prints and the API answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/district_clock.h"
#include "daemon/domain/catalogue.h"
#include "daemon/status/target_view.h"
#include "daemon/store/store.h"

namespace districtd {

// Judges every target, or one department's, as of the end of `on`, by what had been received up to
// `known_at` (empty: everything). The views point into the catalogue. Throws StoreError.
std::vector<TargetView> standing(const Catalogue& catalogue, const StoreReader& store, Date on,
                                 std::optional<Time> known_at, std::string_view department = {});

// The JSON members "observations":[...] of one target: everything that was ever said of it, each
// with as_of, value (in the catalogue's unit), note, submission, received_at, collector, source and
// superseded.
std::string observations_member(const Target& target,
                                const std::vector<StoredObservation>& observations);

}  // namespace districtd
