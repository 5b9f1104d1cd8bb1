// Decoding of submissions: how fast bytes become observations. Budgets: docs/performance.md.

#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "daemon/intake/intake.h"

namespace districtd {
namespace {

constexpr std::size_t kTargets = 100'000;
constexpr std::size_t kRows = 1'000'000;

Catalogue large_catalogue() {
  std::vector<Target> targets(kTargets);
  for (std::size_t i = 0; i < kTargets; ++i) {
    Target& target = targets[i];
    target.id = "culture-tourism.target-" + std::to_string(i);
    target.name = "文旅重点项目投资完成额第" + std::to_string(i) + "号";
    target.unit = Unit::parse("亿元").value();
    target.goal = 3e9;
    target.baseline = 0.0;
    target.start = date_of(2026, 1, 1);
    target.deadline = date_of(2026, 12, 31);
  }
  return {{}, {{"culture-tourism", "区文旅局"}}, std::move(targets)};
}

const Catalogue& catalogue() {
  static const Catalogue large = large_catalogue();
  return large;
}

// Ten values of every target; month by month (every row another target), or target by target.
std::string csv_body(bool by_name, bool by_month, std::string_view unit) {
  std::string body = "指标,截至日期,数值,备注\r\n";
  std::mt19937 random(20260708);
  for (std::size_t i = 0; i < kRows; ++i) {
    const std::size_t month = 1 + (by_month ? i / kTargets : i % 10);
    const std::size_t index = by_month ? i % kTargets : i / 10;
    const Target& target = catalogue()[static_cast<Catalogue::Index>(index)];
    body += by_name ? target.name : target.id;
    body += month < 10 ? ",2026-0" : ",2026-";
    body += std::to_string(month) + "-28," + std::to_string(random() % 30) + "." +
            std::to_string(random() % 100) + std::string(unit) + ",\r\n";
  }
  return body;
}

void decode_body(benchmark::State& state, const Submission& submission, std::size_t rows) {
  for (auto _ : state) {
    const Decoded decoded = decode(submission, catalogue(), date_of(2026, 12, 31));
    if (decoded.observations.size() != rows) state.SkipWithError("rows were refused");
    benchmark::DoNotOptimize(decoded.observations.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(submission.body.size()));
}

Submission submission_of(std::string media_type, std::string body) {
  return {"culture-tourism", "http_push", std::move(media_type), "", std::move(body)};
}

void BM_DecodeCsvMillionRowsByIdEveryRowAnotherTarget(benchmark::State& state) {
  decode_body(state, submission_of("text/csv", csv_body(false, true, "")), kRows);
}
BENCHMARK(BM_DecodeCsvMillionRowsByIdEveryRowAnotherTarget)->Unit(benchmark::kMillisecond);

void BM_DecodeCsvMillionRowsByIdTargetByTarget(benchmark::State& state) {
  decode_body(state, submission_of("text/csv", csv_body(false, false, "")), kRows);
}
BENCHMARK(BM_DecodeCsvMillionRowsByIdTargetByTarget)->Unit(benchmark::kMillisecond);

void BM_DecodeCsvMillionRowsByNameWithUnit(benchmark::State& state) {
  decode_body(state, submission_of("text/csv", csv_body(true, true, "亿元")), kRows);
}
BENCHMARK(BM_DecodeCsvMillionRowsByNameWithUnit)->Unit(benchmark::kMillisecond);

void BM_DecodeCsvMillionRowsByNameInAnotherUnit(benchmark::State& state) {
  decode_body(state, submission_of("text/csv", csv_body(true, true, "万元")), kRows);
}
BENCHMARK(BM_DecodeCsvMillionRowsByNameInAnotherUnit)->Unit(benchmark::kMillisecond);

void BM_DecodeJsonOneRow(benchmark::State& state) {
  decode_body(state,
              submission_of("application/json",
                            R"({"observations":[{"target":"culture-tourism.target-77","as_of":)"
                            R"("2026-06-30","value":"12.6亿元","note":"示例数据"}]})"),
              1);
}
BENCHMARK(BM_DecodeJsonOneRow);

void BM_ValidateUtf8(benchmark::State& state) {
  const std::string body = csv_body(state.range(0) != 0, true, "亿元");
  for (auto _ : state) benchmark::DoNotOptimize(utf8::valid_prefix(body));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(BM_ValidateUtf8)->ArgName("chinese")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace districtd
