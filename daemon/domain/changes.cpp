#include "daemon/domain/changes.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace districtd {

namespace {

constexpr std::array<ChangeKindWords, kChangeKinds> kWords = {{
    {ChangeKind::added, "added", "新增"},
    {ChangeKind::goal, "goal", "调整目标值"},
    {ChangeKind::baseline, "baseline", "调整起点"},
    {ChangeKind::extension, "extension", "延期"},
    {ChangeKind::deadline, "deadline", "提前期限"},
    {ChangeKind::pace, "pace", "调整进度要求"},
    {ChangeKind::plan, "plan", "调整计划"},
    {ChangeKind::nodes, "nodes", "调整节点"},
    {ChangeKind::tolerance, "tolerance", "调整亮灯界限"},
    {ChangeKind::department, "department", "调整责任单位"},
    {ChangeKind::people, "people", "调整分工"},
    {ChangeKind::definition, "definition", "调整口径"},
    {ChangeKind::source, "source", "调整出处"},
    {ChangeKind::withdrawn, "withdrawn", "撤销"},
}};

bool is_same(const Tolerance& a, const Tolerance& b) {
  return a.at_risk == b.at_risk && a.behind == b.behind && a.ahead == b.ahead &&
         a.margin == b.margin && a.out_of_reach == b.out_of_reach;
}

bool is_same(const std::vector<PlanPoint>& a, const std::vector<PlanPoint>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const PlanPoint& x, const PlanPoint& y) {
                      return x.date == y.date && x.share == y.share;
                    });
}

ChangedTerm number_of(const Target& target, const std::optional<double>& base) {
  if (!base) return {};
  return target.unit.from_base(*base);
}

bool is_same(const std::vector<TargetNode>& a, const std::vector<TargetNode>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const TargetNode& x, const TargetNode& y) {
                      return x.name == y.name && x.due == y.due && x.share == y.share;
                    });
}

ChangedTerm term_of(std::string text) {
  if (text.empty()) return {};
  return text;
}

// "2026-06-30 40%"
std::string dated_share(Date date, double share) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), " %.4g%%", share * 100);
  return to_string(date) + text.data();
}

// "2026-06-30 40%、2026-12-31 100%"
ChangedTerm plan_of(const Target& version) {
  std::string text;
  for (const PlanPoint& point : version.plan) {
    text += (text.empty() ? "" : "、") + dated_share(point.date, point.share);
  }
  return term_of(std::move(text));
}

// "主体结顶 2026-06-30 50%、竣工 2026-12-31 100%"
ChangedTerm nodes_of(const Target& version) {
  std::string text;
  for (const TargetNode& node : version.nodes) {
    text += (text.empty() ? "" : "、") + node.name + " " + dated_share(node.due, node.share);
  }
  return term_of(std::move(text));
}

// What one version says otherwise than the one before it.
class Differences {
 public:
  Differences(const Catalogue& catalogue, Catalogue::Index target,
              std::vector<TargetChange>& changes)
      : catalogue_(catalogue), target_(target), changes_(changes) {}

  void add(const Target& before, const Target& version) {
    version_ = &version;
    if (before.goal != version.goal) {
      put(ChangeKind::goal, number_of(version, before.goal), number_of(version, version.goal));
    }
    if (before.baseline != version.baseline) {
      put(ChangeKind::baseline, number_of(version, before.baseline),
          number_of(version, version.baseline));
    }
    if (before.deadline != version.deadline) {
      const bool is_later = version.deadline > before.deadline;
      put(is_later ? ChangeKind::extension : ChangeKind::deadline, to_string(before.deadline),
          to_string(version.deadline));
      if (is_later) changes_.back().extension = ++extensions_;
    }
    if (before.pace != version.pace) {
      put(ChangeKind::pace, std::string(to_string(before.pace)),
          std::string(to_string(version.pace)));
    }
    if (!is_same(before.plan, version.plan)) {
      put(ChangeKind::plan, plan_of(before), plan_of(version));
    }
    if (!is_same(before.nodes, version.nodes)) {
      put(ChangeKind::nodes, nodes_of(before), nodes_of(version));
    }
    if (!is_same(before.tolerance, version.tolerance) || before.warn_days != version.warn_days) {
      put(ChangeKind::tolerance, {}, {});
    }
    if (before.department != version.department) {
      put(ChangeKind::department, catalogue_.departments()[before.department].id,
          catalogue_.departments()[version.department].id);
    }
    if (before.with != version.with || before.leader != version.leader ||
        before.owner != version.owner) {
      put(ChangeKind::people, people_of(before), people_of(version));
    }
    if (before.definition != version.definition) {
      put(ChangeKind::definition, term_of(before.definition), term_of(version.definition));
    }
    if (before.section != version.section || before.quote != version.quote) {
      put(ChangeKind::source, before.quote, version.quote);
    }
  }

