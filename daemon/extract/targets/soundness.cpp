#include "daemon/extract/targets/soundness.h"

#include <algorithm>

#include "daemon/extract/targets/phrases.h"
#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::uint64_t kVerbs = bit(Word::take) | bit(Word::take_named) | bit(Word::reach) |
                                 bit(Word::keep) | bit(Word::grow) | bit(Word::shrink) |
                                 bit(Word::existing) | kEventVerbs;
constexpr std::uint64_t kThings =
    bit(Word::concrete_noun) | bit(Word::work_noun) | bit(Word::paper_noun) | bit(Word::body_noun) |
    bit(Word::honour_noun) | bit(Word::meeting_noun) | bit(Word::stage_noun) |
    bit(Word::standard_noun) | bit(Word::pass_noun) | bit(Word::state);

// 用好, 抓好, 新增: every word of the name is a verb or an adverb. 主体, 外立面施工: a step, of
// what?
bool has_noun(std::u32string_view name, const Rules& rules) {
  constexpr std::size_t kShort = 5;
  if (name.size() <= kShort) {
    auto stage = name;
    if (stage.size() > 3 && stage.ends_with(U"施工")) stage.remove_suffix(2);
    const auto classes = rules.words.classes_of(stage);
    if ((classes & (bit(Word::stage_noun) | bit(Word::bare_noun) | bit(Word::generic_name))) != 0) {
      return false;
    }
  }
  // 完成投资: of what?
  const auto first = rules.words.longest(name, 0);
  if (first.length > 0 && (first.classes & (bit(Word::take) | bit(Word::reach))) != 0 &&
      (first.classes & bit(Word::take_named)) == 0 &&
      (rules.words.classes_of(name.substr(first.length)) & bit(Word::bare_noun)) != 0) {
    return false;
  }
  constexpr std::u32string_view kSmall = U"好了各再更又";
  for (std::size_t i = 0; i < name.size();) {
    const auto match = rules.words.longest(name, i);
    constexpr std::uint64_t kNouns = kThings | bit(Word::level_noun) | bit(Word::flow_noun) |
                                     bit(Word::size_noun) | bit(Word::may_name) |
                                     bit(Word::not_a_word) | bit(Word::bare_noun);
    const bool is_verb = match.length > 0 && (match.classes & (kVerbs | bit(Word::adverb))) != 0 &&
                         (match.classes & kNouns) == 0;
    if (is_verb) {
      i += match.length;
      continue;
    }
    if (match.length == 0 && kSmall.find(name[i]) != std::u32string_view::npos) {
      ++i;
      continue;
    }
    // One sign that no dictionary knows is part of a verb: 抓好, 用好.
    if (match.length == 0 && name.size() <= 2) return false;
    return true;
  }
  return false;
}

// The classes of the longest word that the name ends with: 新格局 is abstract, though 局 is a body.
std::uint64_t end_classes(std::u32string_view name, const Rules& rules) {
  constexpr std::size_t kLongest = 8;
  for (std::size_t n = std::min(name.size(), kLongest); n > 0; --n) {
    const auto classes = rules.words.classes_of(name.substr(name.size() - n));
    if ((classes & (kThings | bit(Word::abstract_noun) | bit(Word::slogan))) != 0) return classes;
  }
  return 0;
}

// What stands in the name and belongs to a sentence: 确保, 已, 由; "" where nothing does.
std::u32string_view sentence_word(std::u32string_view name, const Rules& rules) {
  constexpr std::u32string_view kDangling = U"不在对为从由与占于向把被将是有等第";
  if (name.size() > 1 && kDangling.find(name.back()) != std::u32string_view::npos &&
      rules.words.longest(name, name.size() - 1).length <= 1) {
    return name.substr(name.size() - 1);
  }
  bool is_quoted = false;
  for (std::size_t i = 0; i < name.size();) {
    if (name[i] == U'“' || name[i] == U'《') is_quoted = true;
    if (name[i] == U'”' || name[i] == U'》') is_quoted = false;
    const auto match = rules.words.longest(name, i);
    const std::size_t length = std::max<std::size_t>(match.length, 1);
    const auto word = name.substr(i, length);
    constexpr std::uint64_t kSentence = bit(Word::strive) | bit(Word::ensure) | bit(Word::past) |
                                        bit(Word::past_period) | bit(Word::problem) |
                                        bit(Word::reach_down);
    // 围绕关键环节, 依托330国道: what it is done by.
    if (i == 0 && match.length >= 2 && (match.classes & bit(Word::preposition)) != 0 &&
        match.length < name.size()) {
      return word;
    }
    if (!is_quoted && name[i] == U'了' && match.length <= 1) return word;
    const bool is_name = (match.classes & (bit(Word::may_name) | bit(Word::take_named))) != 0;
    if (!is_quoted && match.length >= 2 && (match.classes & kSentence) != 0 && !is_name) {
      return word;
    }
    if (!is_quoted && match.length <= 1 && i == 0) {
      constexpr std::u32string_view kFunction = U"已将使把被由从其该因且或若虽但而即";
      if (kFunction.find(name[i]) != std::u32string_view::npos) return word;
    }
    i += length;
  }
  return {};
}

