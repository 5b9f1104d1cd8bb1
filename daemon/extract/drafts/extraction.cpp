#include "daemon/extract/drafts/extraction.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/extract/drafts/drafting.h"
#include "daemon/extract/drafts/lines.h"
#include "daemon/extract/drafts/outbox.h"
#include "daemon/extract/drafts/table.h"
#include "daemon/extract/reading/offices.h"
#include "daemon/extract/reading/scope.h"
#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/reading/structure.h"
#include "daemon/extract/reading/wrapping.h"
#include "daemon/extract/targets/assembly.h"
#include "daemon/extract/targets/pledges.h"

namespace districtd::extract {

namespace {

Date year_end(int year) { return date_of(year, 12, 31); }

}  // namespace

class Extraction::Reader : private LineConsumer {
 public:
  Reader(const Rules& rules, int year, Sink sink)
      : rules_(&rules),
        year_(year),
        lines_(rules, year, *this),
        outbox_(rules, year, std::move(sink), summary_) {}

  void feed(std::string_view text) { lines_.feed(text); }

  ReportSummary finish() {
    const bool lacks_newline = lines_.finish();
    close_section();
    outbox_.finish();
    summary_.bytes = piece_.offset;
    summary_.characters = piece_.characters;
    summary_.lines = piece_.line - (lacks_newline ? 0 : 1);
    return summary_;
  }

 private:
  // ---- Lines ----

  void take_beginning(std::string_view text) override {
    is_half_year_over_ = half_year_is_over(text);
  }

  void take_piece(std::string_view text, bool begins_line) override {
    piece_.text = text;
    if (begins_line) {
      read_beginning(text);
    } else {
      read_paragraph_text(text, 0);
    }
    piece_.pass();
  }

  void take_columns(std::string_view text, std::vector<TableColumn> columns) override {
    columns_ = std::move(columns);
    piece_.text = text;
    piece_.pass();
  }

  void take_row(std::string_view text, bool is_whole) override {
    piece_.text = text;
    if (is_whole) read_row(cells_in(text, '\n'));
    piece_.pass();
  }

  void end_line(bool was_long) override {
    if (was_long) ++summary_.long_lines;
    piece_.pass_newline();
  }

  void read_beginning(std::string_view text) {
    const auto shown = trim(text);
    if (shown.empty()) return;
    normalise(text, rules_->spelling, head_);
    if (summary_.title.empty()) {
      summary_.title = title_of(shown);
      section_ = summary_.title;
      take_title(text);
    }
    const Line line = read_line(head_, *rules_, year_, last_item_);
    if (line.sort != Line::Sort::table_row && line.sort != Line::Sort::blank) columns_.clear();
    if (line.item > 0) last_item_ = line.item;
    switch (line.sort) {
      case Line::Sort::blank:
        return;
      case Line::Sort::department:
        return take_department(line, shown);
      case Line::Sort::heading:
        return take_heading(line, shown);
      case Line::Sort::responsible:
        return take_responsible(line);
      case Line::Sort::due:
        return take_due(line);
      case Line::Sort::table_row:
        return read_row(cells_in(text, text.find('\t') != std::string_view::npos ? '\t' : '|'));
      case Line::Sort::paragraph:
        break;
    }
    begin_paragraph(line, text);
    const std::size_t begin = line.body < head_.size() ? head_.begins[line.body] : text.size();
    may_be_item_ = line.may_be_item;
    read_paragraph_text(text.substr(begin), begin);
    may_be_item_ = false;
    speaker_.clear();
  }

  void begin_paragraph(const Line& line, std::string_view text) {
    if (line.is_speaker) {
      speaker_ = original(line.department, text);
      ++summary_.departments;
    } else if (line.is_of_item) {
      release();
      speaker_ = original(line.department, text);
      ++summary_.departments;
    } else if (!line.department.empty()) {
      begin_run_in(line, text);
    }
    if (line.level > 0) {
      release();
      item_is_open_ = true;
    }
    if (line.level > 0 && line.level <= 2) enter(heading_of(line));
  }

