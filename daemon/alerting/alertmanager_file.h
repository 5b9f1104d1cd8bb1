// Alertmanager's whole configuration, made from [alerting], the [[contact]]s and the catalogue:
// receivers, routes, inhibition, and the times at which nobody is disturbed. Written for
// Alertmanager 0.25: https://prometheus.io/docs/alerting/0.25/configuration/
#pragma once

#include <string>

#include "base/result.h"
#include "daemon/config/configuration.h"

namespace districtd {

// The YAML, or what is wrong: a secret file that cannot be read or is empty, no [alerting].
// `file` is how findings without a place call the configuration.
Result<std::string, Findings> alertmanager_file(const Loaded& loaded,
                                                const std::filesystem::path& file);

}  // namespace districtd
