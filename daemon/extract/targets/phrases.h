// What numbers and events share: the words around them, cut down to a name. Pure; used by assembly.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/target.h"
#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

constexpr std::uint64_t kEventVerbs = bit(Word::done) | bit(Word::start) | bit(Word::finish) |
                                      bit(Word::build) | bit(Word::create) | bit(Word::issue) |
                                      bit(Word::found);

// Where the phrase begins once separators (、和及), adverbs, deadlines and words of commitment and
// time are taken off its front.
std::size_t strip_front(const Paragraph& p, Span span);

// Only the separators.
std::size_t strip_separators(const Paragraph& p, Span span);

// The phrase behind its leading verbs: what is built, done or counted. `verb` is the last verb that
// belongs into a name (新建), as a place; empty where there is none.
struct Phrase {
  std::size_t begin = 0;  // the first verb, else the noun
  Span verb;
  Span noun;
  bool has_verb = false;   // any verb at all
  Span verbs;              // from the first verb that belongs into a name to the last
  bool are_joined = true;  // nothing stands between them
};
Phrase read_phrase(const Paragraph& p, Span span);

// The text of a name: no quotation marks around the whole, no blanks, no leading 的.
std::u32string name_text(std::u32string_view text);

// The items of "A、B和C"; one item where it is no list. Quoted and bracketed signs divide nothing.
std::vector<Span> list_items(const Paragraph& p, Span span);

// 力争 and 确保 and 向…迈进 in the span; nothing where it says none of them.
std::optional<Commitment> commitment_in(const Paragraph& p, Span span);

// The deadline that governs place `at` of the span: the nearest before it, else the first after it.
const Deadline* deadline_in(const Paragraph& p, Span span, std::size_t at);

// The first token at or behind `at`.
std::vector<Token>::const_iterator first_token(const Paragraph& p, std::size_t at);

// Whether an unquoted token of one of the classes begins in the span.
bool has_token(const Paragraph& p, Span span, std::uint64_t classes);

}  // namespace districtd::extract
