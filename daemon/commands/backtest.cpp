#include "daemon/backtest/backtest.h"

#include <array>
#include <cstdio>
#include <ostream>
#include <string>

#include "base/json_writer.h"
#include "daemon/backtest/real_backtest.h"
#include "daemon/commands/options.h"
#include "daemon/status/terminal.h"
#include "daemon/status/words.h"

namespace districtd {

namespace {

constexpr std::size_t kLabel = 24;
constexpr std::size_t kColumn = 20;

std::string decimals(double number) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.3f", number);
  return text.data();
}

void write_result(JsonWriter& json, const BacktestResult& result) {
  json.begin_object().member("forecasts", result.forecasts);
  json.key("mean_absolute_error").begin_object();
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    if (!result.is_comparable(kMethods[m])) continue;
    json.ratio_member(to_string(kMethods[m]), result.error[m]);
  }
  json.end_object()
      .ratio_member("coverage", result.coverage)
      .ratio_member("interval_width", result.width)
      .ratio_member("interval_score", result.interval_score)
      .ratio_member("brier", result.brier)
      .end_object();
}

void write_months(JsonWriter& json, const std::array<BacktestResult, 12>& by_month) {
  json.key("by_month").begin_object();
  for (std::size_t m = 0; m < by_month.size(); ++m) {
    if (by_month[m].forecasts == 0) continue;
    write_result(json.key(std::to_string(m + 1)), by_month[m]);
  }
  json.end_object();
}

void write_bins(JsonWriter& json, const std::array<ReliabilityBin, 7>& bins) {
  json.key("reliability").begin_array();
  for (const ReliabilityBin& bin : bins) {
    json.begin_object()
        .ratio_member("from", bin.from)
        .ratio_member("to", bin.to)
        .member("forecasts", bin.forecasts)
        .ratio_member("stated", bin.stated)
        .ratio_member("reached", bin.reached)
        .end_object();
  }
  json.end_array();
}

void write_out_of_reach(JsonWriter& json, const RealResult& result) {
  json.key("out_of_reach").begin_object();
  for (std::size_t m = 0; m < result.out_of_reach.size(); ++m) {
    if (result.by_month[m].forecasts == 0) continue;
    const OutOfReach& out = result.out_of_reach[m];
    json.key(std::to_string(m + 1))
        .begin_object()
        .ratio_member("quarter_too_high", out.quarter_too_high)
        .ratio_member("tenth_too_high", out.tenth_too_high)
        .ratio_member("within_reach", out.within_reach)
        .member("calls", out.calls)
        .ratio_member("wrong", out.wrong);
    write_bins(json, result.reliability[m]);
    json.end_object();
  }
  json.end_object();
}

void write_real(JsonWriter& json, const RealBacktest& real) {
  json.key("real").begin_object().member("good", real.is_good());
  for (std::size_t k = 0; k < kKnowledge.size(); ++k) {
    const RealResult& result = real.by_knowledge[k];
    json.key(to_string(kKnowledge[k])).begin_object();
    write_result(json.key("all"), result.all);
    write_result(json.key("changed_shape"), result.changed);
    write_months(json, result.by_month);
    json.key("by_source").begin_object();
    for (std::size_t s = 0; s < result.by_source.size(); ++s) {
      if (result.by_source[s].forecasts == 0) continue;
      write_result(json.key(real_years().sources[s].id), result.by_source[s]);
    }
    json.end_object();
    write_out_of_reach(json, result);
    json.end_object();
  }
  for (std::size_t k = 0; k < kLevelKinds.size(); ++k) {
    const LevelResult& level = real.levels[k];
    json.key("level_" + std::string{to_string(kLevelKinds[k])}).begin_object();
    json.member("rates", level.rates);
    json.key("by_month").begin_object();
    for (std::size_t m = 0; m < level.forecasts.size(); ++m) {
      if (level.forecasts[m] == 0) continue;
      json.key(std::to_string(m + 1))
          .begin_object()
          .member("forecasts", level.forecasts[m])
          .ratio_member("coverage", level.coverage[m])
          .ratio_member("brier", level.brier[m]);
      write_bins(json, level.reliability[m]);
      json.end_object();
    }
    json.end_object().end_object();
  }
  json.end_object();
}

std::string json_of(const Backtest& result, const RealBacktest& real,
                    const BacktestOptions& options) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("years", options.years)
      .member("seed", options.seed)
      .member("good", result.is_good() && real.is_good());
  write_result(json.key("all"), result.all);
  json.key("by_shape").begin_object();
  for (std::size_t s = 0; s < kSimulatedShapes.size(); ++s) {
    write_result(json.key(to_string(kSimulatedShapes[s])), result.by_shape[s]);
  }
  json.end_object();
  write_months(json, result.by_month);
  write_result(json.key("without_last_year"), result.by_knowledge[0]);
  write_result(json.key("with_last_year"), result.by_knowledge[1]);
  write_real(json, real);
  json.end_object();
  return out + "\n";
}

std::string heading() {
  std::string line = pad_right("", kLabel);
  for (const Method method : kMethods) line += pad_left(to_chinese(method), kColumn);
  return line + pad_left("八成区间", 10) + pad_left("区间分", 10) + pad_left("Brier", 10) + "\n";
}

std::string line_of(std::string_view label, const BacktestResult& result) {
  std::string line = pad_right(label, kLabel);
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    line +=
        pad_left(result.is_comparable(kMethods[m]) ? format_size(result.error[m]) : "", kColumn);
  }
  return line + pad_left(format_share(result.coverage), 10) +
         pad_left(format_size(result.interval_score), 10) + pad_left(decimals(result.brier), 10) +
         "\n";
}

