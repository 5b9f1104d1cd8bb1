// Stage 5 for numbers: which of a clause's quantities are goals, and of what.
#include <algorithm>
#include <array>
#include <span>

#include "daemon/extract/targets/phrases.h"
#include "daemon/extract/targets/sentence_state.h"
#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::uint64_t kLead = bit(Word::reach) | bit(Word::keep) | bit(Word::reach_down) |
                                bit(Word::grow) | bit(Word::shrink) | bit(Word::at_least) |
                                bit(Word::at_most) | bit(Word::about_before) | bit(Word::each) |
                                bit(Word::link) | bit(Word::strive) | bit(Word::past_weak) |
                                bit(Word::ensure);

// The words between a name and its number: 同比 增长 / 控制 在 / 分别 达到.
struct Lead {
  std::size_t begin = 0;
  bool reaches = false;
  bool keeps = false;
  bool falls_to = false;
  bool grows = false;
  bool shrinks = false;
  bool is_at_least = false;
  bool is_at_most = false;
  bool is_about = false;
  bool is_each = false;
  bool approaches = false;
  bool is_yearly = false;           // 年均增长
  bool is_rate = false;             // 每人每月, 每吨
  bool is_per_head = false;         // of it: 每人, 每户, 每亩
  std::u32string_view growth_noun;  // 增速, 增幅: part of the name
  bool says_something() const {
    return reaches || keeps || falls_to || grows || shrinks || is_at_least || is_at_most ||
           approaches;
  }
};

// 每人每月780元, 每亩480公斤: for how much of what, between the lead and the number. Characters; 0:
// nothing.
std::size_t rate_before(std::u32string_view text) {
  constexpr std::array<std::u32string_view, 20> kOf = {
      U"人",     U"户",     U"月",       U"年",   U"天",   U"日",   U"亩",
      U"吨",     U"度",     U"生",       U"床",   U"公里", U"公顷", U"平方米",
      U"立方米", U"千瓦时", U"立方厘米", U"学期", U"学年", U"万元"};
  std::size_t length = 0;
  for (bool has_more = true; has_more;) {
    has_more = false;
    const auto rest = text.substr(0, text.size() - length);
    for (const std::u32string_view of : kOf) {
      if (rest.size() <= of.size() || !rest.ends_with(of)) continue;
      if (rest[rest.size() - of.size() - 1] != U'每') continue;
      length += of.size() + 1;
      has_more = true;
      break;
    }
  }
  return length;
}

Lead read_lead(const Paragraph& p, std::size_t from, std::size_t number) {
  Lead lead;
  lead.begin = number;
  if (const auto rate = rate_before(p.chars().substr(from, number - from)); rate > 0) {
    lead.begin -= rate;
    lead.is_rate = true;
    const auto of = p.chars().substr(lead.begin, rate);
    lead.is_per_head = of.find_first_of(U"人户亩") != std::u32string_view::npos;
  }
  for (;;) {
    const Token* const token = p.token_at_end(lead.begin);
    // 为2000户老人安装: 为 at the front is no "is".
    const bool is_preposition =
        token != nullptr && token->span.begin == from && token->is(Word::preposition);
    if (token != nullptr && token->span.begin >= from && token->is_any(kLead) && !is_preposition) {
      lead.reaches |= token->is(Word::reach);
      lead.keeps |= token->is(Word::keep);
      lead.falls_to |= token->is(Word::reach_down);
      lead.grows |= token->is(Word::grow);
      lead.shrinks |= token->is(Word::shrink);
      lead.is_at_least |= token->is(Word::at_least);
      lead.is_at_most |= token->is(Word::at_most);
      lead.is_about |= token->is(Word::about_before);
      lead.is_each |= token->is(Word::each);
      lead.is_yearly |= p.part(token->span).starts_with(U"年均");
      const auto word = p.part(token->span);
      if (word == U"增速" || word == U"增幅" || word == U"增长率" || word == U"降幅") {
        lead.growth_noun = word;
      }
      lead.begin = token->span.begin;
      continue;
    }
    // 达到上年的1.5倍, 年均增长: what it is compared with, and how often.
    if (token != nullptr && token->span.begin > from && lead.begin < number &&
        token->is(Word::past_period)) {
      const Token* const before = p.token_at_end(token->span.begin);
      if (before != nullptr && before->is(Word::reach)) {
        lead.begin = token->span.begin;
        continue;
      }
    }
    if (token != nullptr && token->span.begin > from && lead.says_something() &&
        p.part(token->span) == U"年均") {
      lead.is_yearly = true;
      lead.begin = token->span.begin;
      continue;
    }
    if (lead.begin > from) {
      const char32_t c = p.chars()[lead.begin - 1];
      if (c == U'向' || c == U'朝' || c == U'着') {
        lead.approaches = true;
        --lead.begin;
        continue;
      }
    }
    return lead;
  }
}

// What is there, rather than what comes in over a year, is counted in these.
constexpr std::string_view kStockUnits[] = {"家", "个", "户", "所", "项", "张",
                                            "座", "辆", "台", "处", "P",  "架"};

bool ends_with_any(std::string_view text, std::span<const std::string_view> tails) {
  return std::any_of(tails.begin(), tails.end(),
                     [text](std::string_view tail) { return text.ends_with(tail); });
}

class ClauseNumbers {
 public:
  ClauseNumbers(const Paragraph& p, const Clause& clause, const ClauseScope& scope,
                const Rules& rules, SentenceState& state, std::vector<FoundTarget>& out)
      : p_(&p), clause_(clause), scope_(scope), rules_(&rules), state_(&state), out_(&out) {}

  bool run() {
    const auto& all = p_->quantities.list;
    auto first =
        std::lower_bound(all.begin(), all.end(), clause_.span.begin,
                         [](const Quantity& q, std::size_t begin) { return q.span.begin < begin; });
    for (; first != all.end() && first->span.begin < clause_.span.end; ++first) {
      here_.push_back(&*first);
    }
    if (here_.empty()) return false;
    const std::size_t before = out_->size();
    begin_ = clause_.span.begin;
    for (std::size_t i = 0; i < here_.size();) {
      if (const auto place = change_place(i); place != kNone && i + 1 < here_.size()) {
        change_ = place;
        ++i;
        continue;
      }
      if (!may_be_goal(i)) {
        ++i;
        continue;
      }
      std::size_t end = i + 1;
      while (end < here_.size() && continues_group(end)) ++end;
      take_group(i, end);
      i = end;
    }
    return out_->size() > before || took_;
  }

