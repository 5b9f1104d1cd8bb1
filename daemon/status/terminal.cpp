#include "daemon/status/terminal.h"

#include <cstdint>

namespace districtd {

namespace {

// Columns that a terminal gives the text: two for East Asian wide characters and emoji, by the
// ranges of Unicode's EastAsianWidth.txt (W and F) that Chinese text and the lights use.
std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0x3FU >> (length - 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    const bool is_wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                         (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                         (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                         (code >= 0xFFE0 && code <= 0xFFE6) ||
                         (code >= 0x1F300 && code <= 0x1FAFF) || code == 0x26AA || code == 0x2B55;
    width += is_wide ? 2 : 1;
    i += length;
  }
  return width;
}

// The longest beginning that fits, with … where something is cut.
std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string{text};
  std::size_t end = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    if (display_width(text.substr(0, next)) > width - 1) break;
    end = next;
    i = next;
  }
  return std::string{text.substr(0, end)} + "…";
}

}  // namespace

std::string pad_right(std::string_view text, std::size_t width) {
  const std::string shown = shortened(text, width);
  return shown + std::string(width - display_width(shown), ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::string shown = shortened(text, width);
  return std::string(width - display_width(shown), ' ') + shown;
}

}  // namespace districtd
