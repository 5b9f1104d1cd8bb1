#include "daemon/extract/targets/phrases.h"

#include <algorithm>

#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::uint64_t kVerbs = bit(Word::take) | bit(Word::take_named) | kEventVerbs;
constexpr std::uint64_t kFront = bit(Word::adverb) | bit(Word::strive) | bit(Word::ensure) |
                                 bit(Word::future_period) | bit(Word::past_weak) |
                                 bit(Word::past_period);

bool is_separator(char32_t c) {
  return c == U'、' || c == U'和' || c == U'及' || c == U'与' || c == U',' || c == U'。' ||
         c == U';' || c == U':' || c == U' ' || c == U'并' || c == U'等';
}

bool is_list_sign(char32_t c) { return c == U'、'; }

// 未来产业, 重点产业链: what may be an adverb is part of the name where no verb follows.
bool begins_name(const Paragraph& p, const Token& token, std::size_t end) {
  if (!token.is(Word::may_name) || token.span.end >= end) return false;
  const Token* const next = p.token_at_begin(token.span.end);
  if (next == nullptr) return !is_separator(p.chars()[token.span.end]);
  return !next->is_any(kVerbs | kFront | bit(Word::grow) | bit(Word::shrink) | bit(Word::reach)) ||
         next->is(Word::may_name);
}

// 新建、改扩建: nothing but a sign between two verbs.
bool is_list_of_verbs(const Paragraph& p, std::size_t from, std::size_t to) {
  const auto between = p.chars().substr(from, to - from);
  return between == U"、" || between == U"和" || between == U"及";
}

const Deadline* deadline_at(const Paragraph& p, std::size_t at) {
  const auto found =
      std::lower_bound(p.deadlines.begin(), p.deadlines.end(), at,
                       [](const Deadline& d, std::size_t place) { return d.span.begin < place; });
  return found != p.deadlines.end() && found->span.begin == at ? &*found : nullptr;
}

}  // namespace

std::vector<Token>::const_iterator first_token(const Paragraph& p, std::size_t at) {
  return std::lower_bound(
      p.tokens.begin(), p.tokens.end(), at,
      [](const Token& token, std::size_t begin) { return token.span.begin < begin; });
}

bool has_token(const Paragraph& p, Span span, std::uint64_t classes) {
  for (auto t = first_token(p, span.begin); t != p.tokens.end() && t->span.begin < span.end; ++t) {
    if (t->is_any(classes) && (p.marks[t->span.begin] & (kQuoted | kAside)) == 0) return true;
  }
  return false;
}

std::size_t strip_separators(const Paragraph& p, Span span) {
  std::size_t i = span.begin;
  // "2、" in the middle of a paragraph numbers what follows.
  std::size_t number = i;
  while (number < span.end && number < i + 2 && is_digit(p.chars()[number])) ++number;
  if (number > i && number + 1 < span.end && !is_digit(p.chars()[number + 1]) &&
      (p.chars()[number] == U'、' || p.chars()[number] == U'.')) {
    i = number + 1;
  }
  while (i < span.end && is_separator(p.chars()[i]) && p.token_at_begin(i) == nullptr) ++i;
  return i;
}

std::size_t strip_front(const Paragraph& p, Span span) {
  std::size_t i = span.begin;
  for (;;) {
    const std::size_t before = i;
    i = strip_separators(p, {i, span.end});
    // "一是", "2." and the like are taken off by the structure; what is left of numbering here is
    // "(1)".
    if (const Deadline* const deadline = deadline_at(p, i);
        deadline != nullptr && deadline->span.end <= span.end) {
      i = deadline->span.end;
      if (i < span.end && p.chars()[i] == U'前') ++i;
    }
    // 2026年 alone is no deadline, but no name either.
    if (i + 5 <= span.end && is_digit(p.chars()[i]) && p.chars()[i + 4] == U'年' &&
        is_digit(p.chars()[i + 3])) {
      i += 5;
    }
    if (const Token* const token = p.token_at_begin(i);
        token != nullptr && token->span.end <= span.end && token->is_any(kFront) &&
        !token->is(Word::take_named) && !begins_name(p, *token, span.end)) {
      i = token->span.end;
    }
    if (i >= span.end || i == before) return std::min(i, span.end);
  }
}

