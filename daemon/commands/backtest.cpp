#include "daemon/backtest/backtest.h"

#include <array>
#include <cstdio>
#include <ostream>
#include <string>

#include "base/json_writer.h"
#include "daemon/commands/options.h"
#include "daemon/status/terminal.h"
#include "daemon/status/words.h"

namespace districtd {

namespace {

void write(JsonWriter& json, const BacktestResult& result) {
  json.begin_object().member("forecasts", result.forecasts);
  json.key("mean_absolute_error").begin_object();
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    json.ratio_member(to_string(kMethods[m]), result.error[m]);
  }
  json.end_object()
      .ratio_member("coverage", result.coverage)
      .ratio_member("interval_width", result.width)
      .ratio_member("brier", result.brier)
      .end_object();
}

std::string json_of(const Backtest& result, const BacktestOptions& options) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("years", options.years)
      .member("seed", options.seed)
      .member("good", result.is_good());
  write(json.key("all"), result.all);
  json.key("by_shape").begin_object();
  for (std::size_t s = 0; s < kYearShapes.size(); ++s) {
    write(json.key(to_string(kYearShapes[s])), result.by_shape[s]);
  }
  json.end_object().key("by_month").begin_object();
  for (std::size_t m = 0; m < result.by_month.size(); ++m) {
    if (result.by_month[m].forecasts == 0) continue;
    write(json.key(std::to_string(m + 1)), result.by_month[m]);
  }
  json.end_object();
  write(json.key("without_last_year"), result.by_knowledge[0]);
  write(json.key("with_last_year"), result.by_knowledge[1]);
  json.end_object();
  return out + "\n";
}

constexpr std::size_t kLabel = 24;
constexpr std::size_t kColumn = 20;

std::string line_of(std::string_view label, const BacktestResult& result) {
  std::string line = pad_right(label, kLabel);
  for (const double error : result.error) line += pad_left(format_size(error), kColumn);
  line += pad_left(format_share(result.coverage), 10);
  std::array<char, 16> brier{};
  std::snprintf(brier.data(), brier.size(), "%.3f", result.brier);
  return line + pad_left(brier.data(), 10) + "\n";
}

void print(const Backtest& result, const BacktestOptions& options, std::ostream& out) {
  out << "预测回测：" << result.all.forecasts << " 次预测（每种年份形态 " << options.years
      << " 个模拟年，种子 " << options.seed << "）。误差为平均绝对误差，单位个百分点。\n\n";
  out << pad_right("", kLabel);
  for (const Method method : kMethods) out << pad_left(to_chinese(method), kColumn);
  out << pad_left("八成区间", 10) << pad_left("Brier", 10) << "\n";
  out << line_of("全部", result.all);
  out << line_of("不知去年形态", result.by_knowledge[0]);
  out << line_of("已知去年形态", result.by_knowledge[1]) << "\n";
  for (std::size_t s = 0; s < kYearShapes.size(); ++s) {
    out << line_of(to_chinese(kYearShapes[s]), result.by_shape[s]);
  }
  out << "\n";
  for (std::size_t m = 0; m < result.by_month.size(); ++m) {
    if (result.by_month[m].forecasts == 0) continue;
    out << line_of(std::to_string(m + 1) + " 月底", result.by_month[m]);
  }
  out << (result.is_good()
              ? "\n合格：误差小于各种直线推算，八成区间的实际命中率在 75% 到 85% 之间。\n"
              : "\n不合格：误差须小于各种直线推算，八成区间的实际命中率须在 75% 到 85% 之间。\n");
}

}  // namespace

int backtest(const BacktestOptions& options, std::ostream& out, std::ostream& err) {
  const auto tell = [&](double done) {
    if (options.shows_progress) err << "\r" << format_share(done) << std::flush;
  };
  const Backtest result = run_backtest(options.years, options.seed, tell);
  if (options.shows_progress) err << "\r      \r" << std::flush;
  if (options.format == "json") {
    out << json_of(result, options);
  } else {
    print(result, options, out);
  }
  return result.is_good() ? 0 : 1;
}

}  // namespace districtd
