#include <memory>
#include <ostream>

#include "daemon/commands/moment.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/config/district_clock.h"
#include "daemon/picture/picture.h"

namespace districtd {

namespace {

std::string title_of(const Configuration& configuration, Date on, const MomentOptions& moment) {
  return configuration.district_name + " 目标进展　" + to_string(on) + known_at_note(moment);
}

}  // namespace

int status(const StatusOptions& options, std::ostream& out, std::ostream& err) {
  auto loaded = loaded_configuration(options.config, err);
  if (!loaded) return 1;
  auto& [configuration, files] = *loaded;
  const DistrictClock clock{configuration.time_zone};
  const auto moment = moment_of(options.moment, clock, err);
  if (!moment) return 2;
  const auto catalogue = std::make_shared<const Catalogue>(std::move(files.catalogue));
  if (!options.department.empty() && !catalogue->find_department(options.department)) {
    err << "the catalogue has no department '" << options.department << "'; it has:";
    for (const Department& d : catalogue->departments()) err << ' ' << d.id;
    err << '\n';
    return 1;
  }
  try {
    const StoreReader store{configuration.store_path};
    const Picture picture{catalogue, store, clock, *moment};
    const auto views = picture.targets(options.department);
    if (options.format == "json") {
      out << to_json(views);
    } else if (options.format == "csv") {
      out << to_csv(views);
    } else {
      out << to_table(views, title_of(configuration, moment->on, options.moment), options.colour);
      if (options.department.empty()) out << '\n' << to_table(picture.departments());
    }
  } catch (const StoreError& e) {
    err << e.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace districtd
