#include "daemon/service/settled_programmes.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace {

bool has(const std::vector<Programme>& programmes, const std::string& id) {
  return std::any_of(programmes.begin(), programmes.end(),
                     [&](const Programme& one) { return one.id == id; });
}

}  // namespace

void leave_out_settled(LoadedCatalogue& loaded, const std::vector<Programme>& known, Date today) {
  std::vector<Programme> others;
  for (const Programme& one : known) {
    if (one.has_begun(today) && !has(loaded.programmes, one.id)) others.push_back(one);
  }
  loaded.catalogue = std::move(loaded.catalogue).without_settled(today, std::move(others));
}

std::vector<Programme> stored_programmes(const StoreReader& store) {
  std::vector<Programme> programmes;
  for (StoredProgramme& one : store.programmes(std::nullopt)) {
    programmes.push_back(std::move(one.programme));
  }
  return programmes;
}

std::vector<Programme> known_programmes(const Catalogue& in_force) {
  std::vector<Programme> programmes = in_force.programmes();
  for (const ClosedProgramme& one : in_force.closed()) programmes.push_back(one.programme);
  return programmes;
}

Reopened reopened_programmes(const Catalogue& in_force, const LoadedCatalogue& next,
                             const std::filesystem::path& store_path, const DistrictClock& clock) {
  ProgrammesAsked asked;
  for (const ClosedProgramme& closed : in_force.closed()) {
    const std::string& id = closed.programme.id;
    if (next.catalogue.find_programme(id)) asked.only.push_back(id);
  }
  if (asked.only.empty()) return {};
  const StoreReader store(store_path);
  return {store.readings(
              {std::nullopt, [&clock](Time time) { return clock.date_at(time); }, {}, asked}),
          store.judged(asked)};
}

Findings dropped_programmes(const std::filesystem::path& file, const Catalogue& in_force,
                            const LoadedCatalogue& next, Date today) {
  Findings findings;
  for (const Programme& programme : in_force.programmes()) {
    if (!programme.is_open(today) || has(next.programmes, programme.id)) continue;
    findings.push_back(
        {file.string(), 0, 0,
         "no file of [catalogue] has the programme '" + programme.id +
             "' any more, which has begun and is not settled before the end of " +
             to_string(programme.settles) +
             ": put its file back; where the programme is over, move settles in its [report] to an "
             "earlier day, with the reason, and take the file out after that day"});
  }
  return findings;
}

void log_missing_programmes(const Catalogue& catalogue, Date today) {
  for (const ClosedProgramme& closed : catalogue.closed()) {
    const Programme& programme = closed.programme;
    if (!programme.is_open(today)) continue;
    log_event(
        LogLevel::error, "programme_missing",
        "No file of [catalogue] has the programme " + programme.id +
            ", which has begun and is not settled before the end of " +
            to_string(programme.settles) +
            ": its figures are kept, status and API answer for it from the store, and rows for "
            "it are refused; put its file back into [catalogue] files and reload",
        {{"programme", json_text(programme.id)},
         {"settles", json_text(to_string(programme.settles))}});
  }
}

}  // namespace districtd