std::string month_label(std::size_t month) { return std::to_string(month + 1) + " 月底"; }

void print_months(const std::array<BacktestResult, 12>& by_month, std::ostream& out) {
  for (std::size_t m = 0; m < by_month.size(); ++m) {
    if (by_month[m].forecasts > 0) out << line_of(month_label(m), by_month[m]);
  }
}

// "5%→3% (120)": of goals whose probability was said to be 5 %, 3 % were reached.
std::string line_of(std::string_view label, const std::array<ReliabilityBin, 7>& bins) {
  std::string line = pad_right(label, kLabel);
  for (const ReliabilityBin& bin : bins) {
    std::string text;
    if (bin.forecasts > 0) {
      text = format_share(bin.stated) + "→" + format_share(bin.reached) + " (" +
             std::to_string(bin.forecasts) + ")";
    }
    line += pad_left(text, kColumn);
  }
  return line + "\n";
}

void print_out_of_reach(const RealResult& result, std::ostream& out) {
  out << pad_right("按预测难以完成", kLabel) << pad_left("高四分之一的目标", kColumn)
      << pad_left("高一成的目标", kColumn) << pad_left("低一成的目标（误报）", kColumn)
      << pad_left("报了而完成的", kColumn) << "\n";
  for (std::size_t m = 0; m < result.out_of_reach.size(); ++m) {
    if (result.by_month[m].forecasts == 0) continue;
    const OutOfReach& one = result.out_of_reach[m];
    out << pad_right(month_label(m), kLabel)
        << pad_left(format_share(one.quarter_too_high), kColumn)
        << pad_left(format_share(one.tenth_too_high), kColumn)
        << pad_left(format_share(one.within_reach), kColumn)
        << pad_left(format_share(one.wrong), kColumn) << "\n";
  }
  out << "\n所说的概率→实际完成的比例（次数）\n";
  for (std::size_t m = 0; m < result.reliability.size(); ++m) {
    if (result.by_month[m].forecasts > 0) out << line_of(month_label(m), result.reliability[m]);
  }
}

void print_real(const RealBacktest& real, std::ostream& out) {
  const RealYears& years = real_years();
  out << "真实年份：" << years.sources.size() << " 个来源 " << years.years.size()
      << " 个公布过的年份，各来源权重相同。误差为平均绝对误差，单位个百分点。\n\n"
      << heading();
  for (std::size_t k = 0; k < kKnowledge.size(); ++k) {
    out << line_of(to_chinese(kKnowledge[k]), real.by_knowledge[k].all);
  }
  for (std::size_t k = 0; k < 2; ++k) {
    const RealResult& result = real.by_knowledge[k];
    out << "\n" << to_chinese(kKnowledge[k]) << "\n";
    print_months(result.by_month, out);
    out << "\n";
    for (std::size_t s = 0; s < result.by_source.size(); ++s) {
      if (result.by_source[s].forecasts == 0) continue;
      out << line_of(years.sources[s].id, result.by_source[s]);
    }
    out << line_of("形态变了的年份", result.changed) << "\n";
    print_out_of_reach(result, out);
  }
  for (std::size_t k = 0; k < kLevelKinds.size(); ++k) {
    const LevelResult& level = real.levels[k];
    out << "\n比率（" << to_chinese(kLevelKinds[k]) << "，" << level.rates
        << " 个）：所说的概率→实际达到的比例（次数）\n";
    for (std::size_t m = 0; m < level.forecasts.size(); ++m) {
      if (level.forecasts[m] > 0) out << line_of(month_label(m), level.reliability[m]);
    }
  }
}

void print(const Backtest& result, const RealBacktest& real, const BacktestOptions& options,
           std::ostream& out) {
  print_real(real, out);
  out << "\n模拟年份：" << result.all.forecasts << " 次预测（每种年份形态 " << options.years
      << " 个模拟年，种子 " << options.seed << "）。\n\n"
      << heading();
  out << line_of("全部", result.all);
  out << line_of("不知去年形态", result.by_knowledge[0]);
  out << line_of("已知去年形态", result.by_knowledge[1]) << "\n";
  for (std::size_t s = 0; s < kSimulatedShapes.size(); ++s) {
    out << line_of(to_chinese(kSimulatedShapes[s]), result.by_shape[s]);
  }
  out << "\n";
  print_months(result.by_month, out);
  out << (real.is_good() ? "\n真实年份合格" : "\n真实年份不合格")
      << "：误差须不超过平均速度的 85%、去年同期占比的 75%，八成区间的实际命中率须在 75% 到 87% "
         "之间。\n"
      << (result.is_good() ? "模拟年份合格" : "模拟年份不合格")
      << "：误差须小于各种直线推算，八成区间的实际命中率须在 75% 到 85% 之间。\n";
}

}  // namespace

int backtest(const BacktestOptions& options, std::ostream& out, std::ostream& err) {
  const auto tell = [&](double done) {
    if (options.shows_progress) err << "\r" << format_share(done) << std::flush;
  };
  const RealBacktest real = run_real_backtest(real_years());
  const Backtest result = run_backtest(options.years, options.seed, tell);
  if (options.shows_progress) err << "\r      \r" << std::flush;
  if (options.format == "json") {
    out << json_of(result, real, options);
  } else {
    print(result, real, options, out);
  }
  return result.is_good() && real.is_good() ? 0 : 1;
}

}  // namespace districtd
