// Stage 5 for events: what is done or not, and can be looked at.
#include <algorithm>

#include "daemon/extract/targets/phrases.h"
#include "daemon/extract/targets/sentence_state.h"

namespace districtd::extract {

namespace {

constexpr std::uint64_t kActs = kEventVerbs | bit(Word::state);

class ClauseEvents {
 public:
  ClauseEvents(const Paragraph& p, const Clause& clause, const ClauseScope& scope,
               const Rules& rules, SentenceState& state, std::vector<FoundTarget>& out)
      : p_(&p), clause_(clause), scope_(scope), rules_(&rules), state_(&state), out_(&out) {}

  bool run() {
    const std::size_t before = out_->size();
    // "A一季度开工、年内完工": each part that has its own act and no list is read by itself.
    for (const Span& part : parts()) read_part(part);
    return out_->size() > before || took_;
  }

 private:
  struct Act {
    Span span;
    std::uint64_t classes = 0;
  };

  bool is_act(const Token& token) const {
    if (!token.is_any(kActs) || (p_->marks[token.span.begin] & (kQuoted | kAside)) != 0) {
      return false;
    }
    if (token.is(Word::finish)) return true;
    // 迁建项目, 改扩建工程: part of a noun.
    const auto behind = p_->chars().substr(token.span.end, 2);
    return behind != U"项目" && behind != U"工程" && behind != U"任务" && behind != U"企业";
  }

  // The clause, divided at each 、 that has an act before it and an act with a date behind it.
  std::vector<Span> parts() const {
    std::vector<Span> result;
    std::size_t begin = clause_.span.begin;
    for (std::size_t i = begin; i < clause_.span.end; ++i) {
      if (p_->chars()[i] != U'、' || (p_->marks[i] & (kQuoted | kAside)) != 0) continue;
      std::size_t end = i + 1;
      while (end < clause_.span.end && p_->chars()[end] != U'、') ++end;
      const Act next = first_act({i + 1, end});
      const Act before = first_act({begin, i});
      if (next.classes == 0 || before.classes == 0) continue;
      // "A投产、B投产": each ends with its act.
      const bool both_end = before.span.end == i && next.span.end == end && end - i > 5 &&
                            before.span.begin > begin + 2;
      if (!both_end && deadline_in(*p_, {i + 1, end}, next.span.begin) == nullptr) continue;
      result.push_back({begin, i});
      begin = i + 1;
    }
    result.push_back({begin, clause_.span.end});
    return result;
  }

  // The first act of the span, with those that follow it at once: 建成投用.
  Act first_act(Span span) const {
    Act act{{span.end, span.end}, 0};
    for (auto t = first_token(*p_, span.begin); t != p_->tokens.end() && t->span.end <= span.end;
         ++t) {
      if (act.classes == 0) {
        if (is_act(*t) && !is_part_of_noun(*t, span)) act = {t->span, t->classes};
        continue;
      }
      if (t->span.begin != act.span.end || !is_act(*t)) break;
      act.span.end = t->span.end;
      act.classes |= t->classes;
    }
    return act;
  }

  // 沿江高速改扩建: what is built stands before it, and something else is done with the whole.
  bool is_part_of_noun(const Token& token, Span span) const {
    constexpr std::uint64_t kOther = kActs & ~bit(Word::build);
    if (token.is_any(kOther) || token.span.begin < span.begin + 3) return false;
    if (p_->part(token.span).starts_with(U"新建")) return false;
    return read_phrase(*p_, {span.begin, token.span.begin}).noun.size() >= 3;
  }

  // 达二级妇保院能力水平: an act without a word of its own.
  bool read_standard(Span part) {
    if (!rules_->ends_with(p_->part(part), bit(Word::standard_noun))) return false;
    const auto commitment = commitment_in(*p_, part);
    const Deadline* const deadline = deadline_of(part);
    if (!commitment && deadline == nullptr) return false;
    const std::size_t begin = strip_front(*p_, part);
    const Token* const reach = p_->token_at_begin(begin);
    if (reach == nullptr || !reach->is(Word::reach)) return false;
    const Span object{reach->span.end, part.end};
    if (object.size() < 4 || rules_->ends_with(p_->part(object), bit(Word::abstract_noun))) {
      return false;
    }
    took_ = true;
    if (scope_.is_promise)
      add(object, name_text(p_->part(object)), part, part, Doubt::judged_standard);
    return true;
  }