 private:
  static constexpr std::size_t kNone = std::u32string_view::npos;

  std::u32string_view between(std::size_t a, std::size_t b) const {
    return p_->chars().substr(a, b > a ? b - a : 0);
  }

  std::size_t next_begin(std::size_t i) const {
    return i + 1 < here_.size() ? here_[i + 1]->span.begin : clause_.span.end;
  }

  // Where the phrase that holds the number ends: a 、 or the clause.
  std::size_t item_end(std::size_t from) const {
    for (std::size_t i = from; i < clause_.span.end; ++i) {
      if (p_->chars()[i] == U'、' && (p_->marks[i] & (kQuoted | kAside)) == 0) return i;
    }
    return clause_.span.end;
  }

  static bool is_size(const Quantity& q) {
    return q.unit_class == UnitClass::money || q.unit_class == UnitClass::area ||
           q.unit_class == UnitClass::length || q.unit_class == UnitClass::size;
  }

  bool starts_with_class(std::size_t at, std::uint64_t classes) const {
    const auto match = rules_->words.longest(p_->chars(), at);
    return match.length > 0 && (match.classes & classes) != 0;
  }

  // “百名大学生村医”培养计划: a plan named by its number.
  bool is_plan_of(const Quantity& q) const {
    const auto chars = p_->chars();
    if (q.span.begin == 0 || chars[q.span.begin - 1] != U'“') return false;
    if (q.unit != "名" && q.unit != "位" && q.unit != "家" && q.unit != "人") return false;
    const auto close = chars.find(U'”', q.span.end);
    if (close == std::u32string_view::npos || close - q.span.end < 2) return false;
    if (between(q.span.end, close).find(U'、') != std::u32string_view::npos) return false;
    return starts_with_class(close + 1, bit(Word::plan_noun));
  }

  // The number says how large something is, not how many of it: 总投资10亿元, 10亿元以上项目.
  bool is_attribute(std::size_t i) const {
    const Quantity& q = *here_[i];
    const auto chars = p_->chars();
    const std::size_t end = q.span.end;
    const auto after = between(end, clause_.span.end);
    if (after.starts_with(U"级")) return true;
    // 站点500米覆盖率: how far, of the rate that follows.
    if (q.unit_class == UnitClass::length &&
        (after.starts_with(U"覆盖") || after.starts_with(U"范围") || after.starts_with(U"半径"))) {
      return true;
    }
    if (after.starts_with(U"的") && !after.starts_with(U"的目标") &&
        !after.starts_with(U"的任务") && !after.starts_with(U"的增速") &&
        !after.starts_with(U"的要求")) {
      const bool is_share =
          q.unit_class == UnitClass::ratio &&
          has_token(*p_, {end, clause_.span.end}, bit(Word::reach) | bit(Word::finish));
      if (!is_share && !is_coverage(i)) return true;
    }
    const Token* before = p_->token_at_end(q.span.begin);
    if (before != nullptr &&
        before->is_any(bit(Word::reach) | bit(Word::about_before) | bit(Word::at_least))) {
      if (const Token* const size = p_->token_at_end(before->span.begin)) {
        if (size->is(Word::size_before)) before = size;
      }
    }
    if (before != nullptr && before->is(Word::size_before) && !is_coverage(i)) return true;
    // 惠及师生3.2万人: how many it serves.
    const auto said = between(strip_front(*p_, {begin_, q.span.begin}), q.span.begin);
    for (const std::u32string_view word : {U"惠及", U"受益", U"可惠及", U"可容纳", U"容纳"}) {
      if (q.unit_class == UnitClass::count && said.starts_with(word)) return true;
    }
    // 120个项目开工率达到100%: the rate is the goal.
    if (q.unit_class == UnitClass::count && i + 1 < here_.size() &&
        here_[i + 1]->unit_class == UnitClass::ratio) {
      const auto gap = between(end, here_[i + 1]->span.begin);
      if (gap.size() >= 3 && gap.find(U'率') != std::u32string_view::npos) return true;
    }
    if (!is_size(q)) return false;
    if (i > 0 && here_[i - 1]->unit_class == UnitClass::count &&
        here_[i - 1]->span.end == q.span.begin) {
      return true;
    }
    if (end >= clause_.span.end || chars[end] == U'、') return false;
    // 迈上600亿元台阶
    if (before != nullptr && before->is(Word::reach) &&
        (after.starts_with(U"台阶") || after.starts_with(U"大关"))) {
      return false;
    }
    if (starts_with_class(end, bit(Word::flow_noun))) return false;
    // Another number counts what stands behind this one: 10亿元以上项目5个.
    if (i + 1 < here_.size()) {
      const auto gap = between(end, here_[i + 1]->span.begin);
      const bool counts = here_[i + 1]->unit_class == UnitClass::count;
      if (counts && gap.size() >= 2 && gap.find(U'、') == std::u32string_view::npos) return true;
    }
    const std::size_t stop = item_end(end);
    for (std::size_t k = end; k < stop && k < end + 8; ++k) {
      if (starts_with_class(k, bit(Word::size_noun))) return true;
      if (k > end && p_->token_at_begin(k) != nullptr &&
          p_->token_at_begin(k)->is_any(kEventVerbs)) {
        break;
      }
    }
    return (q.has_or_more || q.has_or_less) && stop > end + 1 &&
           !starts_with_class(end, kEventVerbs | bit(Word::approach));
  }

  // 由5种扩大到10种: where it began. The place of 由, else npos.
  std::size_t change_place(std::size_t i) const {
    const Quantity& q = *here_[i];
    const auto before = between(begin_, q.span.begin);
    const auto from = before.find_last_of(U"由从");
    constexpr std::size_t kFar = 8;  // 由上年的, 从目前的
    if (from == std::u32string_view::npos || before.size() - from > kFar) return kNone;
    const auto said = before.substr(from + 1);
    if (said.find_first_of(U",、;") != std::u32string_view::npos) return kNone;
    const Token* const next = p_->token_at_begin(q.span.end);
    const bool changes = next != nullptr && next->is_any(bit(Word::reach) | bit(Word::reach_down) |
                                                         bit(Word::grow) | bit(Word::shrink));
    const auto after = between(q.span.end, clause_.span.end);
    if (!changes && !after.starts_with(U"到") && !after.starts_with(U"至")) return kNone;
    return begin_ + from;
  }

