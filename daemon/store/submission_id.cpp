#include "daemon/store/submission_id.h"

#include <charconv>
#include <cstdio>

namespace districtd {

std::string submission_id(std::int64_t seq, Date received_on) {
  const std::chrono::year_month_day date(received_on);
  char text[48];
  const int size = std::snprintf(text, sizeof text, "%04d%02u%02u-%lld",
                                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), static_cast<long long>(seq));
  return {text, static_cast<std::size_t>(size)};
}

std::optional<std::int64_t> submission_seq(std::string_view id) {
  const auto dash = id.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  std::int64_t seq = 0;
  const char* end = id.data() + id.size();
  const auto [rest, error] = std::from_chars(id.data() + dash + 1, end, seq);
  if (error != std::errc() || rest != end || seq <= 0) return std::nullopt;
  return seq;
}

}  // namespace districtd