  const Deadline* deadline_of(Span part) const {
    const Deadline* deadline = deadline_in(*p_, part, first_act(part).span.begin);
    return deadline != nullptr ? deadline : state_->lead_deadline;
  }

  // 县人民医院通过三级医院评审
  bool read_pass(Span part) {
    constexpr std::u32string_view kPass = U"通过";
    const auto text = p_->part(part);
    const auto at = text.find(kPass);
    if (at > 24) return false;
    if (!rules_->ends_with(text, bit(Word::pass_noun))) return false;
    const Span object{part.begin + at + kPass.size(), part.end};
    if (object.size() < 4 || (p_->marks[part.begin + at] & (kQuoted | kAside)) != 0) return false;
    took_ = true;
    if (!scope_.is_promise) return true;
    const std::size_t front = strip_front(*p_, {part.begin, part.begin + at});
    const auto name = name_text(p_->part({front, part.end}));
    add({front, part.end}, name, part, part, Doubt::passed);
    return true;
  }

  // 承办全国工业互联网大会
  bool read_gathering(Span part) {
    const std::size_t front = strip_front(*p_, part);
    const Token* verb = p_->token_at_begin(front);
    if (verb == nullptr || !verb->is(Word::gathering)) return false;
    const Span object{verb->span.end, part.end};
    if (object.size() < 4 || object.size() > 30 || is_quoted_name(object)) return false;
    if (!rules_->ends_with(p_->part(object), bit(Word::meeting_noun))) return false;
    if (p_->part(object).find(U"活动") != std::u32string_view::npos) return false;
    took_ = true;
    if (!scope_.is_promise) return true;
    const auto items = list_items(*p_, object);
    for (const Span& item : items) {
      if (item.size() < 4) continue;
      add(item, name_text(p_->part(item)), part, part, Doubt::gathering);
    }
    return true;
  }

  // ---- Dated steps: X3月底前完成征地,6月底前管线贯通,12月底前通水 ----

  const Deadline* deadline_inside(Span part) const {
    const auto d = std::lower_bound(
        p_->deadlines.begin(), p_->deadlines.end(), part.begin,
        [](const Deadline& deadline, std::size_t place) { return deadline.span.begin < place; });
    return d != p_->deadlines.end() && d->span.end <= part.end ? &*d : nullptr;
  }

  // 完成征地, 主体封顶, 通水: a step on the way rather than a thing.
  bool is_step(Span span) const {
    if (span.size() == 0 || span.size() > 14) return false;
    std::size_t begin = strip_front(*p_, span);
    std::size_t end = span.end;
    bool has_act = false;
    for (const Token* t = p_->token_at_begin(begin);
         t != nullptr && t->span.end <= span.end &&
         t->is_any(kActs | bit(Word::take) | bit(Word::ensure) | bit(Word::adverb));
         t = p_->token_at_begin(begin)) {
      has_act |= t->is_any(kActs);
      begin = t->span.end;
    }
    for (const Token* t = p_->token_at_end(end);
         t != nullptr && t->span.begin >= begin && t->is_any(kActs); t = p_->token_at_end(end)) {
      has_act = true;
      end = t->span.begin;
    }
    if (begin >= end) return has_act;
    auto noun = p_->part({begin, end});
    for (const std::u32string_view tail : {U"工程", U"建设", U"任务", U"施工", U"铺设", U"浇筑"}) {
      if (noun.size() > tail.size() + 1 && noun.ends_with(tail)) noun.remove_suffix(tail.size());
    }
    // 通过环保验收: the act is the end of the noun.
    if (rules_->ends_with(p_->part({begin, span.end}), bit(Word::pass_noun))) return true;
    return noun.size() <= 8 && (rules_->ends_with(noun, bit(Word::stage_noun)) ||
                                noun.ends_with(U"施工") || noun.ends_with(U"许可"));
  }