  // "区交通运输局2025年工作总结": whose report it is.
  void take_title(std::string_view text) {
    const std::u32string_view chars = head_.chars;
    for (std::size_t n = 3; n <= 16 && n < chars.size(); ++n) {
      const auto rest = chars.substr(n);
      const bool goes_on = rest.starts_with(U"20") || rest.starts_with(U"关于") ||
                           rest.starts_with(U"上半年") || rest.starts_with(U"工作") ||
                           rest.starts_with(U"年度");
      if (!goes_on || !is_department(chars.substr(0, n), rules_->structure)) continue;
      // Who speaks for the whole district is responsible for no single target.
      const auto name = chars.substr(0, n);
      if (name.ends_with(U"常委会") || name.ends_with(U"政府办公室")) return;
      title_department_ = original(chars.substr(0, n), text);
      return;
    }
  }

  static Heading heading_of(const Line& line) {
    Heading heading = line.heading;
    if (line.is_part) {
      heading.level = 0;
    } else if (line.level > 0) {
      heading.level = line.level;
    }
    return heading;
  }

  std::string original(std::u32string_view name, std::string_view text) const {
    // The name as the report writes it: where the reading spelling differs, the line is searched.
    for (std::size_t i = 0; i + name.size() <= head_.size(); ++i) {
      if (std::u32string_view(head_.chars).substr(i, name.size()) != name) continue;
      return std::string{
          text.substr(head_.begins[i], head_.ends[i + name.size() - 1] - head_.begins[i])};
    }
    return to_utf8(name);
  }

  void take_department(const Line& line, std::string_view shown) {
    close_section();
    department_ = original(line.department, piece_.text);
    responsible_next_ = {};
    section_ = shown;
    ++summary_.departments;
    has_own_department_ = true;
    carried_ = Scope::unknown;
  }

  void begin_run_in(const Line& line, std::string_view text) {
    const std::string name = original(line.department, text);
    if (name == department_) return;
    close_section();
    department_ = name;
    section_ = name;
    ++summary_.departments;
    has_own_department_ = true;
    carried_ = Scope::unknown;
  }

  void take_heading(const Line& line, std::string_view shown) {
    release();
    item_is_open_ = true;
    carried_ = Scope::unknown;
    enter(heading_of(line));
    // What stands below the heading whose 责任单位 it is has the same one.
    if (line.level == 0 || line.level <= responsible_level_) {
      responsible_next_ = {};
      responsible_level_ = 0;
    }
    heading_level_ = line.level;
    last_item_ = line.item;
    after_heading_ = true;
    // A department's section goes on below its own headings; the proof looks below the department.
    if (!has_own_department_) {
      section_ = shown;
    }
    const auto named = read_responsibility(head_.chars, rules_->structure);
    if (!named.leads.empty()) hold_responsible(named);
  }

  Office office_of(const std::vector<std::u32string>& leads,
                   const std::vector<std::u32string>& with) const {
    Office office;
    for (const auto& name : leads) {
      if (office.lead.empty()) {
        office.lead = written(name);
      } else {
        office.also_leads.push_back(written(name));
      }
    }
    for (const auto& name : with) office.with.push_back(written(name));
    return office;
  }

  void hold_responsible(const Responsibility& named) {
    responsible_next_ = office_of(named.leads, named.with);
    responsible_level_ = heading_level_;
  }

  void take_responsible(const Line& line) {
    const auto all = read_responsibility(head_.chars, rules_->structure);
    const Office office = office_of(all.leads, all.with);
    if (line.department.empty() && office.is_empty()) return;
    ++summary_.departments;
    if (outbox_.is_empty()) {
      if (after_heading_) hold_responsible(all);
    } else {
      outbox_.give_office(office, 0);
      waiting_have_department_ = true;
    }
    if (!all.due.empty()) give_due(all.due);
  }

  void take_due(const Line& line) {
    give_due(std::u32string_view(head_.chars).substr(line.due_text.begin, line.due_text.size()));
  }

  void give_due(std::u32string_view text) {
    if (const auto date = date_in(text)) outbox_.give_due(*date, 0);
  }

  std::optional<Date> date_in(std::u32string_view text) {
    NormalText normal;
    normalise(to_utf8(text), rules_->spelling, normal);
    std::vector<Deadline> dates;
    find_deadlines(normal, *rules_, year_, dates);
    return dates.empty() ? std::nullopt : std::optional<Date>{dates.back().date};
  }

  // ---- Paragraphs ----

