// What came in, counted.
#pragma once

#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/registry.h>

#include "collectors/submission.h"

namespace districtd {

// Thread-safe, as prometheus-cpp's families are. The registry outlives it.
class SubmissionMetrics {
 public:
  explicit SubmissionMetrics(prometheus::Registry& registry);

  // districtd_submissions_total{collector,department,result}: result is the outcome's word, or
  // repeated. districtd_rows_total{...}: result is accepted, corrected, unchanged or rejected, also
  // held or empty where there are any. districtd_refusals_total{department,reason}: reason is the
  // code of each error that the receipt lists. districtd_rows_flagged_total{department,flag}.
  //
  // What became of the rows of a repeat was counted the first time.
  void count(std::string_view collector, std::string_view department,
             const SubmissionResult& result);

 private:
  prometheus::Family<prometheus::Counter>& submissions_;
  prometheus::Family<prometheus::Counter>& rows_;
  prometheus::Family<prometheus::Counter>& refusals_;
  prometheus::Family<prometheus::Counter>& flagged_;
};

}  // namespace districtd
