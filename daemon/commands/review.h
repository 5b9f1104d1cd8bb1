// The review of drafts on a terminal: one after the other, each with its sentence; what was decided
// is kept beside the output at once, so that a review goes on where it was left.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/extract/drafts/draft.h"
#include "daemon/extract/drafts/outputs.h"
#include "daemon/extract/rules/rules.h"

namespace districtd {

struct ReviewInput {
  std::vector<extract::Draft> drafts;
  std::string text;  // the whole report, UTF-8
  extract::ReportHead head;
  int year = 0;
};

// Reads keys from standard input, which must be a terminal; else says so and returns 1. Writes the
// confirmed targets to `out_file`, and the decisions to `out_file` + ".review"
// (docs/extraction.md).
int review(const ReviewInput& input, const extract::Rules& rules,
           const std::filesystem::path& out_file, std::ostream& out, std::ostream& err);

}  // namespace districtd
