// Pledges: what a department without numbers and milestones can still be asked about. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/extract/reading/scope.h"
#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

struct Pledge {
  int score = 0;
  std::string name;
  Span quote;  // characters of the paragraph
};

// Every clause of the paragraph that scores at least `least_score`, in the order of the text.
void find_pledges(const Paragraph& paragraph, const ParagraphScope& scope, const Rules& rules,
                  std::vector<Pledge>& out);

}  // namespace districtd::extract