  // 覆盖95%的行政村
  bool is_coverage(std::size_t i) const {
    const Quantity& q = *here_[i];
    if (q.unit_class != UnitClass::ratio || q.span.begin < 2) return false;
    const auto before = between(begin_, q.span.begin);
    return before.ends_with(U"覆盖") || before.ends_with(U"覆盖到") || before.ends_with(U"覆盖了");
  }

  bool may_be_goal(std::size_t i) const {
    const Quantity& q = *here_[i];
    const std::uint8_t mark = p_->marks[q.span.begin];
    if ((mark & kAside) != 0) return false;
    if ((mark & kQuoted) != 0) return is_plan_of(q);
    if ((mark & kDated) != 0) return false;
    if (q.unit_class == UnitClass::none) return false;
    if (is_attribute(i)) return false;
    const Lead lead = read_lead(*p_, begin_, q.span.begin);
    if (q.unit_class == UnitClass::time) {
      const bool is_limit = lead.falls_to || lead.keeps || lead.is_at_most || q.has_or_less;
      const bool is_level = rules_->ends_with(between(begin_, lead.begin), bit(Word::level_noun)) &&
                            (lead.says_something() || q.has_or_more);
      if (!is_limit && !is_level) return false;
    }
    if (q.is_great) return is_great_goal(i);
    if (q.is_chinese && !q.is_doubling) return is_chinese_goal(i, lead);
    return true;
  }

  // 八大标志性项目: what follows must be things that can be counted, and something is done to them.
  bool is_great_goal(std::size_t i) const {
    const std::size_t end = here_[i]->span.end;
    const auto after = between(end, std::min(item_end(end), end + 12));
    return after.find(U"项目") != std::u32string_view::npos &&
           has_token(*p_, {begin_, here_[i]->span.begin},
                     bit(Word::take) | bit(Word::adverb) | bit(Word::take_named));
  }

  // A number in words is a count only right behind the verb: 培训百名村医, 建设三个中心.
  bool is_chinese_goal(std::size_t i, const Lead& lead) const {
    const Quantity& q = *here_[i];
    if (q.value < 2 && q.unit.find("亿") == std::string::npos &&
        q.unit.find("万") == std::string::npos) {
      return false;
    }
    const Token* const verb = p_->token_at_end(q.span.begin);
    const bool is_behind_verb =
        lead.says_something() ||
        (verb != nullptr && verb->is_any(bit(Word::take) | bit(Word::take_named) | kEventVerbs));
    // 培训农民百名, 硬化道路九十公里: it may stand behind what it counts.
    const bool has_scale =
        q.unit.find("万") != std::string::npos || q.unit.find("亿") != std::string::npos;
    const bool is_large = q.is_round || q.value >= 10 || has_scale;
    const bool is_sum = q.unit_class == UnitClass::count || is_size(q);
    if (!is_behind_verb && is_large && is_sum && item_end(q.span.end) == q.span.end) {
      return has_token(*p_, {begin_, q.span.begin},
                       bit(Word::take) | bit(Word::take_named) | kEventVerbs);
    }
    if (!is_behind_verb) return false;
    const bool is_rate = q.unit_class == UnitClass::ratio || q.unit_class == UnitClass::times;
    if (q.is_round || is_size(q) || (is_rate && lead.says_something())) return true;
    // 培育家庭农场三十家: behind what it counts.
    if (q.value >= 10 && item_end(q.span.end) == q.span.end) return true;
    const auto after = between(q.span.end, std::min(item_end(q.span.end), q.span.end + 12));
    return rules_->ends_with(after, bit(Word::concrete_noun) | bit(Word::size_noun));
  }

  // 12个、9个: numbers with nothing between them share what they count.
  bool continues_group(std::size_t i) const {
    const Quantity& a = *here_[i - 1];
    const Quantity& b = *here_[i];
    if ((p_->marks[b.span.begin] & (kQuoted | kAside | kDated)) != 0) return false;
    auto gap = between(a.span.end, b.span.begin);
    gap.remove_suffix(rate_before(gap));
    return (gap == U"、" || gap == U"和" || gap == U"及" || gap == U"与" || gap == U"、和") &&
           a.unit_class == b.unit_class && !b.is_great;
  }

