// What the extractor makes: a draft of one target, with the quote that proves it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/calendar.h"
#include "daemon/domain/target.h"
#include "daemon/extract/targets/baseline.h"

namespace districtd::extract {

// A piece of the report: bytes [begin, end) of its UTF-8 text.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool is_empty() const { return begin == end; }
  friend bool operator==(const Range&, const Range&) = default;
};

// A dated step of a target: 3月底前完成征地.
struct Node {
  Date deadline{};
  std::string text;  // verbatim
};

struct Draft {
  std::string department;               // 区文旅局; "" where the report names none
  std::vector<std::string> also_leads;  // the other lead departments (牵头、责任)
  std::vector<std::string> with;        // those that support (配合)
  std::string section;                  // the line of the report below which the quote stands
  std::string name;
  Kind kind = Kind::cumulative;
  std::optional<double> goal;        // in the unit as written; 1 for a milestone, none for a pledge
  std::optional<double> goal_upper;  // of a range: 5.0%-5.5%
  std::string unit;                  // as written: 亿元, %, 万个; "" for milestone and pledge
  Direction direction = Direction::at_least;
  Date start{};  // the first day of the year that is planned for, or of the deadline's before it
  Date deadline{};
  bool has_own_deadline = false;  // the report names it; else it is the end of the year
  std::vector<Node> nodes;        // dated steps on the way, the last one is the deadline
  Commitment commitment = Commitment::must;
  bool is_about = false;  // 左右: a tolerance
  BaselineRule baseline = BaselineRule::none;
  std::string quote;                 // verbatim
  Range range;                       // of the quote
  std::uint64_t offset = 0;          // of the quote, in characters from the beginning of the report
  std::uint64_t line = 0;            // from 1
  Range number;                      // of the number; empty for a milestone and a pledge
  Range focus;                       // of what tells it from others with the same quote
  double confidence = 0;             // 0..1
  std::vector<std::string> reasons;  // why it is not higher, in Chinese
  bool is_time_sure = true;          // a heading or its sentence says that it is to come
};

}  // namespace districtd::extract
