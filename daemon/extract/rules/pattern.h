// The small pattern language of the rule files. Pure.
//
//   {n}       a number, Arabic or Chinese          {d}  Arabic only          {z}  Chinese only
//   {x:0-8}   0 to 8 characters, as few as go, none of them ，。；：
//   (a|b)     one of them                          (a)? may be absent
//   anything else stands for itself
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

class Pattern {
 public:
  struct Match {
    std::size_t end = 0;  // behind the last character
    std::vector<double> numbers;
  };

  // The error says what is wrong with the pattern.
  static Result<Pattern, std::string> parse(std::u32string_view text);

  // Whether it matches at text[at]. The time is bounded by the pattern, not by the text. `numeral`
  // is what read_numeral says at that place, where the caller knows it already.
  bool matches(std::u32string_view text, std::size_t at, Match& match,
               const std::optional<Numeral>* numeral = nullptr) const;

  // Whether a match may begin with this character, and all such characters.
  bool may_begin_with(char32_t c) const;
  std::u32string beginnings() const;

  // Of a pattern that begins with a number: what may stand right behind it; nothing where anything
  // may. Of another: nothing.
  bool begins_with_number() const { return parts_.front().sort == Sort::number; }
  std::u32string behind_number() const;

 private:
  struct Part;
  static std::u32string beginnings_of(const Part& part);
  enum class Sort : std::uint8_t { literal, number, any, choice };
  struct Part {
    Sort sort = Sort::literal;
    bool takes_arabic = true;
    bool takes_chinese = true;
    bool is_optional = false;
    std::size_t least = 0;
    std::size_t most = 0;
    std::u32string literal;
    std::vector<std::u32string> choices;
  };
  bool matches_from(std::size_t index, std::u32string_view text, std::size_t at,
                    Match& match) const;

  std::vector<Part> parts_;
};

}  // namespace districtd::extract