 private:
  void put(ChangeKind kind, ChangedTerm before, ChangedTerm after) {
    changes_.push_back({target_, kind, std::move(before), std::move(after), version_->changed_from,
                        version_->decided, version_->change_reason});
  }

  // "配合单位 finance,water；分管领导 张某；责任人 李某"
  ChangedTerm people_of(const Target& version) const {
    std::string with;
    for (const std::uint32_t one : version.with) {
      with += (with.empty() ? "" : ",") + catalogue_.departments()[one].id;
    }
    std::string text;
    const auto add = [&text](const char* role, const std::string& who) {
      if (!who.empty()) text += (text.empty() ? "" : "；") + std::string{role} + " " + who;
    };
    add("配合单位", with);
    add("分管领导", version.leader);
    add("责任人", version.owner);
    return term_of(std::move(text));
  }

  const Catalogue& catalogue_;
  const Catalogue::Index target_;
  std::vector<TargetChange>& changes_;
  const Target* version_ = nullptr;
  int extensions_ = 0;
};

bool is_first_promise(const Target& target, const Programme& programme) {
  return !target.added || *target.added <= std::max(target.start, programme.first);
}

}  // namespace

std::span<const ChangeKindWords> change_kinds() { return kWords; }

std::string_view to_string(ChangeKind kind) { return kWords[static_cast<std::size_t>(kind)].word; }

std::string_view to_chinese(ChangeKind kind) {
  return kWords[static_cast<std::size_t>(kind)].chinese;
}

std::vector<TargetChange> changes_of(const Catalogue& catalogue, Catalogue::Index target, Date on) {
  const Target& promise = catalogue[target];
  std::vector<TargetChange> result;
  if (promise.added && !is_first_promise(promise, catalogue.programme_of(promise)) &&
      *promise.added <= on) {
    result.push_back({target, ChangeKind::added, {}, {}, *promise.added, *promise.added, ""});
  }
  Differences differences(catalogue, target, result);
  const std::size_t known = promise.changes_known(on);
  for (std::size_t n = 1; n <= known; ++n) {
    differences.add(promise.version(n - 1), promise.version(n));
  }
  if (promise.withdrawn && *promise.withdrawn <= on) {
    result.push_back({target,
                      ChangeKind::withdrawn,
                      {},
                      {},
                      *promise.withdrawn,
                      *promise.withdrawn,
                      promise.withdrawal_reason});
  }
  std::stable_sort(result.begin(), result.end(), [](const TargetChange& a, const TargetChange& b) {
    return a.decided < b.decided;
  });
  return result;
}

std::vector<TargetChange> changes(const Catalogue& catalogue, Date on, std::optional<Date> since) {
  std::vector<TargetChange> result;
  for (Catalogue::Index i = 0; i < catalogue.targets().size(); ++i) {
    const Target& target = catalogue[i];
    if (target.changes.empty() && !target.added && !target.withdrawn) continue;
    for (TargetChange& change : changes_of(catalogue, i, on)) {
      if (!since || change.decided >= *since) result.push_back(std::move(change));
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const TargetChange& a, const TargetChange& b) {
    return a.decided < b.decided;
  });
  return result;
}

int extensions_of(const Target& target, Date on) {
  int count = 0;
  const std::size_t known = target.changes_known(on);
  for (std::size_t n = 1; n <= known; ++n) {
    if (target.version(n).deadline > target.version(n - 1).deadline) ++count;
  }
  return count;
}

Status first_status_of(const Assessment& assessment) {
  return assessment.first_status.value_or(assessment.status);
}

std::vector<PromiseCounts> promise_counts(const Catalogue& catalogue,
                                          std::span<const Assessment> assessments, Date on,
                                          std::optional<std::uint32_t> programme) {
  std::vector<PromiseCounts> result(catalogue.departments().size());
  for (Catalogue::Index i = 0; i < assessments.size(); ++i) {
    const Target& target = catalogue[i];
    if (programme && target.programme != *programme) continue;
    PromiseCounts& counts = result[catalogue.department_on(target, on)];
    const bool is_first = is_first_promise(target, catalogue.programme_of(target));
    if (!assessments[i].in_force) {
      if (is_first && target.withdrawn && *target.withdrawn <= on) ++counts.withdrawn;
      continue;
    }
    ++counts.present[static_cast<std::size_t>(assessments[i].status)];
    if (is_first) {
      ++counts.first[static_cast<std::size_t>(first_status_of(assessments[i]))];
    } else {
      ++counts.added;
    }
  }
  return result;
}

PromiseCounts sum_of(std::span<const PromiseCounts> counts) {
  PromiseCounts sum;
  for (const PromiseCounts& one : counts) {
    for (std::size_t s = 0; s < sum.present.size(); ++s) {
      sum.present[s] += one.present[s];
      sum.first[s] += one.first[s];
    }
    sum.withdrawn += one.withdrawn;
    sum.added += one.added;
  }
  return sum;
}

}  // namespace districtd
