#include "daemon/config/people_table.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace districtd {

namespace {

constexpr std::size_t kMostNameBytes = 200;
constexpr std::size_t kMostDefinitionBytes = 2000;

void read_words(TomlTable& table, std::string_view key, std::size_t most, const Target& target,
                std::string& words) {
  auto text = table.text(key);
  if (!text) return;
  if (text->size() > most || has_controls(*text)) {
    table.add_finding(key, "'" + std::string{key} + "' of '" + target.id + "'; expected at most " +
                               std::to_string(most) + " bytes in one line");
    return;
  }
  words = *std::move(text);
}

}  // namespace

void read_people(TomlTable& table, const DepartmentOfId& department_of, Target& target) {
  read_words(table, "leader", kMostNameBytes, target, target.leader);
  read_words(table, "owner", kMostNameBytes, target, target.owner);
  read_words(table, "definition", kMostDefinitionBytes, target, target.definition);
  if (!table.has("with")) return;
  target.with.clear();
  for (const std::string& id : table.texts("with")) {
    const auto department = department_of(id);
    const std::string who = "'with' of '" + target.id + "' names '" + id + "', ";
    if (!department) {
      table.add_finding("with", who +
                                    "which no [[department]] names; expected the ids of "
                                    "departments, such as with = [\"finance\"]");
    } else if (*department == target.department) {
      table.add_finding("with", who + "its own department; expected those beside it");
    } else if (std::find(target.with.begin(), target.with.end(), *department) !=
               target.with.end()) {
      table.add_finding("with", who + "twice; expected each once");
    } else {
      target.with.push_back(*department);
    }
  }
}

}  // namespace districtd
