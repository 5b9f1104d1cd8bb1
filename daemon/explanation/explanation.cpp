#include "daemon/explanation/explanation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>

#include "base/json_writer.h"
#include "base/text.h"
#include "daemon/domain/changes.h"
#include "daemon/domain/last_year.h"
#include "daemon/domain/pace.h"
#include "daemon/domain/plausibility.h"
#include "daemon/status/words.h"
#include "daemon/store/narrative_history.h"

namespace districtd {

namespace {

std::string text_of(double number) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6g", number);
  return text.data();
}

// A number of the arithmetic in the catalogue's unit, in brackets where it is negative.
std::string in_unit(const Target& target, double base) {
  const std::string text = text_of(target.unit.from_base(base));
  return base < 0 ? "（" + text + "）" : text;
}

std::string_view kind_text(Kind kind) {
  switch (kind) {
    case Kind::cumulative:
      return "累计类（数字逐期累加）";
    case Kind::level:
      return "水平类（比率或状态要保持）";
    case Kind::milestone:
      return "节点类（按形象进度，0 到 100%）";
    case Kind::pledge:
      return "承诺类（没有数字，只看是否报送）";
  }
  return "";
}

class Explainer {
 public:
  explicit Explainer(const ExplanationQuestion& question)
      : q_(question),
        target_(question.catalogue[question.target]),
        version_(target_.version(question.assessment.version)),
        a_(question.assessment) {}

  Explanation explain() {
    result_.target = target_.id;
    result_.programme = q_.catalogue.programme_of(target_).id;
    result_.on = q_.on;
    result_.status = a_.status;
    result_.in_force = a_.in_force;
    add_source();
    if (!a_.in_force) {
      add("结果", not_in_force());
      return std::move(result_);
    }
    add_goal();
    add_people();
    add_value();
    add_narrative();
    add_parts();
    add_last_year();
    if (target_.kind != Kind::pledge) {
      if (a_.actual) {
        add_progress();
        add_schedule();
        add_nodes();
        add_deviation();
        add_thresholds();
      } else {
        add_schedule();
        add_nodes();
      }
    }
    add_result();
    add_reports();
    add_forecast();
    add_score();
    return std::move(result_);
  }

 private:
  void add(std::string title, std::string text) {
    result_.steps.push_back({std::move(title), std::move(text)});
  }

  void add_source() {
    const Report& report = q_.catalogue.reports()[target_.report];
    add("出处", report.publisher + "《" + report.title + "》（" + to_string(report.published) +
                    "）“" + version_.section + "”一节：“" + version_.quote + "”。责任部门：" +
                    q_.catalogue.department_of(target_, q_.on).name_on(q_.on) + "。");
  }

  std::string not_in_force() const {
    if (target_.withdrawn && q_.on >= *target_.withdrawn) {
      return "该目标自 " + to_string(*target_.withdrawn) + " 起撤销（" + target_.withdrawal_reason +
             "），不再评判。";
    }
    return "该目标自 " + to_string(target_.added.value_or(target_.start)) +
           " 起才列入目标库，此前不评判。";
  }

  // "区政府第12次常务会议，2026-07-15 决定"
  static std::string decision(const Target& version) {
    if (version.decided == version.changed_from) return version.change_reason;
    return version.change_reason + "，" + to_string(version.decided) + " 决定";
  }

  void add_goal() {
    std::string text = std::string(kind_text(target_.kind));
    if (version_.goal) {
      text += "：" + std::string(target_.direction == Direction::at_least ? "至少 " : "不超过 ") +
              format_value(target_, *version_.goal);
      if (version_.baseline && *version_.baseline != 0) {
        text += "，起点 " + format_value(target_, *version_.baseline);
      }
    }
    text += "；期间 " + to_string(target_.start) + " 至 " + to_string(version_.deadline) + "。";
    if (version_.changed_from != Date{}) {
      text += "自 " + to_string(version_.changed_from) + " 起按调整后的目标评判（" +
              decision(version_) + "）。";
    }
    if (a_.is_extended) {
      const int extensions = extensions_of(target_, q_.on);
      text += "已延期" + (extensions > 1 ? " " + std::to_string(extensions) + " 次" : "") +
              "：原期限 " + to_string(target_.deadline) + "，现期限 " + to_string(a_.deadline) +
              "；延期的目标不评为超进度。";
    }
    if (a_.first_status && *a_.first_status != a_.status) {
      text += "按最初的承诺、不算任何调整，会是“" +
              std::string(status_words(target_, *a_.first_status)) + "”。";
    }
    for (std::size_t n = a_.version + 1; n <= target_.changes_known(q_.on); ++n) {
      const Target& change = target_.version(n);
      text += "目标自 " + to_string(change.changed_from) + " 起调整（" + decision(change) +
              "），此前的数据仍按原目标评判。";
    }
    add("目标", text);
  }

