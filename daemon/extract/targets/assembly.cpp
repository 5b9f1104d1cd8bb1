#include "daemon/extract/targets/assembly.h"

#include <algorithm>

#include "daemon/extract/targets/phrases.h"
#include "daemon/extract/targets/sentence_state.h"
#include "daemon/extract/targets/soundness.h"

namespace districtd::extract {

std::string_view to_string(BaselineRule rule) {
  switch (rule) {
    case BaselineRule::none:
      return "none";
    case BaselineRule::year_on_year:
      return "year_on_year";
    case BaselineRule::year_before:
      return "year_before";
    case BaselineRule::base_year:
      return "base_year";
  }
  return "";
}

void FoundTarget::doubt(const Doubts& doubts, Doubt doubt, std::string_view detail) {
  confidence = std::max(0.05, confidence - doubts.of(doubt).by);
  if (auto reason = doubts.reason(doubt, detail); !reason.empty()) {
    reasons.push_back(std::move(reason));
  }
}

namespace {

// "2026年新建…", "其中,2026年": the planned year, named where another one was inherited.
bool names_year(std::u32string_view text, int year) {
  if (text.starts_with(U"其中")) text.remove_prefix(2);
  return text.starts_with(to_u32(std::to_string(year)) + U"年");
}

void begin_clause(const Paragraph& p, const Clause& clause, int year, std::size_t found,
                  SentenceState& state) {
  state.is_part = false;
  if (clause.sentence != state.sentence) {
    state.sentence = clause.sentence;
    state.lead_deadline = nullptr;
    state.strives = false;
    state.sentence_strives = false;
    state.node_owner.reset();
    const bool goes_on = clause.span.begin > 0 && p.chars()[clause.span.begin - 1] == U';';
    if (!goes_on) state.undated_before.clear();
    if (goes_on && !state.undated.empty()) state.undated_before = state.undated;
    state.undated.clear();
    state.found_before = found;
  }
  // A deadline at the front, or a year ahead (到2030年), governs what follows.
  const std::size_t begin = strip_separators(p, clause.span);
  if (names_year(p.part({begin, clause.span.end}), year)) state.inherited.reset();
  auto d = std::lower_bound(
      p.deadlines.begin(), p.deadlines.end(), begin,
      [](const Deadline& deadline, std::size_t at) { return deadline.span.begin < at; });
  for (; d != p.deadlines.end() && d->span.begin <= begin + 4; ++d) {
    if (d->span.end > clause.span.end) break;
    const auto before = p.chars().substr(begin, d->span.begin - begin);
    const auto text = p.part(d->span);
    const bool is_whole_year = text == U"全年" || text == U"今年" || text == U"年内";
    // A time of years governs the paragraph, until another one is named.
    const Date year_end = date_of(year, 12, 31);
    if (d->date > year_end) state.inherited = d->date;
    if (d->date == year_end) state.inherited.reset();
    if (!is_whole_year && before.find(U'、') == std::u32string_view::npos &&
        !has_token(p, {begin, d->span.begin}, bit(Word::ensure))) {
      state.lead_deadline = &*d;
    }
  }
}

// 争取 is said of its own clause only.
bool has_only_seek(const Paragraph& p, Span span) {
  for (auto t = first_token(p, span.begin); t != p.tokens.end() && t->span.begin < span.end; ++t) {
    if (t->is(Word::strive) && !t->is(Word::take_named)) return false;
  }
  return true;
}

// What the clause is about, for a following one that has no subject of its own.
void remember_topic(const Paragraph& p, const Clause& clause, const Rules& rules,
                    SentenceState& state) {
  const Phrase phrase = read_phrase(p, clause.span);
  auto noun = p.part(phrase.noun);
  // 水库扩建工程前期工作取得突破: the thing is what may be begun next.
  constexpr std::size_t kShortest = 4;
  for (const std::u32string_view said : {U"取得", U"前期工作", U"前期"}) {
    if (const auto at = noun.find(said); at != std::u32string_view::npos && at >= kShortest) {
      noun = noun.substr(0, at);
    }
  }
  for (const std::u32string_view tail : {U"建设", U"工作", U"力度", U"步伐"}) {
    if (noun.size() > tail.size() + 2 && noun.ends_with(tail)) noun.remove_suffix(tail.size());
  }
  if (noun.size() < 2 || rules.ends_with(noun, bit(Word::slogan))) return;
  state.topic = name_text(noun);
  state.topic_place = {strip_separators(p, clause.span), clause.span.end};
  state.topic_sentence = clause.sentence;
}

}  // namespace

void find_targets(const Paragraph& p, const ParagraphScope& scope, const TimeBefore& time,
                  const Rules& rules, std::vector<FoundTarget>& out) {
  SentenceState state;
  state.inherited = time.due;
  state.sentence = 0xFFFFFFFFU;
  for (std::size_t i = 0; i < p.clauses.size(); ++i) {
    const Clause& clause = p.clauses[i];
    const std::size_t found = out.size();
    const auto inherited = state.inherited;
    begin_clause(p, clause, time.year, found, state);
    state.raises = false;
    const bool has_numbers = find_numbers(p, clause, scope.clauses[i], rules, state, out);
    // "2026年达到2400亿元,到2028年突破3200亿元": the later year is of this number alone.
    if (state.raises && i > 0 && p.clauses[i - 1].sentence == clause.sentence) {
      state.inherited = inherited;
    }
    const bool has_events =
        !has_numbers && find_events(p, clause, scope.clauses[i], rules, state, out);
    for (std::size_t k = found; k < out.size(); ++k) {
      out[k].is_time_sure = scope.clauses[i].is_sure;
      doubt_form(p, scope, i, rules, out[k]);
    }
    if (!has_numbers && !has_events) remember_topic(p, clause, rules, state);
    if (const auto commitment = commitment_in(p, clause.span)) {
      state.strives = *commitment == Commitment::strive && !has_only_seek(p, clause.span);
      // "力争三年内,": for all of the sentence. "奋力建设交通强市,完成投资95亿元": said of a clause
      // that promises something of its own.
      if (!has_numbers && !has_events) {
        const bool says_nothing_else = strip_front(p, clause.span) >= clause.span.end;
        if (says_nothing_else) state.sentence_strives = state.strives;
        if (!says_nothing_else) state.strives = false;
      }
    }
  }
}

}  // namespace districtd::extract