Phrase read_phrase(const Paragraph& p, Span span) {
  Phrase phrase;
  std::size_t i = strip_front(p, span);
  phrase.verb = {i, i};
  // "在全区新建": the verb stands behind what the preposition brings.
  if (const Token* const front = p.token_at_begin(i);
      front != nullptr && front->is(Word::preposition)) {
    for (auto t = first_token(p, front->span.end); t != p.tokens.end() && t->span.end < span.end;
         ++t) {
      if (t->is_any(kVerbs) && (p.marks[t->span.begin] & kQuoted) == 0) {
        i = t->span.begin;
        break;
      }
    }
  }
  phrase.begin = i;
  for (;;) {
    const Token* const token = p.token_at_begin(i);
    if (token == nullptr || !token->is_any(kVerbs) || token->span.end > span.end) break;
    phrase.has_verb = true;
    // A name keeps the verb that says what is counted: 新增, 培训; 完成 says nothing.
    if (token->is(Word::take_named)) {
      phrase.verb = token->span;
      if (phrase.verbs.size() == 0) {
        phrase.verbs.begin = token->span.begin;
      } else if (phrase.verbs.end != token->span.begin &&
                 !is_list_of_verbs(p, phrase.verbs.end, token->span.begin)) {
        phrase.are_joined = false;
      }
      phrase.verbs.end = token->span.end;
    } else {
      phrase.verb = {token->span.end, token->span.end};
    }
    i = strip_front(p, {token->span.end, span.end});
    if (i >= span.end) break;
  }
  phrase.noun = {std::min(i, span.end), span.end};
  return phrase;
}

std::u32string name_text(std::u32string_view text) {
  constexpr std::u32string_view kAround = U"、,。;: \t|的和及与";
  // 和美乡村, 和平路: no "and".
  constexpr std::u32string_view kBehindHe = U"美平谐睦善顺";
  const auto is_word = [&] {
    return text.size() > 1 && text[0] == U'和' &&
           kBehindHe.find(text[1]) != std::u32string_view::npos;
  };
  while (!text.empty() && kAround.find(text.front()) != std::u32string_view::npos && !is_word()) {
    text.remove_prefix(1);
  }
  while (!text.empty() && kAround.find(text.back()) != std::u32string_view::npos) {
    text.remove_suffix(1);
  }
  if (text.size() >= 2 && ((text.front() == U'“' && text.back() == U'”') ||
                           (text.front() == U'《' && text.back() == U'》'))) {
    const auto inner = text.substr(1, text.size() - 2);
    if (inner.find_first_of(U"“”《》") == std::u32string_view::npos) text = inner;
  }
  constexpr std::size_t kLongest = 40;
  if (text.size() > kLongest) text = text.substr(text.size() - kLongest);
  return std::u32string{text};
}

std::vector<Span> list_items(const Paragraph& p, Span span) {
  std::vector<Span> items;
  std::size_t begin = span.begin;
  for (std::size_t i = span.begin; i <= span.end; ++i) {
    const bool is_end = i == span.end;
    if (!is_end && (!is_list_sign(p.chars()[i]) || (p.marks[i] & (kQuoted | kAside)) != 0)) {
      continue;
    }
    if (i > begin) items.push_back({begin, i});
    begin = i + 1;
  }
  // "A、B和C": the last sign is a word.
  if (items.size() >= 2) {
    const Span last = items.back();
    for (std::size_t i = last.begin + 2; i + 2 < last.end; ++i) {
      const char32_t c = p.chars()[i];
      if ((c == U'和' || c == U'及') && p.marks[i] == 0) {
        const Token* const token = p.token_at_begin(i);
        if (token != nullptr && token->span.size() > 1) continue;
        items.back() = {last.begin, i};
        items.push_back({i + 1, last.end});
        break;
      }
    }
  }
  return items;
}

std::optional<Commitment> commitment_in(const Paragraph& p, Span span) {
  std::optional<Commitment> commitment;
  for (auto t = first_token(p, span.begin); t != p.tokens.end() && t->span.begin < span.end; ++t) {
    if ((p.marks[t->span.begin] & kQuoted) != 0) continue;
    if (t->is(Word::approach) && has_token(p, span, bit(Word::approach))) {
      const auto before = p.chars().substr(span.begin, t->span.begin - span.begin);
      if (before.find(U'向') != std::u32string_view::npos ||
          before.find(U'朝') != std::u32string_view::npos) {
        return Commitment::approach;
      }
    }
    // 争取中央投资20亿元: it is what is done.
    const Token* const next = p.token_at_begin(t->span.end);
    const bool is_verb = t->is(Word::strive) && t->is(Word::take_named) &&
                         (next == nullptr || !next->is_any(kVerbs | bit(Word::grow))) &&
                         !has_token(p, {t->span.end, span.end}, kEventVerbs);
    if (t->is(Word::strive) && !is_verb) {
      commitment = Commitment::strive;
    } else if (t->is(Word::ensure) && t->span.size() >= 2 && !commitment) {
      commitment = Commitment::must;
    }
  }
  return commitment;
}

const Deadline* deadline_in(const Paragraph& p, Span span, std::size_t at) {
  const Deadline* found = nullptr;
  auto d = std::lower_bound(
      p.deadlines.begin(), p.deadlines.end(), span.begin,
      [](const Deadline& deadline, std::size_t place) { return deadline.span.begin < place; });
  for (; d != p.deadlines.end() && d->span.begin < span.end; ++d) {
    if ((p.marks[d->span.begin] & kAside) != 0) continue;
    if (d->span.begin >= at && found != nullptr) break;
    found = &*d;
    if (d->span.begin >= at) break;
  }
  return found;
}

}  // namespace districtd::extract
