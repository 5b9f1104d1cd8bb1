// A bulletin over many targets: composed, as a page, as a workbook. Budget: 100,000 targets as HTML
// and XLSX in less than 3 s.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/bulletins/annex.h"
#include "daemon/bulletins/fields.h"
#include "daemon/bulletins/page_template.h"

namespace districtd {
namespace {

constexpr std::uint32_t kDepartments = 60;

std::shared_ptr<const Catalogue> made_catalogue(std::int64_t targets) {
  std::vector<Department> departments;
  for (std::uint32_t d = 0; d < kDepartments; ++d) {
    departments.push_back({"d" + std::to_string(d), "第" + std::to_string(d) + "局"});
  }
  std::vector<Target> made;
  for (std::int64_t i = 0; i < targets; ++i) {
    Target target;
    target.department = static_cast<std::uint32_t>(i) % kDepartments;
    target.id = departments[target.department].id + ".t" + std::to_string(i);
    target.name = "第" + std::to_string(i) + "项重点目标";
    target.unit = *Unit::parse("亿元");
    target.goal = target.unit.to_base(30);
    target.baseline = 0;
    target.start = date_of(2026, 1, 1);
    target.deadline = date_of(2026, 12, 31);
    target.quote = "年内完成第" + std::to_string(i) + "项重点目标投资30亿元以上";
    made.push_back(std::move(target));
  }
  return std::make_shared<const Catalogue>(std::vector<Report>{}, std::move(departments),
                                           std::move(made));
}

// Half a year of figures; one target in eight is behind.
Picture made_picture(const std::shared_ptr<const Catalogue>& catalogue, Date on) {
  Readings readings;
  for (std::size_t i = 0; i < catalogue->targets().size(); ++i) {
    for (unsigned month = 1; month <= 6; ++month) {
      const Date end = period_end(Cadence::month, date_of(2026, month, 1));
      const double share = month / 12.0 * (i % 8 == 0 ? 0.8 : 1.05);
      readings.record(catalogue->targets()[i].key, {end, share * 30e8, end + std::chrono::days{5}});
    }
  }
  return Picture{Board{catalogue, std::move(readings), on}};
}

struct Made {
  explicit Made(std::int64_t targets)
      : catalogue(made_catalogue(targets)),
        now(made_picture(catalogue, date_of(2026, 7, 8))),
        page(*PageTemplate::load(PROJECT_ROOT "/config/bulletins/bulletin.html", Escaping::html,
                                 specimen_fields())) {}

  Bulletin bulletin() const {
    Occasion occasion;
    occasion.name = "monthly";
    occasion.on = date_of(2026, 7, 8);
    occasion.known_at = clock.time_at(occasion.on, std::chrono::hours{9});
    occasion.before = date_of(2026, 6, 8);
    return compose(occasion, "试验区", "试验区督查室", clock, {now, now, now}, {});
  }

  DistrictClock clock{"Asia/Shanghai"};
  std::shared_ptr<const Catalogue> catalogue;
  Picture now;
  PageTemplate page;
};

void BM_Compose(benchmark::State& state) {
  const Made made{state.range(0)};
  for (auto _ : state) benchmark::DoNotOptimize(made.bulletin());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Compose)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();

// As the press does it: the workbook beside the page.
void BM_PageAndWorkbook(benchmark::State& state) {
  const Made made{state.range(0)};
  const auto file = std::filesystem::temp_directory_path() / "districtd-bench.xlsx";
  std::size_t bytes = 0;
  for (auto _ : state) {
    const Bulletin bulletin = made.bulletin();
    auto workbook = std::async(std::launch::async, [&] { write_annex_workbook(bulletin, file); });
    bytes = made.page.render(fields_of(bulletin, made.now, "印制")).size();
    workbook.get();
  }
  state.counters["page_bytes"] = static_cast<double>(bytes);
  state.counters["workbook_bytes"] = static_cast<double>(std::filesystem::file_size(file));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  std::filesystem::remove(file);
}
BENCHMARK(BM_PageAndWorkbook)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace districtd
