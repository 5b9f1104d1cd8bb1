// Pledges: what a department without numbers and milestones can still be asked about. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/extract/draft.h"
#include "daemon/extract/rules.h"
#include "daemon/extract/scope.h"
#include "daemon/extract/sentences.h"

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