  bool read_node(Span part) {
    const Deadline* const date = deadline_inside(part);
    if (date == nullptr) return false;
    std::size_t behind = date->span.end;
    if (behind < part.end && p_->chars()[behind] == U'前') ++behind;
    const Span step{behind, part.end};
    const std::size_t front = strip_separators(*p_, part);
    if (date->span.begin > front) return read_first_node(part, *date, step);
    if (!state_->node_owner || *state_->node_owner >= out_->size() || !is_step(step)) return false;
    FoundTarget& owner = (*out_)[*state_->node_owner];
    took_ = true;
    // "3月底前完成征地,6月底前通水" and "一季度开工、年底前封顶" are steps of one thing.
    owner.nodes.push_back({{front, part.end}, date->date});
    owner.deadline = date->date;
    owner.quote.end = std::max(owner.quote.end, part.end);
    return true;
  }

  bool read_first_node(Span part, const Deadline& date, Span step) {
    if (date.span.end > part.end || !is_step(step)) return false;
    const Phrase phrase = read_phrase(*p_, {part.begin, date.span.begin});
    Span object = without_tail(behind_attribute(phrase.noun));
    if (object.size() < 3 || is_quoted_name(object)) return false;
    const auto text = p_->part(object);
    const bool is_thing = rules_->ends_with(
        text, bit(Word::concrete_noun) | bit(Word::work_noun) | bit(Word::paper_noun));
    if (!is_thing && is_abstract(text)) return false;
    if (text.find(U'、') != std::u32string_view::npos) return false;
    took_ = true;
    if (!scope_.is_promise) return true;
    add(object, name_text(text), part, part, Doubt::subject_done);
    out_->back().deadline = date.date;
    out_->back().nodes.push_back({{date.span.begin, part.end}, date.date});
    state_->node_owner = out_->size() - 1;
    state_->topic = name_text(text);
    state_->topic_place = part;
    state_->topic_sentence = clause_.sentence;
    return true;
  }

  void read_part(Span part) {
    if (read_node(part) || read_pass(part) || read_gathering(part)) return;
    if (read_stage(part)) return;
    const Act act = first_act(part);
    if (act.classes == 0) {
      read_standard(part);
      return;
    }
    const std::size_t front = strip_front(*p_, part);
    Span before{front, std::max(front, act.span.begin)};
    before = without_tail(before);
    Span after{act.span.end, part.end};
    after = without_head(after);
    const bool takes_object =
        (act.classes &
         (bit(Word::finish) | bit(Word::build) | bit(Word::create) | bit(Word::issue) |
          bit(Word::found) | bit(Word::done) | bit(Word::start))) != 0;
    if ((act.classes & bit(Word::state)) != 0) return read_state(part, before, act);
    // 推动云台山创建5A级景区: an honour may have its candidate before it.
    const bool is_honour = (act.classes & bit(Word::create)) != 0 && before.size() <= 14 &&
                           rules_->ends_with(p_->part(after), bit(Word::honour_noun));
    if (takes_object && after.size() >= 2 && (is_behind_verbs_only(before) || is_honour)) {
      return read_object(part, act, after);
    }
    if (before.size() >= 2) return read_subject(part, act, before, after);
    if (after.size() < 2) read_bare(part, act);
  }

  // Nothing but adverbs and light verbs before the act: 推动建成, 配套建设.
  bool is_behind_verbs_only(Span before) const {
    const Phrase phrase = read_phrase(*p_, before);
    return phrase.noun.size() == 0;
  }

