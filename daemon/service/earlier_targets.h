// Of which programmes the targets are that a store of an earlier version knows by their ids alone,
// and which programmes the catalogues in it have.
#pragma once

#include "daemon/domain/catalogue.h"
#include "daemon/store/programme_claims.h"

namespace districtd {

// By the texts in the store, and by the catalogue of the configuration, which outlives what is
// returned.
ProgrammeClaims claims_by(const Catalogue& catalogue);

}  // namespace districtd
