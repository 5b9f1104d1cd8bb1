#include "daemon/bulletins/composition.h"

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/bulletins/wording.h"

namespace districtd {

namespace {

using wording::list;

std::string against_the_schedule(const Composition& composition) {
  const BulletinCounts& c = composition.bulletin.counts;
  std::string text =
      "截至" + wording::as_of(composition.bulletin.period.last, composition.on()) + "，" +
      (c.judged() == c.total ? composition.scope() + wording::items(c.total) + "目标中，"
                             : "可评判的" + wording::items(c.judged()) + "目标中，");
  if (c.not_reached() == 0) return text + "全部达到序时进度。";
  std::vector<std::string> parts;
  for (const Status status : kAllStatuses) {
    if (!is_not_reached(status) || c.of(status) == 0) continue;
    parts.push_back(std::string{to_chinese(status)} + wording::items(c.of(status)));
  }
  const std::string lights =
      parts.size() == 1 && c.not_reached() > 1
          ? "（均为" + parts.front().substr(0, parts.front().find_first_of("0123456789")) + "）"
          : "（" + list(parts, parts.size(), "") + "）";
  if (c.reached() == 0) {
    return text + "没有达到序时进度的，" + wording::items(c.judged()) + "均未达到序时进度" +
           lights + "。";
  }
  const auto [reached, not_reached] = wording::shares_of(c);
  return text + "达到序时进度的" + wording::items(c.reached()) + "，占" + reached +
         "；未达到序时进度的" + wording::items(c.not_reached()) + "，占" + not_reached + lights +
         "。";
}

// What is judged by values that are older than the period is said to be.
std::string older_values(const Composition& composition) {
  const auto older = static_cast<std::size_t>(std::count_if(
      composition.bulletin.targets.begin(), composition.bulletin.targets.end(),
      [&](const TargetView& view) {
        const Assessment& a = view.assessment;
        return a.as_of && *a.as_of < composition.bulletin.period.last &&
               view.target->kind != Kind::pledge && is_judged(a.status) && !is_reached(a.status);
      }));
  if (older == 0) return {};
  return "其中" + wording::items(older) + "的最近一次数据早于" +
         wording::as_of(composition.bulletin.period.last, composition.on()) +
         "，按数据截至日期的序时进度评判。";
}

std::string compared(const Composition& composition) {
  const BulletinCounts& c = composition.bulletin.counts;
  const BulletinCounts& p = *composition.bulletin.before;
  std::string text =
      "与上次（" + composition.day(composition.bulletin.occasion.before) + "）相比，";
  if (c.reached() == p.reached() && c.not_reached() == p.not_reached()) {
    text += "达到和未达到序时进度的目标项数均持平";
  } else {
    text += "达到序时进度的" + wording::change(c.reached(), p.reached()) + "，未达到序时进度的" +
            wording::change(c.not_reached(), p.not_reached());
  }
  const auto changed = [&](auto is) {
    return static_cast<std::size_t>(std::count_if(
        composition.bulletin.targets.begin(), composition.bulletin.targets.end(),
        [&](const TargetView& view) {
          const auto found = composition.before_of.find(view.target->key);
          return found != composition.before_of.end() && is(found->second, view.assessment);
        }));
  };
  const auto judged = [](const Assessment& a) { return is_judged(a.status); };
  const std::size_t better = changed([&](const Assessment& then, const Assessment& a) {
    return judged(then) && judged(a) && has_same_terms(then, a) &&
           urgency_of(a.status) > urgency_of(then.status);
  });
  const std::size_t worse = changed([&](const Assessment& then, const Assessment& a) {
    return judged(then) && judged(a) && has_same_terms(then, a) &&
           urgency_of(a.status) < urgency_of(then.status);
  });
  if (better == 0 && worse == 0) return text + "。";
  text += "；";
  if (better > 0) text += wording::items(better) + "转好";
  if (better > 0 && worse > 0) text += "，";
  if (worse > 0) text += wording::items(worse) + "转差";
  return text + "。";
}

}  // namespace

std::vector<std::string> overall_sentences(const Composition& composition) {
  const BulletinCounts& c = composition.bulletin.counts;
  std::string text = composition.scope() + "共有目标" + wording::items(c.total);
  if (c.total == 0) {
    return {composition.scope() + "目前没有列入目标库的目标。"};
  }
  std::vector<std::string> parts;
  if (c.judged() > 0) parts.push_back("可评判进度的" + wording::items(c.judged()));
  if (c.of(Status::reported) > 0)
    parts.push_back("无量化目标、已报送进展的" + wording::items(c.of(Status::reported)));
  if (c.of(Status::settling) > 0)
    parts.push_back("期满、最终数据尚未到报送期限的" + wording::items(c.of(Status::settling)));
  if (c.unreported > 0) parts.push_back("本期未报的" + wording::items(c.unreported));
  if (c.of(Status::stale) > 0) parts.push_back("停报的" + wording::items(c.of(Status::stale)));
  if (c.of(Status::no_data) > 0)
    parts.push_back("尚未报送数据的" + wording::items(c.of(Status::no_data)));
  std::vector<std::string> sentences;
  sentences.push_back(parts.size() == 1 && c.judged() == c.total
                          ? text + "，均可评判进度。"
                          : text + "，其中" + list(parts, parts.size(), "") + "。");
  if (c.judged() > 0) sentences.push_back(against_the_schedule(composition));
  if (const std::string late = older_values(composition); !late.empty()) sentences.push_back(late);
  if (composition.bulletin.before) sentences.push_back(compared(composition));
  return sentences;
}

}  // namespace districtd
