// What a cell of a workbook shows, from its number and its number format. Pure.
//
//   shown(32000000, number_format("0!.0,\"万元\""), false) == "3200.0万元"
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

// One of the up to four sections of a format code (ECMA-376 part 1, 18.8.31).
struct FormatSection {
  enum class Kind {
    general,  // as it is: General
    number,   // digits, scaled, between literals
    spread,   // digits with literals among them: 0!.0 shows 126 as 12.6
    words,    // literals only: the number is not seen
    date,     // a day, a month or a year
    time,     // a time of day, a duration, or a day in another calendar
    text,     // what a text of the cell is shown in
  };
  struct Condition {
    enum class Op { less, at_most, equal, unequal, at_least, greater };
    Op op = Op::equal;
    double limit = 0;
    bool holds(double value) const;
  };
  // Of a spread section: a placeholder '0', '#' or '?', the point '.', or a literal.
  struct Piece {
    char placeholder = 0;  // 0: a literal
    std::string literal;
  };

  Kind kind = Kind::general;
  std::optional<Condition> condition;
  std::string before;  // the literals around the number, of words: all
  std::string after;
  int hundreds = 0;         // times 100 for each %
  int thousands = 0;        // divided by 1000 for each comma behind the digits
  bool may_vanish = false;  // only # and ?: of 0 no digit is seen
  int decimals = 0;         // digits behind the point; -1: as many as there are
  std::vector<Piece> pieces;
  bool has_year = false;
  bool has_month = false;
  bool has_day = false;
};

struct NumberFormat {
  std::vector<FormatSection> sections;  // of numbers; empty: General
  std::optional<FormatSection> text;    // of texts
};

// Of a format code, or of the built-in format with that id as Chinese Excel has it (18.8.30).
NumberFormat number_format(std::string_view code);
NumberFormat builtin_number_format(std::size_t id);

// The number as a clerk reads it in the cell, but whole where the format only rounds it: "12.6",
// "95%", "3200.0万元", "2026-06-30", "2026年6月"; a day with a time of its last ten minutes has it
// behind it, "2026-06-29 23:59:17". Where the cell shows nothing, or not what it holds (a red 5 for
// -5, 0.00 for 0.003), it is an unclear_cell() that no reader takes. A zero that a dash stands for
// is "0". Dates count from 1899-12-30, or 1904-01-01.
std::string shown(double value, const NumberFormat& format, bool since_1904);

// Likewise a text of the cell: @"万元" shows more than it holds.
std::string shown_text(std::string_view text, const NumberFormat& format);

}  // namespace districtd
