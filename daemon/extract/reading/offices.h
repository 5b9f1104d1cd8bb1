// Stage 3b, offices: who leads and who supports, where a sentence says it
// (区教育局牵头,区财政局配合, …) or a paragraph ends with it (…。(区城管局)). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/reading/structure.h"

namespace districtd::extract {

struct NamedOffice {
  Span span;                          // of the text for which it is named
  std::vector<std::u32string> leads;  // 牵头、责任
  std::vector<std::u32string> with;   // 配合
};

// Replaces `out`. A clause that names a lead holds for the sentences up to the next one that does;
// where what it is for stands before it, for the sentence that it ends.
void find_offices(const Paragraph& paragraph, const Rules& rules, std::vector<NamedOffice>& out);

// Whether the paragraph says nothing but who is responsible: 县交通局牵头负责,各乡镇配合。
bool names_offices_only(const Paragraph& paragraph, const StructureWords& words);

// The departments in the brackets that end the text: (区城管局), (县卫健局牵头,县妇联配合); none
// where anything else stands in them.
Responsibility responsibility_at_end(std::u32string_view text, const StructureWords& words);

}  // namespace districtd::extract
