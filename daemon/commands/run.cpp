#include "daemon/commands/options.h"
#include "daemon/service/daemon.h"

namespace districtd {

int run(const RunOptions& options, std::ostream& err) { return run_daemon(options.config, err); }

}  // namespace districtd
