// Stage 2, sentences: a paragraph with its clauses, words, numbers and dates, each with its place.
// Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/extract/reading/deadlines.h"
#include "daemon/extract/reading/quantities.h"
#include "daemon/extract/rules/rules.h"
#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

struct Token {
  Span span;
  std::uint64_t classes = 0;
  bool is(Word word) const { return (classes & bit(word)) != 0; }
  bool is_any(std::uint64_t set) const { return (classes & set) != 0; }
};

// What stands between two of ，；：。！？ and tabs. Several clauses make a sentence.
struct Clause {
  Span span;
  std::uint32_t sentence = 0;
};

enum Mark : std::uint8_t {
  kQuoted = 1,  // between quotation marks that are a pair
  kAside = 2,   // in brackets
  kNamed = 4,   // a name with a number in it
  kDated = 8,   // a deadline
};

struct Paragraph {
  NormalText text;
  std::vector<Token> tokens;
  std::vector<std::int32_t> token_at;  // by the place where it begins; -1: none
  std::vector<std::int32_t> token_to;  // by the place where it ends
  std::vector<std::uint8_t> marks;     // by character, a set of Mark
  std::vector<Clause> clauses;
  Quantities quantities;
  std::vector<Deadline> deadlines;

  std::u32string_view chars() const { return text.chars; }
  std::u32string_view part(Span span) const { return chars().substr(span.begin, span.size()); }
  const Token* token_at_begin(std::size_t i) const {
    return i < token_at.size() && token_at[i] >= 0 ? &tokens[static_cast<std::size_t>(token_at[i])]
                                                   : nullptr;
  }
  const Token* token_at_end(std::size_t i) const {
    return i < token_to.size() && token_to[i] >= 0 ? &tokens[static_cast<std::size_t>(token_to[i])]
                                                   : nullptr;
  }
};

// Reads `utf8` for the year that the report plans for. Replaces `out`, whose memory is used again.
// `item` is the number of the list item that it is.
void read_paragraph(std::string_view utf8, const Rules& rules, int year, Paragraph& out,
                    int item = 0);

// Whether nothing in it can be a target: no number, no word of an event. Cheap.
bool is_plain(const Paragraph& paragraph);

}  // namespace districtd::extract
