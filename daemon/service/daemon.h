// The daemon: wires the parts together, and starts, reloads and stops them.
//
// Threads: see docs/architecture.md.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace districtd {

// Returns when it was told to stop (0) or could not start (1); what is wrong with the configuration
// goes to `err`, everything later to the log.
int run_daemon(const std::filesystem::path& config, std::ostream& err);

}  // namespace districtd