  void take_group(std::size_t from, std::size_t to) {
    const Quantity& first = *here_[from];
    const Quantity& last = *here_[to - 1];
    begin_ = std::min(begin_, first.span.begin);
    Lead lead = read_lead(*p_, begin_, first.span.begin);
    // 提升100所学校: a verb, not 提升 by a hundred.
    if ((lead.grows || lead.shrinks) && first.unit_class == UnitClass::count &&
        strip_front(*p_, {begin_, lead.begin}) >= lead.begin && noun_after(to - 1).size() >= 2) {
      lead = Lead{};
      lead.begin = first.span.begin;
    }
    has_change_ = change_ != kNone && change_ > begin_ && change_ < lead.begin;
    const std::size_t segment = strip_separators(*p_, {begin_, lead.begin});
    const std::size_t noun_end = has_change_ ? change_ : lead.begin;
    change_ = kNone;
    const Phrase phrase = read_phrase(*p_, {segment, std::max(segment, noun_end)});
    std::size_t end = last.span.end;
    end = approach_end(end, lead);
    end = step_end(end);
    const auto noun_before = name_text(p_->part(without_act(without_preposition(phrase))));
    const bool may_follow =
        noun_after(to - 1).size() >= 2 && step_end(last.span.end) == last.span.end;
    const bool counts_what_follows =
        first.is_great || noun_before.empty() ||
        (may_follow && is_brought_by_preposition(phrase)) ||
        (may_follow && lead.begin > segment &&
         (p_->chars()[lead.begin - 1] == U'等' ||
          (p_->chars()[first.span.begin - 1] == U'的' && !lead.reaches))) ||
        segment == lead.begin;
    Span after{last.span.end, last.span.end};
    const bool counts_things = first.unit_class == UnitClass::count ||
                               first.unit_class == UnitClass::area ||
                               first.unit_class == UnitClass::length;
    if (counts_what_follows || is_plan_of(first) ||
        (counts_things && !lead.says_something() && !last.has_or_more)) {
      if (may_follow) after = noun_after(to - 1);
    }
    // 阶梯水价每吨2.8元 tells what is asked; 低保标准每人每月780元 may be a goal.
    const bool is_price = lead.is_rate && !lead.is_per_head && !lead.says_something() &&
                          !last.has_or_more && !last.has_or_less;
    if (counts_what_is_there(first, lead) || is_grant(first) || is_price) {
      begin_ = end;
      took_ = true;
      return;
    }
    if (!is_licensed(first, lead, phrase, noun_before, after)) {
      begin_ = end;
      return;
    }
    took_ = true;
    if (!scope_.is_promise) {
      begin_ = end;
      if (!noun_before.empty()) remember(noun_before, {segment, end});
      return;
    }
    std::u32string name =
        name_of(phrase, counts_what_follows ? std::u32string{} : noun_before, after, lead, first);
    name = completed(std::move(name), phrase, after);
    if (is_coverage(from)) {
      name = coverage_name(phrase, last);
      end = item_end(end);
    }
    const bool is_inherited = name.empty() || is_generic(name);
    state_->raises = is_inherited;
    if (is_inherited && !state_->topic.empty()) {
      if (is_stretch(first) || is_share_done(first)) {
        begin_ = end;
        return;
      }
      const auto verb = p_->part(phrase.verb);
      const auto& topic = topic_in(first.unit);
      // 进出口总额260亿元,其中出口190亿元: the verb is a part of what was named.
      const bool is_part_of = verb.size() > 1 && topic.find(verb) != std::u32string::npos;
      name = std::u32string{verb} + (is_part_of ? U"额" : topic);
    }
    if (name.empty()) {
      begin_ = end;
      return;
    }
    const std::size_t quote_begin = quote_begin_of(segment, phrase, is_inherited);
    Span quote{quote_begin, std::max(end, after.end)};
    if (is_plan_of(first)) quote = plan_quote(segment, first);
    const std::size_t count = to - from;
    const bool is_bare = !lead.says_something() && !phrase.has_verb && last_verb_.size() == 0 &&
                         after.size() == 0 && !scope_.is_sure;
    const auto parts = split_name(name, phrase, lead, count);
    for (std::size_t k = 0; k < std::max(count, parts.size()); ++k) {
      const Quantity& q = *here_[from + std::min(k, count - 1)];
      FoundTarget target = target_of(q, lead, parts.empty() ? name : parts[k], quote);
      target.focus = q.number;
      // One number for several things: each is told by its own name.
      if (parts.size() > count) {
        const auto at = p_->chars().find(parts[k].substr(0, 12), segment);
        if (at != std::u32string_view::npos && at < lead.begin) {
          target.focus = {at, at + std::min<std::size_t>(parts[k].size(), 12)};
        }
      }
      if (is_inherited) target.doubt(rules_->doubts, Doubt::inherited_name);
      if (is_bare) target.doubt(rules_->doubts, Doubt::no_verb);
      if (parts.size() > 1) target.doubt(rules_->doubts, Doubt::list_divided);
      if (parts.empty() && count > 1) target.doubt(rules_->doubts, Doubt::list_undivided);
      add(std::move(target));
    }
    if (!phrase.verb.size())
      last_verb_ = {};
    else
      last_verb_ = phrase.verb;
    if (!is_inherited) {
      remember(name, {segment, end});
      remember_parts(name, phrase);
      remember_unit(first.unit, after.size() > 0 ? name_text(p_->part(after)) : noun_before);
    }
    begin_ = std::max(end, after.end);
    if (begin_ < clause_.span.end && !counts_what_follows) begin_ = end;
  }

  // 迈上1300亿元台阶: how far, not what.
  std::size_t step_end(std::size_t end) const {
    const auto after = between(end, clause_.span.end);
    for (const std::u32string_view word : {U"新台阶", U"大台阶", U"台阶", U"大关", U"关口"}) {
      if (after.starts_with(word)) return end + word.size();
    }
    return end;
  }

  // 为企业减负15亿元: for whom is part of what is counted, where nothing follows the number.
  Span without_preposition(const Phrase& phrase) const {
    const Token* const front = p_->token_at_begin(phrase.noun.begin);
    Span noun = phrase.noun;
    if (is_brought_by_preposition(phrase) && front->span.size() == 1) noun.begin = front->span.end;
    return noun;
  }

  // 就业社区建成200个: the act behind the noun is no part of it.
  Span without_act(Span noun) const {
    for (const Token* t = p_->token_at_end(noun.end);
         t != nullptr && t->span.begin > noun.begin + 1 && t->span.size() >= 2 &&
         t->is_any(bit(Word::done) | bit(Word::take)) && !t->is(Word::level_noun) &&
         (p_->marks[t->span.begin] & kQuoted) == 0 &&
         (p_->part(t->span) == U"建成" || p_->part(t->span) == U"实现" ||
          p_->part(t->span) == U"完成");
         t = p_->token_at_end(noun.end)) {
      noun.end = t->span.begin;
    }
    return noun;
  }

  std::size_t approach_end(std::size_t end, Lead& lead) const {
    if (!lead.approaches) return end;
    for (std::size_t i = end; i < std::min(clause_.span.end, end + 6); ++i) {
      if (const Token* const token = p_->token_at_begin(i);
          token != nullptr && token->is(Word::approach)) {
        return token->span.end;
      }
    }
    lead.approaches = false;
    return end;
  }