  Span without_tail(Span span) const {
    for (;;) {
      const Token* const token = p_->token_at_end(span.end);
      const bool is_reached =
          token != nullptr && token->span.begin > span.begin &&
          (p_->part(token->span) == U"实现" || p_->part(token->span) == U"正式");
      if (is_reached) {
        span.end = token->span.begin;
        continue;
      }
      const bool is_light = token != nullptr && token->span.begin >= span.begin &&
                            (token->is_any(bit(Word::adverb) | bit(Word::strive) |
                                           bit(Word::ensure) | bit(Word::future_period)) &&
                             !token->is(Word::not_a_word));
      if (is_light) {
        span.end = token->span.begin;
        continue;
      }
      const auto d =
          std::lower_bound(p_->deadlines.begin(), p_->deadlines.end(), span.end,
                           [](const Deadline& x, std::size_t end) { return x.span.end < end; });
      if (d != p_->deadlines.end() && d->span.begin >= span.begin && d->span.begin < span.end &&
          d->span.end >= span.end) {
        span.end = d->span.begin;
        continue;
      }
      return span;
    }
  }

  Span without_head(Span span) const {
    while (span.begin < span.end &&
           (p_->chars()[span.begin] == U'了' || p_->chars()[span.begin] == U'好')) {
      ++span.begin;
    }
    return span;
  }

  // 实现行政村千兆光网全覆盖
  void read_state(Span part, Span before, const Act& act) {
    const Phrase phrase = read_phrase(*p_, before);
    const Span object = phrase.noun.size() >= 2 ? phrase.noun : Span{act.span.end, part.end};
    if (object.size() < 3 || is_quoted_name(object)) return;
    took_ = true;
    if (!scope_.is_promise) return;
    std::u32string name = name_text(p_->part(object));
    name += p_->part(act.span);
    add({object.begin, std::max(object.end, act.span.end)}, name, part,
        {part.begin, std::max(act.span.end, object.end)}, Doubt::state_reached);
  }

  // 建成A、B、C
  void read_object(Span part, const Act& act, Span after) {
    Span object = after;
    // 建成A并投入使用: the second act belongs to the same thing.
    for (auto t = first_token(*p_, object.begin);
         t != p_->tokens.end() && t->span.begin < object.end; ++t) {
      if (t->span.begin > object.begin + 1 && is_act(*t) && t->is_any(bit(Word::done)) &&
          p_->chars()[t->span.begin - 1] == U'并') {
        object.end = t->span.begin - 1;
        break;
      }
    }
    const Deadline* const deadline = deadline_of(part);
    const auto doubt = doubt_of_object(act, object, deadline != nullptr);
    if (!doubt) return;
    took_ = true;
    if (!scope_.is_promise) return;
    const auto items = items_of(object, act);
    for (const auto& [place, name] : items) {
      add(place, name, part, {part.begin, part.end}, *doubt);
      if (items.size() > 1) {
        out_->back().reasons.push_back(rules_->doubts.reason(Doubt::list_divided, {}));
      }
    }
    // 完成初步设计, 开工建设: what is begun is not the design.
    if (rules_->ends_with(p_->part(object), bit(Word::stage_noun))) {
      state_->topic.clear();
      return;
    }
    state_->topic = items.front().second;
    state_->topic_place = part;
    state_->topic_sentence = clause_.sentence;
  }

