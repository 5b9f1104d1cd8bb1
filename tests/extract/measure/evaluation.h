// Measuring the extractor on labelled passages. docs/extraction.md describes the files.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.h"
#include "base/result.h"
#include "daemon/extract/drafts/draft.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

struct Label {
  std::string anchor;  // a piece of the passage that the target's number or thing overlaps
  std::string name;
  std::string department;
  std::string with;  // 区财政局、区自然资源局
  Kind kind = Kind::cumulative;
  std::optional<double> goal;
  std::optional<double> goal_upper;
  std::string unit;
  Direction direction = Direction::at_least;
  Date deadline{};
  Commitment commitment = Commitment::must;
  std::uint32_t line = 0;
};

struct Passage {
  std::string id;
  int year = 0;
  bool has_exact_names = false;  // the labels' names are those that an office would print
  std::string text;
  std::vector<Label> targets;
  std::vector<std::string> traps;  // anchors of what is no target
  std::string file;
  std::uint32_t line = 0;
};

Result<std::vector<Passage>, Findings> parse_passages(std::string_view text,
                                                      const std::string& name);

struct Ratio {
  std::size_t good = 0;
  std::size_t all = 0;
  double value() const {
    return all == 0 ? 1 : static_cast<double>(good) / static_cast<double>(all);
  }
};

// A draft finds a label where its number or thing overlaps the label's anchor and its goal and unit
// are the label's. Pledges are counted apart: which promises without a number are the most
// checkable is a matter of judgement.
struct Evaluation {
  static constexpr std::array<std::string_view, 10> kFields = {
      "name",      "department", "kind",       "goal",       "unit",
      "direction", "deadline",   "commitment", "goal_upper", "with"};
  // The lower bounds of the confidences that are counted together.
  static constexpr std::array<double, 5> kConfidences = {0, 0.5, 0.7, 0.8, 0.9};
  std::size_t passages = 0;
  std::size_t pledges = 0;
  Ratio precision;                                  // drafts that are labelled
  Ratio recall;                                     // labels that were found
  Ratio traps;                                      // traps that were not taken
  Ratio milestones_found;                           // the recall of milestones alone
  Ratio milestones_right;                           // their precision
  Ratio printable;                                  // names that are the label's, of exact passages
  std::array<Ratio, kConfidences.size()> right_at;  // drafts that are labelled, by confidence
  std::array<Ratio, kFields.size()> fields;         // of the labels that were found
  std::vector<std::string> faults;                  // one line each, with file:line
};

void evaluate(const Passage& passage, const Rules& rules, Evaluation& result);

}  // namespace districtd::extract
