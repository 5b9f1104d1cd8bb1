#include "daemon/service/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace districtd {
namespace {

// The database and its readers, the log, inboxes and their watches, pulls, converters.
constexpr std::size_t kOthers = 256;

}  // namespace

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
}

bool fit_to_descriptors(HttpLimits& limits, std::size_t listeners, std::size_t descriptors) {
  const std::size_t others = std::min(kOthers, descriptors / 2);
  const std::size_t most = (descriptors - others) / std::max<std::size_t>(listeners, 1);
  if (limits.max_connections <= most) return false;
  limits.max_connections = std::max<std::size_t>(most, 1);
  return true;
}

}  // namespace districtd