  // What to doubt about the object as something that can be looked at; nothing: it is none.
  std::optional<Doubt> doubt_of_object(const Act& act, Span object, bool is_dated) const {
    auto text = p_->part(object);
    if (is_quoted_name(object)) return std::nullopt;
    // 一批 names nothing that could be looked for.
    if (text.starts_with(U"一批") || text.starts_with(U"一系列") || text.starts_with(U"一大批")) {
      return std::nullopt;
    }
    if (text.ends_with(U"等")) text.remove_suffix(1);
    // 更高水平的平安城市, 作风建设: nobody could say when it is done.
    for (const std::u32string_view word : {U"更高", U"更加", U"更有", U"更具", U"更富", U"更大"}) {
      if (text.starts_with(word)) return std::nullopt;
    }
    constexpr std::u32string_view kBuilding = U"建设";
    if (text.size() > 4 && text.ends_with(kBuilding)) {
      const auto what = text.substr(0, text.size() - kBuilding.size());
      if (rules_->ends_with(what, bit(Word::slogan) | bit(Word::abstract_noun)) &&
          !rules_->ends_with(what, bit(Word::concrete_noun) | bit(Word::honour_noun))) {
        return std::nullopt;
      }
    }
    const auto is = [&](Word word) { return (act.classes & bit(word)) != 0; };
    const auto if_dated = [&](Doubt doubt) {
      return is_dated ? std::optional<Doubt>{doubt} : std::nullopt;
    };
    const bool is_concrete = rules_->ends_with(text, bit(Word::concrete_noun));
    const bool is_work = rules_->ends_with(text, bit(Word::work_noun));
    if (is(Word::create)) {
      if (rules_->ends_with(text, bit(Word::honour_noun))) return Doubt::honour;
      return is_abstract(text) ? std::nullopt : if_dated(Doubt::no_honour);
    }
    if (is_abstract(text) && !is_work) return std::nullopt;
    if (is(Word::issue)) {
      if (text.front() == U'《') return Doubt::titled_paper;
      if (!rules_->ends_with(text, bit(Word::paper_noun))) return std::nullopt;
      return Doubt::paper;
    }
    if (is(Word::found)) {
      if (!rules_->ends_with(text, bit(Word::body_noun))) return std::nullopt;
      return Doubt::body;
    }
    if (is(Word::finish)) {
      if (is_work) return Doubt::finished_work;
      if (rules_->ends_with(text, bit(Word::paper_noun)) && p_->part(act.span).size() > 2) {
        return Doubt::finished_paper;
      }
      return is_concrete ? Doubt::finished_thing : if_dated(Doubt::finished_other);
    }
    if (is(Word::start)) {
      return is_concrete || is_work ? Doubt::started_thing : if_dated(Doubt::started_other);
    }
    // 建成更高水平的平安城市: no one awards it.
    const bool is_title = rules_->ends_with(text, bit(Word::honour_noun)) && !is_concrete;
    if (is_title && !rules_->contains(text, bit(Word::honour_mark))) return std::nullopt;
    if (is(Word::build)) return is_concrete ? Doubt::built_thing : if_dated(Doubt::built_other);
    return is_concrete ? Doubt::done_thing : Doubt::done_other;
  }

  bool is_abstract(std::u32string_view text) const {
    return rules_->ends_with(text, bit(Word::abstract_noun) | bit(Word::slogan)) &&
           !rules_->ends_with(
               text, bit(Word::honour_noun) | bit(Word::concrete_noun) | bit(Word::paper_noun));
  }

  // “一链一中心”: nothing but a name in quotation marks.
  bool is_quoted_name(Span object) const {
    const auto text = p_->part(object);
    if (text.empty()) return true;
    return text.front() == U'“' && text.back() == U'”';
  }

  // 大桥实现主塔封顶, 扩建工程完成主体结构: the thing stands before 实现 or 完成, a step of it
  // behind.
  bool read_stage(Span part) {
    for (auto t = first_token(*p_, part.begin + 3);
         t != p_->tokens.end() && t->span.end + 2 <= part.end; ++t) {
      const auto word = p_->part(t->span);
      if (word != U"实现" && word != U"完成" && word != U"全面完成" && word != U"基本完成")
        continue;
      if ((p_->marks[t->span.begin] & (kQuoted | kAside)) != 0) continue;
      const std::size_t front = strip_front(*p_, {part.begin, t->span.begin});
      Span object = without_tail(before_date({front, t->span.begin}));
      object = behind_attribute(read_phrase(*p_, object).noun);
      if (object.size() < 3 || is_quoted_name(object)) return false;
      if (!rules_->ends_with(p_->part(object), bit(Word::concrete_noun) | bit(Word::work_noun))) {
        return false;
      }
      if (!ends_with_stage({t->span.end, part.end})) return false;
      took_ = true;
      if (scope_.is_promise) {
        add(object, name_text(p_->part(object)), part, part, Doubt::subject_done);
      }
      return true;
    }
    return false;
  }

