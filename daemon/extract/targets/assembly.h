// Stage 5, assembly: from a paragraph's numbers, events and scopes to targets with their names,
// kinds, bounds, deadlines, commitments and confidence. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/extract/reading/scope.h"
#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/rules/rules.h"
#include "daemon/extract/targets/baseline.h"

namespace districtd::extract {

// A dated step of a target: 3月底前完成征地.
struct FoundNode {
  Span span;
  Date date{};
};

// A target within its paragraph; places are characters of the paragraph.
struct FoundTarget {
  std::string name;
  Kind kind = Kind::cumulative;
  std::optional<double> goal;
  std::optional<double> goal_upper;
  std::string unit;
  Direction direction = Direction::at_least;
  std::optional<Date> deadline;  // none: the report names no day
  std::vector<FoundNode> nodes;
  Commitment commitment = Commitment::must;
  bool is_about = false;
  BaselineRule baseline = BaselineRule::none;
  Span quote;
  Span number;  // empty: no number
  Span focus;
  double confidence = 0;
  bool is_time_sure = true;  // a heading or a word of the sentence says that it is to come
  std::vector<std::string> reasons;

  // Takes the doubt off the confidence and tells its reason; `detail` stands for its {}.
  void doubt(const Doubts& doubts, Doubt doubt, std::string_view detail = {});
};

// What is known of the time before the paragraph is read.
struct TimeBefore {
  int year = 0;             // that the report plans for
  std::optional<Date> due;  // that its headings name
};

// Adds to `out` what the paragraph promises. `scope` has one entry a clause.
void find_targets(const Paragraph& paragraph, const ParagraphScope& scope, const TimeBefore& time,
                  const Rules& rules, std::vector<FoundTarget>& out);

}  // namespace districtd::extract