// 1. 300万人口: a word goes on over the end of the unit. 第3次: an order.
bool is_glued(const Paragraph& p, const FoundTarget& target) {
  if (target.number.size() == 0) return false;
  if (target.number.begin > 0 && p.chars()[target.number.begin - 1] == U'第') return true;
  const std::size_t end = target.number.end;
  for (std::size_t i = end > 3 ? end - 3 : 0; i < end; ++i) {
    const Token* const token = p.token_at_begin(i);
    if (token != nullptr && i > target.number.begin && token->span.end > end &&
        !token->is_any(kVerbs | bit(Word::or_more) | bit(Word::or_less) | bit(Word::about_after))) {
      return true;
    }
  }
  return false;
}

// Whether another clause of the paragraph tells of what is done.
bool is_past_around(const ParagraphScope& scope, std::size_t clause) {
  for (std::size_t i = 0; i < scope.clauses.size(); ++i) {
    if (i != clause && !scope.clauses[i].is_promise) return true;
  }
  return false;
}

// 建成区面积68平方公里,下辖4个区: the sentence says how things are.
bool is_past_in_sentence(const Paragraph& p, const ParagraphScope& scope, std::size_t clause) {
  for (std::size_t i = 0; i < scope.clauses.size(); ++i) {
    if (p.clauses[i].sentence == p.clauses[clause].sentence && !scope.clauses[i].is_promise) {
      return true;
    }
  }
  return false;
}

// 呵护128棵古树名木: no verb that the dictionaries know stands before the number, and what it
// counts stands behind it; it may count what is there.
bool has_unknown_verb(const Paragraph& p, const FoundTarget& target) {
  const Span before{target.quote.begin, target.number.begin};
  const Span after{target.number.end, std::max(target.number.end, target.quote.end)};
  const bool is_rate = target.unit.find('%') != std::string::npos || target.kind == Kind::level;
  if (target.number.size() == 0 || after.size() < 2 || before.size() < 2 || is_rate) return false;
  constexpr std::uint64_t kKnown =
      (kVerbs & ~bit(Word::existing)) | bit(Word::each) | bit(Word::at_least) | bit(Word::at_most);
  constexpr std::uint64_t kBounds =
      bit(Word::or_more) | bit(Word::or_less) | bit(Word::about_after);
  return !has_token(p, before, kKnown) && !has_token(p, after, kKnown | kBounds);
}

// 每季度开展1次调度: how often something is done, no sum.
bool counts_work(const Paragraph& p, const FoundTarget& target) {
  constexpr double kOften = 12;
  if ((target.unit != "次" && target.unit != "轮") || !target.goal || *target.goal > kOften) {
    return false;
  }
  return p.part(target.quote).find(U'每') != std::u32string_view::npos;
}

}  // namespace

void doubt_form(const Paragraph& p, const ParagraphScope& scope, std::size_t clause,
                const Rules& rules, FoundTarget& target) {
  const Doubts& doubts = rules.doubts;
  const std::u32string name = to_u32(target.name);
  if (!has_noun(name, rules)) target.doubt(doubts, Doubt::verbs_only);
  if (const auto word = sentence_word(name, rules); !word.empty()) {
    target.doubt(doubts, Doubt::sentence_in_name, to_utf8(word));
  }
  if (is_glued(p, target)) {
    target.doubt(doubts, Doubt::glued_number, to_utf8(p.part(target.number)));
  }
  if (has_unknown_verb(p, target)) {
    target.doubt(doubts, Doubt::unknown_verb,
                 to_utf8(p.part({target.quote.begin, target.number.begin})));
  }
  if (counts_work(p, target)) target.doubt(doubts, Doubt::counts_work);
  const ClauseScope& at = scope.clauses[clause];
  const bool is_bare = target.number.size() > 0 && target.commitment == Commitment::must &&
                       !has_token(p, p.clauses[clause].span, kVerbs) &&
                       target.quote.end == target.number.end;
  if ((!at.is_sure && is_past_around(scope, clause)) ||
      (is_bare && is_past_in_sentence(p, scope, clause))) {
    target.doubt(doubts, Doubt::past_around);
  }
  if (target.kind == Kind::milestone && !target.deadline) {
    const auto classes = end_classes(name, rules);
    if (classes == 0) {
      target.doubt(doubts, Doubt::unknown_thing);
    } else if ((classes & kThings) == 0) {
      target.doubt(doubts, Doubt::abstract_thing);
    }
  }
}

}  // namespace districtd::extract
