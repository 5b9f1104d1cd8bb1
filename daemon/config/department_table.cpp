#include "daemon/config/department_table.h"

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/config/finding_place.h"

namespace districtd {

namespace {

void read_renamed(TomlTable& table, Department& department) {
  for (TomlTable& renaming : table.tables("renamed")) {
    const auto from = renaming.date("from", true);
    const auto name = renaming.text("name", true);
    renaming.finish();
    if (!from || !name) continue;
    if (!department.renamed.empty() && *from <= department.renamed.back().from) {
      renaming.add_finding("from", "the department '" + department.id + "' is renamed from " +
                                       to_string(*from) + " on, and from " +
                                       to_string(department.renamed.back().from) +
                                       " on before it; write the names in the order of their "
                                       "days, one a day");
    }
    department.renamed.push_back({*from, *name});
  }
}

}  // namespace

bool is_name_of_ids(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void DepartmentReader::read(TomlTable& table) {
  Department department;
  Read read;
  department.id = table.text("id", true).value_or("");
  department.name = table.text("name", true).value_or("");
  read_renamed(table, department);
  if (auto merger = table.table("merged_into")) {
    read.into = merger->text("id", true).value_or("");
    department.merged_into = Department::Merger{0, merger->date("from", true).value_or(Date{})};
    read.merged_place = merger->place("id");
    merger->finish();
  }
  if (const auto day = table.date("closed")) {
    department.closed = *day;
    read.closed_place = table.place("closed");
  }
  table.finish();
  if (department.id.empty() || department.name.empty()) return;
  if (!is_name_of_ids(department.id)) {
    table.add_finding("id", "department id '" + department.id + "'; expected [a-z0-9-]+");
    return;
  }
  if (department.merged_into && department.closed) {
    table.add_finding("closed", "the department '" + department.id +
                                    "' is both closed and merged into another one; write "
                                    "merged_into where its targets go on there, else closed");
  }
  const auto [known, is_new] =
      by_id_.emplace(department.id, static_cast<std::uint32_t>(departments_.size()));
  if (!is_new) return agree(table, known->second, std::move(department), std::move(read));
  departments_.push_back(std::move(department));
  read_.push_back(std::move(read));
}

std::optional<std::uint32_t> DepartmentReader::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : std::optional{found->second};
}

void DepartmentReader::agree(const TomlTable& table, std::uint32_t index, Department&& said,
                             Read&& read) {
  Department& known = departments_[index];
  if (!known.is_called(said.name) && !said.is_called(known.name)) {
    table.add_finding("name", "department '" + said.id + "' is called '" + known.name +
                                  "' elsewhere, here '" + said.name +
                                  "'; write the same, or in one of the files from when on it is "
                                  "called so: renamed = [{ from = 2026-07-01, name = \"" +
                                  said.name + "\" }]");
    return;
  }
  if (!said.renamed.empty()) {
    if (known.renamed.empty()) {
      known.name = said.name;
      known.renamed = said.renamed;
    } else if (known.renamed != said.renamed || known.name != said.name) {
      table.add_finding("renamed", "'renamed' of the department '" + said.id +
                                       "' is another one in another file; write the same in "
                                       "both files, or leave it out of one");
    }
  }
  if (said.merged_into) {
    Read& of = read_[index];
    if (!known.merged_into) {
      known.merged_into = said.merged_into;
      of.into = std::move(read.into);
      of.merged_place = std::move(read.merged_place);
    } else if (of.into != read.into || known.merged_into != said.merged_into) {
      table.add_finding("merged_into", "'merged_into' of the department '" + said.id +
                                           "' is another one at " + place_text(of.merged_place) +
                                           "; write the same in both files, or leave it out of "
                                           "one");
    }
  }
  if (said.closed) {
    if (!known.closed) {
      known.closed = said.closed;
      read_[index].closed_place = std::move(read.closed_place);
    } else if (known.closed != said.closed) {
      table.add_finding("closed", "the department '" + said.id + "' is closed from " +
                                      to_string(*said.closed) + " on here and from " +
                                      to_string(*known.closed) + " on at " +
                                      place_text(read_[index].closed_place) +
                                      "; write the same in both files, or leave it out of one");
    }
  }
}

void DepartmentReader::add_finding(Finding place, std::string message) {
  place.message = std::move(message);
  findings_.push_back(std::move(place));
}

// Why it is none on the day, and what to write instead.
std::string DepartmentReader::fate_of(std::uint32_t department, Date day) const {
  const Department& it = departments_[department];
  if (it.merged_into && it.merged_into->from <= day) {
    const Department& into = departments_[it.merged_into->into];
    return "was merged into '" + into.id + "' from " + to_string(it.merged_into->from) +
           " on; write '" + into.id + "'";
  }
  return "is closed from " + to_string(*it.closed) +
         " on; write a department that is there on that day";
}

void DepartmentReader::resolve() {
  const std::size_t before = findings_.size();
  for (std::uint32_t d = 0; d < departments_.size(); ++d) {
    auto& merger = departments_[d].merged_into;
    if (!merger) continue;
    const auto into = find(read_[d].into);
    if (into && *into != d) {
      merger->into = *into;
      continue;
    }
    add_finding(read_[d].merged_place,
                "the department '" + departments_[d].id + "' is merged into " +
                    (into ? "itself" : "'" + read_[d].into + "', which no [[department]] names") +
                    "; write the id of the department that has its targets from that day on");
  }
  if (findings_.size() > before) return;
  for (std::uint32_t d = 0; d < departments_.size(); ++d) {
    const auto& merger = departments_[d].merged_into;
    if (!merger) continue;
    std::uint32_t at = merger->into;
    std::size_t steps = 0;
    while (at != d && departments_[at].merged_into && steps++ < departments_.size()) {
      at = departments_[at].merged_into->into;
    }
    if (at == d) {
      add_finding(read_[d].merged_place, "the department '" + departments_[d].id +
                                             "' is merged into '" + read_[d].into +
                                             "', which itself comes to '" + departments_[d].id +
                                             "'; take merged_into out of the one that goes on");
    } else if (!departments_[merger->into].exists_on(merger->from)) {
      add_finding(read_[d].merged_place, "the department '" + departments_[d].id +
                                             "' is merged into '" + read_[d].into + "' from " +
                                             to_string(merger->from) + " on, which " +
                                             fate_of(merger->into, merger->from));
    }
  }
}

void DepartmentReader::check(const Catalogue& catalogue, const std::vector<Moved>& moved) {
  const std::size_t before = findings_.size();
  for (const Moved& one : moved) check_moved(catalogue, one);
  if (findings_.size() > before) return;  // what follows from them is no finding of its own
  check_namesakes(catalogue, moved);
  check_closed(catalogue);
}

void DepartmentReader::check_moved(const Catalogue& catalogue, const Moved& moved) {
  const Target& target = catalogue[moved.target];
  const Target& version = target.version(moved.number);
  const Date day = std::max(version.decided, version.changed_from);
  const Department& department = departments_[version.department];
  if (target.version(moved.number - 1).department == version.department) {
    return add_finding(moved.place, "a change of '" + target.id + "' gives it to '" +
                                        department.id +
                                        "', which has it already; leave 'department' out");
  }
  if (department.exists_on(day)) return;
  add_finding(moved.place, "a change of '" + target.id + "' gives it to '" + department.id +
                               "' from " + to_string(day) + " on, which " +
                               fate_of(version.department, day));
}

// By name a department's clerks call its targets.
void DepartmentReader::check_namesakes(const Catalogue& catalogue,
                                       const std::vector<Moved>& moved) {
  std::multimap<std::string_view, Catalogue::Index> by_name;
  for (Catalogue::Index i = 0; i < catalogue.targets().size(); ++i) {
    if (catalogue.handovers(i).empty()) continue;
    if (by_name.empty()) {
      for (Catalogue::Index j = 0; j < catalogue.targets().size(); ++j) {
        by_name.emplace(catalogue[j].name, j);
      }
    }
    const auto [first, last] = by_name.equal_range(catalogue[i].name);
    for (auto other = first; other != last; ++other) {
      const Target& namesake = catalogue[other->second];
      const bool is_handed_over_too = !catalogue.handovers(other->second).empty();
      if (other->second == i || namesake.programme != catalogue[i].programme) continue;
      if (is_handed_over_too && other->second < i) continue;  // found already
      for (const Date day : catalogue.handovers(i)) {
        const std::uint32_t to = catalogue.department_on(catalogue[i], day);
        if (!catalogue.is_ever_of(namesake, to)) continue;
        const auto by_change = std::find_if(moved.begin(), moved.end(),
                                            [&](const Moved& one) { return one.target == i; });
        const std::uint32_t from =
            catalogue.department_on(catalogue[i], day - std::chrono::days{1});
        add_finding(by_change != moved.end() ? by_change->place : read_[from].merged_place,
                    "'" + catalogue[i].id + "' comes to the department '" + departments_[to].id +
                        "' on " + to_string(day) + ", which has a target of the same name, '" +
                        namesake.id + "' (" + namesake.name +
                        "); give one of the two another 'name' (the id stays)");
        break;
      }
    }
  }
}

void DepartmentReader::check_closed(const Catalogue& catalogue) {
  for (std::uint32_t d = 0; d < departments_.size(); ++d) {
    const auto closed = departments_[d].closed;
    if (!closed) continue;
    const auto& targets = catalogue.targets();
    const auto kept = std::find_if(targets.begin(), targets.end(), [&](const Target& target) {
      if (catalogue.programme_of(target).is_settled(*closed)) return false;
      if (target.withdrawn && *target.withdrawn <= *closed) return false;
      return catalogue.department_on(target, *closed) == d;
    });
    if (kept == targets.end()) continue;
    add_finding(read_[d].closed_place,
                "the department '" + departments_[d].id + "' is closed from " + to_string(*closed) +
                    " on and still has '" + kept->id + "' (" + kept->name +
                    ") then; give it to another one by a [[target.change]] with department, "
                    "withdraw it, or write merged_into instead of closed");
  }
}

}  // namespace districtd
