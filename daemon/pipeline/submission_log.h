// The log's records of what came in. docs/deviation-log.md lists their fields.
#pragma once

#include <string>

#include "collectors/submission.h"

namespace districtd {

// What is left of a submission once its body is gone.
struct SubmissionOrigin {
  std::string collector;
  std::string name;
  std::string request;      // "" where no HTTP request brought it
  bool is_dry_run = false;  // nothing is kept of it, and nothing is logged or counted
};

// The event submission, one each, with what a person needs who asks what became of a file or
// request.
void log_submission(const SubmissionOrigin& origin, const SubmissionResult& result);

// The event rows_flagged, one a receipt, however many of its rows are odd; at least one has to be.
void log_flags(const Receipt& receipt, const std::string& request);

}  // namespace districtd
