// Stage 1b, structure: what a line is, and whose. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/extract/reading/quantities.h"
#include "daemon/extract/reading/scope.h"
#include "daemon/extract/reading/sections.h"
#include "daemon/extract/rules/rules.h"
#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

struct Line {
  enum class Sort : std::uint8_t {
    blank,
    department,  // 区文旅局, alone on its line
    heading,     // 一、2026年工作安排
    paragraph,
    responsible,  // 责任单位:区教育局
    due,          // 完成时限:6月底
    table_row,    // cells between tabs
  };
  Sort sort = Sort::blank;
  int level = 0;             // of a numbered line: 1 一、 2 (一) 3 1. 4 (1); 0: not numbered
  bool is_part = false;      // 第一部分, above 一、
  int item = 0;              // the number of an item of level 3; 0: it has none
  bool may_be_item = false;  // "1.5亿元": perhaps item 1, and 5
  std::size_t body = 0;      // character at which the text behind numbering and run-in begins
  std::u32string department;  // of sorts department and responsible, and of a run-in: 区教育局:…
  bool is_of_item = false;  // the department of this item only: 【区民政局】新增……
  bool is_speaker = false;  // the department of this paragraph only: 市工信局局长表示…
  Heading heading;          // what it says of the time, where it is a heading or runs in
  Span due_text;            // of sort due: what follows the word
};

// `year` is the year that the report plans for, `last_item` the number of the last item of level 3,
// of which "2.50个小区" tells whether it is another.
Line read_line(const NormalText& text, const Rules& rules, int year, int last_item = 0);

// What a heading's text says, without its number.
Heading read_heading(std::u32string_view text, const Rules& rules, int year);

// Whether the text is the name of a department and nothing else.
bool is_department(std::u32string_view text, const StructureWords& words);

// What a sentence in brackets or a line says: 责任单位:区发改局、区经信局,配合单位:区财政局,
// 完成时限:11月底前.
struct Responsibility {
  std::vector<std::u32string> leads;  // 牵头、责任, in the order of the text
  std::vector<std::u32string> with;   // 配合、协办
  std::u32string due;                 // the text of the deadline; "" where none is
};
Responsibility read_responsibility(std::u32string_view text, const StructureWords& words);

// "区住建局、区财政局": the departments where the text is nothing else.
std::vector<std::u32string> departments_only(std::u32string_view text, const StructureWords& words);

}  // namespace districtd::extract
