// Dates as departments write them. Pure. docs/填报说明.md has the rules in words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/calendar.h"

namespace districtd {

// "2026-06-30", and what Excel and people make of it: 2026/6/30, 2026.6.30, 2026年6月30日, also
// with full-width digits. Four digits for the year, one or two for month and day, one kind of
// separator. nullopt for everything else and for days that do not exist. The text is trimmed
// already.
std::optional<Date> read_date(std::string_view text);

// What a cell or a column's header says of a day.
struct WrittenDate {
  std::optional<int> year;  // empty: not said
  unsigned month = 0;
  unsigned day = 0;        // 0: the last day of the month
  bool is_serial = false;  // Excel's number of a day, in the calendar that begins in 1900
  bool is_moved = false;   // by its time of day and zone it is another day than the one written
};

// All that read_date takes, and: 20260630, 202606, 2026-06, 2026年6月, 6月, 6月底, 6月30日,
// 1-6月, 1至6月, 一季度, 第2季度, 前三季度, 上半年, 下半年, 全年, 年底, each with or without a year
// before it and 截至, 累计, 底, 末 or 份 around it; Chinese numerals (六月三十日); a time of day
// behind a date, also as ISO 8601 has it (2026-06-30T00:00:00+08:00); and Excel's serial numbers
// from 36526 (2000-01-01) to 73050 (2099-12-31). A range of months has to begin with January, for
// figures are counted from there. A moment with a zone is the day that it has in Beijing, where all
// departments are (UTC+08:00). 23:59:17 is midnight of the next day, less the 43 seconds by which
// local time before 1927 (Shanghai, UTC+08:05:43) differs from today's: programs write it that
// convert a day by the old zone.
std::optional<WrittenDate> read_written_date(std::string_view text);

// A month, quarter or half year that a title names: "2026年1-6月", "上半年", "6月份".
struct NamedPeriod {
  WrittenDate date;
  std::string text;  // as written, narrowed
};

// The periods in "金义新区2026年1—6月重点工作完成情况表", in order. Days, years and what is to be
// done by then ("6月底前") are none. `text` is narrowed.
std::vector<NamedPeriod> periods_in(std::string_view text);

// The day in that year; nullopt where it does not exist.
std::optional<Date> day_in(const WrittenDate& written, int year);

}  // namespace districtd
