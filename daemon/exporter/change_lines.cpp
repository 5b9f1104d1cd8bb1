#include "daemon/exporter/change_lines.h"

#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "daemon/domain/changes.h"
#include "daemon/exporter/target_lines.h"
#include "daemon/exporter/text_format.h"

namespace districtd {

namespace {

constexpr FamilyText kChanges = {
    "district_department_changes",
    "How many changes of the department's targets had been decided by today, by kind. A kind that "
    "there is none of is absent."};
constexpr FamilyText kFirst = {
    "district_department_first_promise_targets",
    "How many targets of the department would have the status by their first promises, had nothing "
    "been changed. Of departments in which that differs from district_department_targets."};
constexpr FamilyText kWithdrawn = {
    "district_department_withdrawn_targets",
    "How many targets that the department had promised from the beginning were withdrawn since: "
    "what would have become of them nobody knows. Absent where there is none."};

void append_line(std::string& text, std::string_view family, const Programme& programme,
                 const Department& department, std::string_view label, std::string_view word,
                 std::size_t value) {
  text.append(family).append("{");
  append_label(text, "programme", programme.id);
  append_label(text, "department", department.id);
  if (!label.empty()) append_label(text, label, word);
  text.append("} ");
  append_number(text, static_cast<double>(value));
  text += '\n';
}

}  // namespace

ChangeLines::ChangeLines(const Board& board) : board_(board) {
  const auto& targets = board.catalogue().targets();
  for (Catalogue::Index i = 0; i < targets.size(); ++i) {
    if (!targets[i].changes.empty() || targets[i].added || targets[i].withdrawn) {
      changed_.push_back(i);
    }
  }
}

std::size_t ChangeLines::append_to(std::string& text) const {
  if (changed_.empty()) return 0;
  return append_changes(text) + append_first_promises(text);
}

std::size_t ChangeLines::append_changes(std::string& text) const {
  const Catalogue& catalogue = board_.catalogue();
  std::map<std::tuple<std::uint32_t, std::uint32_t, ChangeKind>, std::size_t> counts;
  for (const Catalogue::Index i : changed_) {
    const Target& target = catalogue[i];
    for (const TargetChange& change : changes_of(catalogue, i, board_.today())) {
      const std::uint32_t department = catalogue.department_on(target, change.decided);
      ++counts[{target.programme, department, change.kind}];
    }
  }
  if (counts.empty()) return 0;
  text += gauge_header(kChanges.name, kChanges.help);
  for (const auto& [of, count] : counts) {
    const auto& [programme, department, kind] = of;
    append_line(text, kChanges.name, catalogue.programmes()[programme],
                catalogue.departments()[department], "kind", to_string(kind), count);
  }
  return counts.size();
}

std::size_t ChangeLines::append_first_promises(std::string& text) const {
  const Catalogue& catalogue = board_.catalogue();
  std::string first;
  std::string withdrawn;
  std::size_t series = 0;
  for (std::uint32_t p = 0; p < catalogue.programmes().size(); ++p) {
    const auto counts = promise_counts(catalogue, board_.assessments(), board_.today(), p);
    for (std::uint32_t d = 0; d < counts.size(); ++d) {
      if (!counts[d].differ()) continue;
      const Programme& programme = catalogue.programmes()[p];
      const Department& department = catalogue.departments()[d];
      for (const Status status : kAllStatuses) {
        append_line(first, kFirst.name, programme, department, "status", to_string(status),
                    PromiseCounts::of(counts[d].first, status));
        ++series;
      }
      if (counts[d].withdrawn == 0) continue;
      append_line(withdrawn, kWithdrawn.name, programme, department, "", "", counts[d].withdrawn);
      ++series;
    }
  }
  if (!first.empty()) text += gauge_header(kFirst.name, kFirst.help) + first;
  if (!withdrawn.empty()) text += gauge_header(kWithdrawn.name, kWithdrawn.help) + withdrawn;
  return series;
}

}  // namespace districtd
