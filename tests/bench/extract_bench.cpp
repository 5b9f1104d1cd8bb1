// Extraction: how fast a report becomes drafts, beside checking that it is UTF-8 at all. Budgets:
// docs/performance.md.

#include <benchmark/benchmark.h>

#include <ctime>
#include <string>

#include "base/utf8.h"
#include "daemon/extract/drafts/extraction.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {
namespace {

// The register of a round-up: most sentences promise nothing that can be counted.
constexpr std::string_view kParagraphs =
    "区文旅局\n聚焦主业,打造文旅发展样板。紧扣功能定位,做优环湖文旅文章,塑造未来新城文旅新标杆,"
    "融入青年视角,"
    "打造现代感文旅消费场景。抢抓项目,夯实发展根基,完成文旅投资30亿元以上,优化全域旅游格局,"
    "推进八大标志性项目建设,"
    "创成AAAA级旅游景区。\n强化作风,彰显实干担当。以正确政绩观为引领,谋实事、务实功、求实效,"
    "全力破解项目推进、"
    "业态培育、资源整合等方面难题,在一线担当作为、创新实干,以一流状态创造一流业绩。\n"
    "区卫健局\n聚力基层网底,加快新院区建设,确保年内投用,"
    "着力形成“一院一品”特色发展格局。推动规范化率向95%迈进,"
    "打造“15分钟医疗服务圈”,让优质医疗资源真正惠及千家万户。严守安全底线,推进一体化建设,"
    "扩大普惠供给,用心用情守护"
    "“一老一小”,以实干回应群众期盼。\n";

const Rules& rules() {
  static const Rules loaded = *parse_rules(built_in_rules());
  return loaded;
}

std::string report_of(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += kParagraphs;
  return text;
}

// The baseline: nothing but reading the characters.
void BM_ValidateUtf8(benchmark::State& state) {
  const std::string text = report_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(utf8::valid_prefix(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void BM_ExtractReport(benchmark::State& state) {
  const std::string text = report_of(static_cast<std::size_t>(state.range(0)));
  // Processor time: what else runs on the machine does not count.
  const std::clock_t before = std::clock();
  for (int i = 0; i < 20; ++i) benchmark::DoNotOptimize(utf8::valid_prefix(text));
  const double baseline = static_cast<double>(std::clock() - before) / 20;
  std::uint64_t drafts = 0;
  const std::clock_t start = std::clock();
  for (auto _ : state) {
    Extraction extraction(rules(), 2026, [&](const Draft&) { ++drafts; });
    extraction.feed(text);
    benchmark::DoNotOptimize(extraction.finish());
  }
  const double each =
      static_cast<double>(std::clock() - start) / static_cast<double>(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.counters["times_validation"] = baseline > 0 ? each / baseline : 0;
  state.counters["drafts"] = static_cast<double>(drafts) / static_cast<double>(state.iterations());
}

void BM_LoadBuiltInRules(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_rules(built_in_rules()));
}

// 60 kB are 20,000 characters.
BENCHMARK(BM_ValidateUtf8)->Arg(60'000)->Arg(20'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ExtractReport)->Arg(60'000)->Arg(20'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_LoadBuiltInRules)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace districtd::extract
