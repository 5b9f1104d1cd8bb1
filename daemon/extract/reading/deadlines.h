// Stage 3, dates: what a text says about when. Pure.
#pragma once

#include <vector>

#include "daemon/domain/calendar.h"
#include "daemon/extract/reading/quantities.h"
#include "daemon/extract/rules/rules.h"
#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

struct Deadline {
  Span span;
  Date date{};
  bool is_vague = false;
};

// In the order of the text, the longest at each place. `year` is the year the report plans for.
void find_deadlines(const NormalText& text, const Rules& rules, int year,
                    std::vector<Deadline>& out);

}  // namespace districtd::extract
