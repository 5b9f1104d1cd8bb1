// The readers of a cell: values in several units, dates, periods, Chinese numerals.
#include <array>

#include "daemon/intake/chinese_number.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/number_format.h"
#include "daemon/intake/value_reader.h"
#include "tests/fuzz/decoded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace districtd;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::array kUnits = {Unit::parse("亿元").value(), Unit::parse("%").value(), Unit(),
                                    Unit::parse("人").value()};
  for (const Unit& unit : kUnits) {
    for (const Unit* column : {static_cast<const Unit*>(nullptr), &kUnits[0]}) {
      const ReadValue read = read_value(text, unit, {column, Percentages::ambiguous});
      require(read.fault != ValueFault::none || std::isfinite(read.value));
    }
  }
  if (const auto written = read_written_date(text)) {
    require(written->month >= 1 && written->month <= 12 && written->day <= 31);
    (void)day_in(*written, written->year.value_or(2026));
  }
  if (const auto number = read_chinese_number(text)) {
    require(std::isfinite(number->value) && number->rest.size() < text.size());
  }
  (void)read_calendar_numeral(text);
  (void)shown(46203.5, number_format(text), false);
  return 0;
}
