#include <algorithm>
#include <memory>
#include <ostream>
#include <vector>

#include "daemon/commands/moment.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/config/district_clock.h"
#include "daemon/picture/programmes_at.h"
#include "daemon/status/change_view.h"

namespace districtd {

namespace {

std::string title_of(const Configuration& configuration, Date on, const MomentOptions& moment) {
  return configuration.district_name + " 目标进展　" + to_string(on) + known_at_note(moment);
}

// False, and a line on `err`, where no programme that is shown has the department; "" is all of
// them.
bool has_department(const std::vector<Picture>& pictures, const Catalogue& base,
                    const std::string& id, std::ostream& err) {
  if (id.empty() || (pictures.empty() && base.find_department(id))) return true;
  std::vector<std::string> known;
  for (const Picture& picture : pictures) {
    for (const Department& department : picture.catalogue().departments()) {
      if (department.id == id) return true;
      if (std::find(known.begin(), known.end(), department.id) == known.end()) {
        known.push_back(department.id);
      }
    }
  }
  err << "the catalogue has no department '" << id << "'; it has:";
  for (const std::string& each : known) err << ' ' << each;
  err << '\n';
  return false;
}

// What was changed; the figures are asked for the line about the first promises alone.
void print_changes(const StatusOptions& options, const std::vector<Picture>& pictures,
                   std::optional<Date> since, const std::string& title, std::ostream& out) {
  std::vector<ListedChange> changes;
  for (const Picture& picture : pictures) {
    for (ListedChange& one : changes_concerning(picture.catalogue(), picture.shown().programmes,
                                                options.department, picture.on(), since)) {
      changes.push_back(std::move(one));
    }
  }
  if (options.format == "json") {
    out << changes_json(changes);
  } else if (options.format == "csv") {
    out << changes_csv(changes);
  } else {
    out << changes_table(changes, promises_of(pictures, options.department), title);
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
  try {
    const StoreReader store{configuration.store_path};
    ProgrammesAt programmes{std::make_shared<const Catalogue>(std::move(files.catalogue)), store,
                            clock, *moment};
    const auto pictures = pictures_at(programmes, options.programme, store, clock, *moment);
    if (!pictures) {
      err << pictures.error().sentence() << '\n';
      return 1;
    }
    if (!has_department(*pictures, *programmes.base(), options.department, err)) return 1;
    if (options.changes) {
      const std::string title = configuration.district_name + " 目标调整　" +
                                to_string(moment->on) + known_at_note(options.moment);
      print_changes(options, *pictures, since, title, out);
      return 0;
    }
    const auto views = targets_of(*pictures, options.department);
    if (options.format == "json") {
      out << to_json(views);
    } else if (options.format == "csv") {
      out << to_csv(views);
    } else {
      out << to_table(views, title_of(configuration, moment->on, options.moment), options.colour);
      out << first_promise_sentence(promises_of(*pictures, options.department));
      if (options.department.empty()) out << '\n' << to_table(departments_of(*pictures));
    }
  } catch (const StoreError& e) {
    err << e.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace districtd
