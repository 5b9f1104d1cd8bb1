#include "daemon/exporter/text_format.h"

#include <array>
#include <charconv>

namespace districtd {

void append_label_value(std::string& out, std::string_view value) {
  constexpr std::string_view kEscaped = "\\\"\n";
  for (;;) {
    const auto plain = value.find_first_of(kEscaped);
    out.append(value.substr(0, plain));
    if (plain == std::string_view::npos) return;
    out += '\\';
    out += value[plain] == '\n' ? 'n' : value[plain];
    value.remove_prefix(plain + 1);
  }
}

void append_number(std::string& out, double value) {
  std::array<char, 32> digits;  // the shortest form of a double has at most 24 characters
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::general)
          .ptr;
  out.append(digits.data(), end);
}

std::string gauge_header(std::string_view name, std::string_view help) {
  std::string out;
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" gauge\n");
  return out;
}

}  // namespace districtd
