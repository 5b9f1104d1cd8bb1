#include "daemon/domain/year_shape.h"

#include <algorithm>
#include <cmath>

#include "daemon/domain/calendar.h"

namespace districtd {

namespace {

constexpr double kMonthsOfAYear = 12;
constexpr double kSame = 0.001;
constexpr std::size_t kLeastReadingsOfAYear = 4;
constexpr double kMostDaysMissing = 35;

// The share of the whole at a part of the period, 0..1.
struct Point {
  double time;
  double share;
};

// Straight lines through the points, from nothing at the beginning to all of it at the end. No
// shape is believed wholly: a twentieth of it is an even year, so that a month in which nothing
// came in last year does not make whatever comes in it now a wonder.
constexpr double kEvenPart = 0.05;

YearShape shape_through(std::span<const Point> points) {
  YearShape shape;
  Point before{0, 0};
  std::size_t next = 0;
  for (std::size_t k = 1; k < kTwelfths; ++k) {
    const double time = static_cast<double>(k) / kTwelfths;
    while (next < points.size() && points[next].time < time) before = points[next++];
    const Point after = next < points.size() ? points[next] : Point{1, 1};
    const double part = after.time > before.time
                            ? std::clamp((time - before.time) / (after.time - before.time), 0., 1.)
                            : 1.;
    const double share = before.share + part * (after.share - before.share);
    shape.share[k] = (1 - kEvenPart) * share + kEvenPart * time;
  }
  shape.share[kTwelfths] = 1;
  return shape;
}

double length_of(const Target& target) {
  return month_position(target.deadline) - month_position_at_start(target.start);
}

double distance(const YearShape& one, const YearShape& other) {
  double most = 0;
  for (std::size_t k = 1; k < kTwelfths; ++k) {
    most = std::max(most, std::abs(one.share[k] - other.share[k]));
  }
  return most;
}

YearShape mean_of(std::span<const YearShape> shapes) {
  YearShape mean;
  for (const YearShape& shape : shapes) {
    for (std::size_t k = 0; k <= kTwelfths; ++k) {
      mean.share[k] += shape.share[k] / static_cast<double>(shapes.size());
    }
  }
  return mean;
}

// What the values of the year `years` before say; nullopt where they are too few, fall, or end too
// early.
std::optional<YearShape> shape_of_year_before(const Target& target,
                                              std::span<const Reading> readings, double years) {
  const double begin = month_position_at_start(target.start) - kMonthsOfAYear * years;
  const double length = length_of(target);
  std::vector<Point> points;
  for (const Reading& reading : readings) {
    const double time = (month_position(reading.as_of) - begin) / length;
    if (time <= 0) continue;
    if (time > 1 + 1e-9) break;
    if (reading.value < (points.empty() ? 0 : points.back().share)) return std::nullopt;
    points.push_back({time, reading.value});
  }
  const double earliest_end = 1 - kMostDaysMissing / 30 / length;
  if (points.size() < kLeastReadingsOfAYear || !(points.back().share > 0) ||
      points.back().time < earliest_end) {
    return std::nullopt;
  }
  const double total = points.back().share;
  for (Point& point : points) point.share /= total;
  points.back().time = 1;
  return shape_through(points);
}

}  // namespace

std::vector<YearShape> shapes_of_last_years(const Target& target) {
  std::vector<YearShape> shapes;
  const double begin = month_position_at_start(target.start);
  const double length = length_of(target);
  // By date, so that the newest year comes last; each ends with the whole of it.
  std::vector<Point> points;
  double years = kMostOwnYears;
  for (const PlanPoint& point : target.last_year) {
    const double position = month_position(point.date);
    while (years > 1 && position > begin - kMonthsOfAYear * (years - 1)) {
      if (!points.empty()) shapes.push_back(shape_through(points));
      points.clear();
      --years;
    }
    points.push_back({(position - begin + kMonthsOfAYear * years) / length, point.share});
  }
  if (!points.empty()) shapes.push_back(shape_through(points));
  std::reverse(shapes.begin(), shapes.end());
  return shapes;
}

std::vector<YearShape> shapes_of_earlier_readings(const Target& target,
                                                  std::span<const Reading> readings) {
  if (readings.empty() || readings.front().as_of >= target.start) return {};
  if (length_of(target) > kMonthsOfAYear + 1e-9) return {};
  std::vector<YearShape> shapes;
  for (std::size_t years = 1; years <= kMostOwnYears; ++years) {
    const auto shape = shape_of_year_before(target, readings, static_cast<double>(years));
    if (shape) shapes.push_back(*shape);
  }
  return shapes;
}

std::optional<YearShape> shape_of_plan(const Target& target) {
  if (target.pace != Pace::plan || target.plan.empty()) return std::nullopt;
  const double begin = month_position_at_start(target.start);
  const double length = length_of(target);
  std::vector<Point> points;
  points.reserve(target.plan.size());
  for (const PlanPoint& point : target.plan) {
    points.push_back({(month_position(point.date) - begin) / length, point.share});
  }
  return shape_through(points);
}

std::vector<CommonShape> common_shapes(std::vector<YearShape> shapes) {
  if (shapes.empty()) return {};
  std::sort(shapes.begin(), shapes.end(),
            [](const auto& one, const auto& other) { return one.share < other.share; });
  shapes.erase(std::unique(shapes.begin(), shapes.end(), is_same_shape), shapes.end());
  const YearShape mean = mean_of(shapes);
  const auto first =
      std::min_element(shapes.begin(), shapes.end(), [&](const auto& one, const auto& other) {
        return distance(one, mean) < distance(other, mean);
      });
  std::vector<CommonShape> common = {{*first, 0}};
  std::vector<std::size_t> nearest(shapes.size(), 0);
  std::vector<double> distances;
  distances.reserve(shapes.size());
  for (const YearShape& shape : shapes) distances.push_back(distance(shape, *first));
  while (common.size() < std::min(kMostCommonShapes, shapes.size())) {
    const auto farthest = std::max_element(distances.begin(), distances.end());
    const YearShape& taken = shapes[static_cast<std::size_t>(farthest - distances.begin())];
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const double to_taken = distance(shapes[i], taken);
      if (to_taken >= distances[i]) continue;
      distances[i] = to_taken;
      nearest[i] = common.size();
    }
    common.push_back({taken, 0});
  }
  for (const std::size_t one : nearest) ++common[one].weight;
  return common;
}

bool is_same_shape(const YearShape& one, const YearShape& other) {
  return distance(one, other) <= kSame;
}

}  // namespace districtd
