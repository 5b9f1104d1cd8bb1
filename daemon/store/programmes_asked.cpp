#include "daemon/store/programmes_asked.h"

#include <algorithm>

namespace districtd {

namespace {

// No key is as great: the last character that there can be.
constexpr const char* kEnd = "\U0010FFFF";

// After the slash comes the nought.
KeyRange range_of(const std::string& programme) { return {programme + '/', programme + '0'}; }

}  // namespace

std::vector<KeyRange> ranges_of(const ProgrammesAsked& asked) {
  std::vector<KeyRange> ranges;
  if (asked.only.empty()) ranges.push_back({"", kEnd});
  for (const std::string& programme : asked.only) {
    const auto is = [&](const std::string& other) { return other == programme; };
    if (std::none_of(asked.without.begin(), asked.without.end(), is)) {
      ranges.push_back(range_of(programme));
    }
  }
  if (asked.only.empty()) {
    std::vector<KeyRange> left_out;
    for (const std::string& programme : asked.without) left_out.push_back(range_of(programme));
    std::sort(left_out.begin(), left_out.end(),
              [](const KeyRange& a, const KeyRange& b) { return a.first < b.first; });
    for (KeyRange& one : left_out) {
      ranges.back().end = std::move(one.first);
      ranges.push_back({std::move(one.end), kEnd});
    }
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const KeyRange& a, const KeyRange& b) { return a.first < b.first; });
  return ranges;
}

}  // namespace districtd
