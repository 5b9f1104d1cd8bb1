// What makes a draft doubtful, and how much: config/extract/doubts.toml. Immutable once loaded.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/toml_table.h"

namespace districtd::extract {

// The entries of doubts.toml, in its order; their names are the file's (doubts.cpp).
enum class Doubt : std::uint8_t {
  list_divided,
  after_past,
  long_name,
  vague_deadline,
  no_department,
  unsure_time,
  inherited_name,
  no_verb,
  list_undivided,
  weak_past_number,
  number_in_name,
  chinese_number,
  vague_number,
  doubling,
  unclear_number,
  may_be_item,
  each_year,
  set_elsewhere,
  undated,
  weak_past_event,
  judged_standard,
  state_reached,
  inherited_thing,
  passed,
  subject_done,
  honour,
  no_honour,
  titled_paper,
  paper,
  gathering,
  body,
  finished_work,
  finished_paper,
  finished_thing,
  finished_other,
  started_thing,
  started_other,
  built_thing,
  built_other,
  done_thing,
  done_other,
  verbs_only,
  sentence_in_name,
  glued_number,
  past_around,
  abstract_thing,
  unknown_thing,
  before_plan,
  unknown_verb,
  counts_work,
  pledge,
  kCount
};

struct Doubts {
  struct Rule {
    double by = 0;       // taken off the confidence, 0..1
    double undated = 0;  // the same where the report names no day
    std::string reason;  // in Chinese; "" where the doubt needs no word
  };
  std::array<Rule, static_cast<std::size_t>(Doubt::kCount)> rules;
  // Where the confidence begins: a heading or a word says that it is to come, or nothing does.
  double number_sure = 0;
  double number_unsure = 0;
  double event_sure = 0;
  double event_unsure = 0;

  const Rule& of(Doubt doubt) const { return rules[static_cast<std::size_t>(doubt)]; }
  // The reason with `detail` in the place of {}.
  std::string reason(Doubt doubt, std::string_view detail) const;
};

// Reads doubts.toml; what is wrong or missing goes to the table's findings.
Doubts read_doubts(TomlTable& root);

}  // namespace districtd::extract
