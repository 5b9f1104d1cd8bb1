// Targets that the tests of the domain start from, and the random periods of its property tests.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/board.h"

namespace districtd::testing {

inline Unit unit_of(std::string_view symbol) { return *Unit::parse(symbol); }

inline Date day(int y, unsigned m, unsigned d) { return date_of(y, m, d); }

// The last day of a month of 2026, the year of the example catalogue.
inline Date end_of(unsigned month) { return period_end(Cadence::month, day(2026, month, 1)); }

// An annual target of 2026 with the defaults of the design page.
inline Target annual(Kind kind, double goal, std::string_view unit) {
  Target target;
  target.id = "culture-tourism.investment";
  target.name = "文旅投资";
  target.kind = kind;
  target.unit = unit_of(unit);
  target.goal = target.unit.to_base(goal);
  if (kind != Kind::level) target.baseline = 0.0;
  target.start = day(2026, 1, 1);
  target.deadline = day(2026, 12, 31);
  return target;
}

inline Target cumulative(double goal, std::string_view unit) {
  return annual(Kind::cumulative, goal, unit);
}

inline Target level(double goal, std::string_view unit) { return annual(Kind::level, goal, unit); }

inline Target ceiling(Target target) {
  target.direction = Direction::at_most;
  return target;
}

inline Target with_pace(Target target, Pace pace, std::vector<PlanPoint> plan = {}) {
  target.pace = pace;
  target.plan = std::move(plan);
  return target;
}

inline Target milestone() { return with_pace(annual(Kind::milestone, 1, ""), Pace::deadline); }

inline Target pledge() {
  Target target = annual(Kind::pledge, 0, "");
  target.goal.reset();
  target.baseline.reset();
  return target;
}

// A reading of the target, in the unit of its catalogue.
inline Reading reading(const Target& target, Date as_of, double value) {
  return {as_of, target.unit.to_base(value)};
}

// The judgement of a value without a history, by a calendar without holidays.
inline Assessment assess(const Target& target, const std::optional<Reading>& newest, Date on) {
  return newest ? assess(target, WorkingDays{}, std::span(&*newest, 1), on)
                : assess(target, WorkingDays{}, {}, on);
}

// A board on which each target has one value or none.
inline Board board_of(std::shared_ptr<const Catalogue> catalogue,
                      const std::vector<std::optional<Reading>>& newest, Date today) {
  Readings readings;
  for (std::size_t i = 0; i < newest.size(); ++i) {
    if (newest[i]) readings.record(catalogue->targets()[i].id, *newest[i]);
  }
  return {std::move(catalogue), std::move(readings), today};
}

// The judgement on the very day of the value.
inline Assessment judged(const Target& target, Date as_of, double value) {
  return assess(target, reading(target, as_of, value), as_of);
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  int whole(int from, int to) { return std::uniform_int_distribution<int>{from, to}(engine_); }
  double real(double from, double to) {
    return std::uniform_real_distribution<double>{from, to}(engine_);
  }
  bool coin() { return whole(0, 1) == 1; }
  // Any day of 2019 to 2032: three leap years, starts in the middle of months.
  Date date() { return day(2019, 1, 1) + std::chrono::days{whole(0, 14 * 365)}; }
  template <typename T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(whole(0, static_cast<int>(choices.size()) - 1))];
  }
  std::mt19937& engine() { return engine_; }

 private:
  std::mt19937 engine_;
};

}  // namespace districtd::testing
