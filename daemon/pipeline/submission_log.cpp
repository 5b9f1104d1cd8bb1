#include "daemon/pipeline/submission_log.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "daemon/domain/plausibility.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace {

// "10 accepted, 2 rejected", without what there is none of.
std::string counts_of(const Receipt& receipt) {
  std::string text;
  const auto add = [&](std::int64_t count, std::string_view what) {
    if (count == 0) return;
    if (!text.empty()) text += ", ";
    text += std::to_string(count) + " " + std::string(what);
  };
  add(receipt.accepted, "accepted");
  add(receipt.corrected, "corrected");
  add(receipt.unchanged, "unchanged");
  add(receipt.held, "held");
  add(receipt.rejected, "rejected");
  add(receipt.wordy, "of words alone");
  return text.empty() ? "none of them a figure" : text;
}

std::string what_became_of_it(const SubmissionResult& result) {
  const Receipt& receipt = result.receipt;
  switch (result.outcome) {
    case Outcome::unavailable:
      return "nothing was kept: " + result.reason;
    case Outcome::conflict:
      return "its key was used before for another body, so nothing was kept";
    case Outcome::unreadable:
      return "unreadable: " + (receipt.errors.empty() ? "" : receipt.errors.front().message);
    case Outcome::taken:
    case Outcome::refused:
      break;
  }
  if (result.is_repeat) return "the same delivery as before, answered as " + receipt.submission;
  return std::to_string(receipt.rows) + " rows, " + counts_of(receipt);
}

LogLevel level_of(const SubmissionResult& result) {
  if (result.outcome == Outcome::taken || result.is_repeat) return LogLevel::info;
  return result.outcome == Outcome::unavailable ? LogLevel::error : LogLevel::warn;
}

}  // namespace

void log_submission(const SubmissionOrigin& origin, const SubmissionResult& result) {
  const Receipt& receipt = result.receipt;
  log_event(level_of(result), "submission",
            receipt.department + " by " + origin.collector + ": " + what_became_of_it(result),
            {{"submission", json_text(receipt.submission)},
             {"department", json_text(receipt.department)},
             {"collector", json_text(origin.collector)},
             {"name", json_text(origin.name)},
             {"request", json_text(origin.request)},
             {"result", json_text(to_string(result.outcome))},
             {"rows", std::to_string(receipt.rows)},
             {"rejected", std::to_string(receipt.rejected)}});
}

void log_flags(const Receipt& receipt, const std::string& request) {
  std::string counts;
  std::vector<std::string_view> names;
  for (const Oddity oddity : kOddities) names.push_back(to_string(oddity));
  names.emplace_back("check");
  for (const std::string_view name : names) {
    const auto count = std::count_if(receipt.flags.begin(), receipt.flags.end(),
                                     [&](const RowFlag& flag) { return flag.flag == name; });
    if (count == 0) continue;
    counts += (counts.empty() ? "" : ", ") + std::string(name) + " " + std::to_string(count);
  }
  log_event(LogLevel::warn, "rows_flagged",
            "报送 " + receipt.submission + " 有 " + std::to_string(receipt.flagged) +
                " 行数值可疑，请核实。第 " + std::to_string(receipt.flags.front().row) + " 行：" +
                receipt.flags.front().message,
            {{"submission", json_text(receipt.submission)},
             {"department", json_text(receipt.department)},
             {"request", json_text(request)},
             {"flagged", std::to_string(receipt.flagged)},
             {"held", std::to_string(receipt.held)},
             {"flags", json_text(counts)}});
}

}  // namespace districtd
