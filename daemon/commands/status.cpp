#include <memory>
#include <ostream>

#include "daemon/commands/moment.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/config/district_clock.h"
#include "daemon/picture/picture.h"
#include "daemon/status/change_view.h"

namespace districtd {

namespace {

std::string title_of(const Configuration& configuration, Date on, const MomentOptions& moment) {
  return configuration.district_name + " 目标进展　" + to_string(on) + known_at_note(moment);
}

// What of the catalogue was changed; the figures are asked for the line about the first promises
// alone.
void print_changes(const StatusOptions& options, const Picture& picture, std::optional<Date> since,
                   const std::string& title, std::ostream& out) {
  const Catalogue& catalogue = picture.catalogue();
  const auto changes = changes_concerning(catalogue, options.department, picture.on(), since);
  if (options.format == "json") {
    out << changes_json(catalogue, changes);
  } else if (options.format == "csv") {
    out << changes_csv(catalogue, changes);
  } else {
    out << changes_table(catalogue, changes, picture.promises(options.department), title);
  }
}

}  // namespace

int status(const StatusOptions& options, std::ostream& out, std::ostream& err) {
  auto loaded = loaded_configuration(options.config, err);
  if (!loaded) return 1;
  auto& [configuration, files] = *loaded;
  const DistrictClock clock{configuration.time_zone};
  const auto moment = moment_of(options.moment, clock, err);
  if (!moment) return 2;
  const auto since = parse_iso_date(options.since);
  if (!options.since.empty() && !since) {
    err << "--since '" << options.since << "' is no date; expected one such as 2026-06-30\n";
    return 2;
  }
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
    if (options.changes) {
      const std::string title = configuration.district_name + " 目标调整　" +
                                to_string(moment->on) + known_at_note(options.moment);
      print_changes(options, picture, since, title, out);
      return 0;
    }
    const auto views = picture.targets(options.department);
    if (options.format == "json") {
      out << to_json(views);
    } else if (options.format == "csv") {
      out << to_csv(views);
    } else {
      out << to_table(views, title_of(configuration, moment->on, options.moment), options.colour);
      out << first_promise_sentence(picture.promises(options.department));
      if (options.department.empty()) out << '\n' << to_table(picture.departments());
    }
  } catch (const StoreError& e) {
    err << e.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace districtd
