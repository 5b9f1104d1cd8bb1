#include "daemon/extract/reading/scope.h"

#include <algorithm>
#include <cstdlib>

#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kLead = 12;  // characters: what stands so early is the paragraph's time

struct PeriodMark {
  std::size_t at;
  Scope scope;
};

// 2025年, 1-9月: periods that no dictionary holds.
void add_years(const Paragraph& p, int year, std::vector<PeriodMark>& marks) {
  const auto chars = p.chars();
  for (std::size_t i = 1; i + 1 < chars.size(); ++i) {
    if (chars[i] == U'年' && i >= 4 && is_digit(chars[i - 1]) && is_digit(chars[i - 4]) &&
        (i < 5 || !is_digit(chars[i - 5]))) {
      int value = 0;
      bool is_year = true;
      for (std::size_t k = i - 4; k < i; ++k) {
        is_year = is_year && is_digit(chars[k]);
        value = value * 10 + static_cast<int>(chars[k] - U'0');
      }
      if (!is_year || value < 1990 || value > 2100) continue;
      // 比2025年增长: what it is compared with. 从2020年的: where it began.
      constexpr std::u32string_view kCompared = U"比较同于从由自";
      if (i >= 5 && kCompared.find(chars[i - 5]) != std::u32string_view::npos) continue;
      const bool is_since = chars.substr(i + 1).starts_with(U"以来");
      marks.push_back({i - 4, value < year || is_since ? Scope::past : Scope::promise});
    }
    if (chars[i] == U'月' && is_digit(chars[i - 1])) {
      std::size_t k = i - 1;
      while (k > 0 && is_digit(chars[k])) --k;
      const bool is_range = chars[k] == U'-' || chars[k] == U'至' || chars[k] == U'~';
      if (is_range && k > 0 && (is_digit(chars[k - 1]) || chars[k - 1] == U'月')) {
        marks.push_back({k - 1, Scope::past});
      }
    }
  }
}

std::vector<PeriodMark> period_marks(const Paragraph& p, int year, bool is_half_year_over) {
  std::vector<PeriodMark> marks;
  constexpr std::u32string_view kHalf = U"上半年";
  for (auto at = p.chars().find(kHalf); is_half_year_over && at != std::u32string_view::npos;
       at = p.chars().find(kHalf, at + 1)) {
    marks.push_back({at, Scope::past});
  }
  for (const Token& token : p.tokens) {
    if (token.is_any(bit(Word::past_period) | bit(Word::problem))) {
      const std::size_t before = token.span.begin;
      // 9月1日前: a day of the plan, not 日前.
      if ((p.marks[before] & kDated) != 0 && p.chars()[before] == U'日') continue;
      constexpr std::u32string_view kCompared = U"比较同于";
      if (before > 0 && kCompared.find(p.chars()[before - 1]) != std::u32string_view::npos)
        continue;
      // 达到上年的1.5倍
      const auto behind = p.chars().substr(token.span.end, 2);
      if (behind.size() == 2 && behind[0] == U'的' && is_digit(behind[1])) continue;
      marks.push_back({before, Scope::past});
    } else if (token.is(Word::future_period)) {
      marks.push_back({token.span.begin, Scope::promise});
    }
  }
  // A named month or quarter of the plan turns what is told into what is promised.
  for (const Deadline& deadline : p.deadlines) {
    const auto text = p.part(deadline.span);
    if (is_half_year_over && text.starts_with(kHalf)) continue;
    if (deadline.date > date_of(year, 12, 31) || text.back() == U'前' || text.starts_with(U"到")) {
      const int deadline_year = static_cast<int>(std::chrono::year_month_day{deadline.date}.year());
      if (deadline_year >= year) marks.push_back({deadline.span.begin, Scope::promise});
    }
  }
  add_years(p, year, marks);
  std::stable_sort(marks.begin(), marks.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return marks;
}

struct Evidence {
  bool is_meant = false;  // 力争, 确保, 要: somebody wants it
  bool is_bound = false;  // 以上, 左右, 不低于
  bool is_past = false;
  bool is_weakly_past = false;
};

Evidence evidence_in(const Paragraph& p, Span span) {
  Evidence e;
  auto first = std::lower_bound(
      p.tokens.begin(), p.tokens.end(), span.begin,
      [](const Token& token, std::size_t begin) { return token.span.begin < begin; });
  for (; first != p.tokens.end() && first->span.begin < span.end; ++first) {
    const Token& token = *first;
    if ((p.marks[token.span.begin] & kQuoted) != 0) continue;
    e.is_meant |= token.is_any(bit(Word::strive) | bit(Word::ensure) | bit(Word::approach));
    e.is_bound |=
        token.is_any(bit(Word::or_more) | bit(Word::or_less) | bit(Word::about_after)) ||
        (token.is_any(bit(Word::at_least) | bit(Word::at_most)) && token.span.size() >= 3);
    e.is_past |= token.is(Word::past);
    // 每万人拥有医生4.2名 says how it is to stand.
    const auto before = p.chars().substr(span.begin, token.span.begin - span.begin);
    e.is_weakly_past |=
        token.is(Word::past_weak) && before.find(U'每') == std::u32string_view::npos;
    // 建成了: a verb and 了.
    constexpr std::uint64_t kVerbs = bit(Word::take) | bit(Word::take_named) | bit(Word::done) |
                                     bit(Word::finish) | bit(Word::grow) | bit(Word::reach);
    if (token.is_any(kVerbs) && token.span.end < p.chars().size() &&
        p.chars()[token.span.end] == U'了') {
      e.is_past = true;
    }
  }
  return e;
}

// 180家增加到265家: the figure at `at` is where a change began.
bool changes_behind(const Paragraph& p, Span clause, std::size_t at) {
  for (const Quantity& q : p.quantities.list) {
    if (q.span.begin != at) continue;
    const Token* const next = p.token_at_begin(q.span.end);
    return next != nullptr && next->span.end < clause.end &&
           next->is_any(bit(Word::reach) | bit(Word::reach_down));
  }
  return false;
}

bool says_after_done(std::u32string_view text) {
  for (const std::u32string_view word : {U"建成后", U"投产后", U"达产后", U"投用后", U"运营后"}) {
    if (text.find(word) != std::u32string_view::npos) return true;
  }
  return false;
}

}  // namespace

