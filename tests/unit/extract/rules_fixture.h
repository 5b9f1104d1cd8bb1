// The rules that are built in, loaded once for all tests.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/extract/drafts/extraction.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

inline const Rules& built_in() {
  static const Rules rules = [] {
    auto parsed = parse_rules(built_in_rules());
    if (!parsed) {
      throw std::runtime_error(to_string(parsed.error().front()));
    }
    return *std::move(parsed);
  }();
  return rules;
}

inline std::vector<Draft> drafts_of(std::string_view text, int year = 2026) {
  return extract(text, built_in(), year);
}

// The only draft of a text; a default one, and a failed test, where there are more or none.
inline Draft draft_of(std::string_view text, int year = 2026) {
  const auto drafts = drafts_of(text, year);
  EXPECT_EQ(drafts.size(), 1U) << text;
  return drafts.size() == 1 ? drafts[0] : Draft{};
}

}  // namespace districtd::extract
