// What one cell of a header says about the column below it. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/intake/columns.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/meaning.h"
#include "daemon/intake/unit_words.h"

namespace districtd {

struct HeaderCell {
  enum class What {
    nothing,    // blank
    column,     // `column` names it: the target, the day, the note, the unit, or the figures
    period,     // figures as of `date`
    sum,        // 合计: the total where months stand beside it
    growth,     // growth rates
    share,      // shares of a whole, not of a goal
    otherwise,  // figures that are no totals to date, as `meaning` says: plans, last year's
    formula,    // a formula without a result
    unknown,    // anything else: a column of its own words
  };
  What what = What::nothing;
  NamedColumn column{};
  WrittenDate date;
  Meaning meaning = Meaning::unsaid;  // of figures
  UnitsSaid units;                    // in brackets behind it
};

// `upper` is what the row above says over this and perhaps further columns: "2026年", "计划"; or
// "".
HeaderCell read_header_cell(std::string_view text, std::string_view upper,
                            const ColumnMapping& mapping);

// How well a cell names its column, where several do: the least is used, and two of the same rank
// are one too many. The figures of what is said to be a total go before those of which nothing is.
int rank_of(const HeaderCell& cell);

}  // namespace districtd
