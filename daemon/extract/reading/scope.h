// Stage 4, scope: is it promised, or is it told of the past? Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

enum class Scope : std::uint8_t { unknown, promise, past };

// What is known before a paragraph is read.
struct ScopeBefore {
  Scope section = Scope::unknown;  // by the headings
  Scope carried = Scope::unknown;  // by how an earlier paragraph of the section began
  bool is_half_year_over = false;  // 上半年 is past
};

struct ClauseScope {
  bool is_promise = true;
  bool is_sure = false;  // a heading or a word of the sentence says so
  bool is_weak = false;  // 累计, 同比: usual of what is past
  Scope period = Scope::unknown;
};

struct ParagraphScope {
  std::vector<ClauseScope> clauses;  // one a clause of the paragraph
  Scope carried = Scope::unknown;    // for the next paragraph
};

// What the paragraph's first words say of the time: 一年来,主要做了 look back, 2026年 and 下一步
// are ahead.
Scope lead_of(const Paragraph& paragraph, int year);

// `year` is the year the report plans for: years before it are past.
void find_scopes(const Paragraph& paragraph, int year, const ScopeBefore& before,
                 ParagraphScope& out);

}  // namespace districtd::extract
