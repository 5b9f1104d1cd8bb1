#include <memory>
#include <ostream>

#include "daemon/commands/moment.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/picture/picture.h"

namespace districtd {

namespace {

void explain_department(const Picture& picture, std::uint32_t department,
                        const ExplainOptions& options, std::ostream& out) {
  const auto departments = picture.departments();
  const DepartmentView& view = departments[department];
  out << (options.format == "json" ? to_json(view) + "\n" : to_text(view, picture.on()));
}

void explain_target(const Picture& picture, Catalogue::Index target, const StoreReader& store,
                    const DistrictClock& clock, const Moment& moment, const ExplainOptions& options,
                    std::ostream& out) {
  const Explanation explanation = explanation_of(picture.alone(target), store, clock, moment);
  if (options.format == "json") {
    out << to_json(explanation);
  } else {
    const TargetView view = picture.target(target);
    out << to_text(explanation, view.target->name + "（" + view.department_name() + "）" +
                                    known_at_note(options.moment));
  }
}

}  // namespace

int explain(const ExplainOptions& options, std::ostream& out, std::ostream& err) {
  auto loaded = loaded_configuration(options.config, err);
  if (!loaded) return 1;
  auto& [configuration, files] = *loaded;
  const DistrictClock clock{configuration.time_zone};
  const auto moment = moment_of(options.moment, clock, err);
  if (!moment) return 2;
  try {
    const StoreReader store{configuration.store_path};
    const Picture picture{std::make_shared<const Catalogue>(std::move(files.catalogue)), store,
                          clock, *moment};
    const Catalogue& catalogue = picture.catalogue();
    if (const auto department = catalogue.find_department(options.subject)) {
      explain_department(picture, *department, options, out);
      return 0;
    }
    if (const auto target = catalogue.find("", options.subject)) {
      explain_target(picture, *target, store, clock, *moment, options, out);
      return 0;
    }
    const std::string near = catalogue.nearest("", options.subject);
    err << "the catalogue has no target or department '" << options.subject << "'"
        << (near.empty() ? "" : "; the nearest is '" + near + "'")
        << ". `districtd status` lists them; a name that several departments use needs the id\n";
    return 1;
  } catch (const StoreError& e) {
    err << e.what() << '\n';
    return 1;
  }
}

}  // namespace districtd
