// The grammar and the dictionaries, as the files of config/extract/ say them. docs/extraction.md
// describes the files. Immutable once loaded.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/findings.h"
#include "base/result.h"
#include "daemon/extract/rules/doubts.h"
#include "daemon/extract/rules/lexicon.h"
#include "daemon/extract/rules/pattern.h"
#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

// The classes of words.toml, in its order; the names are the file's keys (rules.cpp).
enum class Word : std::uint8_t {
  strive,
  ensure,
  approach,
  past_period,
  future_period,
  past,
  past_weak,
  problem,
  adverb,
  take,
  take_named,
  reach,
  keep,
  reach_down,
  grow,
  shrink,
  at_least,
  at_most,
  or_more,
  or_less,
  about_before,
  about_after,
  each,
  link,
  done,
  start,
  finish,
  build,
  create,
  issue,
  found,
  state,
  size_noun,
  flow_noun,
  size_before,
  concrete_noun,
  work_noun,
  paper_noun,
  body_noun,
  honour_noun,
  standard_noun,
  pass_noun,
  abstract_noun,
  level_noun,
  lower_better,
  plan_noun,
  generic_name,
  not_a_word,
  slogan,
  preposition,
  look_back,
  stage_noun,
  gathering,
  meeting_noun,
  may_name,
  bare_noun,
  honour_mark,
  existing,
  kCount
};

constexpr std::uint64_t bit(Word word) { return 1ULL << static_cast<unsigned>(word); }

enum class UnitClass : std::uint8_t { ratio, times, money, area, length, size, count, time, none };

// What a deadline pattern's numbers mean.
enum class DateRule : std::uint8_t {
  month_end,
  month_day,
  month_tenth,
  month_twentieth,
  quarter_end,
  year_end,
  fixed,
  next_year,
  next_month_end,
  years,
  five_year_plan,
};

struct DeadlinePattern {
  Pattern pattern;
  DateRule rule = DateRule::fixed;
  unsigned month = 12;  // rule fixed
  unsigned day = 31;
  bool is_vague = false;  // two readings; the end of the period was taken
};

// Patterns by the character that they may begin with, those that begin with a number by the one
// behind it, so that most places cost a look or two.
class PatternIndex {
 public:
  void add(const Pattern& pattern, std::uint16_t index);

  // Calls `take(index)` for each pattern that may match at text[at]. `numeral` is what stands
  // there.
  template <typename Take>
  void candidates(std::u32string_view text, std::size_t at, const std::optional<Numeral>& numeral,
                  Take&& take) const {
    for (const std::uint16_t index : list(first_, text[at])) take(index);
    if (!numeral) return;
    for (const std::uint16_t index : behind_any_) take(index);
    if (numeral->end >= text.size()) return;
    for (const std::uint16_t index : list(behind_, text[numeral->end])) take(index);
  }

 private:
  using Slots = std::vector<std::uint16_t>;  // by character, into lists_
  const std::vector<std::uint16_t>& list(const Slots& slots, char32_t c) const {
    return lists_[c < slots.size() ? slots[c] : 0];
  }
  void put(Slots& slots, std::u32string_view characters, std::uint16_t index);

  Slots first_ = Slots(0x10000);
  Slots behind_ = Slots(0x10000);
  std::vector<std::uint16_t> behind_any_;
  std::vector<std::vector<std::uint16_t>> lists_ = {{}};
};

// What headings and lines say about who is responsible and when.
struct StructureWords {
  Lexicon department_ends;  // classes: kStrong, kWeak
  static constexpr std::uint64_t kStrong = 1;
  static constexpr std::uint64_t kWeak = 2;
  std::vector<std::u32string> region;
  std::vector<std::u32string> place;  // ends of names that need no region before them
  std::vector<std::u32string> not_a_place;
  std::vector<std::u32string> not_in_name;
  std::vector<std::u32string> responsible;
  std::vector<std::u32string> supporting;
  std::vector<std::u32string> person;  // 责任人: no department follows
  std::vector<std::u32string> due;
  std::vector<std::u32string> speaking;
  std::vector<std::u32string> past_heading;
  std::vector<std::u32string> future_heading;
  std::vector<std::u32string> plan_heading;  // end a look-back without a number
  std::vector<std::u32string> problem_heading;
  std::vector<std::u32string> demand_heading;
  std::vector<std::pair<std::u32string, std::string>> department_ids;  // longest word first
};

// How checkable a promise without a number is.
struct PledgeScores {
  std::size_t most = 3;
  int least_score = 3;
  struct Score {
    int score = 0;
    std::vector<std::u32string> words;
    bool is_at_end = false;  // only where the object ends with it
  };
  std::vector<Score> verbs;
  std::vector<Score> objects;
};

struct Rules {
  Lexicon words;
  Lexicon units;  // classes: 1 << UnitClass
  std::vector<Pattern> names;
  std::vector<std::string> name_texts;  // as written, for reasons
  PatternIndex name_index;
  std::vector<DeadlinePattern> deadlines;
  PatternIndex deadline_index;
  std::vector<std::pair<std::u32string, std::vector<std::u32string>>> splits;
  StructureWords structure;
  PledgeScores pledges;
  Doubts doubts;
  Spelling spelling;

  // Whether the text ends with a word of one of the classes.
  bool ends_with(std::u32string_view text, std::uint64_t classes) const;
  // Whether a word of one of the classes stands anywhere in it.
  bool contains(std::u32string_view text, std::uint64_t classes) const;
};

// A rule file by name ("words.toml") and text.
struct RuleFile {
  std::string name;
  std::string text;
};

// The files that were built into the program.
std::vector<RuleFile> built_in_rules();

// Where the installed copy of the rules is, or "" where there is none:
// PREFIX/share/districtd/extract beside the PREFIX/bin of the running program.
std::filesystem::path installed_rules();

// The rules of a folder; every file of the built-in set must be there. Findings with
// file:line:column.
Result<Rules, Findings> load_rules(const std::filesystem::path& folder);
Result<Rules, Findings> parse_rules(const std::vector<RuleFile>& files);

}  // namespace districtd::extract
