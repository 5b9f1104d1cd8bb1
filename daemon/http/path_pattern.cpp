#include "daemon/http/path_pattern.h"

#include <algorithm>

#include "base/check.h"

namespace districtd {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

PathPattern::PathPattern(std::string_view text) {
  DISTRICT_CHECK(text.starts_with('/'), "a route's pattern begins with a slash");
  std::size_t open = text.find('{');
  begin_ = text.substr(0, open);
  label_ = begin_;
  while (open != std::string_view::npos) {
    const std::size_t close = text.find('}', open);
    DISTRICT_CHECK(close != std::string_view::npos, "a capture's brace is closed");
    const std::string_view name = text.substr(open + 1, close - open - 1);
    DISTRICT_CHECK(is_name(name), "a capture has a name");
    DISTRICT_CHECK(std::none_of(captures_.begin(), captures_.end(),
                                [&](const Capture& before) { return before.name == name; }),
                   "a name is captured once");
    DISTRICT_CHECK(text[open - 1] == '/' && (close + 1 == text.size() || text[close + 1] == '/'),
                   "a capture is a whole segment");
    open = text.find('{', close);
    captures_.push_back({std::string(name), std::string(text.substr(close + 1, open - close - 1))});
    label_ += "{}" + captures_.back().behind;
  }
}

std::optional<PathCaptures> PathPattern::match(std::string_view path) const {
  if (!path.starts_with(begin_)) return std::nullopt;
  path.remove_prefix(begin_.size());
  PathCaptures captured;
  for (const Capture& capture : captures_) {
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment.empty()) return std::nullopt;
    path.remove_prefix(segment.size());
    if (!path.starts_with(capture.behind)) return std::nullopt;
    path.remove_prefix(capture.behind.size());
    captured.emplace_back(capture.name, segment);
  }
  if (!path.empty()) return std::nullopt;
  return captured;
}

}  // namespace districtd
