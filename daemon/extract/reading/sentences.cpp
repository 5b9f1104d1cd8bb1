#include "daemon/extract/reading/sentences.h"

#include <algorithm>

#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kLongestPair = 60;  // characters between two marks that belong together
constexpr std::uint64_t kVerbs = bit(Word::take) | bit(Word::take_named) | bit(Word::done) |
                                 bit(Word::start) | bit(Word::finish) | bit(Word::build) |
                                 bit(Word::create) | bit(Word::issue) | bit(Word::found) |
                                 bit(Word::grow) | bit(Word::shrink);

void mark_pairs(std::u32string_view chars, char32_t open, char32_t close, std::uint8_t mark,
                std::vector<std::uint8_t>& marks) {
  for (std::size_t i = 0; i < chars.size(); ++i) {
    if (chars[i] != open) continue;
    const std::size_t limit = std::min(chars.size(), i + kLongestPair);
    std::size_t end = i + 1;
    while (end < limit && chars[end] != close && chars[end] != U'。' && chars[end] != open) ++end;
    if (end >= limit || chars[end] != close) continue;
    for (std::size_t k = i; k <= end; ++k) marks[k] |= mark;
    i = end;
  }
}

bool ends_sentence(char32_t c) {
  return c == U'。' || c == U'!' || c == U'?' || c == U';' || c == U'\t' || c == U'\n' || c == U'|';
}

// A comma of 3,200 and the colon of 7:30 divide nothing.
bool divides(std::u32string_view chars, std::size_t i) {
  const char32_t c = chars[i];
  if (ends_sentence(c)) return true;
  if (c != U',' && c != U':') return false;
  if (i == 0 || i + 1 >= chars.size() || !is_digit(chars[i - 1]) || !is_digit(chars[i + 1])) {
    return true;
  }
  if (c == U':') return false;
  const auto is = [&](std::size_t k) { return k < chars.size() && is_digit(chars[k]); };
  return !(is(i + 2) && is(i + 3) && !is(i + 4));
}

// "建成A等6条道路、建成B天桥": a 、 between two verbs that each have an object of their own.
bool divides_verbs(const Paragraph& p, std::size_t begin, std::size_t i) {
  if (p.chars()[i] != U'、' || i < begin + 5) return false;
  const Token* const before = p.token_at_end(i);
  if (before != nullptr && before->is_any(kVerbs)) return false;
  const Token* const verb = p.token_at_begin(i + 1);
  if (verb == nullptr || verb->span.size() < 2) return false;
  if (!verb->is_any(bit(Word::take) | bit(Word::take_named) | bit(Word::finish) |
                    bit(Word::build))) {
    return false;
  }
  const auto object = p.chars().substr(verb->span.end, 3);
  constexpr std::u32string_view kSigns = U"、,。;和及与";
  return object.size() == 3 && object.find_first_of(kSigns) == std::u32string_view::npos;
}

void split_clauses(Paragraph& p) {
  const auto chars = p.chars();
  p.clauses.clear();
  std::size_t begin = 0;
  std::uint32_t sentence = 0;
  for (std::size_t i = 0; i <= chars.size(); ++i) {
    const bool is_end = i == chars.size();
    if (!is_end && (p.marks[i] & (kQuoted | kAside)) != 0) continue;
    if (!is_end && !divides(chars, i) && !divides_verbs(p, begin, i)) continue;
    if (i > begin) p.clauses.push_back({{begin, i}, sentence});
    if (!is_end && ends_sentence(chars[i])) ++sentence;
    begin = i + 1;
  }
}

void find_tokens(Paragraph& p, const Rules& rules) {
  const auto chars = p.chars();
  p.tokens.clear();
  p.token_at.assign(chars.size() + 1, -1);
  p.token_to.assign(chars.size() + 1, -1);
  for (std::size_t i = 0; i < chars.size();) {
    const auto match = rules.words.longest(chars, i);
    if (match.length == 0) {
      ++i;
      continue;
    }
    Token token{{i, i + match.length}, match.classes};
    // 治理率, 完成量, 交易额 are nouns.
    if (token.is_any(kVerbs) && token.span.end < chars.size()) {
      const char32_t next = chars[token.span.end];
      if (next == U'率' || next == U'量' || next == U'额' || next == U'价' || next == U'期') {
        token.classes = bit(Word::not_a_word);
      }
    }
    const auto index = static_cast<std::int32_t>(p.tokens.size());
    p.token_at[i] = index;
    p.token_to[token.span.end] = index;
    p.tokens.push_back(token);
    i = token.span.end;
  }
}

}  // namespace

void read_paragraph(std::string_view utf8, const Rules& rules, int year, Paragraph& out, int item) {
  normalise(utf8, rules.spelling, out.text);
  const auto chars = out.chars();
  out.marks.assign(chars.size() + 1, 0);
  mark_pairs(chars, U'“', U'”', kQuoted, out.marks);
  mark_pairs(chars, U'‘', U'’', kQuoted, out.marks);
  mark_pairs(chars, U'《', U'》', kQuoted, out.marks);
  mark_pairs(chars, U'(', U')', kAside, out.marks);
  find_tokens(out, rules);
  split_clauses(out);
  find_quantities(out.text, rules, out.quantities, item);
  find_deadlines(out.text, rules, year, out.deadlines);
  for (const Span& span : out.quantities.named) {
    for (std::size_t i = span.begin; i < span.end; ++i) out.marks[i] |= kNamed;
  }
  for (const Deadline& deadline : out.deadlines) {
    for (std::size_t i = deadline.span.begin; i < deadline.span.end; ++i) out.marks[i] |= kDated;
  }
}

bool is_plain(const Paragraph& paragraph) {
  constexpr std::uint64_t kEvents = bit(Word::done) | bit(Word::start) | bit(Word::finish) |
                                    bit(Word::build) | bit(Word::create) | bit(Word::issue) |
                                    bit(Word::found) | bit(Word::state) | bit(Word::standard_noun) |
                                    bit(Word::pass_noun);
  return paragraph.quantities.list.empty() &&
         std::none_of(paragraph.tokens.begin(), paragraph.tokens.end(),
                      [](const Token& token) { return token.is_any(kEvents); });
}

}  // namespace districtd::extract
