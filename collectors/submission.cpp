#include "collectors/submission.h"

namespace districtd {

std::int64_t rows_listed(const std::vector<RowError>& errors) {
  std::int64_t listed = 0;
  const RowError* last = nullptr;
  for (const RowError& error : errors) {
    const bool is_same = last != nullptr && last->row == error.row && last->sheet == error.sheet;
    if (error.row != 0 && !is_same) ++listed;
    last = &error;
  }
  return listed;
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::taken:
      return "taken";
    case Outcome::refused:
      return "refused";
    case Outcome::unreadable:
      return "unreadable";
    case Outcome::conflict:
      return "conflict";
    case Outcome::unavailable:
      break;
  }
  return "unavailable";
}

}  // namespace districtd
