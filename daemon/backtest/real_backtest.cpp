#include "daemon/backtest/real_backtest.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "daemon/domain/forecast.h"

namespace districtd {

namespace {

constexpr int kYear = 2026;
constexpr std::size_t kMonths = 12;
constexpr std::size_t kFirstMonth = 3;
constexpr double kChanged = 0.1;
constexpr double kGrowthOfPlan = 1.08;

enum class Goal { tenth_below, reached, tenth_above, quarter_above, plan };
constexpr std::array kGoals = {Goal::tenth_below, Goal::reached, Goal::tenth_above,
                               Goal::quarter_above, Goal::plan};

Date end_of(int year, std::size_t month) {
  return Date{std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)} /
              std::chrono::last};
}

// As a catalogue would have it: the months of that year, where they rise to its end.
std::vector<PlanPoint> points_of(const MonthlySums& sums, int year) {
  std::vector<PlanPoint> points;
  double before = 0;
  for (std::size_t month = 1; month <= kMonths; ++month) {
    const auto& sum = sums[month - 1];
    if (!sum) continue;
    if (*sum < before) return {};
    before = *sum;
    points.push_back({end_of(year, month), *sum});
  }
  if (points.size() < 3 || !sums.back() || *sums.back() <= 0) return {};
  for (PlanPoint& point : points) point.share /= *sums.back();
  return points;
}

Target target_with(double goal) {
  Target target;
  target.id = "real.year";
  target.goal = goal;
  target.baseline = 0;
  target.start = date_of(kYear, 1, 1);
  target.deadline = date_of(kYear, 12, 31);
  return target;
}

std::vector<YearShape> shapes_before(const RealYear& year, std::size_t most) {
  Target target = target_with(1);
  for (std::size_t years = std::min(most, year.before.size()); years > 0; --years) {
    const auto points = points_of(year.before[years - 1], kYear - static_cast<int>(years));
    target.last_year.insert(target.last_year.end(), points.begin(), points.end());
  }
  return shapes_of_last_years(target);
}

std::optional<double> goal_of(const RealYear& year, Goal goal) {
  switch (goal) {
    case Goal::tenth_below:
      return 0.9;
    case Goal::reached:
      return 1.0;
    case Goal::tenth_above:
      return 1.1;
    case Goal::quarter_above:
      return 1.25;
    case Goal::plan:
      break;
  }
  if (year.before.empty() || !year.before[0].back()) return std::nullopt;
  const double plan = *year.before[0].back() * kGrowthOfPlan;
  return plan > 0.4 && plan < 2.5 ? std::optional{plan} : std::nullopt;
}

// The forecasts of one year at the end of each month, under one goal.
class Run {
 public:
  Run(const RealYear& year, Goal goal, double goal_value, const KnownShapes& known,
      const std::optional<MonthlySums>& last_year)
      : year_(year),
        goal_(goal),
        goal_value_(goal_value),
        target_(target_with(goal_value)),
        known_(known),
        last_year_(last_year) {}

  // Calls visit(month, progress, outcome).
  template <typename Visit>
  void each_month(Visit visit) {
    for (std::size_t month = 1; month < kMonths; ++month) {
      if (const auto& sum = year_.sums[month - 1]) {
        readings_.push_back({end_of(kYear, month), *sum, {}});
        values_.push_back({static_cast<int>(month), *sum / goal_value_});
      }
      if (month < kFirstMonth) continue;
      if (const auto outcome = at_month()) visit(month, values_.back().progress, *outcome);
    }
  }

 private:
  std::optional<ForecastOutcome> at_month() const {
    const auto foretold = forecast(target_, readings_, known_);
    if (!foretold) return std::nullopt;
    ForecastOutcome outcome;
    outcome.forecast = *foretold;
    outcome.result = 1 / goal_value_;
    outcome.reached = outcome.result >= 1 - 1e-12;
    outcome.is_close = goal_ == Goal::reached;
    for (std::size_t m = 0; m < kMethods.size(); ++m) {
      outcome.foretold[m] = kMethods[m] == Method::credibility
                                ? foretold->progress
                                : foretold_by(kMethods[m], values_, share_then());
    }
    return outcome;
  }

