// Which moment a request asks about: ?on= and ?known_at=, and of which programme: ?programme=.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "daemon/config/district_clock.h"
#include "daemon/http/route.h"
#include "daemon/picture/picture.h"

namespace districtd {

// The value of the first query parameter of that name, decoded; nullopt where there is none.
std::optional<std::string> parameter(const HttpRequest& request, std::string_view name);

struct AskedMoment {
  Moment moment;
  std::string programme;  // ?programme=; "" where it is left to the day
  bool is_now = true;     // neither parameter was given
};

// `on` is a date, `known_at` a time or a date, for the end of that day in the district. Without
// `on` it is the day of `known_at`, and without both today. The error is the 400, bad_date or
// bad_time.
Result<AskedMoment, HttpAnswer> moment_asked(const HttpRequest& request,
                                             const DistrictClock& clock);

}  // namespace districtd
