#include <chrono>
#include <ostream>
#include <variant>

#include "collectors/receipt_json.h"
#include "daemon/api/standing.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/config/district_clock.h"

namespace districtd {

namespace {

// A bare date means the end of that day in the district.
std::optional<Time> parse_known_at(const std::string& text, const DistrictClock& clock) {
  if (const auto time = from_rfc3339(text)) return time;
  const auto date = parse_iso_date(text);
  if (!date) return std::nullopt;
  return clock.end_of(*date);
}

std::string title_of(const Configuration& configuration, Date on, const std::string& known_at) {
  std::string title = configuration.district_name + " 目标进展　" + to_string(on);
  if (!known_at.empty()) title += "（按 " + known_at + " 前收到的数据）";
  return title;
}

}  // namespace

int status(const StatusOptions& options, std::ostream& out, std::ostream& err) {
  const auto loaded = load_configuration(options.config);
  if (const auto* const findings = std::get_if<Findings>(&loaded)) {
    for (const Finding& finding : *findings) err << to_string(finding) << '\n';
    return 1;
  }
  const auto& [configuration, catalogue] = std::get<Loaded>(loaded);
  const DistrictClock clock{configuration.time_zone};
  const auto on = options.on.empty() ? clock.today() : parse_iso_date(options.on);
  if (!on) {
    err << "--on '" << options.on << "' is no date; expected such as 2026-06-30\n";
    return 2;
  }
  const auto known_at = parse_known_at(options.known_at, clock);
  if (!options.known_at.empty() && !known_at) {
    err << "--known-at '" << options.known_at
        << "' is no time; expected such as 2026-07-08 or 2026-07-08T09:00:00+08:00\n";
    return 2;
  }
  if (!options.department.empty() && !catalogue.catalogue.find_department(options.department)) {
    err << "the catalogue has no department '" << options.department << "'; it has:";
    for (const Department& d : catalogue.catalogue.departments()) err << ' ' << d.id;
    err << '\n';
    return 1;
  }
  try {
    const StoreReader store{configuration.store_path};
    const auto views = standing(catalogue.catalogue, store, *on, known_at, options.department);
    if (options.format == "json") {
      out << to_json(views);
    } else if (options.format == "csv") {
      out << to_csv(views);
    } else {
      out << to_table(views, title_of(configuration, *on, options.known_at), options.colour);
    }
  } catch (const StoreError& e) {
    err << e.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace districtd
