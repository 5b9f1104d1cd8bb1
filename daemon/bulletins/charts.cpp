#include "daemon/bulletins/charts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace districtd {
namespace {

// A chart's piece; no longer than this by far.
__attribute__((format(printf, 1, 2))) std::string piece(const char* format, ...) {
  std::array<char, 512> text{};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text.data(), text.size(), format, arguments);
  va_end(arguments);
  return text.data();
}

constexpr double kSparkWidth = 100;
constexpr double kSparkHeight = 22;

}  // namespace

std::string bullet_bar(double progress, std::optional<double> expected) {
  const double bar = std::clamp(progress, 0.0, 1.0) * 118;
  std::string svg =
      "<svg class=\"bullet\" viewBox=\"0 0 120 14\" width=\"120\" height=\"14\">"
      "<rect x=\"1\" y=\"2\" width=\"118\" height=\"10\" fill=\"#fff\" stroke=\"#000\" "
      "stroke-width=\"0.8\"/>";
  svg += piece("<rect x=\"1\" y=\"4.5\" width=\"%.1f\" height=\"5\" fill=\"#555\"/>", bar);
  if (expected) {
    const double x = 1 + std::clamp(*expected, 0.0, 1.0) * 118;
    svg += piece("<path d=\"M%.1f 0V14\" stroke=\"#000\" stroke-width=\"2\"/>", x);
  }
  return svg + "</svg>";
}

std::string sparkline(std::span<const Reading> readings) {
  if (readings.size() < 2) return {};
  const auto [least, most] =
      std::minmax_element(readings.begin(), readings.end(),
                          [](const Reading& a, const Reading& b) { return a.value < b.value; });
  const double low = least->value;
  const double span = most->value > low ? most->value - low : 1;
  const auto first = readings.front().as_of;
  const auto days = static_cast<double>((readings.back().as_of - first).count());
  std::string points;
  double x = 0;
  double y = 0;
  for (const Reading& reading : readings) {
    x = 2 + static_cast<double>((reading.as_of - first).count()) / days * (kSparkWidth - 6);
    y = kSparkHeight - 3 - (reading.value - low) / span * (kSparkHeight - 6);
    points += piece("%.1f,%.1f ", x, y);
  }
  points.pop_back();
  return "<svg class=\"spark\" viewBox=\"0 0 100 22\" width=\"100\" height=\"22\"><polyline "
         "points=\"" +
         points + "\" fill=\"none\" stroke=\"#000\" stroke-width=\"1.2\"/>" +
         piece("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.2\" fill=\"#000\"/></svg>", x, y);
}

std::string year_curve(const std::vector<CurvePoint>& curve) {
  if (curve.size() < 2) return {};
  constexpr double kLeft = 44;
  constexpr double kTop = 12;
  constexpr double kWidth = 400;
  constexpr double kHeight = 150;
  double most = 1;
  for (const CurvePoint& point : curve) most = std::max({most, point.progress, point.expected});
  const auto x_of = [](Date date) {
    const auto month = static_cast<unsigned>(std::chrono::year_month_day{date}.month());
    return kLeft + (month - 0.5) / 12 * kWidth;
  };
  const auto y_of = [&](double share) {
    return kTop + (1 - std::max(share, 0.0) / most) * kHeight;
  };
  std::string svg =
      "<svg class=\"curve\" viewBox=\"0 0 520 190\" width=\"520\" height=\"190\" "
      "font-size=\"11\" font-family=\"Noto Serif CJK SC, SimSun, serif\">";
  for (int tenth = 0; tenth <= 10; tenth += 5) {
    const double y = y_of(tenth / 10.0);
    svg += piece(
        "<path d=\"M%.1f %.1fH%.1f\" stroke=\"#999\" stroke-width=\"0.5\"/>"
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%d%%</text>",
        kLeft, y, kLeft + kWidth, kLeft - 5, y + 4, tenth * 10);
  }
  for (int month = 1; month <= 12; ++month) {
    svg += piece("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d月</text>",
                 kLeft + (month - 0.5) / 12 * kWidth, kTop + kHeight + 16, month);
  }
  std::string solid;
  std::string dashed;
  for (const CurvePoint& point : curve) {
    const char* const step = solid.empty() ? "M" : "L";
    solid += piece("%s%.1f %.1f", step, x_of(point.date), y_of(point.progress));
    dashed += piece("%s%.1f %.1f", step, x_of(point.date), y_of(point.expected));
  }
  svg += "<path d=\"" + dashed +
         "\" fill=\"none\" stroke=\"#000\" stroke-width=\"1.2\" stroke-dasharray=\"5 4\"/>";
  svg += "<path d=\"" + solid + "\" fill=\"none\" stroke=\"#000\" stroke-width=\"2\"/>";
  for (const CurvePoint& point : curve) {
    svg += piece("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.8\" fill=\"#000\"/>", x_of(point.date),
                 y_of(point.progress));
  }
  // Each line is named at its end; the names keep clear of one another.
  const CurvePoint& end = curve.back();
  double name_of_progress = y_of(end.progress) + 4;
  double name_of_schedule = y_of(end.expected) + 4;
  if (std::abs(name_of_progress - name_of_schedule) < 13) {
    const double middle = (name_of_progress + name_of_schedule) / 2;
    const double step = end.progress >= end.expected ? -6.5 : 6.5;
    name_of_progress = middle + step;
    name_of_schedule = middle - step;
  }
  svg += piece("<text x=\"%.1f\" y=\"%.1f\">完成率 %.1f%%</text>", x_of(end.date) + 8,
               name_of_progress, end.progress * 100);
  svg += piece("<text x=\"%.1f\" y=\"%.1f\">序时进度 %.1f%%</text>", x_of(end.date) + 8,
               name_of_schedule, end.expected * 100);
  return svg + "</svg>";
}

}  // namespace districtd
