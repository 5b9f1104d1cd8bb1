#include "daemon/status/department_view.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/json_writer.h"
#include "base/text.h"
#include "daemon/status/programme_sections.h"
#include "daemon/status/terminal.h"
#include "daemon/status/words.h"

namespace districtd {

namespace {

constexpr std::size_t kMostTerms = 20;

constexpr std::string_view kFormula =
    "得分＝各项目标得分按权重的加权平均，减去报送扣分。每项得分＝1＋偏差，水平类＝1＋差距÷目标值，"
    "限于 0 到 1：达到或超过进度得满分，欠 8 个百分点得 0.92；已完成得 1，逾期完成的打折；"
    "逾期未完成的不高于完成率，控制类为 1 减超出的比例，期满未报的得 0 分；停报的得 0 分；"
    "从未报送且已有应报数据的得 0 分；尚无要求的和承诺类目标不计入。"
    "有迟报、漏报的每一期扣分一次，不按目标项数扣。";

std::string four_digits(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return text.data();
}

std::optional<double> rate(std::uint32_t reports, const Standing& standing) {
  if (standing.reports_due == 0) return std::nullopt;
  return static_cast<double>(reports) / standing.reports_due;
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

// "80.0%（8/10）", "" where nothing was due.
std::string rate_text(std::uint32_t reports, const Standing& standing) {
  const auto part = rate(reports, standing);
  if (!part) return "";
  return format_share(*part) + "（" + std::to_string(reports) + "/" +
         std::to_string(standing.reports_due) + "）";
}

// "迟报 1 期、漏报 2 期，扣 2.5 分", "" where nothing is deducted.
std::string deduction_text(const Standing& standing) {
  if (standing.deducted <= 0) return "";
  std::string text;
  if (standing.periods_late > 0) {
    text += "迟报 " + std::to_string(standing.periods_late) + " 期";
  }
  if (standing.periods_missing > 0) {
    text +=
        (text.empty() ? "" : "、") + ("漏报 " + std::to_string(standing.periods_missing)) + " 期";
  }
  return text + "，扣 " + four_digits(standing.deducted * 100) + " 分";
}

std::string reports_line(const Standing& standing) {
  if (standing.reports_due == 0) return "";
  return "按时报送率 " + rate_text(standing.reports_on_time, standing) + "，更正率 " +
         rate_text(standing.reports_corrected, standing) + "。\n";
}

void write(JsonWriter& json, const DepartmentView& view) {
  const Standing& s = view.standing;
  json.begin_object()
      .member("department", view.department->id)
      .member("programme", view.programme->id)
      .member("settled", view.is_settled)
      .member("name", view.name())
      .ratio_member("score", s.score)
      .ratio_member("mean", s.mean)
      .ratio_member("deducted", s.deducted)
      .member("periods_late", s.periods_late)
      .member("periods_missing", s.periods_missing)
      .member("rank", s.rank)
      .ratio_member("score_before", s.score_before)
      .member("rank_before", s.rank_before)
      .member("counted", s.counted)
      .member("in_force", s.in_force)
      .member("reports_due", s.reports_due)
      .member("reports_on_time", s.reports_on_time)
      .ratio_member("on_time_rate", rate(s.reports_on_time, s))
      .member("reports_corrected", s.reports_corrected)
      .ratio_member("corrected_rate", rate(s.reports_corrected, s))
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
  std::string text = "（" + sum + "）÷" + four_digits(weight);
  if (view.standing.deducted > 0) text += "－" + four_digits(view.standing.deducted);
  return text + "＝" + four_digits(*view.standing.score);
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

namespace {

std::string table_of(std::vector<const DepartmentView*> order) {
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return a->standing.rank.value_or(UINT32_MAX) < b->standing.rank.value_or(UINT32_MAX);
  });
  std::string out = pad_right("名次", 6) + pad_right("较上期", 8) + pad_right("部门", 24) +
                    pad_left("得分", 8) + pad_left("上期", 8) + "  按时报送率　更正率\n";
  for (const DepartmentView* view : order) {
    const Standing& s = view->standing;
    std::string line = pad_right(s.rank ? std::to_string(*s.rank) : "—", 6) +
                       pad_right(change_text(s), 8) + pad_right(view->name(), 24) +
                       pad_left(score_text(s.score), 8) + pad_left(score_text(s.score_before), 8) +
                       "  " + pad_right(rate_text(s.reports_on_time, s), 16) +
                       rate_text(s.reports_corrected, s);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string to_table(const std::vector<DepartmentView>& views) {
  const auto sections = sections_by_programme(views);
  std::string out;
  for (const auto& section : sections) {
    if (sections.size() > 1) {
      out += (out.empty() ? "" : "\n") +
             programme_heading(*section.front()->programme, section.front()->is_settled) + "\n";
    }
    out += table_of(section);
  }
  return sections.empty() ? table_of({}) : out;
}

std::string to_text(const DepartmentView& view, Date on) {
  const Standing& s = view.standing;
  std::string out = printable(view.name()) + "　" + to_string(on) +
                    (view.is_settled ? "　" + programme_heading(*view.programme, true) : "") +
                    "\n\n";
  out += std::string(kFormula) + "\n\n";
  if (!s.score) return out + "尚无计入得分的目标，不排名。\n" + reports_line(s);
  out += pad_right("指标", 36) + pad_left("权重", 8) + pad_left("得分", 10) + "  亮灯\n";
  for (const TargetView& target : view.counted) {
    out += pad_right(target.target->name, 36) + pad_left(four_digits(target.target->weight), 8) +
           pad_left(four_digits(*target.assessment.score), 10) + "  " +
           std::string(status_words(*target.target, target.assessment)) + "\n";
  }
  out += "\n得分：" + arithmetic_of(view) + "，即 " + format_share(*s.score);
  if (s.rank) out += "，第 " + std::to_string(*s.rank) + " 名";
  if (s.score_before) {
    out += "；上期 " + format_share(*s.score_before);
    if (s.rank_before) out += "，第 " + std::to_string(*s.rank_before) + " 名";
  }
  out += "。\n";
  if (const std::string deduction = deduction_text(s); !deduction.empty()) {
    out += "报送：" + deduction + "。\n";
  }
  return out + reports_line(s);
}

}  // namespace districtd
