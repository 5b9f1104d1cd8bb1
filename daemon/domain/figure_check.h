// A check across the figures of one programme: [[check]] in its file.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

enum class CheckOp { less, at_most, equal, at_least, more };
// The words of the file, in that order.
inline constexpr std::array<std::string_view, 5> kCheckOps = {"<", "<=", "==", ">=", ">"};

// What happens to rows of a submission that take part where it does not hold.
enum class CheckSeverity { refuse, ask };

// The sum of `left` against the sum of `right`, both of figures as of the same day. Where any of
// them has none for that day, nothing is compared. The targets are of one programme, none stands
// twice, and their units convert into each other.
struct FigureCheck {
  std::string name;               // for people; unique in its programme
  std::vector<std::string> left;  // ids, one at least
  CheckOp op = CheckOp::at_most;
  std::vector<std::string> right;  // likewise
  CheckSeverity severity = CheckSeverity::ask;
  std::string message;  // what to look at; "" where nothing is said
  friend bool operator==(const FigureCheck&, const FigureCheck&) = default;
};

// Whether it holds of these sums, in base units. What differs by no more than rounding (10^-9 of
// the larger one) is equal.
bool holds(CheckOp op, double left, double right);

}  // namespace districtd
