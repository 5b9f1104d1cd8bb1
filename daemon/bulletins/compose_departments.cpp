#include "daemon/bulletins/composition.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/bulletins/wording.h"

namespace districtd {

namespace {

using wording::list;

std::vector<std::string> compare_departments(const Composition& composition) {
  std::vector<std::string> full;
  std::vector<std::string> silent;
  std::vector<std::string> last;
  std::uint32_t last_rank = 0;
  for (const BulletinDepartment& line : composition.bulletin.departments) {
    const std::string& name = line.department->name_on(composition.on());
    if (line.has_sent_nothing) silent.push_back(name);
    if (line.counts.judged() > 0 && line.counts.not_reached() == 0 &&
        line.counts.of(Light::grey) == 0 && line.counts.unreported == 0) {
      full.push_back(name);
    }
    if (line.standing.rank) last_rank = std::max(last_rank, *line.standing.rank);
  }
  for (const BulletinDepartment& line : composition.bulletin.departments) {
    if (line.standing.rank && *line.standing.rank == last_rank && !line.has_sent_nothing) {
      last.push_back(line.department->name_on(composition.on()));
    }
  }
  std::vector<std::string> text;
  const auto departments = [](std::size_t n) { return std::to_string(n) + "个部门（单位）"; };
  if (!full.empty()) {
    text.push_back(list(full, 8, "个部门（单位）") + (full.size() == 1
                                                          ? "可评判的目标全部达到序时进度。"
                                                          : "，可评判的目标全部达到序时进度。"));
  }
  if (last_rank > 1 && !last.empty()) {
    text.push_back("得分居后的是" + list(last, 5, "个部门（单位）") + "。");
  }
  if (!silent.empty()) {
    text.push_back((silent.size() == 1 ? silent.front()
                                       : list(silent, 8, "个部门（单位）") + "，共" +
                                             departments(silent.size()) + "，") +
                   "至今未报送任何数据。");
  }
  return text;
}

std::vector<std::string> place_department(const Composition& composition) {
  if (composition.bulletin.departments.empty()) return {};
  std::vector<std::string> sentences;
  const BulletinDepartment& line = composition.bulletin.departments.front();
  const std::string& name = line.department->name_on(composition.on());
  if (line.has_sent_nothing) {
    sentences.push_back(name + "至今未报送任何数据。");
  }
  const Standing& s = line.standing;
  if (!s.score || !s.rank) return sentences;
  std::string text = name + "得分" + wording::points(*s.score) + "分，在参评的" +
                     std::to_string(composition.ranked_departments) + "个部门（单位）中列第" +
                     std::to_string(*s.rank) + "位";
  if (s.rank_before) {
    if (*s.rank_before == *s.rank) text += "，位次与上期持平";
    if (*s.rank_before > *s.rank) {
      text += "，比上期上升" + std::to_string(*s.rank_before - *s.rank) + "位";
    }
    if (*s.rank_before < *s.rank) {
      text += "，比上期下降" + std::to_string(*s.rank - *s.rank_before) + "位";
    }
  }
  sentences.push_back(text + "。");
  return sentences;
}

// The period before is that of the bulletin before.
void put_standings_before(const Composition& composition, std::vector<BulletinDepartment>& all) {
  std::unordered_map<std::string, Standing> before;
  if (composition.bulletin.before) {
    for (const DepartmentView& view : composition.before.departments()) {
      before.emplace(view.department->id, view.standing);
    }
  }
  for (BulletinDepartment& line : all) {
    const auto found = before.find(line.department->id);
    const Standing then = found == before.end() ? Standing{} : found->second;
    line.standing.score_before = then.score;
    line.standing.rank_before = then.rank;
  }
}

}  // namespace

void put_departments(Composition& composition) {
  std::unordered_map<const Department*, std::size_t> position;
  std::vector<BulletinDepartment> all;
  for (const DepartmentView& view : composition.now.departments()) {
    position.emplace(view.department, all.size());
    all.push_back({view.department, view.standing, {}, true});
  }
  for (const TargetView& view : composition.now.counted()) {
    BulletinDepartment& line = all[position.at(view.department)];
    line.counts.add(view.assessment);
    if (view.assessment.as_of) line.has_sent_nothing = false;
  }
  put_standings_before(composition, all);
  for (BulletinDepartment& line : all) {
    composition.ranked_departments += line.standing.rank.has_value();
    if (line.counts.total > 0 && composition.concerns(*line.department)) {
      composition.bulletin.departments.push_back(line);
    }
  }
  std::stable_sort(composition.bulletin.departments.begin(), composition.bulletin.departments.end(),
                   [](const auto& x, const auto& y) {
                     constexpr std::uint32_t kNone = 0xffffffff;
                     return x.standing.rank.value_or(kNone) < y.standing.rank.value_or(kNone);
                   });
}

std::vector<std::string> department_sentences(const Composition& composition) {
  return composition.bulletin.department == nullptr ? compare_departments(composition)
                                                    : place_department(composition);
}

}  // namespace districtd