  // `begin` is where `text` begins in the piece.
  void read_paragraph_text(std::string_view text, std::size_t begin) {
    if (text.empty()) return;
    read_paragraph(text, *rules_, year_, paragraph_, last_item_);
    if (paragraph_.text.size() == 0) return;
    if (waiting_have_department_) release();
    waiting_before_ = outbox_.size();
    const Scope lead = lead_of(paragraph_, year_);
    if (lead == Scope::promise) sections_.end_look_back();
    const bool looks_back = lead == Scope::past && !has_own_department_;
    const ScopeBefore before{sections_.scope(), looks_back ? Scope::past : carried_,
                             is_half_year_over_};
    find_scopes(paragraph_, year_, before, scope_);
    if (looks_back) look_back();
    if (!sections_.have_planned()) {
      outbox_.count_told(static_cast<std::size_t>(
          std::count_if(scope_.clauses.begin(), scope_.clauses.end(),
                        [](const ClauseScope& clause) { return !clause.is_promise; })));
    }
    // What departments say of last year is one paragraph; a report's review goes on.
    carried_ = has_own_department_ ? Scope::unknown : scope_.carried;
    found_.clear();
    const TimeBefore time{year_, sections_.due()};
    if (!is_plain(paragraph_)) find_targets(paragraph_, scope_, time, *rules_, found_);
    if (may_be_item_) doubt_first_number();
    find_offices(paragraph_, *rules_, offices_);
    for (const FoundTarget& target : found_) {
      Draft draft = draft_of(target, text, begin);
      for (const NamedOffice& named : offices_) {
        if (named.span.begin <= target.quote.begin && target.quote.begin < named.span.end) {
          give(office_of(named.leads, named.with), draft);
        }
      }
      outbox_.wait(std::move(draft));
    }
    if (found_.empty()) take_lead();
    if (found_.empty() && !offices_.empty()) take_own_line();
    if (has_own_department_ && !outbox_.has_targets()) collect_pledges(text, begin);
    take_tail();
    after_heading_ = false;
  }

  // "一年来,我们主要做了以下工作:" begins a look-back, which no 要 or 确保 in it ends; a paragraph
  // that then looks ahead (回首“十四五”,……。展望“十五五”,……) is its own.
  void look_back() {
    const auto plans = [](const ClauseScope& clause) { return clause.period == Scope::promise; };
    if (std::any_of(scope_.clauses.begin(), scope_.clauses.end(), plans)) return;
    for (ClauseScope& clause : scope_.clauses) clause.is_promise = false;
    sections_.begin_look_back();
  }

  // "到2028年的主要目标是:" says when for what follows.
  void take_lead() {
    if (paragraph_.chars().back() != U':') return;
    std::optional<Date> due;
    for (const Deadline& deadline : paragraph_.deadlines) due = deadline.date;
    if (!due) return;
    sections_.lead(*due > year_end(year_) ? due : std::nullopt);
  }

  // 县交通局牵头负责,各乡镇配合。 on a line of its own, as 责任单位 is.
  void take_own_line() {
    if (outbox_.is_empty() || !names_offices_only(paragraph_, rules_->structure)) return;
    const Office office = office_of(offices_.front().leads, offices_.front().with);
    ++summary_.departments;
    outbox_.give_office(office, 0);
    waiting_have_department_ = true;
  }

  void doubt_first_number() {
    if (found_.empty() || found_.front().number.begin != 0) return;
    FoundTarget& target = found_.front();
    target.doubt(rules_->doubts, Doubt::may_be_item, to_utf8(paragraph_.part(target.number)));
  }

  // (责任单位:区住建局,完成时限:11月底前), (区住建局) at the end of the paragraph.
  void take_tail() {
    const auto chars = paragraph_.chars();
    Responsibility named;
    const bool has_words = chars.find(U"单位") != std::u32string_view::npos ||
                           chars.find(U"部门") != std::u32string_view::npos ||
                           chars.find(U"时限:") != std::u32string_view::npos ||
                           chars.find(U"牵头:") != std::u32string_view::npos ||
                           chars.find(U"时间:") != std::u32string_view::npos;
    if (has_words) named = read_responsibility(chars, rules_->structure);
    if (named.leads.empty() && named.with.empty()) {
      named = responsibility_at_end(chars, rules_->structure);
    }
    // A numbered item may have several paragraphs; without numbers a tail is of its own only.
    const std::size_t from = item_is_open_ ? 0 : waiting_before_;
    const Office office = office_of(named.leads, named.with);
    if (!office.is_empty()) {
      ++summary_.departments;
      outbox_.give_office(office, from);
    }
    if (!named.due.empty()) {
      if (const auto date = date_in(named.due)) outbox_.give_due(*date, from);
    }
    if (!office.lead.empty()) release();
  }

