// A value as it was reported: a number, or the withdrawal of what was said before.
#pragma once

#include <limits>

#include "base/check.h"

namespace districtd {

// A number in base units, or a withdrawal (撤回): from then on its day has no value. It takes the
// eight bytes of a double.
//
// The arithmetic of a double is not offered: a withdrawal has no number. number() of one ends the
// program. Two of them are equal where both are withdrawals or both are the same number.
class ReportedValue {
 public:
  constexpr ReportedValue() = default;  // the number 0
  // Every number is a reported value. Infinity is none: it ends the program.
  constexpr ReportedValue(double number) : value_(number) {  // NOLINT(google-explicit-constructor)
    DISTRICT_CHECK(number != kWithdrawn, "a reported number is finite");
  }
  static constexpr ReportedValue withdrawn() { return from_column(kWithdrawn); }

  // As the columns `value` of the store's file say it: the number itself, or Infinity for a
  // withdrawal (docs/store.md).
  static constexpr ReportedValue from_column(double column) {
    ReportedValue value;
    value.value_ = column;
    return value;
  }
  constexpr double to_column() const { return value_; }

  constexpr bool is_withdrawn() const { return value_ == kWithdrawn; }
  constexpr double number() const {
    DISTRICT_CHECK(!is_withdrawn(), "a withdrawn value has no number");
    return value_;
  }

  friend constexpr bool operator==(ReportedValue, ReportedValue) = default;

 private:
  static constexpr double kWithdrawn = std::numeric_limits<double>::infinity();
  double value_ = 0;
};

}  // namespace districtd