  void add_people() {
    std::string text;
    const auto say = [&](std::string_view what, const std::string& who) {
      if (!who.empty()) text += std::string(text.empty() ? "" : "；") + std::string(what) + who;
    };
    std::string with;
    for (const std::uint32_t one : version_.with) {
      with += (with.empty() ? "" : "、") + q_.catalogue.departments()[one].name;
    }
    say("配合单位：", with);
    say("分管领导：", version_.leader);
    say("责任人：", version_.owner);
    say("口径：", version_.definition);
    if (!text.empty()) add("分工", text + "。");
  }

  // The sum, or what it is a part of.
  void add_parts() {
    if (target_.is_part()) {
      const auto parent = q_.catalogue.parent_of(q_.target);
      add("分项", "是“" + (parent ? q_.catalogue[*parent].name : target_.parent) +
                      "”的分项，只在其下计，不另计入总数、排名和得分。");
    }
    if (q_.parts.empty()) return;
    std::string text;
    for (const PartView& part : q_.parts) {
      if (!text.empty()) text += "；";
      text += part.target->name + "（" + part.department->name + "）";
      text += part.actual ? " " + format_value(*part.target, *part.actual) + "，截至 " +
                                to_string(*part.as_of)
                          : " 尚未报送";
    }
    text += "。";
    if (target_.sum_of_parts) {
      text = "本目标的数由各分项相加得出，各取当期最近的数，齐了才评判。" + text;
      const std::string partial = partial_words(q_.catalogue, target_, a_);
      if (!partial.empty()) {
        text += partial + "；未齐之前，亮灯" +
                (a_.as_of ? "仍按截至 " + to_string(*a_.as_of) + " 的合计" : "不作评判") + "。";
      }
    }
    add("分项", text);
  }

  void add_last_year() {
    const auto last = last_year_of(target_, a_);
    if (!last) return;
    std::string text =
        "上年同期（截至 " + to_string(last->as_of) + "）" + format_value(target_, last->value);
    if (last->change) text += "，同比 " + format_signed(*last->change) + "%";
    add("同比", text + "。");
  }

  void add_nodes() {
    const std::string text = node_words(target_, a_);
    if (!text.empty()) add("节点", text + "。");
  }

  void add_value() {
    if (!a_.as_of) {
      add("数据", "截至 " + to_string(q_.on) +
                      (target_.sum_of_parts ? " 各分项的数还没有齐过。" : " 尚未报送过数据。"));
      return;
    }
    std::vector<const StoredObservation*> said;
    for (const StoredObservation& one : q_.history) {
      if (one.as_of == *a_.as_of) said.push_back(&one);
    }
    std::string text = "截至 " + to_string(*a_.as_of);
    text += a_.actual ? " " + value_word() + " " + format_value(target_, *a_.actual) : " 已报送";
    if (a_.is_projected) text += "（预计数，不作为最终数，也不据此认定完成）";
    if (!said.empty()) {
      const StoredObservation& last = *said.back();
      text += "，" + q_.catalogue.department_of(target_, q_.on).name_on(q_.on) + "于 " +
              q_.time_text(last.received_at) + " 报送（" + last.name + "，报送编号 " +
              last.submission + "）";
      if (!last.note.empty()) text += "，备注：" + last.note;
      if (!last.explanation.empty()) text += "，核实说明：" + last.explanation;
    }
    text += "。";
    if (said.size() > 1) {
      text += "该日数据更正过 " + std::to_string(said.size() - 1) + " 次，此前为";
      for (std::size_t i = 0; i + 1 < said.size(); ++i) {
        const bool was_withdrawn = said[i]->value.is_withdrawn();
        text += (i == 0 ? " " : "、") +
                (was_withdrawn ? "撤回" : format_value(target_, said[i]->value.number())) +
                (said[i]->basis == Basis::projected ? "（预计）" : "") + "（" +
                q_.time_text(said[i]->received_at) + "）";
      }
      text += "。";
    }
    add("数据", text);
  }

