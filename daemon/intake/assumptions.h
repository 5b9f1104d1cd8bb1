// What was assumed in reading a submission's rows, for the receipt's notes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace districtd {

// One kind of assumption: how often, and the first case.
struct Assumed {
  std::int64_t count = 0;
  std::int64_t row = 0;
  std::string text;     // as it was written
  std::string meaning;  // as it was read
  // Every case, where `keeps_each`; else none.
  struct Case {
    std::int64_t row = 0;
    std::string text;
    std::string meaning;
  };
  std::vector<Case> cases = {};
  bool keeps_each = false;
  void add(std::int64_t at, std::string_view written, std::string_view read);
};

struct Assumptions {
  Assumed year;             // a date without a year
  Assumed serial;           // a number read as Excel's day
  Assumed moment;           // a time of day by which it is another day
  Assumed as_above;         // no target in the row: that of the row above
  Assumed alike;            // a target called almost so
  Assumed programme;        // which year it is of, where that is not obvious
  Assumed handed_over;      // a target that another department had before
  Assumed spoken;           // 三千五
  Assumed bracketed;        // (35)
  Assumed words_alone;      // words and no figure: the target's name
  Assumed note_alone;       // a remark beside them
  Assumed words_of_latest;  // words beside figures of several days
  Assumed no_report;        // a pledge of which nothing was done: the target's name
  Assumed projected;        // 预计: the target's name
  Assumed office;           // a department in the column of units
  Assumed rate;             // a growth rate's figure is in its own column
  Assumed beside;           // plans and the like beside a total
  Assumed remarks;          // titles, remarks and sums

  // A sentence each, in Chinese, of those that occurred.
  std::vector<std::string> sentences() const;

  // For a dry run: from now on every case is kept, and sentences_by_row() has a sentence for each.
  void keep_each();
  std::vector<std::pair<std::int64_t, std::string>> sentences_by_row() const;
};

}  // namespace districtd
