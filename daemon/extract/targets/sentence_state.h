// What one clause hands on to the next: the subject, the verb, the deadline, the commitment.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "daemon/extract/targets/assembly.h"

namespace districtd::extract {

struct SentenceState {
  std::uint32_t sentence = 0;
  const Deadline* lead_deadline = nullptr;  // "6月底前,…": for the clauses that follow
  std::optional<Date> inherited;          // by the heading, or by an earlier sentence: 今后五年
  bool strives = false;                   // "力争A增长6%,B增长5%": for both
  bool sentence_strives = false;          // "力争三年内,…": for every clause of the sentence
  std::optional<std::size_t> node_owner;  // the target whose dated steps may follow
  bool is_part = false;                   // 其中A3个、B5个: of the topic
  std::u32string topic_verb;              // 新开工, of the topic
  std::u32string topic_noun;              // the topic without its verb
  std::u32string topic;                   // the last thing that was named
  Span topic_place;                       // where it was named, with its verb
  std::uint32_t topic_sentence = 0;
  // The last thing counted in each unit: 项目60个,…,新开工54个.
  std::vector<std::pair<std::string, std::u32string>> topics_by_unit;
  std::vector<std::size_t> undated;  // targets of the sentence that a closing deadline may govern
  std::vector<std::size_t> undated_before;  // the same, of the sentence that ended with ;
  std::size_t found_before = 0;             // targets of the paragraph, when the sentence began
  bool raises = false;  // the last number had no noun of its own: 到2028年突破3200亿元
};

// Stage 5 for one clause; each returns whether it found anything.
bool find_numbers(const Paragraph& p, const Clause& clause, const ClauseScope& scope,
                  const Rules& rules, SentenceState& state, std::vector<FoundTarget>& out);
bool find_events(const Paragraph& p, const Clause& clause, const ClauseScope& scope,
                 const Rules& rules, SentenceState& state, std::vector<FoundTarget>& out);

}  // namespace districtd::extract