  // What the department says of the newest day of which it says anything.
  void add_narrative() {
    const auto days = narratives_by_day(q_.narratives, q_.on);
    if (days.empty()) return;
    const NarrativeOfDay& newest = days.back();
    const StoredNarrative& last = newest.history.back();
    std::string text = "截至 " + to_string(newest.as_of) + "，";
    for (std::size_t i = 0; i < Narrative::kParts; ++i) {
      if (newest.stands.parts[i].empty()) continue;
      text += std::string(kNarrativeTitles[i]) + "：" + newest.stands.parts[i] + "；";
    }
    add("进展", text + "由部门于 " + q_.time_text(last.received_at) + " 填报（报送编号 " +
                    last.submission + "），不影响亮灯。");
  }

  std::string value_word() const {
    switch (target_.kind) {
      case Kind::milestone:
        return "形象进度";
      case Kind::level:
        return "实际";
      default:
        return "累计完成";
    }
  }

  void add_progress() {
    if (!a_.progress) return;
    const std::string goal = in_unit(target_, *version_.goal);
    const std::string from = in_unit(target_, *version_.baseline);
    add("完成率", "（" + in_unit(target_, *a_.actual) + " − " + from + "）÷（" + goal + " − " +
                      from + "）＝ " + format_share(*a_.progress) + "。");
  }

  std::string months_text(Date day) const {
    const double passed = month_position(day) - month_position_at_start(target_.start);
    const double all = month_position(version_.deadline) - month_position_at_start(target_.start);
    const double shown = std::clamp(std::round(passed * 100) / 100, 0.0, all);
    return "已过 " + text_of(shown) + " 个月 ÷ 共 " + text_of(std::round(all * 100) / 100) +
           " 个月 ＝ " + format_share(schedule_share(target_.start, version_.deadline, day));
  }

  void add_schedule() {
    const Date day = a_.as_of.value_or(q_.on);
    std::string text;
    if (version_.pace == Pace::deadline) {
      text = "期限 " + to_string(version_.deadline) + " 之前不要求进度，到期应全部完成；期限前 " +
             std::to_string(version_.warn_days) + " 天起未完成的亮黄灯。";
    } else if (version_.pace == Pace::nodes) {
      text = "按节点：";
      for (const TargetNode& node : version_.nodes) {
        text += to_string(node.due) + " “" + node.name + "”完成 " + format_share(node.share) + "、";
      }
      text.erase(text.size() - std::string_view("、").size());
      text += a_.expected_share ? "；应完成 " + format_share(*a_.expected_share) + "。"
                                : "；截至 " + to_string(day) + " 还没有到期的节点，不要求进度。";
    } else if (target_.kind == Kind::level && version_.pace != Pace::plan) {
      text = "水平类目标在任何日期都应达到目标值 " + format_value(target_, *version_.goal) + "。";
    } else if (version_.pace == Pace::monthly) {
      text = "按月均衡推进，截至 " + to_string(day) + " " + months_text(day) + "。";
    } else {
      text = "按计划：";
      for (const PlanPoint& point : version_.plan) {
        text += to_string(point.date) + " 达到 " + format_share(point.share) + "、";
      }
      text.erase(text.size() - std::string_view("、").size());
      text += "，其间按月插值；截至 " + to_string(day) + " 应达到 " +
              format_share(expected_share(version_, day)) + "。";
    }
    add("序时进度", text);
  }

  std::string deviation_text(double deviation) const {
    return format_deviation(deviation, a_.deviation_unit);
  }

  void add_deviation() {
    if (!a_.deviation) return;
    std::string text;
    if (target_.kind != Kind::level) {
      text = format_share(*a_.progress) + " − " + format_share(*a_.expected_share) + " ＝ " +
             deviation_text(*a_.deviation) + "。";
      if (deviation_turned()) text += "目标是上限，超出为不利，符号相反。";
    } else {
      text = "实际 " + format_value(target_, *a_.actual) + "，应达 " +
             format_required(target_, *a_.expected) + "，偏差 " + deviation_text(*a_.deviation) +
             "。";
      if (target_.direction == Direction::at_most) text += "目标是上限，超出为不利。";
    }
    add("偏差", text);
  }

  bool deviation_turned() const {
    return a_.progress && a_.expected_share &&
           (*a_.progress - *a_.expected_share) * *a_.deviation < 0;
  }