  // The noun behind the number, up to a sign or the next number that is a goal.
  Span noun_after(std::size_t i) const {
    std::size_t begin = here_[i]->span.end;
    if (begin < clause_.span.end && p_->chars()[begin] == U'的') ++begin;
    std::size_t end = item_end(begin);
    if (i + 1 < here_.size() && here_[i + 1]->span.begin < end &&
        here_[i + 1]->unit_class == UnitClass::count && here_[i]->unit_class != UnitClass::count) {
      end = here_[i + 1]->span.begin;
    }
    // 4个项目78公里: the second number is of the same things.
    if (i + 1 < here_.size() && here_[i + 1]->span.begin < end && is_size(*here_[i + 1]) &&
        here_[i + 1]->span.end == item_end(begin)) {
      end = here_[i + 1]->span.begin;
    }
    for (auto t = first_token(*p_, begin); t != p_->tokens.end() && t->span.begin < end; ++t) {
      if (t->is_any(bit(Word::ensure) | bit(Word::strive) | bit(Word::done) | bit(Word::start)) &&
          (p_->marks[t->span.begin] & kQuoted) == 0) {
        end = t->span.begin;
      }
    }
    // 165个A工程和25个B工程
    if (i + 1 < here_.size() && here_[i + 1]->span.begin < end) {
      const char32_t before = p_->chars()[here_[i + 1]->span.begin - 1];
      if (before == U'和' || before == U'及' || before == U'与') {
        end = here_[i + 1]->span.begin - 1;
      }
    }
    // 60公里(市水务局): who does it is no part of what is done.
    for (std::size_t k = begin; k < end; ++k) {
      if ((p_->marks[k] & kAside) != 0 && p_->chars()[k] == U'(') end = k;
    }
    // 6座年内完工: behind the number stands when, not what.
    for (std::size_t k = begin; k < end; ++k) {
      if ((p_->marks[k] & kDated) != 0) end = k;
    }
    constexpr std::size_t kLongest = 24;
    return {begin, std::min(end, begin + kLongest)};
  }

  // 依托7个开发区、21个园区; 服务8.6万户经营主体: what is there already, and nothing comes of it.
  bool counts_what_is_there(const Quantity& q, const Lead& lead) {
    const bool is_rate = q.unit_class == UnitClass::ratio || q.unit_class == UnitClass::times;
    if (lead.says_something() || q.has_or_more || is_rate) return there_ = false;
    const Token* verb = nullptr;
    constexpr std::uint64_t kVerbs =
        bit(Word::take) | bit(Word::take_named) | bit(Word::existing) | kEventVerbs;
    for (auto t = first_token(*p_, begin_); t != p_->tokens.end() && t->span.end <= q.span.begin;
         ++t) {
      if (t->is_any(kVerbs) && (p_->marks[t->span.begin] & (kQuoted | kAside)) == 0) verb = &*t;
    }
    if (verb == nullptr) return there_;
    constexpr std::size_t kNear = 5;  // 服务好全市8.6万户
    std::size_t counted = verb->span.end;  // the first number behind the verb: 4大产业、12条产业链
    while (counted < q.span.begin && !is_digit(p_->chars()[counted]) &&
           (p_->marks[counted] & kNamed) == 0) {
      ++counted;
    }
    there_ = verb->is(Word::existing) && !verb->is(Word::take_named) &&
             counted - verb->span.end <= kNear && noun_after_is_long(q);
    if (!there_) return false;
    // 支持300户企业上市: what comes of it is done or not.
    const Token* const last = p_->token_at_end(clause_.span.end);
    return there_ = last == nullptr || !last->is_any(bit(Word::done) | bit(Word::start));
  }

  // The number counts what stands behind it: 服务8.6万户经营主体, not 服务企业1000户.
  bool noun_after_is_long(const Quantity& q) const {
    const auto after = between(q.span.end, item_end(q.span.end));
    return after.size() >= 2;
  }

  // 对首次入规企业奖励20万元, 最高500万元: what one gets, not what is spent.
  bool is_grant(const Quantity& q) const {
    if (q.unit_class != UnitClass::money) return false;
    const auto before = between(clause_.span.begin, q.span.begin);
    if (before.ends_with(U"最高") || before.ends_with(U"一次性")) return true;
    const auto front = p_->part({strip_front(*p_, clause_.span), q.span.begin});
    if (!front.starts_with(U"对") && !front.starts_with(U"给予")) return false;
    for (const std::u32string_view word : {U"给予", U"奖励", U"奖补", U"补助", U"补贴", U"资助"}) {
      if (before.ends_with(word)) return true;
    }
    return false;
  }

  bool is_licensed(const Quantity& q, const Lead& lead, const Phrase& phrase,
                   const std::u32string& noun_before, Span after) const {
    if (lead.says_something() || phrase.has_verb || q.is_great || is_plan_of(q)) return true;
    if (has_token(*p_, {clause_.span.begin, q.span.begin},
                  bit(Word::take) | bit(Word::take_named) | kEventVerbs)) {
      return true;
    }
    if (q.has_or_more || q.has_or_less || q.is_about || q.upper) return true;
    // 对80条小巷进行维修, 为200万学生开展测评: what is done stands behind.
    const Token* const front = p_->token_at_begin(strip_front(*p_, clause_.span));
    if (front != nullptr && front->is(Word::preposition) && after.size() >= 2 &&
        has_token(*p_, after, bit(Word::take) | bit(Word::take_named))) {
      return true;
    }
    if (last_verb_.size() > 0) return true;
    if (q.unit_class == UnitClass::ratio) return noun_before.size() >= 2 && scope_.is_promise;
    // "建档3.2万个": nothing but a noun and a number is taken where sums are promised.
    const bool is_sum = q.unit_class == UnitClass::count || q.unit_class == UnitClass::money ||
                        q.unit_class == UnitClass::size || q.unit_class == UnitClass::area;
    if (noun_before.size() >= 2) return scope_.is_sure || is_sum;
    if (noun_before.empty() && !state_->topic.empty()) return scope_.is_sure;
    return after.size() >= 2 && scope_.is_sure;
  }

  bool is_generic(const std::u32string& name) const {
    return (rules_->words.classes_of(name) & bit(Word::generic_name)) != 0;
  }

  // 为2000户老人安装烟感, 对辖区80条小巷进行维修.
  bool is_brought_by_preposition(const Phrase& phrase) const {
    const Token* const front = p_->token_at_begin(phrase.noun.begin);
    return !phrase.has_verb && front != nullptr && front->is(Word::preposition) &&
           phrase.noun.size() < 8;
  }

