#include "daemon/config/check_table.h"

#include <algorithm>
#include <set>
#include <utility>

namespace districtd {

namespace {

std::string sum_text(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : " + ") + id;
  return text;
}

}  // namespace

void CheckReader::read(TomlTable& root) {
  of_file_ = said_.size();
  for (TomlTable& table : root.tables("check")) {
    Said said;
    FigureCheck& check = said.check;
    check.left = table.texts("left");
    check.right = table.texts("right");
    for (const auto& [key, side] : {std::pair{"left", &check.left}, {"right", &check.right}}) {
      if (!side->empty()) continue;
      table.add_finding(key, "'" + std::string{key} +
                                 "' in [[check]] names no target; expected ids, such as "
                                 "[\"culture-tourism.investment\"]");
    }
    if (!table.has("op")) {
      table.add_finding("op",
                        "'op' in [[check]] is missing; expected \"<\", \"<=\", \"==\", "
                        "\">=\" or \">\"");
    }
    const auto op = table.word("op", {"<", "<=", "==", ">=", ">"});
    if (op) check.op = static_cast<CheckOp>(*op);
    const auto severity = table.word("severity", {"refuse", "ask"});
    if (severity) check.severity = static_cast<CheckSeverity>(*severity);
    const auto op_text = kCheckOps[static_cast<std::size_t>(check.op)];
    check.name = table.text("name").value_or(sum_text(check.left) + " " + std::string{op_text} +
                                             " " + sum_text(check.right));
    check.message = table.text("message").value_or("");
    said.name_place = table.place("name");
    said.left_place = table.place("left");
    said.right_place = table.place("right");
    table.finish();
    said_.push_back(std::move(said));
  }
}

void CheckReader::put_programme(std::optional<std::uint32_t> programme) {
  for (std::size_t i = of_file_; i < said_.size(); ++i) said_[i].programme = programme;
}

void CheckReader::add_finding(Finding place, std::string message) {
  place.message = std::move(message);
  findings_.push_back(std::move(place));
}

void CheckReader::look_at(const Said& said, const Programme& programme,
                          std::span<const Target> targets) {
  const Target* first = nullptr;
  std::set<std::string_view> seen;
  const auto look = [&](const std::vector<std::string>& side, const Finding& place) {
    for (const std::string& id : side) {
      const auto found = std::find_if(targets.begin(), targets.end(), [&](const Target& target) {
        return target.id == id && target.programme == *said.programme;
      });
      if (found == targets.end()) {
        add_finding(place, "[[check]] names '" + id + "', which is no target of the programme '" +
                               programme.id + "'");
        continue;
      }
      if (!seen.insert(id).second) {
        add_finding(place, "[[check]] names '" + id + "' twice; once is enough");
      }
      if (found->kind == Kind::pledge) {
        add_finding(place, "[[check]] names '" + id + "', a pledge, which has no figure");
        continue;
      }
      if (first == nullptr) {
        first = &*found;
      } else if (!first->unit.base_of(1, found->unit)) {
        add_finding(place, "[[check]] compares '" + first->id + "' in " + first->unit.symbol() +
                               " with '" + id + "' in " + found->unit.symbol() +
                               "; expected units that convert into each other");
      }
    }
  };
  look(said.check.left, said.left_place);
  look(said.check.right, said.right_place);
}

void CheckReader::finish(std::span<const Target> targets, std::vector<Programme>& programmes) {
  for (Said& said : said_) {
    if (!said.programme) continue;
    Programme& programme = programmes[*said.programme];
    look_at(said, programme, targets);
    for (const FigureCheck& other : programme.checks) {
      if (other.name != said.check.name) continue;
      add_finding(said.name_place, "two [[check]] of the programme '" + programme.id +
                                       "' are called '" + other.name + "'; name one otherwise");
    }
    programme.checks.push_back(std::move(said.check));
  }
}

}  // namespace districtd
