#include "daemon/intake/number_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "base/text.h"
#include "daemon/domain/calendar.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

using Kind = FormatSection::Kind;
using Condition = FormatSection::Condition;

// As printf's %.15g, which spreadsheets too take for all that a number says.
std::string digits(double value) {
  constexpr int kDigits = 15;
  constexpr double kMostWhole = 1e15;
  std::array<char, 40> text{};
  if (std::abs(value) < kMostWhole && value == std::trunc(value)) {
    const auto whole = static_cast<std::int64_t>(value);
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), whole);
    return {text.data(), end};
  }
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value,
                                          std::chars_format::general, kDigits);
  return {text.data(), end};
}

// The section of a number without conditions of its own: positive; negative; zero.
std::size_t section_by_sign(double value, std::size_t sections) {
  if (sections == 1 || value > 0) return 0;
  if (value < 0) return 1;
  return sections == 3 ? 2 : 0;
}

struct Chosen {
  const FormatSection* section = nullptr;
  bool has_sign = false;  // a minus is set before what it shows
};

// nullptr where the cell shows nothing, or programs differ on what it shows.
Chosen choose(double value, const std::vector<FormatSection>& sections) {
  const bool is_negative = value < 0;
  if (sections.size() == 1 && !sections[0].condition) return {&sections[0], is_negative};
  const bool has_conditions =
      std::any_of(sections.begin(), sections.end(),
                  [](const FormatSection& section) { return section.condition.has_value(); });
  if (!has_conditions) {
    const std::size_t which = section_by_sign(value, sections.size());
    return {&sections[which], is_negative && which == 0};
  }
  for (const FormatSection& section : sections) {
    if (!section.condition || !section.condition->holds(value)) continue;
    return is_negative ? Chosen{} : Chosen{&section, false};
  }
  const FormatSection& last = sections.back();
  const auto unconditional = std::count_if(sections.begin(), sections.end(),
                                           [](const FormatSection& one) { return !one.condition; });
  // Excel sets a minus before a negative number here, LibreOffice does not.
  if (is_negative || last.condition || unconditional != 1) return {};
  return {&last, false};
}

// Whether a section of negative numbers shows that they are.
bool shows_sign(const FormatSection& section) {
  constexpr std::array<std::string_view, 10> kSigns = {"-", "−", "－", "(",  "（",
                                                       "△", "▲", "负", "减", "–"};
  const auto has = [&](std::string_view text) {
    return std::any_of(kSigns.begin(), kSigns.end(),
                       [&](std::string_view sign) { return text.find(sign) != text.npos; });
  };
  return has(section.before) || has(section.after);
}

// The digits set into the placeholders, from the point to both sides. `value` is not negative.
std::string spread(double value, const FormatSection& section) {
  std::vector<FormatSection::Piece> pieces = section.pieces;
  const auto is_point = [](const auto& piece) { return piece.placeholder == '.'; };
  const auto point = std::find_if(pieces.begin(), pieces.end(), is_point);
  const auto decimals = std::count_if(point, pieces.end(), [&](const auto& piece) {
    return piece.placeholder != 0 && !is_point(piece);
  });
  // Halves go away from zero, as spreadsheets round; printf takes them to the even digit.
  const int places_behind = static_cast<int>(std::min<std::ptrdiff_t>(decimals, 20));
  const double scale = std::pow(10, places_behind);
  const double rounded = value * scale < 1e15 ? std::round(value * scale) / scale : value;
  std::array<char, 400> written{};
  std::snprintf(written.data(), written.size(), "%.*f", places_behind, rounded);
  const std::string_view all(written.data());
  std::string_view whole = all.substr(0, all.find('.'));
  std::string_view rest = whole.size() < all.size() ? all.substr(whole.size() + 1) : "";
  if (whole == "0") whole = "";
  const auto set = [](FormatSection::Piece& piece, std::string text) {
    if (text.empty() && piece.placeholder == '0') text = "0";
    piece.literal = std::move(text);
  };
  std::vector<FormatSection::Piece*> places;  // before the point
  for (auto piece = pieces.begin(); piece != point; ++piece) {
    if (piece->placeholder != 0) places.push_back(&*piece);
  }
  while (!places.empty()) {
    const std::size_t size =
        places.size() == 1 ? whole.size() : std::min<std::size_t>(whole.size(), 1);
    set(*places.back(), std::string(whole.substr(whole.size() - size)));
    whole.remove_suffix(size);
    places.pop_back();
  }
  for (auto piece = point; piece != pieces.end(); ++piece) {
    if (is_point(*piece)) piece->literal = ".";
    if (piece->placeholder == 0 || is_point(*piece)) continue;
    const std::string digit(rest.substr(0, 1));
    rest.remove_prefix(digit.size());
    const bool is_left_out =
        piece->placeholder != '0' && digit == "0" && rest.find_first_not_of('0') == rest.npos;
    set(*piece, is_left_out ? "" : digit);
  }
  std::string text;
  for (const FormatSection::Piece& piece : pieces) text += piece.literal;
  return text;
}

