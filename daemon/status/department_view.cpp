#include "daemon/status/department_view.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/json_writer.h"
#include "base/text.h"
#include "daemon/status/terminal.h"
#include "daemon/status/words.h"

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

void write(JsonWriter& json, const DepartmentView& view) {
  const Standing& s = view.standing;
  json.begin_object()
      .member("department", view.department->id)
      .member("name", view.department->name)
      .ratio_member("score", s.score)
      .member("rank", s.rank)
      .ratio_member("score_before", s.score_before)
      .member("rank_before", s.rank_before)
      .member("counted", s.counted)
      .member("in_force", s.in_force)
      .member("reports_due", s.reports_due)
      .member("reports_on_time", s.reports_on_time)
      .ratio_member("on_time_rate", on_time_rate(s))
      .member("formula", kFormula)
      .member("arithmetic", arithmetic_of(view));
  json.key("targets").begin_array();
  for (const TargetView& target : view.counted) {
    json.begin_object()
        .member("target", target.target->id)
        .member("name", target.target->name)
        .member("status", to_string(target.assessment.status))
        .member("weight", target.target->weight)
        .ratio_member("score", target.assessment.score)
        .end_object();
  }
  json.end_array().end_object();
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
  std::string out;
  JsonWriter json(out);
  write(json, view);
  return out;
}

std::string to_json(const std::vector<DepartmentView>& views) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const DepartmentView& view : views) {
    if (&view != &views.front()) json.new_line(" ");
    write(json, view);
  }
  json.end_array();
  return out + "\n";
}

std::string to_table(const std::vector<DepartmentView>& views) {
  std::vector<const DepartmentView*> order;
  for (const DepartmentView& view : views) order.push_back(&view);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return a->standing.rank.value_or(UINT32_MAX) < b->standing.rank.value_or(UINT32_MAX);
  });
  std::string out = pad_right("名次", 6) + pad_right("较上期", 8) + pad_right("部门", 24) +
                    pad_left("得分", 8) + pad_left("上期", 8) + "  按时报送率\n";
  for (const DepartmentView* view : order) {
    const Standing& s = view->standing;
    std::string line = pad_right(s.rank ? std::to_string(*s.rank) : "—", 6) +
                       pad_right(change_text(s), 8) + pad_right(view->department->name, 24) +
                       pad_left(score_text(s.score), 8) + pad_left(score_text(s.score_before), 8) +
                       "  " + reports_text(s);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string to_text(const DepartmentView& view, Date on) {
  const Standing& s = view.standing;
  std::string out = printable(view.department->name) + "　" + to_string(on) + "\n\n";
  out += std::string(kFormula) + "\n\n";
  if (!s.score) return out + "尚无计入得分的目标，不排名。\n";
  out += pad_right("指标", 36) + pad_left("权重", 8) + pad_left("得分", 10) + "  亮灯\n";
  for (const TargetView& target : view.counted) {
    out += pad_right(target.target->name, 36) + pad_left(four_digits(target.target->weight), 8) +
           pad_left(four_digits(*target.assessment.score), 10) + "  " +
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
