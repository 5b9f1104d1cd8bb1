#include "daemon/api/access_metrics.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace districtd {

namespace {

struct Word {
  AccessOutcome outcome;
  bool is_admitted;
  std::string_view text;
};

constexpr std::array<Word, kAccessOutcomes> kWords = {
    {{AccessOutcome::open, true, "open"},
     {AccessOutcome::local, true, "local"},
     {AccessOutcome::address, true, "address"},
     {AccessOutcome::department, true, "department"},
     {AccessOutcome::office, true, "office"},
     {AccessOutcome::operation, true, "operator"},
     {AccessOutcome::reader, true, "reader"},
     {AccessOutcome::scraper, true, "password"},
     {AccessOutcome::no_credential, false, "no_credential"},
     {AccessOutcome::unknown_credential, false, "unknown_credential"},
     {AccessOutcome::too_many_failures, false, "too_many_failures"},
     {AccessOutcome::role, false, "role"},
     {AccessOutcome::unknown_host, false, "unknown_host"},
     {AccessOutcome::foreign_page, false, "foreign_page"}}};

}  // namespace

AccessMetrics::AccessMetrics(prometheus::Registry& registry) {
  auto& admitted = prometheus::BuildCounter()
                       .Name("districtd_http_requests_admitted_total")
                       .Help("HTTP requests that access let in, by as whom.")
                       .Register(registry);
  auto& turned_away = prometheus::BuildCounter()
                          .Name("districtd_http_requests_turned_away_total")
                          .Help("HTTP requests that access turned away, by why.")
                          .Register(registry);
  for (const Word& word : kWords) {
    const std::string text(word.text);
    counters_[static_cast<std::size_t>(word.outcome)] =
        word.is_admitted ? &admitted.Add({{"as", text}}) : &turned_away.Add({{"reason", text}});
  }
}

}  // namespace districtd