// What is seen of a number of which no digit is: the literals, "" too.
std::string in_words(double value, const FormatSection& section) {
  const std::string literals = section.before + section.after;
  const std::string text(trim(literals));
  if (text.empty()) return value == 0 ? "" : unclear_cell("格式没有显示这个数", digits(value));
  // The dash that accountants write for nothing.
  if (value == 0 && is_empty_mark(text)) return "0";
  return text;
}

std::string as_number(double value, const Chosen& chosen) {
  const FormatSection& section = *chosen.section;
  double scaled = std::abs(value);
  if (section.hundreds != 0) scaled *= std::pow(100, section.hundreds);
  if (section.thousands != 0) scaled /= std::pow(1000, section.thousands);
  constexpr double kMostSpread = 1e15;  // beyond it digits are no longer known
  if (!std::isfinite(scaled) || (section.kind == Kind::spread && scaled >= kMostSpread)) {
    return unclear_cell("格式显示不出这个数", digits(value));
  }
  if (section.may_vanish && value == 0) return in_words(value, section);
  const bool is_small = value != 0 && section.decimals >= 0 && scaled < 0.5;
  if (is_small && scaled * std::pow(10, section.decimals) < 0.5) {
    return unclear_cell("格式把它显示为 0", digits(value));
  }
  if (section.before.empty() && section.after.empty() && section.kind == Kind::number) {
    return digits(chosen.has_sign ? -scaled : scaled);
  }
  std::string text = chosen.has_sign ? "-" : "";
  text += section.before;
  text += section.kind == Kind::spread ? spread(scaled, section) : digits(scaled);
  text += section.after;
  const std::string_view trimmed = trim(text);
  if (trimmed.size() < text.size()) text = std::string(trimmed);
  return text;
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string clock_text(int seconds) {
  return two_digits(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) + ":" +
         two_digits(seconds % 60);
}

std::string as_date(double value, const FormatSection& section, bool since_1904) {
  constexpr double kMostDays = 3'000'000;
  constexpr int kSecondsOfADay = 86'400;
  constexpr int kLastTenMinutes = kSecondsOfADay - 600;
  if (!(value >= 1 && value < kMostDays)) return unclear_cell("格式显示不出这一天", digits(value));
  double whole = std::floor(value);
  int seconds = static_cast<int>(std::lround((value - whole) * kSecondsOfADay));
  if (seconds == kSecondsOfADay) {
    whole += 1;
    seconds = 0;
  }
  const Date day = (since_1904 ? date_of(1904, 1, 1) : date_of(1899, 12, 30)) +
                   std::chrono::days(static_cast<int>(whole));
  const std::chrono::year_month_day date{day};
  const std::string year = std::to_string(static_cast<int>(date.year())) + "年";
  if (section.has_month && !section.has_day) {
    return year + std::to_string(static_cast<unsigned>(date.month())) + "月";
  }
  if (!section.has_month) {
    return section.has_day ? std::to_string(static_cast<unsigned>(date.day())) + "日" : year;
  }
  std::string text = to_string(day);
  if (seconds >= kLastTenMinutes) text += " " + clock_text(seconds);
  return text;
}

}  // namespace

bool FormatSection::Condition::holds(double value) const {
  switch (op) {
    case Op::less:
      return value < limit;
    case Op::at_most:
      return value <= limit;
    case Op::unequal:
      return value != limit;
    case Op::at_least:
      return value >= limit;
    case Op::greater:
      return value > limit;
    case Op::equal:
      break;
  }
  return value == limit;
}

std::string shown(double value, const NumberFormat& format, bool since_1904) {
  if (format.sections.empty()) return digits(value);
  const Chosen chosen = choose(value, format.sections);
  if (chosen.section == nullptr) return unclear_cell("格式显示不出这个数", digits(value));
  const FormatSection& section = *chosen.section;
  const bool is_number = section.kind == Kind::number || section.kind == Kind::spread;
  if (value < 0 && is_number && !chosen.has_sign && !shows_sign(section)) {
    return unclear_cell("格式没有显示负号", digits(value));
  }
  switch (section.kind) {
    case Kind::number:
    case Kind::spread:
      return as_number(value, chosen);
    case Kind::words:
      return in_words(value, section);
    case Kind::date:
      return as_date(value, section, since_1904);
    case Kind::time:
      return unclear_cell("格式显示为时间", digits(value));
    default:
      return digits(value);
  }
}

std::string shown_text(std::string_view text, const NumberFormat& format) {
  if (!format.text || text.empty()) return std::string(text);
  if (format.text->kind == Kind::words) return unclear_cell("格式没有显示这些字", text);
  return format.text->before + std::string(text) + format.text->after;
}

}  // namespace districtd
