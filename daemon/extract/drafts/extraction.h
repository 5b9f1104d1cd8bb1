// The whole way from a report's bytes to drafts, in one pass and flat memory: lines come in, drafts
// go out as soon as it is known whose they are. Not thread-safe; one object a report.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/extract/drafts/draft.h"
#include "daemon/extract/drafts/report_year.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

// What became known of the report as a whole.
struct ReportSummary {
  std::string title;  // the first line with text, at most 120 bytes of it
  std::uint64_t lines = 0;
  std::uint64_t characters = 0;
  std::uint64_t bytes = 0;
  std::uint64_t departments = 0;  // headings, run-ins and tails that named one
  std::uint64_t drafts = 0;
  std::uint64_t unnamed = 0;      // drafts without a department
  std::uint64_t long_lines = 0;   // that were read in pieces
  std::uint64_t invalid = 0;      // bytes that are no UTF-8, read as signs of their own
  std::uint64_t before_plan = 0;  // drafts before the first section that plans; 0 where none does
};

class Extraction {
 public:
  using Sink = std::function<void(const Draft&)>;

  // `rules` outlives the extraction. Drafts go to `sink` in the order of the text, except that
  // those of an item wait for its responsible department (责任单位).
  Extraction(const Rules& rules, int year, Sink sink);
  ~Extraction();
  Extraction(const Extraction&) = delete;
  Extraction& operator=(const Extraction&) = delete;

  // The next piece of the report, UTF-8 without a byte order mark, cut anywhere.
  void feed(std::string_view text);
  // The report is over. Call once, last.
  ReportSummary finish();

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

// A whole text at once.
std::vector<Draft> extract(std::string_view utf8, const Rules& rules, int year,
                           ReportSummary* summary = nullptr);

}  // namespace districtd::extract
