// How many files and connections the process may have open.
#pragma once

#include <cstddef>

#include "daemon/http/server.h"

namespace districtd {

// Raises the soft limit (RLIMIT_NOFILE) to the hard one, and says what it is then.
std::size_t raise_descriptor_limit();

// Lowers max_connections where `descriptors` are too few for that many at each of `listeners`
// addresses and for everything else that is open. Otherwise a crowd at one address would leave no
// descriptor for another, nor for the database. Whether it did.
bool fit_to_descriptors(HttpLimits& limits, std::size_t listeners, std::size_t descriptors);

}  // namespace districtd