  std::optional<double> share_then() const {
    if (!last_year_) return std::nullopt;
    const auto& then = (*last_year_)[static_cast<std::size_t>(values_.back().month) - 1];
    return then ? std::optional{*then / *last_year_->back()} : std::nullopt;
  }

  const RealYear& year_;
  Goal goal_;
  double goal_value_;
  Target target_;
  KnownShapes known_;
  const std::optional<MonthlySums>& last_year_;
  std::vector<Reading> readings_;
  std::vector<MonthlyProgress> values_;
};

// How many of a source's goals are called out of reach.
struct Calls {
  double called = 0;
  double goals = 0;
  double part() const { return called / goals; }
};

// Sums over the forecasts, by source.
class Sums {
 public:
  explicit Sums(std::size_t sources)
      : by_source_(sources), by_month_(kMonths), calls_(kMonths), totals_(kMonths) {
    for (auto& of_month : by_month_) of_month.resize(sources);
    for (auto& of_month : calls_) of_month.resize(sources);
  }

  void add(std::size_t source, Goal goal, std::size_t month, double progress,
           const ForecastOutcome& outcome, bool has_changed) {
    by_source_[source].add(outcome);
    by_month_[month - 1][source].add(outcome);
    if (has_changed) changed_.add(outcome);
    if (progress < 1 && !outcome.is_close) {
      reliability_[month - 1].add(outcome.forecast.goal_probability, outcome.reached);
    }
    const bool is_called = outcome.forecast.goal_probability < Tolerance{}.out_of_reach;
    Calls& calls = calls_[month - 1][source][static_cast<std::size_t>(goal)];
    ++calls.goals;
    if (!is_called) return;
    ++calls.called;
    if (outcome.is_close) return;
    ++totals_[month - 1].goals;
    if (outcome.reached) ++totals_[month - 1].called;
  }

  RealResult result() && {
    RealResult result;
    for (auto& one : by_source_) one.average();
    result.all = mean_of(by_source_);
    result.by_source = std::move(by_source_);
    changed_.average();
    result.changed = changed_;
    for (std::size_t month = 0; month < kMonths; ++month) {
      for (auto& one : by_month_[month]) one.average();
      result.by_month[month] = mean_of(by_month_[month]);
      result.reliability[month] = reliability_[month].bins();
      OutOfReach& out = result.out_of_reach[month];
      out.quarter_too_high = called(month, Goal::quarter_above);
      out.tenth_too_high = called(month, Goal::tenth_above);
      out.within_reach = called(month, Goal::tenth_below);
      out.calls = static_cast<std::uint64_t>(totals_[month].goals);
      out.wrong = totals_[month].goals > 0 ? totals_[month].part() : 0;
    }
    return result;
  }

 private:
  using CallsByGoal = std::array<Calls, kGoals.size()>;

  double called(std::size_t month, Goal goal) const {
    double sum = 0;
    double sources = 0;
    for (const CallsByGoal& of_source : calls_[month]) {
      const Calls& calls = of_source[static_cast<std::size_t>(goal)];
      if (calls.goals == 0) continue;
      sum += calls.part();
      ++sources;
    }
    return sum / std::max(sources, 1.);
  }

  std::vector<BacktestResult> by_source_;
  std::vector<std::vector<BacktestResult>> by_month_;
  std::vector<std::vector<CallsByGoal>> calls_;
  std::vector<Calls> totals_;  // of all calls, those that were wrong
  std::array<Reliability, kMonths> reliability_;
  BacktestResult changed_;
};

double distance(const MonthlySums& one, const MonthlySums& other) {
  double most = 0;
  for (std::size_t i = 0; i < kMonths; ++i) {
    if (one[i] && other[i]) most = std::max(most, std::abs(*one[i] - *other[i] / *other.back()));
  }
  return most;
}

