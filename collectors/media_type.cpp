#include "collectors/media_type.h"

#include <algorithm>

namespace districtd {

namespace {

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lowered;
}

}  // namespace

std::string media_type_by_ending(std::string_view name) {
  const std::string lowered = lower(name);
  if (lowered.ends_with(".csv")) return std::string(kCsv);
  if (lowered.ends_with(".json")) return std::string(kJson);
  if (lowered.ends_with(".xlsx")) return std::string(kXlsx);
  return {};
}

std::string media_type_of(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  const auto first = type.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  type = type.substr(first, type.find_last_not_of(" \t") - first + 1);
  return lower(type);
}

}  // namespace districtd
