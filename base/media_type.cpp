#include "base/media_type.h"

#include <algorithm>

#include "base/text.h"

namespace districtd {

std::string media_type_by_ending(std::string_view name) {
  const std::string lowered = lower_ascii(name);
  if (lowered.ends_with(".csv")) return std::string(kCsv);
  if (lowered.ends_with(".json")) return std::string(kJson);
  if (lowered.ends_with(".xlsx")) return std::string(kXlsx);
  return {};
}

MediaType parse_media_type(std::string_view content_type) {
  std::string_view text = content_type;
  const auto semicolon = text.find(';');
  MediaType result{lower_ascii(trim_blanks(text.substr(0, semicolon))), ""};
  text = semicolon == std::string_view::npos ? std::string_view() : text.substr(semicolon + 1);
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    const std::string_view parameter = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos ||
        lower_ascii(trim_blanks(parameter.substr(0, equals))) != "charset")
      continue;
    std::string_view value = trim_blanks(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    result.charset = lower_ascii(value);
  }
  return result;
}

}  // namespace districtd