  // 主塔封顶, 航站楼主体结构, 主体工程施工
  bool ends_with_stage(Span span) const {
    std::size_t end = span.end;
    const Token* const act = p_->token_at_end(end);
    const bool has_act = act != nullptr && act->span.begin >= span.begin &&
                         act->is_any(bit(Word::done)) && act->span.end == span.end;
    if (has_act) return true;
    auto noun = p_->part(span);
    for (const std::u32string_view tail : {U"工程", U"建设", U"任务", U"施工", U"铺设", U"浇筑"}) {
      if (noun.size() > tail.size() + 1 && noun.ends_with(tail)) noun.remove_suffix(tail.size());
    }
    return rules_->ends_with(noun, bit(Word::stage_noun));
  }

  // 源东乡卫生院新院区年内投用
  void read_subject(Span part, const Act& act, Span before, Span after) {
    // 开工率, 通车里程, 投产企业: the act is part of a noun, unless a date or a mark follows.
    const Deadline* const deadline = deadline_of(part);
    const Phrase phrase = read_phrase(*p_, before);
    Span object = phrase.noun;
    if (object.size() < 2) return;
    const bool is_final = after.size() == 0 || deadline != nullptr;
    const bool is_done = (act.classes & (bit(Word::done) | bit(Word::start) | bit(Word::issue) |
                                         bit(Word::found))) != 0 ||
                         ((act.classes & bit(Word::finish)) != 0 && after.size() == 0);
    const auto text = p_->part(object);
    const bool is_concrete = rules_->ends_with(
        text, bit(Word::concrete_noun) | bit(Word::work_noun) | bit(Word::paper_noun));
    if (!is_final || !is_done || (!is_concrete && deadline == nullptr)) return;
    if (is_abstract(text) || is_quoted_name(object)) return;
    if (after.size() > 0 && deadline == nullptr) return;
    took_ = true;
    if (!scope_.is_promise) return;
    object = before_date(behind_attribute(object));
    const Span quote{part.begin, act.span.end};
    const auto items = items_of(object, act);
    for (const auto& [place, name] : items) {
      add(place, name, part, quote, Doubt::subject_done);
    }
    state_->topic = items.front().second;
    state_->topic_place = part;
    state_->topic_sentence = clause_.sentence;
  }

  // 新院区年底前主体封顶: the thing stands before the date.
  Span before_date(Span object) const {
    for (std::size_t i = object.begin + 2; i < object.end; ++i) {
      if ((p_->marks[i] & kDated) != 0) return {object.begin, i};
    }
    return object;
  }

  // 总投资26亿元的华强文旅小镇: the thing stands behind what is said of it.
  Span behind_attribute(Span object) const {
    const auto text = p_->part(object);
    const auto of = text.rfind(U'的');
    if (of != std::u32string_view::npos && text.size() - of > 2) {
      object.begin += of + 1;
    }
    return behind_size(object);
  }

  // 年产20万吨电解铜箔项目, 60万千瓦光伏基地: the size is no name; 330千伏变电站 is one.
  Span behind_size(Span object) const {
    std::size_t begin = object.begin;
    const Token* const size = p_->token_at_begin(begin);
    const bool has_word = size != nullptr && size->is(Word::size_before);
    if (has_word) begin = size->span.end;
    const auto& all = p_->quantities.list;
    const auto q = std::lower_bound(
        all.begin(), all.end(), begin,
        [](const Quantity& quantity, std::size_t at) { return quantity.span.begin < at; });
    if (q == all.end() || q->span.begin != begin || q->span.end + 2 > object.end) return object;
    const bool is_voltage =
        q->unit.ends_with("千伏") || q->unit.ends_with("kV") || q->unit.ends_with("KV");
    const bool is_size = q->unit_class == UnitClass::size || q->unit_class == UnitClass::money ||
                         q->unit_class == UnitClass::area || q->unit_class == UnitClass::length;
    if (is_voltage || (!has_word && !is_size)) return object;
    return {q->span.end, object.end};
  }

