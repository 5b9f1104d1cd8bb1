#include "daemon/pipeline/submission_metrics.h"

#include <string>

namespace districtd {

using prometheus::BuildCounter;

SubmissionMetrics::SubmissionMetrics(prometheus::Registry& registry)
    : submissions_(BuildCounter()
                       .Name("districtd_submissions_total")
                       .Help("Files and requests received, by what became of them.")
                       .Register(registry)),
      rows_(BuildCounter()
                .Name("districtd_rows_total")
                .Help("Rows received, by what became of them.")
                .Register(registry)),
      refusals_(
          BuildCounter()
              .Name("districtd_refusals_total")
              .Help(
                  "Reasons given for refusing rows and whole submissions, by the receipts' codes.")
              .Register(registry)),
      flagged_(BuildCounter()
                   .Name("districtd_rows_flagged_total")
                   .Help("Rows that were read but are implausible, by what is odd about them.")
                   .Register(registry)) {}

void SubmissionMetrics::count(std::string_view collector, std::string_view department,
                              const SubmissionResult& result) {
  const bool is_conflict = result.outcome == Outcome::conflict;
  const bool is_answered_again = result.is_repeat && !is_conflict;
  const std::string_view word = is_answered_again ? "repeated" : to_string(result.outcome);
  prometheus::Labels labels = {{"collector", std::string(collector)},
                               {"department", std::string(department)},
                               {"result", std::string(word)}};
  submissions_.Add(labels).Increment();
  if (result.outcome == Outcome::unavailable || is_conflict || is_answered_again) return;

  const auto add_rows = [&](const char* what, std::int64_t rows) {
    labels["result"] = what;
    rows_.Add(labels).Increment(static_cast<double>(rows));
  };
  add_rows("accepted", result.receipt.accepted);
  add_rows("corrected", result.receipt.corrected);
  add_rows("unchanged", result.receipt.unchanged);
  add_rows("rejected", result.receipt.rejected);
  if (result.receipt.held > 0) add_rows("held", result.receipt.held);
  if (result.receipt.empty > 0) add_rows("empty", result.receipt.empty);
  if (result.receipt.wordy > 0) add_rows("narrative_only", result.receipt.wordy);

  for (const RowError& error : result.receipt.errors) {
    refusals_.Add({{"department", std::string(department)}, {"reason", error.code}}).Increment();
  }
  for (const RowFlag& flag : result.receipt.flags) {
    flagged_.Add({{"department", std::string(department)}, {"flag", flag.flag}}).Increment();
  }
}

}  // namespace districtd
