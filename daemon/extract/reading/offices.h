// Stage 3b, offices: who leads and who supports, where a sentence says it
// (区教育局牵头,区财政局配合, …) or a paragraph ends with it (…。(区城管局)). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/extract/reading/sentences.h"

namespace districtd::extract {

struct NamedOffice {
  Span span;                          // of the text for which it is named
  std::vector<std::u32string> leads;  // 牵头、责任
  std::vector<std::u32string> with;   // 配合
};

// Replaces `out`. A clause that names a lead holds for the sentences up to the next one that does;
// where what it is for stands before it, for the sentence that it ends.
void find_offices(const Paragraph& paragraph, const Rules& rules, std::vector<NamedOffice>& out);

// The departments in the brackets that end the text; none where anything else stands in them.
std::vector<std::u32string> departments_at_end(std::u32string_view text,
                                               const StructureWords& words);

}  // namespace districtd::extract