  // 确保年内投用: what, the clause before says.
  void read_bare(Span part, const Act& act) {
    if ((act.classes & (bit(Word::done) | bit(Word::start))) == 0) return;
    const Deadline* const deadline = deadline_of(part);
    if (deadline == nullptr && !commitment_in(*p_, part)) return;
    took_ = true;
    if (!scope_.is_promise) return;
    const bool has_own = !state_->undated.empty() || out_->size() > state_->found_before;
    auto& undated = has_own ? state_->undated : state_->undated_before;
    if (deadline != nullptr && !undated.empty()) {
      // "新建农田3.5万亩,改造1.2万亩,10月底前完工": the date of what was counted.
      for (const std::size_t index : undated) {
        (*out_)[index].deadline = deadline->date;
        (*out_)[index].quote.end = std::max((*out_)[index].quote.end, act.span.end);
      }
      undated.clear();
      return;
    }
    constexpr std::size_t kFar = 80;
    if (state_->topic.empty() || state_->topic_sentence != clause_.sentence ||
        part.begin - state_->topic_place.begin > kFar) {
      return;
    }
    if (rules_->ends_with(state_->topic, bit(Word::slogan))) return;
    const Span quote{state_->topic_place.begin, act.span.end};
    add(state_->topic_place, state_->topic, part, quote, Doubt::inherited_thing);
  }

  // 大江镇、双河镇污水处理厂: what the last place has, each of them has; empty where it is no such
  // list.
  std::u32string_view shared_by_places(const std::vector<Span>& items) const {
    constexpr std::u32string_view kPlaces = U"镇乡村县区市";
    const auto last = p_->part(items.back());
    const char32_t sign = p_->part(items.front()).back();
    if (kPlaces.find(sign) == std::u32string_view::npos) return {};
    for (auto item = items.begin(); item + 1 != items.end(); ++item) {
      const auto text = p_->part(*item);
      constexpr std::size_t kLongestPlace = 5;
      if (text.back() != sign || text.size() > kLongestPlace) return {};
      if (rules_->ends_with(text, bit(Word::concrete_noun))) return {};
    }
    const auto at = last.find(sign, 1);
    constexpr std::size_t kFar = 5;
    if (at > kFar || at + 2 >= last.size()) return {};  // or nowhere
    return last.substr(at + 1);
  }

  // The things of a list, each with its place and name.
  std::vector<std::pair<Span, std::u32string>> items_of(Span object, const Act& act) const {
    std::vector<std::pair<Span, std::u32string>> result;
    object = behind_attribute(object);
    auto items = list_items(*p_, object);
    const auto whole = [&] {
      result.clear();
      result.emplace_back(object, name_text(p_->part(object)));
      return result;
    };
    if (items.size() < 2) return whole();
    if (const auto shared = shared_by_places(items); !shared.empty()) {
      for (const Span& item : items) {
        std::u32string name{p_->part(item)};
        if (&item != &items.back()) name += shared;
        result.emplace_back(item, name_text(name));
      }
      return result;
    }
    // "佛手、无花果、苗木等千亩基地": short words that share the last one's noun.
    const auto last = p_->part(items.back());
    const auto etc = last.find(U'等');
    const auto has_own_noun = [&](const Span& item) {
      return rules_->ends_with(p_->part(item), bit(Word::concrete_noun) | bit(Word::honour_noun));
    };
    // "A、B开工": behind a subject stands the act, so each of the list is a thing of its own.
    const bool is_subject = act.span.begin >= object.end;
    const bool are_long =
        std::all_of(items.begin(), items.end(), [](const Span& item) { return item.size() >= 3; });
    const bool others_are_things =
        std::all_of(items.begin(), items.end() - 1, has_own_noun) || (is_subject && are_long);
    if (etc != std::u32string_view::npos && etc > 0 && etc + 2 < last.size()) {
      const auto shared = last.substr(etc + 1);
      const bool builds = (act.classes & (bit(Word::build) | bit(Word::done))) != 0;
      const bool share =
          builds && !others_are_things && rules_->ends_with(shared, bit(Word::concrete_noun));
      if (!share && !others_are_things) return whole();
      items.back().end = items.back().begin + etc;
      for (const Span& item : items) {
        std::u32string name{p_->part(item)};
        if (share) name += shared;
        result.emplace_back(item, name_text(name));
      }
      return result;
    }
    if (!others_are_things || !((is_subject && are_long) || has_own_noun(items.back()) ||
                                rules_->ends_with(last, bit(Word::work_noun)))) {
      return whole();
    }
    for (const Span& item : items) {
      // "环湖路、朝阳路、学院路三条道路": the last item carries the sum.
      auto text = p_->part(item);
      for (std::size_t k = 2; k + 2 < text.size(); ++k) {
        const auto numeral = U"两三四五六七八九十";
        const bool is_sum =
            std::u32string_view(numeral).find(text[k]) != std::u32string_view::npos &&
            rules_->units.longest(text, k + 1).length > 0;
        if (is_sum && &item == &items.back()) {
          text = text.substr(0, k);
          break;
        }
      }
      result.emplace_back(Span{item.begin, item.begin + text.size()}, name_text(text));
    }
    return result;
  }