  void add_thresholds() {
    if (!a_.deviation) return;
    const Tolerance& t = version_.tolerance;
    const bool is_level = target_.kind == Kind::level;
    std::string text;
    if (is_level && *version_.goal == 0) {
      text = "目标值为 0，未达到的一律为欠进度（红灯）。";
    } else {
      if (is_level) {
        text = "按差距占目标值的比例定灯：" +
               format_signed(light_deviation(version_, *a_.actual, *a_.expected)) + "%。";
      }
      const auto size = [&](double ratio) {
        return is_level ? format_signed(ratio) + "%" : deviation_text(ratio);
      };
      const auto word = [&](Status status) { return std::string(status_words(version_, status)); };
      text += (is_level ? "低于 " : "偏差低于 ") + size(-t.behind) + " 为" + word(Status::behind) +
              "（红灯），低于 " + size(-t.at_risk) + " 为" + word(Status::at_risk) + "（黄灯），";
      if (version_.pace == Pace::nodes) {
        text += "到期的节点都按期完成的为" + word(Status::on_track) + "，下一节点已提前完成的为" +
                word(Status::ahead) + (a_.is_extended ? "（延期的除外）。" : "。");
      } else if (is_ceiling(version_) || a_.is_extended) {
        text += "其余为" + word(Status::on_track) + "。";
      } else {
        text += "达到 " + size(t.ahead) + " 为超进度，其余为达进度。";
      }
    }
    if (a_.announced != a_.status) {
      text += "对外通知仍为" + std::string(status_words(version_, a_.announced)) +
              "：转好须越过门限 " + format_size(t.margin) +
              (is_level ? "%" : std::string(unit_word(a_.deviation_unit))) +
              "才通知，以免在门限上下反复；灯按数据如实显示。";
    }
    add("门限", text);
  }

  // Why the status is what it is where not the figures alone say so, and until when.
  std::string reason() const {
    const std::string deadline = to_string(a_.deadline);
    const Date due = final_report(target_, q_.catalogue.working_days(), a_.deadline).due;
    switch (a_.status) {
      case Status::achieved:
        return is_ceiling(version_) ? "：期满数据表明控制在目标内" : "：已达到目标";
      case Status::achieved_late:
        return "：期限 " + deadline + " 之后才达到目标";
      case Status::overdue:
        return a_.has_final_value ? "：期限 " + deadline + " 已过而未达到目标"
                                  : "：期限 " + deadline + " 已过，期满数据最迟应于 " +
                                        to_string(due) + " 报送而至今未报";
      case Status::settling:
        return "：期限 " + deadline + " 已过，期满数据尚未报来，等到 " + to_string(due) +
               " 为止；此后仍未报来或未达到目标的，为逾期未完成";
      case Status::stale:
        return (target_.cadence == Cadence::none
                    ? "：最近一次数据截至 " + to_string(*a_.as_of) + "，此后再无数据"
                : target_.sum_of_parts
                    ? std::string("：各分项应报的数一直没有齐")
                    : "：连续 " + std::to_string(a_.reports_missing) + " 期应报而未报") +
               "，现状不明；报来数据即恢复评判" +
               (a_.last_status
                    ? "。停报前为" + std::string(status_words(version_, *a_.last_status)) + "，" +
                          std::string(words_of(light_of(*a_.last_status)).chinese)
                    : "");
      case Status::at_risk:
        if (a_.node_missed) return "";
        if (a_.node_next) {
          return "：离节点 " + to_string(target_.node(*a_.node_next).due) + " 已近而未完成";
        }
        return a_.expects_nothing_yet ? "：离期限 " + deadline + " 已近而未完成" : "";
      case Status::ahead:
        return version_.pace == Pace::nodes ? "：下一节点已完成" : "";
      default:
        return "";
    }
  }

  void add_result() {
    std::string text = std::string(status_words(target_, a_)) + "，" +
                       std::string(words_of(light_of(a_.status)).chinese) + reason();
    if (a_.status_since) text += "；自 " + to_string(*a_.status_since) + " 起";
    if (a_.periods_behind > 0) {
      text += "，连续第 " + std::to_string(a_.periods_behind) + " 个" +
              std::string(period_word(target_.cadence)) + "亮红灯";
    }
    add("结果", text + "。");
  }

