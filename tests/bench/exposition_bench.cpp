// /metrics at size: the exposition's prepared pieces against prometheus-cpp's Registry and
// TextSerializer with series of the same kind. Run: exposition_bench (Release). Both report series,
// bytes of text and, where they hold something between scrapes, the heap that a series costs.
//
// The argument is the number of targets. The exposition has about 40 series of each, the rival 22:
// it leaves out the months, the quote, the unit and the baseline. Compare them by the series.
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>

#include <benchmark/benchmark.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "daemon/exporter/exposition.h"
#include "tests/unit/fixture/boards.h"

namespace districtd {
namespace {

constexpr std::size_t kDepartments = 11;

Board made_board(std::int64_t targets) {
  return board_with_data(many_targets(static_cast<std::size_t>(targets), kDepartments),
                         date_of(2026, 7, 8));
}

std::size_t heap_in_use() {
  const auto use = mallinfo2();
  return use.uordblks + use.hblkhd;
}

// Copies the text once, as a socket does.
std::size_t send(const std::vector<Exposition::Piece>& pieces, std::string& wire) {
  wire.clear();
  for (const auto& piece : pieces) wire.append(*piece);
  return wire.size();
}

void report(benchmark::State& state, std::size_t series, std::size_t bytes) {
  state.counters["series"] = static_cast<double>(series);
  state.counters["text_bytes"] = static_cast<double>(bytes);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}

// The first rendering after a start or a reload, catalogue's families included.
void BM_RenderEverything(benchmark::State& state) {
  const Board board = made_board(state.range(0));
  std::size_t series = 0;
  std::size_t held = 0;
  for (auto _ : state) {
    const std::size_t before = heap_in_use();
    Exposition exposition(board);
    benchmark::DoNotOptimize(exposition.render());
    series = exposition.series();
    held = heap_in_use() - before;
  }
  Exposition exposition(board);
  std::string wire;
  report(state, series, send(exposition.render(), wire));
  state.counters["heap_per_series"] = static_cast<double>(held) / static_cast<double>(series);
}
BENCHMARK(BM_RenderEverything)->Arg(5'263)->Arg(100'000)->Unit(benchmark::kMillisecond);

// One department's one figure has come in since the last scrape.
void BM_RenderAfterOneTouch(benchmark::State& state) {
  Board board = made_board(state.range(0));
  Exposition exposition(board);
  exposition.render();
  double value = 1e8;
  Catalogue::Index target = 0;
  for (auto _ : state) {
    board.record(target, {date_of(2026, 6, 30), value += 1e6});
    exposition.touch(target);
    benchmark::DoNotOptimize(exposition.render());
    target = (target + 7'919) % static_cast<Catalogue::Index>(state.range(0));
  }
}
BENCHMARK(BM_RenderAfterOneTouch)->Arg(5'263)->Arg(100'000)->Unit(benchmark::kMicrosecond);

// A whole scrape after one touch: render and copy every byte out.
void BM_Scrape(benchmark::State& state) {
  Board board = made_board(state.range(0));
  Exposition exposition(board);
  std::string wire;
  std::size_t bytes = send(exposition.render(), wire);
  double value = 1e8;
  for (auto _ : state) {
    board.record(0, {date_of(2026, 6, 30), value += 1e6});
    exposition.touch(0);
    bytes = send(exposition.render(), wire);
  }
  report(state, exposition.series(), bytes);
}
BENCHMARK(BM_Scrape)->Arg(5'263)->Arg(100'000)->Unit(benchmark::kMillisecond);

using prometheus::BuildGauge;
using GaugeFamily = prometheus::Family<prometheus::Gauge>;

// The same families as gauges of prometheus-cpp.
class RegistryOfTargets {
 public:
  explicit RegistryOfTargets(const Board& board) {
    const Catalogue& catalogue = board.catalogue();
    for (Catalogue::Index i = 0; i < catalogue.targets().size(); ++i) add(catalogue, i, board[i]);
    for (std::uint32_t d = 0; d < catalogue.departments().size(); ++d) {
      for (const Status status : kAllStatuses) {
        department_targets_
            .Add({{"department", catalogue.departments()[d].id},
                  {"programme", catalogue.programmes().front().id},
                  {"status", std::string(to_string(status))}})
            .Set(static_cast<double>(board.counts(d).of(status)));
      }
    }
  }

  std::string serialise() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
  }

 private:
  GaugeFamily& family(const char* name) {
    return BuildGauge().Name(name).Help("The same family in prometheus-cpp.").Register(registry_);
  }

  void add(const Catalogue& catalogue, Catalogue::Index index, const Assessment& now) {
    const Target& target = catalogue[index];
    const Department& department = catalogue.department_of(target, date_of(2026, 6, 30));
    const prometheus::Labels labels = {{"target", target.id},
                                       {"department", department.id},
                                       {"programme", catalogue.programme_of(target).id}};
    const auto set = [&](GaugeFamily& gauges, std::optional<double> value) {
      if (value) gauges.Add(labels).Set(*value);
    };
    const auto day = [](Date date) {
      return std::chrono::duration<double>(date.time_since_epoch()).count();
    };
    auto info = labels;
    info.insert({{"name", target.name},
                 {"department_name", department.name},
                 {"kind", std::string(to_string(target.kind))},
                 {"unit", target.unit.symbol()},
                 {"direction", std::string(to_string(target.direction))},
                 {"commitment", std::string(to_string(target.commitment))}});
    info_.Add(info).Set(1);
    set(goal_, target.goal);
    set(deadline_, day(target.deadline));
    set(actual_, now.actual);
    set(expected_, now.expected);
    set(progress_, now.progress);
    set(expected_share_, now.expected_share);
    set(deviation_, now.deviation);
    if (now.forecast) {
      set(forecast_, now.forecast->progress);
      set(forecast_lower_, now.forecast->lower);
      set(forecast_upper_, now.forecast->upper);
      set(goal_probability_, now.forecast->goal_probability);
    }
    set(required_pace_, now.required_pace);
    if (now.status_since) set(status_since_, day(*now.status_since));
    set(periods_behind_, now.periods_behind);
    if (now.report_overdue_since) set(report_overdue_since_, day(*now.report_overdue_since));
    set(reports_missing_, now.reports_missing);
    if (now.as_of) set(as_of_, day(*now.as_of));
    set(report_overdue_, now.report_overdue ? 1 : 0);
    for (const Status status : kAllStatuses) {
      auto with_status = labels;
      with_status.emplace("status", to_string(status));
      status_.Add(with_status).Set(status == now.status ? 1 : 0);
    }
  }

  prometheus::Registry registry_;
  GaugeFamily& info_ = family("district_target_info");
  GaugeFamily& goal_ = family("district_target_goal");
  GaugeFamily& deadline_ = family("district_target_deadline_timestamp_seconds");
  GaugeFamily& actual_ = family("district_target_actual");
  GaugeFamily& expected_ = family("district_target_expected");
  GaugeFamily& progress_ = family("district_target_progress_ratio");
  GaugeFamily& expected_share_ = family("district_target_expected_ratio");
  GaugeFamily& deviation_ = family("district_target_deviation_ratio");
  GaugeFamily& forecast_ = family("district_target_forecast_ratio");
  GaugeFamily& forecast_lower_ = family("district_target_forecast_lower_ratio");
  GaugeFamily& forecast_upper_ = family("district_target_forecast_upper_ratio");
  GaugeFamily& goal_probability_ = family("district_target_goal_probability_ratio");
  GaugeFamily& required_pace_ = family("district_target_required_pace_ratio");
  GaugeFamily& status_since_ = family("district_target_status_since_timestamp_seconds");
  GaugeFamily& periods_behind_ = family("district_target_periods_behind");
  GaugeFamily& report_overdue_since_ =
      family("district_target_report_overdue_since_timestamp_seconds");
  GaugeFamily& reports_missing_ = family("district_target_reports_missing");
  GaugeFamily& as_of_ = family("district_target_as_of_timestamp_seconds");
  GaugeFamily& status_ = family("district_target_status");
  GaugeFamily& report_overdue_ = family("district_target_report_overdue");
  GaugeFamily& department_targets_ = family("district_department_targets");
};

// The rival: what every scrape costs with Collect() and TextSerializer, whatever was touched.
void BM_PrometheusCppScrape(benchmark::State& state) {
  const Board board = made_board(state.range(0));
  const std::size_t before = heap_in_use();
  const RegistryOfTargets registry(board);
  const std::size_t held = heap_in_use() - before;
  std::string text;
  for (auto _ : state) text = registry.serialise();
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  const std::size_t series = lines - 13 * 2;
  report(state, series, text.size());
  state.counters["heap_per_series"] = static_cast<double>(held) / static_cast<double>(series);
}
BENCHMARK(BM_PrometheusCppScrape)->Arg(5'263)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace districtd
