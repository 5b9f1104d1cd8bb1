#include "daemon/api/standing.h"

#include "collectors/receipt_json.h"
#include "daemon/log/logging.h"

namespace districtd {

std::vector<TargetView> standing(const Catalogue& catalogue, const StoreReader& store, Date on,
                                 std::optional<Time> known_at, std::string_view department) {
  const auto newest = store.newest(on, known_at);
  std::vector<TargetView> views;
  for (const Target& target : catalogue.targets()) {
    const Department& owner = catalogue.department_of(target);
    if (!department.empty() && owner.id != department) continue;
    const auto found = newest.find(target.id);
    const auto reading =
        found == newest.end() ? std::optional<Reading>{} : std::optional{found->second.reading};
    views.push_back({&target, &owner, assess(target, reading, on)});
  }
  return views;
}

std::string observations_member(const Target& target,
                                const std::vector<StoredObservation>& observations) {
  std::string out = "\"observations\":[";
  for (const StoredObservation& observation : observations) {
    if (out.back() != '[') out += ",\n ";
    out += "{\"as_of\":" + json_text(to_string(observation.as_of));
    out += ",\"value\":" + (target.kind == Kind::pledge
                                ? "null"
                                : json_number(target.unit.from_base(observation.value)));
    out += ",\"note\":" + json_text(observation.note);
    out += ",\"submission\":" + json_text(observation.submission);
    out += ",\"received_at\":" + json_text(to_rfc3339(observation.received_at));
    out += ",\"collector\":" + json_text(observation.collector);
    out += ",\"source\":" + json_text(observation.name);
    out += std::string{",\"superseded\":"} + (observation.superseded ? "true}" : "false}");
  }
  return out + "]";
}

}  // namespace districtd
