// Judging: a whole catalogue of 100,000 targets, and one observation among them. The row "CSV of
// 1,000,000 rows: validated, durable, judged" of the budgets includes a million of the latter.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/domain/board.h"

namespace districtd {
namespace {

constexpr std::uint32_t kTargets = 100'000;
constexpr std::uint32_t kDepartments = 100;

const Date kJune = date_of(2026, 6, 30);
const Date kToday = date_of(2026, 12, 31);

Target target_number(std::uint32_t i) {
  Target target;
  target.department = i % kDepartments;
  target.id = "department-" + std::to_string(target.department) + ".target-" + std::to_string(i);
  target.name = "目标" + std::to_string(i);
  target.unit = *Unit::parse(i % 4 == 1 ? "%" : "亿元");
  target.goal = target.unit.to_base(30);
  target.baseline = 0.0;
  target.start = date_of(2026, 1, 1);
  target.deadline = date_of(2027, 12, 31);  // two years: with twelve months the forecast has work
  switch (i % 4) {
    case 1:
      target.kind = Kind::level;
      break;
    case 2:
      target.pace = Pace::plan;
      target.plan = {{kJune, 0.4}, {target.deadline, 1.0}};
      break;
    case 3:
      target.kind = Kind::milestone;
      target.pace = Pace::deadline;
      target.unit = Unit{};
      target.goal = 1.0;
      break;
    default:
      break;
  }
  return target;
}

// Between nothing and one and a half times the goal, so that every light occurs.
double value_number(const Target& target, std::uint32_t i) {
  return *target.goal * static_cast<double>(i % 151) / 100;
}

std::shared_ptr<const Catalogue> make_catalogue() {
  std::vector<Department> departments;
  for (std::uint32_t i = 0; i < kDepartments; ++i) {
    departments.push_back({"department-" + std::to_string(i), "部门" + std::to_string(i)});
  }
  std::vector<Target> targets;
  targets.reserve(kTargets);
  for (std::uint32_t i = 0; i < kTargets; ++i) targets.push_back(target_number(i));
  return std::make_shared<const Catalogue>(std::vector<Report>{}, std::move(departments),
                                           std::move(targets));
}

const std::shared_ptr<const Catalogue>& catalogue() {
  static const auto all = make_catalogue();
  return all;
}

// Twelve values a target, month by month.
constexpr int kReadings = 12;

Readings readings() {
  Readings all;
  for (std::uint32_t i = 0; i < kTargets; ++i) {
    const Target& target = (*catalogue())[i];
    std::vector<Reading> of_target;
    Date end = target.start - std::chrono::days{1};
    for (int month = 1; month <= kReadings; ++month) {
      end = period_end(Cadence::month, end + std::chrono::days{1});
      of_target.push_back({end, value_number(target, i) * month / kReadings, end});
    }
    all.assign(target.key, std::move(of_target));
  }
  return all;
}

// The start of the daemon, and a reload: every target from twelve values.
void BM_JudgeACatalogue(benchmark::State& state) {
  Readings known = readings();
  for (auto _ : state) {
    Board board(catalogue(), std::move(known), kToday);
    benchmark::DoNotOptimize(board.counts(0).of(Status::behind));
    state.PauseTiming();
    known = std::move(board).take_readings();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * kTargets);
}
BENCHMARK(BM_JudgeACatalogue)->Unit(benchmark::kMillisecond);

// Midnight: every target once more, few of them changed.
void BM_ANewDay(benchmark::State& state) {
  Board board(catalogue(), readings(), kToday);
  int day = 0;
  for (auto _ : state) {
    day = 1 - day;
    benchmark::DoNotOptimize(board.advance_to(kToday + std::chrono::days{day}));
  }
  state.SetItemsProcessed(state.iterations() * kTargets);
}
BENCHMARK(BM_ANewDay)->Unit(benchmark::kMillisecond);

// A new observation judges its own target again and none of the 99,999 others.
void BM_OneNewObservation(benchmark::State& state) {
  Board board(catalogue(), readings(), kToday);
  std::uint32_t i = 0;
  std::uint32_t step = 0;
  for (auto _ : state) {
    // A stride coprime with the count: every target is met, neighbours are not.
    i = (i + 7919) % kTargets;
    const Reading reading{kJune, value_number((*catalogue())[i], i + ++step)};
    benchmark::DoNotOptimize(board.record(i, reading));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OneNewObservation)->Unit(benchmark::kNanosecond);

// The fold alone, by the target's kind and pace: 0 monthly, 1 level, 2 plan, 3 milestone.
void BM_Assess(benchmark::State& state) {
  const Target target = target_number(static_cast<std::uint32_t>(state.range(0)));
  std::vector<Reading> readings;
  Date end = target.start - std::chrono::days{1};
  for (int month = 1; month <= kReadings; ++month) {
    end = period_end(Cadence::month, end + std::chrono::days{1});
    readings.push_back({end, *target.goal * 0.07 * month, end});
  }
  const WorkingDays working_days;
  for (auto _ : state) {
    benchmark::DoNotOptimize(assess(target, working_days, readings, kToday));
  }
}
BENCHMARK(BM_Assess)->DenseRange(0, 3);

// What a forecast costs, of the share of BM_Assess that is judging: what is known of the year's
// shape is 0 nothing, 1 last year's, 2 three years', 3 three years' and twelve of the department's.
void BM_Forecast(benchmark::State& state) {
  Target target = target_number(0);
  target.deadline = date_of(2026, 12, 31);
  std::vector<YearShape> own;
  std::vector<YearShape> others;
  for (int number = 0; number < 15; ++number) {
    YearShape shape;
    for (std::size_t k = 0; k <= kTwelfths; ++k) {
      shape.share[k] = std::pow(static_cast<double>(k) / kTwelfths, 1 + 0.1 * number);
    }
    (number < 3 ? own : others).push_back(shape);
  }
  const auto common = common_shapes(others);
  const std::size_t years = state.range(0) == 0 ? 0 : state.range(0) == 1 ? 1 : 3;
  KnownShapes known{std::span(own).first(years), {}};
  if (state.range(0) == 3) known.others = common;
  std::vector<Reading> readings;
  for (unsigned month = 1; month <= 11; ++month) {
    const Date end{std::chrono::year{2026} / std::chrono::month{month} / std::chrono::last};
    readings.push_back({end, *target.goal * 0.08 * month, end});
  }
  for (auto _ : state) benchmark::DoNotOptimize(forecast(target, readings, known));
}
BENCHMARK(BM_Forecast)->DenseRange(0, 3);

// Judging alone: a milestone has no forecast.
void BM_AssessWithoutForecast(benchmark::State& state) {
  Target target = target_number(0);
  target.kind = Kind::milestone;
  std::vector<Reading> readings;
  Date end = target.start - std::chrono::days{1};
  for (int month = 1; month <= kReadings; ++month) {
    end = period_end(Cadence::month, end + std::chrono::days{1});
    readings.push_back({end, *target.goal * 0.07 * month, end});
  }
  const WorkingDays working_days;
  for (auto _ : state) {
    benchmark::DoNotOptimize(assess(target, working_days, readings, kToday));
  }
}
BENCHMARK(BM_AssessWithoutForecast);

}  // namespace
}  // namespace districtd