  void add(Span focus, const std::u32string& name, Span part, Span quote, Doubt doubt) {
    FoundTarget t;
    t.kind = Kind::milestone;
    t.goal = 1;
    t.name = to_utf8(name);
    quote.begin = strip_separators(*p_, quote);
    t.quote = quote;
    t.number = {focus.begin, focus.begin};
    t.focus = focus;
    const Doubts& doubts = rules_->doubts;
    t.confidence = scope_.is_sure ? doubts.event_sure : doubts.event_unsure;
    // "力争A三季度开工、B年底前封顶": for each of the list.
    t.commitment = commitment_in(*p_, {clause_.span.begin, part.end}).value_or(Commitment::must);
    if (const Token* const verb = first_create(part); verb != nullptr) {
      t.commitment = Commitment::strive;
    }
    if (const Deadline* const deadline = deadline_of(part)) {
      t.deadline = deadline->date;
      if (deadline->is_vague) {
        t.doubt(doubts, Doubt::vague_deadline, to_utf8(p_->part(deadline->span)));
      }
    }
    if (!t.deadline) t.deadline = state_->inherited;
    doubt_thing(doubt, t);
    if (scope_.is_weak) t.doubt(doubts, Doubt::weak_past_event);
    if (scope_.period == Scope::past) t.doubt(doubts, Doubt::after_past);
    if (name.size() > 20) t.doubt(doubts, Doubt::long_name);
    out_->push_back(std::move(t));
  }

  // A doubt about the thing itself weighs more where no day is named.
  void doubt_thing(Doubt doubt, FoundTarget& t) const {
    const Doubts& doubts = rules_->doubts;
    if (t.deadline || !doubts.of(doubt).reason.empty()) return t.doubt(doubts, doubt);
    t.confidence = std::max(0.05, t.confidence - doubts.of(doubt).undated);
    t.doubt(doubts, Doubt::undated);
  }

  // 争创 strives by itself.
  const Token* first_create(Span part) const {
    for (auto t = first_token(*p_, part.begin); t != p_->tokens.end() && t->span.begin < part.end;
         ++t) {
      if (t->is(Word::create) && t->is(Word::strive)) return &*t;
    }
    return nullptr;
  }

  const Paragraph* p_;
  Clause clause_;
  ClauseScope scope_;
  const Rules* rules_;
  SentenceState* state_;
  std::vector<FoundTarget>* out_;
  bool took_ = false;
};

}  // namespace

bool find_events(const Paragraph& p, const Clause& clause, const ClauseScope& scope,
                 const Rules& rules, SentenceState& state, std::vector<FoundTarget>& out) {
  return ClauseEvents(p, clause, scope, rules, state, out).run();
}

}  // namespace districtd::extract