  // ---- Tables ----

  // A row of a table: its headings, or cells that are read by them.
  void read_row(const std::vector<Cell>& cells) {
    release();
    const auto words = words_of(cells, *rules_);
    if (auto columns = columns_of(words, year_); !columns.empty()) {
      columns_ = std::move(columns);
      return;
    }
    Office office;
    std::optional<Date> due;
    std::vector<std::size_t> texts;
    std::vector<std::size_t> goals;
    std::optional<std::size_t> unit;
    const bool has_columns = columns_.size() == cells.size();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (words[i].empty()) continue;
      const Column sort = has_columns ? columns_[i].sort : Column::other;
      if (sort == Column::item || sort == Column::past || sort == Column::note) continue;
      if (sort == Column::unit) {
        unit = i;
      } else if (sort == Column::goal && has_digit(words[i])) {
        goals.push_back(i);
      } else if (!take_cell(cells[i], sort, office, due)) {
        texts.push_back(i);
      }
    }
    if (!goals.empty() && !texts.empty()) {
      for (const std::size_t goal : goals) {
        read_goal_cell(cells, texts.back(), goal, unit ? cells[*unit].text : std::string_view{});
      }
    } else {
      for (const std::size_t i : texts) {
        read_paragraph_text(cells[i].text, cells[i].begin);
      }
    }
    outbox_.give_office(office, 0);
    if (due) outbox_.give_due(*due, 0);
    if (!office.is_empty()) ++summary_.departments;
    release();
  }

  static bool has_digit(std::u32string_view text) {
    return std::any_of(text.begin(), text.end(), is_digit);
  }

  // Whether the cell is the department or the date of the row.
  bool take_cell(const Cell& cell, Column sort, Office& office, std::optional<Date>& due) {
    normalise(cell.text, rules_->spelling, head_);
    const std::u32string_view chars = head_.chars;
    auto names = departments_only(chars, rules_->structure);
    if (names.empty()) {
      const auto first = chars.substr(0, chars.find_first_of(U"、,/;"));
      if (is_department(first, rules_->structure)) names.emplace_back(first);
    }
    if (sort == Column::support) {
      for (const auto& name : names) office.with.push_back(original(name, cell.text));
      return true;
    }
    if (sort == Column::lead || !names.empty()) {
      for (const auto& name : names) {
        const std::string shown = original(name, cell.text);
        if (office.lead.empty()) {
          office.lead = shown;
        } else {
          office.also_leads.push_back(shown);
        }
      }
      return true;
    }
    std::vector<Deadline> dates;
    find_deadlines(head_, *rules_, year_, dates);
    const bool is_date = dates.size() == 1 && dates[0].span.size() + 2 >= chars.size();
    if (sort == Column::due || is_date) {
      if (!dates.empty() && !due) due = dates.back().date;
      return sort == Column::due || is_date;
    }
    return false;
  }

  void read_goal_cell(const std::vector<Cell>& cells, std::size_t name, std::size_t goal,
                      std::string_view unit) {
    const GoalSentence sentence(cells[name], cells[goal], unit, *rules_);
    read_paragraph(sentence.text(), *rules_, year_, paragraph_);
    find_scopes(paragraph_, year_, {Scope::promise, Scope::unknown, false}, scope_);
    found_.clear();
    find_targets(paragraph_, scope_, {year_, due_of_column(goal)}, *rules_, found_);
    for (const FoundTarget& target : found_) {
      Draft draft = draft_of(target, sentence.text(), 0);
      if (found_.size() == 1) draft.name = sentence.name_of(draft.name);
      const Range quote = sentence.quote();
      place_bytes(draft, quote, piece_);
      const auto range = [&](Span of) {
        if (of.size() == 0) return Range{};
        return Range{piece_.offset + sentence.place(paragraph_.text.begins[of.begin]),
                     piece_.offset + sentence.place(paragraph_.text.ends[of.end - 1])};
      };
      draft.number = range(target.number);
      draft.focus = range(target.focus);
      outbox_.wait(std::move(draft));
    }
  }

  std::optional<Date> due_of_column(std::size_t i) const {
    if (i >= columns_.size() || columns_[i].year <= year_) return std::nullopt;
    return year_end(columns_[i].year);
  }