// By source and year: the newest shapes of the department's targets.
using Departments = std::map<std::pair<std::string, int>, std::vector<CommonShape>>;

Departments departments_of(const RealYears& years, Knowledge knowledge) {
  std::map<std::pair<std::string, int>, std::vector<YearShape>> shapes;
  for (const auto& [department, others] : years.others) {
    for (const MonthlySums& sums : others) {
      const auto shape = shapes_before({{}, {}, kYear, {}, {sums}}, 1);
      shapes[department].insert(shapes[department].end(), shape.begin(), shape.end());
    }
  }
  if (knowledge != Knowledge::nothing) {
    for (const RealYear& year : years.years) {
      const auto shape = shapes_before(year, 1);
      auto& of_department = shapes[{year.source, year.year}];
      of_department.insert(of_department.end(), shape.begin(), shape.end());
    }
  }
  Departments departments;
  for (auto& [department, all] : shapes) departments[department] = common_shapes(std::move(all));
  return departments;
}

RealResult measure(const RealYears& years, Knowledge knowledge) {
  const Departments departments = departments_of(years, knowledge);
  Sums sums(years.sources.size());
  for (const RealYear& year : years.years) {
    const auto source = static_cast<std::size_t>(
        std::find_if(years.sources.begin(), years.sources.end(),
                     [&](const RealSource& one) { return one.id == year.source; }) -
        years.sources.begin());
    const auto newest = shapes_before(year, 1);
    if (knowledge != Knowledge::nothing && newest.empty()) continue;
    const auto own = knowledge == Knowledge::nothing
                         ? std::vector<YearShape>{}
                         : shapes_before(year, knowledge == Knowledge::last_year ? 1 : 3);
    const auto last_year = newest.empty() ? std::nullopt : std::optional{year.before[0]};
    const auto asked = knowledge == Knowledge::nothing ? std::nullopt : last_year;
    const bool has_changed = last_year && distance(year.sums, *last_year) > kChanged;
    const auto department = departments.find({year.source, year.year});
    KnownShapes known{own, {}};
    if (department != departments.end()) known.others = department->second;
    for (const Goal goal : kGoals) {
      const auto value = goal_of(year, goal);
      if (!value) continue;
      Run(year, goal, *value, known, asked)
          .each_month([&](std::size_t month, double progress, const ForecastOutcome& outcome) {
            sums.add(source, goal, month, progress, outcome, has_changed);
          });
    }
  }
  return std::move(sums).result();
}

}  // namespace

std::string_view to_string(Knowledge knowledge) {
  constexpr std::array<std::string_view, kKnowledge.size()> kWords = {
      "without_last_year", "with_last_year", "with_three_years"};
  return kWords[static_cast<std::size_t>(knowledge)];
}

std::string_view to_chinese(Knowledge knowledge) {
  constexpr std::array<std::string_view, kKnowledge.size()> kWords = {
      "不知去年形态", "已知去年形态", "已知前三年形态"};
  return kWords[static_cast<std::size_t>(knowledge)];
}

bool RealBacktest::is_good() const {
  const auto holds = [](const BacktestResult& result) {
    return result.coverage >= 0.75 && result.coverage <= 0.87;
  };
  const BacktestResult& without = by_knowledge[0].all;
  const BacktestResult& with = by_knowledge[1].all;
  return holds(without) && holds(with) &&
         without.error_of(Method::credibility) <= 0.85 * without.error_of(Method::origin_line) &&
         with.error_of(Method::credibility) <= 0.75 * with.error_of(Method::last_year_share);
}

RealBacktest run_real_backtest(const RealYears& years) {
  RealBacktest result;
  for (std::size_t k = 0; k < kKnowledge.size(); ++k) {
    result.by_knowledge[k] = measure(years, kKnowledge[k]);
  }
  for (std::size_t k = 0; k < kLevelKinds.size(); ++k) {
    result.levels[k] = measure_levels(years, kLevelKinds[k]);
  }
  return result;
}

}  // namespace districtd
