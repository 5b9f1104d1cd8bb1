#include "daemon/config/part_table.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace districtd {

namespace {

constexpr std::size_t kMostCommonBytes = 64;

bool is_common_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostCommonBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

Finding with_message(Finding place, std::string message) {
  place.message = std::move(message);
  return place;
}

}  // namespace

void PartReader::read(TomlTable& table, Target& target) {
  target.common = table.text("common").value_or("");
  target.parent = table.text("parent").value_or("");
  target.sum_of_parts = table.flag("sum_of_parts").value_or(false);
  if (table.has("common") && !is_common_name(target.common)) {
    table.add_finding("common", "'common' of '" + target.id + "' is '" + target.common +
                                    "'; expected at most 64 of [a-z0-9.-], the same in every "
                                    "district, such as culture-investment");
  }
  if (table.has("parent") && target.parent.empty()) {
    table.add_finding("parent", "'parent' of '" + target.id +
                                    "' is empty; expected the id of the target that it is a part "
                                    "of");
  }
  if (target.sum_of_parts && target.is_part()) {
    table.add_finding("sum_of_parts", "target '" + target.id + "' is a part of '" + target.parent +
                                          "' and cannot be a sum of parts too; parts are one "
                                          "level deep: expected one of the two left out");
  }
  if (target.sum_of_parts && target.kind != Kind::cumulative) {
    table.add_finding("sum_of_parts", "target '" + target.id + "' is of kind '" +
                                          std::string{to_string(target.kind)} +
                                          "', which does not add up; expected kind = "
                                          "\"cumulative\", or sum_of_parts left out");
  }
}

void PartReader::keep(const TomlTable& table, const Target& read, std::size_t target) {
  if (!read.is_part() && !read.sum_of_parts) return;
  places_.push_back({target, table.place("parent"), table.place("kind"), table.place("unit"),
                     table.place("sum_of_parts")});
}

void PartReader::check(const std::vector<Target>& targets,
                       const std::function<std::string(const Target&)>& programme_of,
                       Findings& findings) const {
  if (places_.empty()) return;
  Ids ids;
  for (std::size_t i = 0; i < targets.size(); ++i) ids.emplace(targets[i].id, i);
  for (const Place& place : places_) {
    const Target& target = targets[place.target];
    if (target.is_part()) {
      check_part(place, targets, ids, programme_of, findings);
      continue;
    }
    const bool has_parts = std::any_of(places_.begin(), places_.end(), [&](const Place& other) {
      const Target& part = targets[other.target];
      return part.parent == target.id && part.programme == target.programme;
    });
    if (!has_parts) {
      findings.push_back(
          with_message(place.sum, "target '" + target.id +
                                      "' is the sum of its parts and has none; expected "
                                      "targets with parent = \"" +
                                      target.id + "\", or sum_of_parts left out"));
    }
  }
}

void PartReader::check_part(const Place& place, const std::vector<Target>& targets, const Ids& ids,
                            const std::function<std::string(const Target&)>& programme_of,
                            Findings& findings) {
  const Target& target = targets[place.target];
  const std::string who = "target '" + target.id + "' is a part of '" + target.parent + "', ";
  const auto [first, last] = ids.equal_range(target.parent);
  std::optional<std::size_t> parent;
  for (auto each = first; each != last; ++each) {
    if (targets[each->second].programme == target.programme) parent = each->second;
  }
  if (!parent && first != last) {
    findings.push_back(with_message(
        place.parent, who + "which is of the programme " + programme_of(targets[first->second]) +
                          "; expected a target of its own programme, " + programme_of(target)));
  } else if (!parent) {
    findings.push_back(with_message(
        place.parent, who + "which no [[target]] has as its id; expected the id of a target of the "
                            "same programme"));
  } else if (*parent == place.target) {
    findings.push_back(
        with_message(place.parent, who + "itself; expected the id of another target"));
  } else if (const Target& whole = targets[*parent]; whole.is_part()) {
    const bool is_circle = whole.parent == target.id;
    findings.push_back(with_message(
        place.parent, who + "which is a part of '" + whole.parent + "'" +
                          (is_circle ? ": a circle; expected one of the two without parent"
                                     : "; expected parent = \"" + whole.parent +
                                           "\": parts are one level deep")));
  } else if (whole.kind != target.kind) {
    findings.push_back(with_message(
        place.kind, who + "which is of kind '" + std::string{to_string(whole.kind)} +
                        "'; expected kind = \"" + std::string{to_string(whole.kind)} + "\""));
  } else if (!(whole.unit == target.unit)) {
    findings.push_back(with_message(place.unit, who + "which is in '" + whole.unit.symbol() +
                                                    "'; expected unit = \"" + whole.unit.symbol() +
                                                    "\""));
  }
}

}  // namespace districtd
