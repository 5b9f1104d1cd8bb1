#include "daemon/commands/moment.h"

#include <ostream>
#include <utility>

#include "daemon/commands/refusal.h"

namespace districtd {

std::optional<Loaded> loaded_configuration(const std::filesystem::path& config, std::ostream& err) {
  auto loaded = load_configuration(config);
  if (!loaded) {
    refuse(loaded.error(), "", err);
    return std::nullopt;
  }
  return *std::move(loaded);
}

std::optional<Moment> moment_of(const MomentOptions& options, const DistrictClock& clock,
                                std::ostream& err) {
  Moment moment{clock.today(), std::nullopt};
  if (!options.known_at.empty()) {
    moment.known_at = parse_known_at(options.known_at, clock);
    if (!moment.known_at) {
      err << "--known-at '" << options.known_at
          << "' is no time; expected such as 2026-07-08 or 2026-07-08T09:00:00+08:00\n";
      return std::nullopt;
    }
    moment.on = clock.date_at(*moment.known_at);
  }
  if (options.on.empty()) return moment;
  const auto on = parse_iso_date(options.on);
  if (!on) {
    err << "--on '" << options.on << "' is no date; expected such as 2026-06-30\n";
    return std::nullopt;
  }
  moment.on = *on;
  return moment;
}

std::string known_at_note(const MomentOptions& options) {
  return options.known_at.empty() ? "" : "（按 " + options.known_at + " 前收到的数据）";
}

}  // namespace districtd
