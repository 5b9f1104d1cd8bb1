#include "daemon/http/route.h"

#include <algorithm>

#include "base/check.h"

namespace districtd {

const std::string& HttpRequest::capture(std::string_view name) const {
  const auto found = std::find_if(captures.begin(), captures.end(),
                                  [&](const auto& capture) { return capture.first == name; });
  DISTRICT_CHECK(found != captures.end(), "the route's pattern has a segment of that name");
  return found->second;
}

}  // namespace districtd
