#include "base/time.h"

#include <array>
#include <cstddef>
#include <cstdio>

namespace districtd {
namespace {

// Takes fixed parts off the front of a time; every function says whether the part was there.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  bool number(std::size_t digits, int& into) {
    if (rest_.size() < digits) return false;
    into = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return false;
      into = into * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }

  bool one_of(std::string_view characters, char& into) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    into = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  bool one_of(std::string_view characters) {
    char taken = 0;
    return one_of(characters, taken);
  }

  // Digits beyond the third are finer than a millisecond and dropped.
  bool fraction(int& millis) {
    int scale = 100;
    std::size_t digits = 0;
    millis = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      millis += (rest_[digits] - '0') * scale;
      scale /= 10;
    }
    rest_.remove_prefix(digits);
    return digits > 0;
  }

  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string to_rfc3339(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()));
  return std::string(text.data(), static_cast<std::size_t>(length));
}

std::optional<Time> from_rfc3339(std::string_view text) {
  TimeReader reader(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0;
  if (!reader.number(4, year) || !reader.one_of("-") || !reader.number(2, month) ||
      !reader.one_of("-") || !reader.number(2, day) || !reader.one_of("Tt") ||
      !reader.number(2, hour) || !reader.one_of(":") || !reader.number(2, minute) ||
      !reader.one_of(":") || !reader.number(2, second)) {
    return std::nullopt;
  }
  if (reader.one_of(".") && !reader.fraction(millis)) return std::nullopt;
  char zone = 0;
  int offset_hours = 0, offset_minutes = 0;
  if (!reader.one_of("Zz+-", zone)) return std::nullopt;
  if ((zone == '+' || zone == '-') && (!reader.number(2, offset_hours) || !reader.one_of(":") ||
                                       !reader.number(2, offset_minutes))) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!reader.done() || !date.ok() || hour > 23 || minute > 59 || second > 59 ||
      offset_hours > 23 || offset_minutes > 59) {
    return std::nullopt;
  }
  const auto offset = std::chrono::hours{offset_hours} + std::chrono::minutes{offset_minutes};
  const Time local = std::chrono::sys_days{date} + std::chrono::hours{hour} +
                     std::chrono::minutes{minute} + std::chrono::seconds{second} +
                     std::chrono::milliseconds{millis};
  return zone == '-' ? local + offset : local - offset;
}

}  // namespace districtd
