#include "daemon/api/request_moment.h"

namespace districtd {

std::optional<std::string> parameter(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Result<AskedMoment, HttpAnswer> moment_asked(const HttpRequest& request,
                                             const DistrictClock& clock) {
  AskedMoment asked{
      {clock.today(), std::nullopt}, parameter(request, "programme").value_or(""), true};
  const auto on = parameter(request, "on");
  const auto known_at = parameter(request, "known_at");
  asked.is_now = !on && !known_at;
  // Where both are wrong, the sentence about `on` is the one that is given.
  const auto date = on ? parse_iso_date(*on) : std::nullopt;
  if (on && !date) {
    return error_answer(400, "bad_date",
                        "参数 on 应为日期，例如 on=2026-06-30，收到的是“" + *on + "”");
  }
  if (known_at) {
    asked.moment.known_at = parse_known_at(*known_at, clock);
    if (!asked.moment.known_at) {
      return error_answer(400, "bad_time",
                          "参数 known_at 应为时间或日期，例如 "
                          "known_at=2026-07-08T09:00:00%2B08:00 或 known_at=2026-07-08，收到的是“" +
                              *known_at + "”");
    }
    asked.moment.on = clock.date_at(*asked.moment.known_at);
  }
  if (date) asked.moment.on = *date;
  return asked;
}

}  // namespace districtd