  void add_reports() {
    if (target_.sum_of_parts) {
      add("报送", "由各分项的部门报送，本目标不另报。");
      return;
    }
    std::string text = target_.cadence == Cadence::none
                           ? "只在期满时报送一次，期限后 "
                           : "每" + std::string(period_word(target_.cadence)) + "报送一次，期末后 ";
    text += std::to_string(target_.grace_days) + " 天内报送";
    if (target_.due_on_working_day) text += "，逢休息日顺延到下一个工作日";
    text += "。";
    const WorkingDays& days = q_.catalogue.working_days();
    if (const auto period = newest_due_period(target_, days, q_.on)) {
      const Date due = report_due(target_, days, *period);
      text += "最近到期的一期截至 " + to_string(*period) + "，最迟应于 " + to_string(due) + " 报送";
      const Date unshifted = *period + std::chrono::days{target_.grace_days};
      if (due != unshifted) text += "（" + to_string(unshifted) + " 是休息日）";
      text += "。";
    }
    if (a_.report_overdue) {
      text += "迟报：自 " + to_string(*a_.report_overdue_since) + " 起，连续 " +
              std::to_string(a_.reports_missing) + " 期未报。";
    }
    if (a_.reports_due > 0) {
      text += "到期 " + std::to_string(a_.reports_due) + " 期，按时报送 " +
              std::to_string(a_.reports_on_time) + " 期";
      if (a_.reports_corrected > 0) {
        text += "，应报日之后更正过 " + std::to_string(a_.reports_corrected) + " 期";
      }
      text += "。";
    }
    add("报送", text);
  }

  static std::string why_no_forecast(const Target& version) {
    if (!is_foretold(version)) return "这类目标的预测未经检验，不作预测。";
    std::string text;
    if (version.kind == Kind::level && !is_share(version)) {
      text = "期限过去 " + format_share(kFirstOfGrowth) + " 且";
    }
    return text + "报送满 " + std::to_string(kLeastForecastReadings) + " 期后才作预测。";
  }

  // Of what is over there is nothing to foretell, whatever is still missing of its figures.
  void add_forecast() {
    if (q_.on > a_.deadline || a_.status == Status::achieved) return;
    std::string text;
    if (a_.forecast) {
      if (a_.forecast->progress) {
        text += "到期限预计完成 " + format_share(*a_.forecast->progress) + "（八成把握在 " +
                format_share(*a_.forecast->lower) + " 到 " + format_share(*a_.forecast->upper) +
                " 之间）；";
      }
      text += "达到目标的概率 " + format_probability(a_.forecast->goal_probability) + "。";
      if (a_.goal_out_of_reach) {
        text +=
            "低于 " + format_probability(version_.tolerance.out_of_reach) + "，按预测难以完成。";
      }
      if (target_.kind != Kind::level) {
        text +=
            "做法：已完成的，加上余下时间照往年和本部门其他目标的进度，按“至今的实际速度”和"
            "“计划速度”折中的速度继续完成的。";
      }
    } else if (a_.actual && *a_.as_of < version_.deadline) {
      text += why_no_forecast(version_);
    }
    if (a_.required_pace && *a_.required_pace > 0) {
      const double span = std::abs(*version_.goal - *version_.baseline);
      text += "要按期完成，此后每月需完成 " + format_required(target_, *a_.required_pace * span) +
              "（" + format_size(*a_.required_pace) + " 个百分点）。";
    }
    if (a_.reached_in) {
      text += "照至今的平均速度，将于 " + to_string(*a_.reached_in).substr(0, 7) + " 完成。";
    }
    if (!text.empty()) add("预测", text);
  }

  void add_score() {
    if (target_.kind == Kind::pledge) {
      add("得分", "承诺类目标没有数字，不计入部门得分；报送是否按时仍计。");
      return;
    }
    if (!a_.score) {
      add("得分", "尚不计入部门得分。");
      return;
    }
    add("得分", "本项得分 " + text_of(std::round(*a_.score * 1e4) / 1e4) + "，权重 " +
                    text_of(target_.weight) + "，计入部门得分。");
  }

  const ExplanationQuestion& q_;
  const Target& target_;
  const Target& version_;
  const Assessment& a_;
  Explanation result_;
};

}  // namespace

Explanation explain(const ExplanationQuestion& question) { return Explainer(question).explain(); }

std::string to_text(const Explanation& explanation, std::string_view title) {
  std::string out = printable(title) + "　" + to_string(explanation.on) + "\n\n";
  int number = 0;
  for (const ExplanationStep& step : explanation.steps) {
    out += std::to_string(++number) + ". " + step.title + "　" + printable(step.text) + "\n";
  }
  return out;
}

std::string to_json(const Explanation& explanation) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("target", explanation.target)
      .member("programme", explanation.programme)
      .member("on", to_string(explanation.on))
      .member("in_force", explanation.in_force);
  if (explanation.in_force) {
    json.member("status", to_string(explanation.status))
        .member("light", words_of(light_of(explanation.status)).word);
  } else {
    json.key("status").null().key("light").null();
  }
  json.key("steps").begin_array();
  for (const ExplanationStep& step : explanation.steps) {
    if (&step != &explanation.steps.front()) json.new_line("  ");
    json.begin_object().member("title", step.title).member("text", step.text).end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace districtd
