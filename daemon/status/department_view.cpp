#include "daemon/status/department_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/json_writer.h"
#include "daemon/status/json_members.h"
#include "daemon/status/terminal.h"

namespace districtd {

namespace {

constexpr std::size_t kMostTerms = 20;

constexpr std::string_view kFormula =
    "得分＝各项目标得分按权重的加权平均。每项得分＝1＋偏差，限于 0 到 1："
    "达到或超过进度得满分，欠 8 个百分点得 0.92；逾期未完成的累计类和节点类目标按完成率计；"
    "承诺类目标报送即得满分；从未报送且已迟报的得 0 分；尚未到报送期的不计入。";

std::string four_digits(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return text.data();
}

std::string rank_literal(const std::optional<std::uint32_t>& rank) {
  return rank ? std::to_string(*rank) : "null";
}

std::optional<double> on_time_rate(const Standing& standing) {
  if (standing.reports_due == 0) return std::nullopt;
  return static_cast<double>(standing.reports_on_time) / standing.reports_due;
}

std::string score_text(const std::optional<double>& score) {
  return score ? format_share(*score) : "—";
}

// "↑2", "↓1", "＝", "" where there was none.
std::string change_text(const Standing& standing) {
  if (!standing.rank || !standing.rank_before) return "";
  if (*standing.rank == *standing.rank_before) return "＝";
  return *standing.rank < *standing.rank_before
             ? "↑" + std::to_string(*standing.rank_before - *standing.rank)
             : "↓" + std::to_string(*standing.rank - *standing.rank_before);
}

std::string reports_text(const Standing& standing) {
  const auto rate = on_time_rate(standing);
  if (!rate) return "";
  return format_share(*rate) + "（" + std::to_string(standing.reports_on_time) + "/" +
         std::to_string(standing.reports_due) + "）";
}

}  // namespace

std::string arithmetic_of(const DepartmentView& view) {
  if (!view.standing.score) return "";
  std::string sum;
  double weight = 0;
  for (std::size_t i = 0; i < view.counted.size(); ++i) {
    const TargetView& target = view.counted[i];
    weight += target.target->weight;
    if (i >= kMostTerms) continue;
    if (i > 0) sum += "＋";
    sum += four_digits(target.target->weight) + "×" + four_digits(*target.assessment.score);
  }
  if (view.counted.size() > kMostTerms) {
    sum += "＋…（另 " + std::to_string(view.counted.size() - kMostTerms) + " 项）";
  }
  return "（" + sum + "）÷" + four_digits(weight) + "＝" + four_digits(*view.standing.score);
}

std::string to_json(const DepartmentView& view) {
  const Standing& s = view.standing;
  std::string targets = "[";
  for (const TargetView& target : view.counted) {
    if (targets.size() > 1) targets += ",";
    std::string one = "{";
    append_member(one, "target", json_text(target.target->id));
    append_member(one, "name", json_text(target.target->name));
    append_member(one, "status", json_text(to_string(target.assessment.status)));
    append_member(one, "weight", json_number(target.target->weight));
    append_member(one, "score", json_ratio(target.assessment.score));
    targets += one + "}";
  }
  std::string out = "{";
  append_member(out, "department", json_text(view.department->id));
  append_member(out, "name", json_text(view.department->name));
  append_member(out, "score", json_ratio(s.score));
  append_member(out, "rank", rank_literal(s.rank));
  append_member(out, "score_before", json_ratio(s.score_before));
  append_member(out, "rank_before", rank_literal(s.rank_before));
  append_member(out, "counted", std::to_string(s.counted));
  append_member(out, "in_force", std::to_string(s.in_force));
  append_member(out, "reports_due", std::to_string(s.reports_due));
  append_member(out, "reports_on_time", std::to_string(s.reports_on_time));
  append_member(out, "on_time_rate", json_ratio(on_time_rate(s)));
  append_member(out, "formula", json_text(kFormula));
  append_member(out, "arithmetic", json_text(arithmetic_of(view)));
  append_member(out, "targets", targets + "]");
  return out + "}";
}

std::string to_json(const std::vector<DepartmentView>& views) {
  std::string out = "[";
  for (const DepartmentView& view : views) {
    if (out.size() > 1) out += ",\n ";
    out += to_json(view);
  }
  return out + "]\n";
}

std::string to_table(const std::vector<DepartmentView>& views) {
  std::vector<const DepartmentView*> order;
  for (const DepartmentView& view : views) order.push_back(&view);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return a->standing.rank.value_or(UINT32_MAX) < b->standing.rank.value_or(UINT32_MAX);
  });
  std::string out = left("名次", 6) + left("较上期", 8) + left("部门", 24) + right("得分", 8) +
                    right("上期", 8) + "  按时报送率\n";
  for (const DepartmentView* view : order) {
    const Standing& s = view->standing;
    std::string line = left(s.rank ? std::to_string(*s.rank) : "—", 6) + left(change_text(s), 8) +
                       left(view->department->name, 24) + right(score_text(s.score), 8) +
                       right(score_text(s.score_before), 8) + "  " + reports_text(s);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string to_text(const DepartmentView& view, Date on) {
  const Standing& s = view.standing;
  std::string out = view.department->name + "　" + to_string(on) + "\n\n";
  out += std::string(kFormula) + "\n\n";
  if (!s.score) return out + "尚无计入得分的目标，不排名。\n";
  out += left("指标", 36) + right("权重", 8) + right("得分", 10) + "  亮灯\n";
  for (const TargetView& target : view.counted) {
    out += left(target.target->name, 36) + right(four_digits(target.target->weight), 8) +
           right(four_digits(*target.assessment.score), 10) + "  " +
           std::string(to_chinese(target.assessment.status)) + "\n";
  }
  out += "\n得分：" + arithmetic_of(view) + "，即 " + format_share(*s.score) + "，第 " +
         std::to_string(*s.rank) + " 名";
  if (s.score_before) {
    out += "；上期 " + format_share(*s.score_before) + "，第 " + std::to_string(*s.rank_before) +
           " 名";
  }
  out += "。\n";
  if (s.reports_due > 0) out += "今年按时报送 " + reports_text(s) + "。\n";
  return out;
}

}  // namespace districtd
