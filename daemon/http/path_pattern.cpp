#include "daemon/http/path_pattern.h"

#include <algorithm>
#include <boost/url/pct_string_view.hpp>

#include "base/check.h"

namespace districtd {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// Without the segment in front of `path`, which is returned, and its slash.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// nullopt where it has a slash of its own.
std::optional<std::string> decoded(std::string_view segment) {
  if (segment.find('%') == std::string_view::npos) return std::string(segment);
  const auto encoded = boost::urls::make_pct_string_view(segment);
  if (!encoded) return std::nullopt;
  std::string text = encoded->decode();
  if (text.find('/') != std::string::npos) return std::nullopt;
  return text;
}

}  // namespace

PathPattern::PathPattern(std::string_view text) {
  DISTRICT_CHECK(text.starts_with('/'), "a route's pattern begins with a slash");
  DISTRICT_CHECK(
      std::count(text.begin(), text.end(), '{') == std::count(text.begin(), text.end(), '}'),
      "a capture's brace is closed");
  while (!text.empty()) {
    std::string_view segment = take_segment(text);
    const bool is_capture = segment.find_first_of("{}") != std::string_view::npos;
    if (is_capture) {
      DISTRICT_CHECK(segment.starts_with('{') && segment.ends_with('}'),
                     "a capture is a whole segment");
      segment = segment.substr(1, segment.size() - 2);
      DISTRICT_CHECK(is_name(segment), "a capture has a name");
      DISTRICT_CHECK(std::none_of(segments_.begin(), segments_.end(),
                                  [&](const Segment& before) {
                                    return before.is_capture && before.text == segment;
                                  }),
                     "a name is captured once");
    }
    segments_.push_back({std::string(segment), is_capture});
    label_ += is_capture ? "/{}" : "/" + std::string(segment);
  }
}

std::optional<PathCaptures> PathPattern::match(std::string_view path) const {
  PathCaptures captured;
  for (const Segment& segment : segments_) {
    if (!path.starts_with('/')) return std::nullopt;
    const std::string_view came = take_segment(path);
    if (!segment.is_capture && came == segment.text) continue;
    auto text = decoded(came);
    if (!text) return std::nullopt;
    if (!segment.is_capture) {
      if (*text != segment.text) return std::nullopt;
    } else if (text->empty()) {
      return std::nullopt;
    } else {
      captured.emplace_back(segment.text, *std::move(text));
    }
  }
  if (!path.empty()) return std::nullopt;
  return captured;
}

}  // namespace districtd
