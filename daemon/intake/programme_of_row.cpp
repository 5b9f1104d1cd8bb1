#include "daemon/intake/programme_of_row.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"
#include "daemon/domain/assessment.h"

namespace districtd {

namespace {

using Index = Catalogue::Index;

std::string shown_figure(const Target& target, double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", target.unit.from_base(value));
  return text.data() + target.unit.symbol();
}

// In the direction of the goal: a floor under what shrinks falls towards it.
double towards_goal(const Target& target, double value) {
  return *target.goal >= *target.baseline ? value : -value;
}

// What adds up to a goal, or is done: a ceiling is kept, never completed.
bool can_be_completed(const Target& target) {
  return (target.kind == Kind::cumulative || target.kind == Kind::milestone) && !is_ceiling(target);
}

// "2026", "2026年", "2026年度" are one.
bool calls(std::string_view text, const Programme& programme) {
  if (text == programme.id) return true;
  for (const std::string_view ending : {std::string_view("年度"), std::string_view("年")}) {
    if (!text.ends_with(ending)) continue;
    return trim(text.substr(0, text.size() - ending.size())) == programme.id;
  }
  return false;
}

}  // namespace

bool ProgrammeOfRow::is_settled(const Target& target) const {
  return catalogue_.programme_of(target).is_settled(today_);
}

bool ProgrammeOfRow::holds(const Target& target, Date as_of) const {
  return target.start <= as_of && as_of <= target.last_deadline();
}

bool ProgrammeOfRow::takes_late(const Target& target) const {
  return can_be_completed(target) && !is_settled(target) &&
         target.is_in_force(target.last_deadline());
}

std::span<const Reading> ProgrammeOfRow::figures_of(Index target) const {
  return figures_ != nullptr ? figures_->of(target) : std::span<const Reading>{};
}

// "2026 年度（2026-01-01 至 2026-12-31）、2027 年度（…）"
std::string ProgrammeOfRow::list(std::span<const Index> targets) const {
  std::string text;
  for (const Index i : targets) {
    const Target& target = catalogue_[i];
    text += (text.empty() ? "" : "、") + catalogue_.programme_of(target).id + " 年度（" +
            to_string(target.start) + " 至 " + to_string(target.last_deadline()) + "）";
  }
  return text;
}

std::variant<Index, Homeless> ProgrammeOfRow::only(std::span<const Index> fitting,
                                                   Date as_of) const {
  if (fitting.size() == 1) return fitting.front();
  const Target& one = catalogue_[fitting.front()];
  return Homeless{Refusal::several_programmes,
                  {one.name, to_string(as_of), list(fitting), catalogue_.programme_of(one).id}};
}

Homeless ProgrammeOfRow::after_the_period(const Target& target, Date as_of, std::string why,
                                          std::string next) const {
  return {Refusal::after_the_period,
          {to_string(as_of), target.name, std::move(why), std::move(next)}};
}

// Of a programme of which nothing is taken any more, or for now: the one that the row names, or
// else the shortest whose period holds the day.
std::optional<Homeless> ProgrammeOfRow::closed(const Target& target, Date as_of,
                                               std::string_view programme) const {
  const Programme* of = nullptr;
  for (const ClosedProgramme& one : catalogue_.closed()) {
    const Programme& p = one.programme;
    const bool fits = programme.empty() ? p.first <= as_of && as_of <= p.last : calls(programme, p);
    if (fits && (of == nullptr || p.last - p.first < of->last - of->first)) of = &p;
  }
  if (of == nullptr) return std::nullopt;
  if (of->is_settled(today_)) {
    return after_the_period(target, as_of,
                            of->id + " 年度已于 " + to_string(of->settles) + " 结账，不再收数",
                            "确需更改的，请督查室说明理由并推迟结账日");
  }
  return after_the_period(target, as_of,
                          of->id + " 年度的目标文件现在不在目标库里，暂时不能收它的数",
                          "请与督查室联系，文件放回后重新报送");
}

Homeless ProgrammeOfRow::never_late(const Target& target, Date as_of) const {
  const std::string deadline = to_string(target.last_deadline());
  return after_the_period(
      target, as_of, "期限是 " + deadline + "，这类目标以期限当日或以前的数值为准",
      "应为 " + deadline + " 或以前的日期；新年度的数，请等新年度的目标列入目标库后再报");
}

std::variant<Index, Homeless> ProgrammeOfRow::named(std::span<const Index> same,
                                                    std::string_view programme, Date as_of) const {
  const auto found = std::find_if(same.begin(), same.end(), [&](Index i) {
    return calls(programme, catalogue_.programme_of(catalogue_[i]));
  });
  if (found == same.end()) {
    if (auto why = closed(catalogue_[same.front()], as_of, programme)) return *std::move(why);
    return Homeless{Refusal::unknown_programme,
                    {std::string(programme), catalogue_[same.front()].name, list(same)}};
  }
  const Target& target = catalogue_[*found];
  if (is_settled(target)) return only({&*found, 1}, as_of);  // said by by_figure()
  if (as_of > target.last_deadline() && !takes_late(target)) {
    return never_late(target, as_of);
  }
  return *found;
}

std::variant<Index, Homeless> ProgrammeOfRow::by_day(std::span<const Index> same,
                                                     std::string_view programme, Date as_of) const {
  if (!programme.empty()) return named(same, programme, as_of);
  std::vector<Index> fitting;
  std::copy_if(same.begin(), same.end(), std::back_inserter(fitting),
               [&](Index i) { return holds(catalogue_[i], as_of); });
  if (!fitting.empty()) return only(fitting, as_of);
  std::copy_if(same.begin(), same.end(), std::back_inserter(fitting), [&](Index i) {
    return as_of > catalogue_[i].last_deadline() && takes_late(catalogue_[i]);
  });
  if (!fitting.empty()) return only(fitting, as_of);
  // It belongs nowhere: the newest target that ended before tells why, or else the one to come.
  Index nearest = same.front();
  for (const Index i : same) {
    const auto has_ended = [&](Index one) { return as_of > catalogue_[one].last_deadline(); };
    const bool is_nearer =
        has_ended(i) != has_ended(nearest)
            ? has_ended(i)
            : catalogue_[i].last_deadline() > catalogue_[nearest].last_deadline();
    if (is_nearer) nearest = i;
  }
  const Target& target = catalogue_[nearest];
  if (auto why = closed(target, as_of, "")) return *std::move(why);
  if (as_of < target.start || is_settled(target)) return nearest;  // said of it elsewhere
  return never_late(target, as_of);
}

std::optional<Homeless> ProgrammeOfRow::late(Index index, const ReportedReading& reading) const {
  const Target& target = catalogue_[index];
  const auto figures = figures_of(index);
  if (figures.empty() || reading.value.is_withdrawn()) return std::nullopt;
  const double value = reading.value.number();
  const bool is_said_again = std::any_of(figures.begin(), figures.end(), [&](const Reading& known) {
    return known.as_of == reading.as_of && known.value == value;
  });
  if (is_said_again) return std::nullopt;
  const Reading& newest = figures.back();
  if (reaches_goal(target.version_on(newest.as_of, today_), newest.value)) {
    return after_the_period(target, reading.as_of,
                            "该目标已按截至 " + to_string(newest.as_of) + " 的 " +
                                shown_figure(target, newest.value) + " 完成",
                            "不再需要期限之后的数值，请删去这一行；新年度的数，请等新年度的目标列入"
                            "目标库后再报");
  }
  if (towards_goal(target, value) < towards_goal(target, newest.value)) {
    return after_the_period(
        target, reading.as_of,
        "期限是 " + to_string(target.last_deadline()) + "，" + shown_figure(target, value) +
            " 低于该目标最近的 " + shown_figure(target, newest.value) + "（截至 " +
            to_string(newest.as_of) + "），不会是它的逾期完成数",
        "如为新年度的数，请等新年度的目标列入目标库后再报；如为更正，截至日期应为"
        "期限或以前");
  }
  return std::nullopt;
}

std::optional<Homeless> ProgrammeOfRow::by_figure(Index index, std::span<const Index> same,
                                                  std::string_view programme,
                                                  const ReportedReading& reading) const {
  const Target& target = catalogue_[index];
  if (is_settled(target)) {
    const Programme& settled = catalogue_.programme_of(target);
    return after_the_period(
        target, reading.as_of,
        settled.id + " 年度已于 " + to_string(settled.settles) + " 结账，不再收数",
        "确需更改的，请督查室说明理由并推迟结账日");
  }
  if (reading.as_of > target.last_deadline()) return late(index, reading);
  if (!programme.empty() || reading.value.is_withdrawn() || !can_be_completed(target)) {
    return std::nullopt;
  }
  std::vector<Index> namesakes(same.begin(), same.end());
  const auto of_id = catalogue_.find_all("", target.id);
  namesakes.insert(namesakes.end(), of_id.begin(), of_id.end());
  for (const Index i : namesakes) {
    const Target& earlier = catalogue_[i];
    if (earlier.last_deadline() >= target.start || !takes_late(earlier)) continue;
    const auto figures = figures_of(i);
    if (figures.empty() || !earlier.unit.base_of(1, target.unit)) continue;
    const Reading& newest = figures.back();
    if (reaches_goal(earlier.version_on(newest.as_of, today_), newest.value) ||
        towards_goal(earlier, reading.value.number()) < towards_goal(earlier, newest.value)) {
      continue;
    }
    const std::array both = {i, index};
    return Homeless{Refusal::namesake,
                    {target.name, shown_figure(target, reading.value.number()), list(both),
                     catalogue_.programme_of(earlier).id, shown_figure(earlier, newest.value),
                     catalogue_.programme_of(target).id}};
  }
  return std::nullopt;
}

std::string ProgrammeOfRow::note_of(Index index, std::span<const Index> same,
                                    std::string_view programme, Date as_of) const {
  const Target& target = catalogue_[index];
  const Programme& of = catalogue_.programme_of(target);
  if (as_of > target.last_deadline()) {
    return of.id + " 年度目标“" + target.name + "”在期限 " + to_string(target.last_deadline()) +
           " 之后的完成数（逾期完成）";
  }
  const bool is_running = today_ <= of.last;
  if (same.size() < 2 || !programme.empty() || is_running) return "";
  return of.id + " 年度的目标“" + target.name + "”，因为截至日期在它的期限以内";
}

bool ProgrammeOfRow::may_be(std::span<const Index> same, Date day) const {
  return day <= today_ && std::any_of(same.begin(), same.end(), [&](Index i) {
           return holds(catalogue_[i], day) && !is_settled(catalogue_[i]);
         });
}

}  // namespace districtd
