// The readers of a value: in several units, with and without a unit of the column, Chinese
// numerals, and what a workbook's number formats make of a number.
#include <array>

#include "base/text.h"
#include "daemon/intake/chinese_number.h"
#include "daemon/intake/number_format.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/value_reader.h"
#include "tests/fuzz/decoded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace districtd;
  const std::string_view text = trim({reinterpret_cast<const char*>(data), size});
  static const std::array kUnits = {Unit::parse("亿元").value(), Unit::parse("%").value(), Unit(),
                                    Unit::parse("人").value()};
  const std::string narrowed = narrow(text);
  for (const Unit& unit : kUnits) {
    for (const Unit* column : {static_cast<const Unit*>(nullptr), &kUnits[0]}) {
      const ValueContext context{column, Percentages::ambiguous};
      const ReadValue read = read_value(text, unit, context);
      require(read.fault != ValueFault::none || std::isfinite(read.value));
      // Full-width digits and signs change nothing.
      const ReadValue again = read_value(narrowed, unit, context);
      require(read.fault != ValueFault::none ||
              (again.fault == ValueFault::none && again.value == read.value));
      // No formula is a value.
      require(!formula_fault(text) || read.fault != ValueFault::none);
    }
  }
  require(unit_of_value(text).size() <= text.size());
  if (const auto number = read_chinese_number(text)) {
    require(std::isfinite(number->value) && number->rest.size() < text.size());
  }
  // Whatever a format shows of a number, no reader takes it where the cell does not show it.
  const NumberFormat format = number_format(text);
  for (const double value : {0.0, 0.955, -12.6, 32000000.0, 1e300, 46203.9995}) {
    for (const Unit& unit : kUnits) {
      const std::string cell = shown(value, format, false);
      require(!cell_fault(cell) || read_value(trim(cell), unit).fault != ValueFault::none);
    }
  }
  const bool is_plain = format.sections.size() == 1 && format.sections[0].before.empty() &&
                        format.sections[0].kind == FormatSection::Kind::number &&
                        !format.sections[0].condition && format.sections[0].thousands == 0 &&
                        format.sections[0].hundreds == 1 && format.sections[0].after == "%";
  if (is_plain && !format.sections[0].may_vanish) {
    const ReadValue read = read_value(shown(0.955, format, false), kUnits[1]);
    require(read.fault == ValueFault::none && std::abs(read.value - 0.955) < 1e-12);
  }
  require(shown_text("", format).empty());
  return 0;
}