  // "今年目标140亿元,力争突破150亿元": the second is no target of its own.
  bool is_stretch(const Quantity& q) const {
    if (out_->empty() || out_->back().unit != q.unit || !out_->back().goal) return false;
    const auto commitment = commitment_in(*p_, clause_.span);
    if (!commitment || *commitment != Commitment::strive) return false;
    if (state_->topic_sentence != clause_.sentence) return false;
    out_->back().reasons.push_back(
        "原文另提“" + to_utf8(between(strip_separators(*p_, clause_.span), q.span.end)) + "”");
    return true;
  }

  // "改造2000户,7月底前完成60%": how far by then, no target of its own.
  bool is_share_done(const Quantity& q) const {
    if (out_->empty() || q.unit_class != UnitClass::ratio || q.unit != "%") return false;
    const FoundTarget& last = out_->back();
    if (last.unit == q.unit || !last.goal || state_->undated_before.empty()) return false;
    const auto said = between(strip_front(*p_, clause_.span), q.span.begin);
    if (said != U"完成" && said != U"完成率达到" && said != U"完成率" && said != U"完成率达") {
      return false;
    }
    out_->back().reasons.push_back(
        "原文另提“" + to_utf8(between(strip_separators(*p_, clause_.span), q.span.end)) + "”");
    return true;
  }

  // 新建改造: verbs that follow each other at once are one.
  static Span name_verbs(const Phrase& phrase) {
    return phrase.verbs.size() > 0 && phrase.verbs.end == phrase.verb.end && phrase.are_joined
               ? phrase.verbs
               : phrase.verb;
  }

  std::u32string name_of(const Phrase& phrase, const std::u32string& noun_before, Span after,
                         const Lead& lead, const Quantity& q) const {
    std::u32string name;
    if (after.size() > 0) {
      name = noun_before + name_text(p_->part(after));
      if (q.is_great) {
        constexpr std::u32string_view kBuild = U"建设";
        if (name.ends_with(kBuild)) name.resize(name.size() - kBuild.size());
        name = std::u32string{p_->part(q.number)} + name;
      }
      if (is_plan_of(q)) {
        const auto close = p_->chars().find(U'”', q.span.end);
        name = name_text(between(q.span.end, close));
      }
      if (name.size() < 2) return {};
      if (phrase.verb.size() > 0 && !q.is_great) {
        name = std::u32string{p_->part(name_verbs(phrase))} + name;
      }
      return name;
    }
    name = noun_before;
    // 造林绿化1.2万亩: two verbs are a noun.
    if (name.empty() && phrase.verbs.size() > phrase.verb.size()) {
      return std::u32string{p_->part(phrase.verbs)};
    }
    if (name.empty()) return {};
    if (phrase.verb.size() > 0) {
      name = std::u32string{p_->part(name_verbs(phrase))} + name;
    } else if (last_verb_.size() > 0 && !phrase.has_verb && !lead.says_something()) {
      name = std::u32string{p_->part(last_verb_)} + name;
    }
    if (name.size() < 2) return {};
    return name;
  }

  // A name that needs what stands before: 投资 of what, 其中百亿级 of what.
  std::u32string completed(std::u32string name, const Phrase& phrase, Span after) const {
    if (name.empty()) return name;
    const bool is_part =
        p_->part(clause_.span).starts_with(U"其中") ||
        (state_->is_part && state_->topic_sentence == clause_.sentence && last_verb_.size() == 0);
    if (is_part && !phrase.has_verb && after.size() == 0 && !state_->topic_noun.empty()) {
      for (const std::u32string_view tail : {U"级", U"以上", U"类", U"型"}) {
        if (!name.ends_with(tail)) continue;
        const auto head = head_of(state_->topic_noun);
        name += head.empty() ? state_->topic_noun : head;
      }
      state_->is_part = true;
      if (!name.starts_with(state_->topic_verb)) name = state_->topic_verb + name;
      return name;
    }
    // 省级和美乡村6个、市级20个
    if (const auto grade = name.find(U'级');
        grade != std::u32string::npos && grade + 1 == name.size() && name.size() <= 6) {
      const auto other = state_->topic_noun.find(U'级');
      if (other != std::u32string::npos && state_->topic_sentence == clause_.sentence) {
        return name + state_->topic_noun.substr(other + 1);
      }
    }
    const bool is_bare = (rules_->words.classes_of(name) & bit(Word::bare_noun)) != 0;
    if (!is_bare) return name;
    // 12个项目开工建设
    if (after.size() > 0) {
      const Token* const act = p_->token_at_begin(after.end);
      if (act != nullptr && act->span.end <= clause_.span.end &&
          act->is_any(bit(Word::done) | bit(Word::start))) {
        return std::u32string{p_->part(act->span)} + name;
      }
    }
    // 建成投产……等30个项目: what is done with them says more than what came before.
    const Span verbs{phrase.begin, phrase.verb.end};
    if (phrase.has_verb && verbs.size() > 1 && verbs.begin < verbs.end &&
        has_token(*p_, verbs, kEventVerbs & ~bit(Word::finish))) {
      return std::u32string{p_->part(verbs)} + name;
    }
    if (!state_->topic_noun.empty() && state_->topic_sentence == clause_.sentence) {
      return stem_of(state_->topic_noun) + name;
    }
    if (phrase.has_verb && phrase.verb.size() == 0 && phrase.noun.begin > phrase.begin) {
      // 完成投资60亿元: the verb is better than nothing.
      return std::u32string{p_->part({phrase.begin, phrase.noun.begin})} + name;
    }
    return name;
  }

  // 亿元以上项目 -> 项目: the noun at its end that things are counted by.
  std::u32string head_of(const std::u32string& noun) const {
    for (std::size_t n = 2; n <= 4 && n <= noun.size(); ++n) {
      const auto tail = noun.substr(noun.size() - n);
      if ((rules_->words.classes_of(tail) & (bit(Word::size_noun) | bit(Word::bare_noun))) != 0) {
        return tail;
      }
    }
    return {};
  }

  // 粮食播种面积 -> 粮食: without what is measured of it.
  std::u32string stem_of(std::u32string noun) const {
    for (const std::u32string_view tail :
         {U"播种面积", U"种植面积", U"养殖面积", U"建筑面积", U"总产量", U"产量", U"面积",
          U"总收入", U"收入", U"产值", U"投资", U"人数", U"总人次", U"人次"}) {
      if (noun.size() > tail.size() + 1 && noun.ends_with(tail)) {
        noun.resize(noun.size() - tail.size());
        break;
      }
    }
    return noun;
  }

