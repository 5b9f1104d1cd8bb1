// Asking the daemon that runs on this machine, over its control socket.
#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>

#include "daemon/service/control_socket.h"

namespace districtd {

// Sends `request` to the daemon of this configuration and prints what it says: to `out` where it
// did what was asked for (0), else to `err` (1). Of the configuration only [store] path is read,
// and that only where systemd does not say where the socket is.
int ask_daemon(const std::filesystem::path& config, const ControlRequest& request,
               std::chrono::seconds patience, std::ostream& out, std::ostream& err);

}  // namespace districtd
