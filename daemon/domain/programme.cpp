#include "daemon/domain/programme.h"

#include <algorithm>

namespace districtd {

Date settled_by_default(Date last) {
  const std::chrono::year_month_day day{last};
  return Date{(day.year() / day.month() + std::chrono::months{2}) / std::chrono::last};
}

Programme programme_of_years(int first, int last) {
  Programme programme;
  programme.id = std::to_string(first);
  if (last != first) programme.id += "-" + std::to_string(last);
  programme.first = date_of(first, 1, 1);
  programme.last = date_of(last, 12, 31);
  programme.settles = settled_by_default(programme.last);
  return programme;
}

bool is_programme_id(std::string_view text) {
  constexpr std::size_t kMostBytes = 60;
  constexpr std::string_view kFullWidthBlank = "\u3000";
  return !text.empty() && text.size() <= kMostBytes &&
         text.find(kFullWidthBlank) == std::string_view::npos &&
         std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '/';
         });
}

}  // namespace districtd