  // 农村生活垃圾分类覆盖80%以上的行政村 -> 农村生活垃圾分类行政村覆盖率
  std::u32string coverage_name(const Phrase& phrase, const Quantity& q) const {
    auto before = p_->part(phrase.noun);
    for (const std::u32string_view tail : {U"覆盖到", U"覆盖了", U"覆盖"}) {
      if (before.ends_with(tail)) before.remove_suffix(tail.size());
    }
    std::size_t end = q.span.end;
    if (end < clause_.span.end && p_->chars()[end] == U'的') ++end;
    return name_text(before) + name_text(p_->part({end, item_end(end)})) + U"覆盖率";
  }

  void remember_parts(const std::u32string& name, const Phrase& phrase) {
    if (state_->is_part && state_->topic_sentence == clause_.sentence) return;
    state_->topic_verb = p_->part(phrase.verbs.size() > 0 ? phrase.verbs : phrase.verb);
    state_->topic_noun =
        name.starts_with(state_->topic_verb) ? name.substr(state_->topic_verb.size()) : name;
  }

  std::size_t quote_begin_of(std::size_t segment, const Phrase& phrase, bool is_inherited) const {
    constexpr std::size_t kLongest = 50;
    if (is_inherited && state_->topic_sentence == clause_.sentence &&
        state_->topic_place.begin < segment && segment - state_->topic_place.begin < kLongest) {
      return state_->topic_place.begin;
    }
    if (last_verb_.size() > 0 && !phrase.has_verb && segment - last_verb_.begin < kLongest) {
      return last_verb_.begin;
    }
    if (phrase.noun.begin > segment + kLongest) return phrase.noun.begin;
    return segment;
  }

  // The quote of a plan ends with the word that says it is one.
  Span plan_quote(std::size_t segment, const Quantity& q) const {
    const auto close = p_->chars().find(U'”', q.span.end);
    const auto match = rules_->words.longest(p_->chars(), close + 1);
    return {segment, std::min(close + 1 + match.length, clause_.span.end)};
  }

  // The names of several numbers ("开工、竣工项目12个、9个"), or of several things with one number
  // ("A、B均增长8%"); empty where they cannot be told apart, or there is only one.
  std::vector<std::u32string> split_name(const std::u32string& name, const Phrase& phrase,
                                         const Lead& lead, std::size_t count) const {
    if (count == 1 && !lead.is_each) return {};
    const Span whole{phrase.begin, phrase.noun.end};
    auto items = list_items(*p_, whole);
    std::vector<std::u32string> names;
    // 城镇、农村居民收入 is no list of two things: the known words come first.
    for (const auto& [word, parts] : rules_->splits) {
      const auto at = name.find(word);
      if (at == std::u32string::npos || (count > 1 && parts.size() != count)) continue;
      if (count == 1 && word.find(U'、') == std::u32string::npos) continue;
      for (const auto& part : parts) {
        names.push_back(name.substr(0, at) + part + name.substr(at + word.size()));
      }
      break;
    }
    if (names.empty() && items.size() >= 2 && (count == 1 || items.size() == count)) {
      names = names_of_items(items);
    }
    if (lead.grows || lead.shrinks) {
      for (auto& n : names) n += lead.grows ? U"增长" : U"下降";
    }
    return names;
  }

  // 开工、竣工项目: a bare verb takes the noun of the last item.
  std::vector<std::u32string> names_of_items(const std::vector<Span>& items) const {
    std::vector<std::u32string> names;
    const Phrase last = read_phrase(*p_, items.back());
    const std::u32string shared{p_->part(last.noun)};
    for (const Span& item : items) {
      const Phrase phrase = read_phrase(*p_, item);
      std::u32string name = name_text(p_->part(item));
      if (phrase.has_verb && phrase.noun.size() == 0) name += shared;
      names.push_back(std::move(name));
    }
    return names;
  }

  FoundTarget target_of(const Quantity& q, const Lead& lead, const std::u32string& name,
                        Span quote) const {
    FoundTarget t;
    t.name = to_utf8(named_growth(name, lead));

    t.goal = q.value;
    t.goal_upper = q.upper;
    t.unit = q.unit;
    t.kind = kind_of(q, lead, name);
    t.direction = direction_of(q, lead, name);
    t.is_about = q.is_about || lead.is_about;
    if (q.is_doubling) {
      t.baseline = BaselineRule::base_year;
    } else if ((lead.grows || lead.shrinks) && q.unit_class == UnitClass::ratio) {
      t.baseline = q.unit.find("点") != std::string::npos ? BaselineRule::year_before
                                                          : BaselineRule::year_on_year;
    }
    t.commitment = commitment_of(q, lead);
    t.quote = quote;
    t.number = q.number;
    set_deadline(q, t);
    const Doubts& doubts = rules_->doubts;
    t.confidence = scope_.is_sure ? doubts.number_sure : doubts.number_unsure;
    if (!scope_.is_sure) t.doubt(doubts, Doubt::unsure_time);
    if (scope_.is_weak) t.doubt(doubts, Doubt::weak_past_number);
    if (scope_.period == Scope::past) t.doubt(doubts, Doubt::after_past);
    if (q.is_great || is_plan_of(q)) t.doubt(doubts, Doubt::number_in_name);
    if (q.is_chinese && !q.is_great && !q.is_doubling) t.doubt(doubts, Doubt::chinese_number);
    if (q.is_unclear) t.doubt(doubts, Doubt::unclear_number, to_utf8(p_->part(q.number)));
    if (q.is_vague) t.doubt(doubts, Doubt::vague_number);
    if (q.is_doubling) t.doubt(doubts, Doubt::doubling);
    if (name.size() > 20) t.doubt(doubts, Doubt::long_name);
    if (only_refers_to_it(q)) t.doubt(doubts, Doubt::set_elsewhere);
    return t;
  }

