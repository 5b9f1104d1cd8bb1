// How fast the store makes things durable and how soon it is ready. Every figure includes the
// fsync.
//
// DISTRICTD_BENCH_FOLDER says which file system is measured; default the system's temporary folder.
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "daemon/store/reader.h"
#include "daemon/store/store.h"
#include "daemon/store/submission_id.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

constexpr Date kFirstDay = std::chrono::sys_days(std::chrono::days(20'454));  // 2026-01-01

// On the file system that is measured.
class Folder {
 public:
  std::filesystem::path database() const { return folder_.path() / "districtd.db"; }

 private:
  static std::filesystem::path parent() {
    const char* given = std::getenv("DISTRICTD_BENCH_FOLDER");
    return given != nullptr ? std::filesystem::path(given) : std::filesystem::temp_directory_path();
  }

  const TemporaryFolder folder_{parent()};
};

std::shared_ptr<const Catalogue> catalogue_of(std::size_t targets) {
  std::vector<Target> all(targets);
  for (std::size_t i = 0; i < targets; ++i) {
    all[i].id = "department.target-" + std::to_string(i);
    all[i].name = "目标" + std::to_string(i);
  }
  return std::make_shared<const Catalogue>(
      std::vector<Report>{}, std::vector<Department>{{"department", "区某局"}}, std::move(all));
}

Append append_of(const std::shared_ptr<const Catalogue>& catalogue,
                 std::vector<Observation> observations) {
  Append append;
  append.catalogue = catalogue;
  append.submission = {"department", "http_push", "text/csv", "127.0.0.1",
                       "target,as_of,value\ndepartment.target-1,2026-06-30,12.6亿元\n"};
  append.decoded.outcome = Outcome::taken;
  append.decoded.receipt.department = "department";
  append.decoded.receipt.encoding = "UTF-8";
  append.decoded.receipt.rows = static_cast<std::int64_t>(observations.size());
  append.decoded.observations = std::move(observations);
  return append;
}

// `days` days of every target, day by day as a department's file has them.
std::vector<Observation> rows_of(std::size_t targets, int first_day, int days, double value) {
  std::vector<Observation> rows;
  rows.reserve(targets * static_cast<std::size_t>(days));
  for (int day = first_day; day < first_day + days; ++day) {
    for (std::size_t target = 0; target < targets; ++target) {
      rows.push_back({static_cast<Catalogue::Index>(target),
                      static_cast<std::int32_t>(rows.size()),
                      {kFirstDay + std::chrono::days(day), value + day},
                      ""});
    }
  }
  return rows;
}

void keep(Store& store, Append append) {
  std::promise<void> kept;
  store.append(std::move(append), [&](Appended appended) {
    if (!appended.unavailable.empty()) throw std::runtime_error(appended.unavailable);
    kept.set_value();
  });
  kept.get_future().wait();
}

// Lets at most `most` appends be under way.
class InFlight {
 public:
  explicit InFlight(int most) : left_(most), most_(most) {}
  void enter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return left_ > 0; });
    --left_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    ++left_;
    changed_.notify_all();
  }
  void wait_for_all() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return left_ == most_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int left_;
  const int most_;
};

// Submissions of one row, to targets in random order; `corrects`: each for the same day.
void push_one_row(benchmark::State& state, bool corrects) {
  const auto in_flight_most = static_cast<int>(state.range(0));
  const auto targets = static_cast<std::size_t>(state.range(1));
  const Folder folder;
  const auto catalogue = catalogue_of(targets);
  Store store(folder.database());
  InFlight in_flight(in_flight_most);
  std::mt19937 random(1);
  int number = 0;
  for (auto _ : state) {
    const auto target = static_cast<Catalogue::Index>(random() % targets);
    const auto as_of = kFirstDay + std::chrono::days(corrects ? 0 : number / 1'000);
    in_flight.enter();
    store.append(append_of(catalogue, {{target, 2, {as_of, double(++number)}, ""}}),
                 [&](Appended) { in_flight.leave(); });
  }
  in_flight.wait_for_all();
  state.SetItemsProcessed(state.iterations());
  const StoreStatistics statistics = store.statistics();
  state.counters["per_commit"] =
      double(statistics.submissions) / double(std::max<std::uint64_t>(1, statistics.commits));
}

void PushOneRow(benchmark::State& state) { push_one_row(state, false); }
void PushOneCorrection(benchmark::State& state) { push_one_row(state, true); }
BENCHMARK(PushOneRow)
    ->ArgNames({"in_flight", "targets"})
    ->ArgsProduct({{1, 64}, {100, 100'000}})
    ->UseRealTime();
BENCHMARK(PushOneCorrection)->ArgNames({"in_flight", "targets"})->Args({64, 100})->UseRealTime();

enum class Sent { first, again, corrected };

// One submission of 1,000,000 rows: 10 days of 100,000 targets, or 10,000 days of 100.
void append_million(benchmark::State& state, Sent sent) {
  const auto targets = static_cast<std::size_t>(state.range(0));
  const auto days = static_cast<int>(1'000'000 / targets);
  const auto catalogue = catalogue_of(targets);
  for (auto _ : state) {
    state.PauseTiming();
    auto folder = std::make_unique<Folder>();
    auto store = std::make_unique<Store>(folder->database());
    if (sent != Sent::first) keep(*store, append_of(catalogue, rows_of(targets, 0, days, 0)));
    Append append =
        append_of(catalogue, rows_of(targets, 0, days, sent == Sent::corrected ? 0.5 : 0));
    state.ResumeTiming();
    keep(*store, std::move(append));
    state.PauseTiming();
    store.reset();
    folder.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * 1'000'000);
}

void AppendMillionRows(benchmark::State& state) { append_million(state, Sent::first); }
void AppendMillionRowsAgain(benchmark::State& state) { append_million(state, Sent::again); }
void AppendMillionCorrections(benchmark::State& state) { append_million(state, Sent::corrected); }
BENCHMARK(AppendMillionRows)
    ->ArgName("targets")
    ->Arg(100)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(AppendMillionRowsAgain)
    ->ArgName("targets")
    ->Arg(100)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(AppendMillionCorrections)
    ->ArgName("targets")
    ->Arg(100)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// A file of 10,000,000 observations of 100,000 targets, made once a run.
const std::filesystem::path& ten_million() {
  static const Folder folder;
  static const std::filesystem::path path = [] {
    const auto catalogue = catalogue_of(100'000);
    Store store(folder.database());
    for (int day = 0; day < 100; day += 10) {
      keep(store, append_of(catalogue, rows_of(100'000, day, 10, 0)));
    }
    return folder.database();
  }();
  return path;
}

void OpenTenMillionAndReadThem(benchmark::State& state) {
  const auto& path = ten_million();
  for (auto _ : state) {
    const Store store(path);
    benchmark::DoNotOptimize(StoreReader(path).readings({std::nullopt, utc_date, {}}));
  }
}
BENCHMARK(OpenTenMillionAndReadThem)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace districtd