Scope lead_of(const Paragraph& p, int year) {
  Scope lead = Scope::unknown;
  std::size_t at = kLead;
  for (const Token& token : p.tokens) {
    if (token.span.begin >= kLead) break;
    if (token.is(Word::look_back) && (p.marks[token.span.begin] & kQuoted) == 0) {
      return Scope::past;
    }
    if (token.is(Word::future_period) && !token.is(Word::may_name) && token.span.size() > 1 &&
        token.span.begin < at) {
      lead = Scope::promise;
      at = token.span.begin;
    }
  }
  std::vector<PeriodMark> years;
  add_years(p, year, years);
  if (!years.empty() && years.front().at < 4 && years.front().scope == Scope::promise) {
    lead = Scope::promise;
  }
  return lead;
}

void find_scopes(const Paragraph& p, int year, const ScopeBefore& before, ParagraphScope& out) {
  out.clauses.clear();
  out.carried = before.carried;
  const auto marks = period_marks(p, year, before.is_half_year_over);
  std::size_t next = 0;
  Scope in_sentence = Scope::unknown;
  Scope in_paragraph = Scope::unknown;
  bool is_supposed = false;  // 项目建成后,……: what will then be is promised by nobody
  std::uint32_t sentence = 0;
  for (const Clause& clause : p.clauses) {
    if (clause.sentence != sentence) {
      if (in_sentence != Scope::unknown) in_paragraph = in_sentence;
      in_sentence = Scope::unknown;
      is_supposed = false;
      sentence = clause.sentence;
    }
    bool is_named_here = false;
    for (; next < marks.size() && marks[next].at < clause.span.end; ++next) {
      in_sentence = marks[next].scope;
      is_named_here = true;
      if (marks[next].at < kLead) out.carried = in_sentence;
    }
    Evidence e = evidence_in(p, clause.span);
    is_supposed = is_supposed || says_after_done(p.part(clause.span));
    // 从620亿元增加到1015亿元 tells, unless a time of the plan is named.
    const std::size_t from = p.part(clause.span).find_first_of(U"从由");
    if (from != std::u32string_view::npos) {
      for (std::size_t i = clause.span.begin + from; i < clause.span.begin + from + 2; ++i) {
        if (i < clause.span.end && (p.marks[i] & kNamed) != 0) e.is_weakly_past = true;
        if (i < clause.span.end && is_digit(p.chars()[i]) && changes_behind(p, clause.span, i)) {
          e.is_weakly_past = true;
        }
      }
    }
    ClauseScope scope;
    if (in_sentence != Scope::unknown) {
      scope.period = in_sentence;
      scope.is_sure = true;
      // "2025年争取到位25亿元": what somebody wanted then is past too.
      scope.is_promise = in_sentence == Scope::promise || (e.is_meant && !is_named_here);
    } else if (in_paragraph != Scope::unknown) {
      scope.period = in_paragraph;
      scope.is_promise = in_paragraph == Scope::promise || e.is_meant || e.is_bound;
      scope.is_sure = in_paragraph == Scope::promise;
    } else if (before.carried == Scope::past && before.section != Scope::promise) {
      scope.period = Scope::past;
      scope.is_promise = e.is_meant;
    } else if (before.section != Scope::unknown) {
      scope.period = before.section;
      scope.is_promise = before.section == Scope::promise;
      scope.is_sure = true;
    } else {
      scope.is_sure = e.is_meant || e.is_bound;
    }
    // A past section tells of the past whatever its verbs are, until it names another time.
    if (before.section == Scope::past) scope.is_promise = false;
    if (e.is_past && !e.is_meant) scope.is_promise = false;
    if (e.is_weakly_past && !e.is_past) {
      scope.is_weak = !e.is_meant && in_sentence != Scope::promise;
      if (!e.is_meant && !e.is_bound && scope.period != Scope::promise) scope.is_promise = false;
    }
    if (is_supposed) scope.is_promise = false;
    out.clauses.push_back(scope);
  }
}

}  // namespace districtd::extract