  // 围绕全年增长6%的目标: the goal is set elsewhere.
  bool only_refers_to_it(const Quantity& q) const {
    const auto before = p_->part({strip_separators(*p_, clause_.span), q.span.begin});
    const auto after = between(q.span.end, clause_.span.end);
    if (!after.starts_with(U"的目标") && !after.starts_with(U"目标")) return false;
    for (const std::u32string_view word : {U"围绕", U"锚定", U"紧扣", U"聚焦", U"对照", U"瞄准"}) {
      if (before.starts_with(word)) return true;
    }
    return false;
  }

  static std::u32string named_growth(const std::u32string& name, const Lead& lead) {
    if (!lead.grows && !lead.shrinks) return name;
    for (const std::u32string_view tail :
         {U"增长", U"下降", U"增速", U"增幅", U"涨幅", U"降幅", U"提高", U"压减", U"降低"}) {
      if (name.ends_with(tail)) return name;
    }
    if (!lead.growth_noun.empty()) return name + std::u32string{lead.growth_noun};
    return name + (lead.is_yearly ? U"年均" : U"") + (lead.grows ? U"增长" : U"下降");
  }

  static bool is_average(const std::u32string& name) {
    return name.find(U"人均") != std::u32string::npos ||
           name.find(U"亩均") != std::u32string::npos ||
           name.find(U"户均") != std::u32string::npos || name.find(U"平均") != std::u32string::npos;
  }

  Kind kind_of(const Quantity& q, const Lead& lead, const std::u32string& name) const {
    if (q.unit_class == UnitClass::ratio || q.unit_class == UnitClass::times ||
        q.unit_class == UnitClass::time) {
      return Kind::level;
    }
    if (lead.keeps || lead.falls_to || lead.is_rate) return Kind::level;
    if (has_change_ && q.unit_class == UnitClass::count) return Kind::level;
    if (lead.is_at_most && !lead.is_at_least) return Kind::level;
    if (q.unit.find('/') != std::string::npos) return Kind::level;
    if (rules_->ends_with(name, bit(Word::level_noun)) || is_average(name) ||
        name.starts_with(U"每")) {
      const bool is_flow =
          (q.unit_class == UnitClass::size && name.ends_with(U"总量")) ||
          name.ends_with(U"经济总量") ||
          (has_token(*p_, {clause_.span.begin, q.span.begin}, bit(Word::take_named)) &&
           q.unit_class != UnitClass::ratio);
      return is_flow ? Kind::cumulative : Kind::level;
    }
    // "高新技术企业达到120家": how many there are, not how many are added.
    const bool is_stock = q.unit_class == UnitClass::area || ends_with_any(q.unit, kStockUnits);
    const bool has_verb =
        has_token(*p_, {clause_.span.begin, q.span.begin}, bit(Word::take_named) | bit(Word::take));
    if (lead.reaches && is_stock && !has_verb) return Kind::level;
    return Kind::cumulative;
  }

  Direction direction_of(const Quantity& q, const Lead& lead, const std::u32string& name) const {
    if (q.has_or_more) return Direction::at_least;
    if (lead.is_at_least && !lead.is_at_most) return Direction::at_least;
    if (lead.is_at_most || lead.falls_to || q.has_or_less) return Direction::at_most;
    if (!lead.grows && !lead.shrinks && rules_->ends_with(name, bit(Word::lower_better))) {
      return Direction::at_most;
    }
    return Direction::at_least;
  }

  Commitment commitment_of(const Quantity& q, const Lead& lead) const {
    if (lead.approaches) return Commitment::approach;
    const auto own = commitment_in(*p_, {clause_.span.begin, q.span.begin});
    if (own) return *own;
    const bool is_plain = !has_token(*p_, {clause_.span.begin, q.span.begin},
                                     bit(Word::take) | bit(Word::take_named));
    if (state_->sentence_strives) return Commitment::strive;
    return state_->strives && is_plain ? Commitment::strive : Commitment::must;
  }

  void set_deadline(const Quantity& q, FoundTarget& t) const {
    // 每年新增5万亩: the planned year's.
    const auto before = p_->part({clause_.span.begin, q.span.begin});
    if (before.find(U"每年") != std::u32string_view::npos && rate_before(before) == 0 &&
        !t.goal_upper && q.unit_class != UnitClass::ratio) {
      t.doubt(rules_->doubts, Doubt::each_year);
      return;
    }
    const Deadline* deadline = deadline_in(*p_, clause_.span, q.span.begin);
    if (deadline == nullptr) deadline = state_->lead_deadline;
    if (deadline == nullptr) {
      t.deadline = state_->inherited;
      return;
    }
    t.deadline = deadline->date;
    if (deadline->is_vague) {
      t.doubt(rules_->doubts, Doubt::vague_deadline, to_utf8(p_->part(deadline->span)));
    }
  }

  void add(FoundTarget target) {
    if (!target.deadline) state_->undated.push_back(out_->size());
    out_->push_back(std::move(target));
  }

  const std::u32string& topic_in(const std::string& unit) const {
    for (const auto& [known, topic] : state_->topics_by_unit) {
      if (known == unit && !topic.empty()) return topic;
    }
    return state_->topic;
  }

  void remember_unit(const std::string& unit, const std::u32string& noun) {
    for (auto& [known, topic] : state_->topics_by_unit) {
      if (known != unit) continue;
      topic = noun;
      return;
    }
    state_->topics_by_unit.emplace_back(unit, noun);
  }

  void remember(const std::u32string& name, Span place) {
    state_->topic = name;
    state_->topic_place = place;
    state_->topic_sentence = clause_.sentence;
  }

  const Paragraph* p_;
  Clause clause_;
  ClauseScope scope_;
  const Rules* rules_;
  SentenceState* state_;
  std::vector<FoundTarget>* out_;
  std::vector<const Quantity*> here_;
  std::size_t begin_ = 0;       // where the phrase of the next number begins
  Span last_verb_;              // of an earlier number of the clause: 新增A3家、B5家
  std::size_t change_ = kNone;  // of 由5种, before the number at hand
  bool there_ = false;          // 依托7个开发区: and what the list goes on with
  bool has_change_ = false;
  bool took_ = false;
};

}  // namespace

bool find_numbers(const Paragraph& p, const Clause& clause, const ClauseScope& scope,
                  const Rules& rules, SentenceState& state, std::vector<FoundTarget>& out) {
  return ClauseNumbers(p, clause, scope, rules, state, out).run();
}

}  // namespace districtd::extract