  // The name of a department as the piece at hand writes it.
  std::string written(const std::u32string& name) const {
    std::string usual = to_utf8(name);
    if (piece_.text.find(usual) != std::string_view::npos) return usual;
    NormalText normal;
    normalise(piece_.text, rules_->spelling, normal);
    const auto at = normal.chars.find(name);
    if (at == std::u32string::npos) return usual;
    const std::size_t from = normal.begins[at];
    return std::string{piece_.text.substr(from, normal.ends[at + name.size() - 1] - from)};
  }

  Draft draft_of(const FoundTarget& target, std::string_view text, std::size_t begin) const {
    Draft draft = draft_from(target, {paragraph_, text, begin, piece_}, year_);
    draft.department = department_.empty() ? title_department_ : department_;
    give(responsible_next_, draft);
    if (!speaker_.empty()) draft.department = speaker_;
    draft.section = section_;
    return draft;
  }

  // ---- Sections ----

  void release() {
    outbox_.release();
    waiting_before_ = 0;
    waiting_have_department_ = false;
  }

  void enter(const Heading& heading) {
    sections_.enter(heading);
    if (sections_.have_planned()) outbox_.begin_plan();
  }

  void close_section() {
    outbox_.close_section();
    waiting_before_ = 0;
    waiting_have_department_ = false;
    has_own_department_ = false;
    item_is_open_ = false;
    department_.clear();
  }

  // Pledges of a department that has nothing else.
  void collect_pledges(std::string_view text, std::size_t begin) {
    pledges_here_.clear();
    find_pledges(paragraph_, scope_, *rules_, pledges_here_);
    for (const Pledge& pledge : pledges_here_) {
      Draft draft;
      draft.department = department_;
      draft.section = section_;
      draft.name = pledge.name;
      draft.kind = Kind::pledge;
      draft.start = date_of(year_, 1, 1);
      draft.deadline = year_end(year_);
      place_quote(draft, pledge.quote, {paragraph_, text, begin, piece_});
      draft.focus = draft.range;
      draft.confidence = std::min(0.6, 0.25 + 0.04 * pledge.score);
      draft.reasons.push_back(rules_->doubts.reason(Doubt::pledge, {}));
      outbox_.keep_pledge(pledge.score, std::move(draft));
    }
  }

  const Rules* rules_;
  int year_;
  ReportSummary summary_;
  Lines lines_;
  Outbox outbox_;
  Piece piece_;  // the piece at hand
  bool is_half_year_over_ = false;
  std::vector<TableColumn> columns_;  // of the table at hand
  std::vector<NamedOffice> offices_;

  std::string department_;
  std::string section_;
  std::string title_department_;  // whose report it is, by its title
  Office responsible_next_;       // of a 责任单位 line that stands before its items
  int responsible_level_ = 0;     // of the heading below which it stands
  int heading_level_ = 0;         // of the last heading
  int last_item_ = 0;             // the number of the last item of level 3
  bool may_be_item_ = false;      // the paragraph's first figure may begin with an item's number
  std::string speaker_;           // whose paragraph it is, by its first words
  bool has_own_department_ = false;
  bool after_heading_ = false;
  bool item_is_open_ = false;  // a heading or a numbered line came before
  Sections sections_;
  Scope carried_ = Scope::unknown;

  NormalText head_;
  Paragraph paragraph_;
  ParagraphScope scope_;
  std::vector<FoundTarget> found_;
  std::size_t waiting_before_ = 0;  // of the drafts that wait, those of earlier paragraphs
  bool waiting_have_department_ = false;
  std::vector<Pledge> pledges_here_;
};

Extraction::Extraction(const Rules& rules, int year, Sink sink)
    : reader_(std::make_unique<Reader>(rules, year, std::move(sink))) {}
Extraction::~Extraction() = default;
void Extraction::feed(std::string_view text) { reader_->feed(text); }
ReportSummary Extraction::finish() { return reader_->finish(); }

std::vector<Draft> extract(std::string_view utf8, const Rules& rules, int year,
                           ReportSummary* summary) {
  std::vector<Draft> drafts;
  Extraction extraction(rules, year, [&](const Draft& draft) { drafts.push_back(draft); });
  extraction.feed(utf8);
  const ReportSummary result = extraction.finish();
  if (summary != nullptr) *summary = result;
  return drafts;
}

}  // namespace districtd::extract
