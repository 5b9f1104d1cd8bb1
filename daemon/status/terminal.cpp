#include "daemon/status/terminal.h"

#include "base/text.h"
#include "base/utf8.h"

namespace districtd {

namespace {

// Two for East Asian wide characters and emoji, by the ranges of Unicode's EastAsianWidth.txt (W
// and F) that Chinese text and the lights use.
std::size_t columns_of(char32_t code) {
  const bool is_wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                       (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                       (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                       (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x1F300 && code <= 0x1FAFF) ||
                       code == 0x26AA || code == 0x2B55;
  return is_wide ? 2 : 1;
}

// Columns that a terminal gives the text.
std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  utf8::for_each_character(text, [&width](std::string_view character) {
    width += columns_of(utf8::decode(character).value);
  });
  return width;
}

// The longest beginning that fits, with … where something is cut.
std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string{text};
  std::size_t end = 0;
  std::size_t taken = 0;
  for (const std::string_view character : utf8::characters(text)) {
    taken += display_width(character);
    if (taken > width - 1) break;
    end += character.size();
  }
  return std::string{text.substr(0, end)} + "…";
}

}  // namespace

std::string pad_right(std::string_view text, std::size_t width) {
  const std::string shown = shortened(printable(text), width);
  return shown + std::string(width - display_width(shown), ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::string shown = shortened(printable(text), width);
  return std::string(width - display_width(shown), ' ') + shown;
}

}  // namespace districtd
