#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "daemon/commands/moment.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/picture/programmes_at.h"
#include "daemon/status/programme_sections.h"

namespace districtd {

namespace {

// Whether any programme that is shown has the department.
bool explain_department(const std::vector<Picture>& pictures, const ExplainOptions& options,
                        std::ostream& out) {
  std::string all;
  std::size_t views = 0;
  for (const Picture& picture : pictures) {
    for (const DepartmentView& view : picture.departments()) {
      if (view.department->id != options.subject) continue;
      if (views > 0 && options.format != "json") {
        all += "\n" + programme_heading(*view.programme, view.is_settled) + "\n";
      }
      if (views > 0 && options.format == "json") all += ",\n ";
      all += options.format == "json" ? to_json(view) : to_text(view, picture.on());
      ++views;
    }
  }
  if (views == 0) return false;
  if (options.format == "json") all = views > 1 ? "[" + all + "]\n" : all + "\n";
  out << all;
  return true;
}

void explain_target(const TargetPicture& picture, const StoreReader& store,
                    const DistrictClock& clock, const Moment& moment, const ExplainOptions& options,
                    std::ostream& out) {
  const Explanation explanation = explanation_of(picture, store, clock, moment);
  if (options.format == "json") {
    out << to_json(explanation);
  } else {
    const TargetView view = picture.view();
    out << to_text(explanation,
                   view.target->name + "（" + view.department_name() + "）" +
                       (view.is_settled ? programme_heading(*view.programme, true) : "") +
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
    ProgrammesAt programmes{std::make_shared<const Catalogue>(std::move(files.catalogue)), store,
                            clock, *moment};
    const auto found = programmes.find(options.programme, options.subject);
    if (!found) {
      err << found.error().sentence() << '\n';
      return 1;
    }
    if (*found) {
      const auto& [shown, target] = **found;
      explain_target(picture_of(shown, target, store, clock, *moment), store, clock, *moment,
                     options, out);
      return 0;
    }
    const auto pictures = pictures_at(programmes, options.programme, store, clock, *moment);
    if (pictures && explain_department(*pictures, options, out)) return 0;
    const Catalogue& catalogue = *programmes.base();
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
