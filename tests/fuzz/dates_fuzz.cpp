// The readers of a day: whole dates, periods, numerals of a calendar, and the days that a
// workbook's number formats show.
#include "base/text.h"
#include "daemon/intake/chinese_number.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/number_format.h"
#include "tests/fuzz/decoded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace districtd;
  const std::string_view text = trim({reinterpret_cast<const char*>(data), size});
  const auto date = read_date(text);
  const auto written = read_written_date(text);
  if (written) {
    require(written->month >= 1 && written->month <= 12 && written->day <= 31);
    require(!written->is_serial || written->year.has_value());
    (void)day_in(*written, written->year.value_or(2026));
  }
  // What is a whole date is the same day for the reader of all others.
  if (date) require(written && written->year && day_in(*written, *written->year) == date);
  if (const auto numeral = read_calendar_numeral(text)) {
    require(numeral->digits >= 1 && numeral->digits <= 4);
    require(numeral->rest.size() < text.size());
  }
  const std::string title = narrow(text.substr(0, 300));
  for (const NamedPeriod& period : periods_in(title)) {
    require(title.find(period.text) != std::string::npos);
    require(period.date.day == 0 && period.date.month >= 1 && period.date.month <= 12);
  }
  // A day that is shown is read back, whatever format shows it.
  const NumberFormat format = number_format(text);
  const bool is_date = format.sections.size() == 1 && !format.sections[0].condition &&
                       format.sections[0].kind == FormatSection::Kind::date &&
                       format.sections[0].has_month;
  if (is_date) {
    const auto again = read_written_date(shown(46203.5, format, false));
    require(again && again->year == 2026 && again->month == 6);
    require(again->day == (format.sections[0].has_day ? 30U : 0U));
  }
  return 0;
}
