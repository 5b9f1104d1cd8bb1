// Stage 1b, structure: what a line is, and whose. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/extract/reading/quantities.h"
#include "daemon/extract/reading/scope.h"
#include "daemon/extract/rules/rules.h"
#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

// What a heading says about the time of what stands below it.
enum class HeadingTime : std::uint8_t { none, past, future, aside };  // aside: 问题, 工作要求

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
  int level = 0;              // of a numbered line: 1 一、 2 (一) 3 1. 4 (1); 0: not numbered
  std::size_t body = 0;       // character at which the text behind numbering and run-in begins
  std::u32string department;  // of sorts department and responsible, and of a run-in: 区教育局:…
  bool is_speaker = false;  // the department of this paragraph only: 市工信局局长表示…
  HeadingTime time = HeadingTime::none;
  Span due;  // of sort due: what follows the word
};

// `year` is the year that the report plans for.
Line read_line(const NormalText& text, const Rules& rules, int year);

// Whether the text is the name of a department and nothing else.
bool is_department(std::u32string_view text, const StructureWords& words);

// What a sentence in brackets or a line says: 责任单位:区发改局、区经信局,完成时限:11月底前.
struct Responsibility {
  std::u32string department;  // the first one named; "" where none is
  std::u32string due;         // the text of the deadline; "" where none is
};
Responsibility read_responsibility(std::u32string_view text, const StructureWords& words);

}  // namespace districtd::extract
