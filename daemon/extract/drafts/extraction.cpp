#include "daemon/extract/drafts/extraction.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
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

// A line that is longer is read in pieces that end with a sentence: no work grows with its square.
constexpr std::size_t kPiece = 16UL << 10U;
// What the beginning says of the whole is known from so many bytes.
constexpr std::size_t kBeginning = 64UL << 10U;
// Drafts that wait for a heading that plans at most.
constexpr std::size_t kMostBeforePlan = 4096;
// Drafts that wait for their 责任单位 at most; a list that is longer has none.
constexpr std::size_t kMostWaiting = 256;

// Where to cut `text`, at most `most` bytes from its beginning: behind a sentence, else a clause,
// else a character.
std::size_t cut_place(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  for (const std::string_view sign : {"。", "；", ";", "，", ","}) {
    const auto found = text.rfind(sign, most - sign.size());
    if (found != std::string_view::npos && found > most / 4) return found + sign.size();
  }
  const std::size_t cut = utf8::cut(text, most).size();
  return cut > 0 ? cut : most;
}

Date year_end(int year) { return date_of(year, 12, 31); }

}  // namespace

class Extraction::Reader {
 public:
  Reader(const Rules& rules, int year, Sink sink)
      : rules_(&rules), year_(year), sink_(std::move(sink)) {}

  void feed(std::string_view text) {
    if (has_begun_) return take(text);
    beginning_ += text;
    if (beginning_.size() >= kBeginning) begin();
  }

  ReportSummary finish() {
    if (!has_begun_) begin();
    if (!rest_.empty()) add_line(rest_, false);
    flush_lines();
    close_section();
    release_before_plan();
    summary_.bytes = offset_;
    summary_.characters = characters_;
    summary_.lines = line_number_ - (rest_.empty() ? 1 : 0);
    if (!sections_.have_planned()) summary_.before_plan = 0;
    return summary_;
  }

 private:
  // ---- Lines ----

  // What only the beginning as a whole says.
  void begin() {
    has_begun_ = true;
    width_ = broken_width(beginning_);
    is_half_year_over_ = half_year_is_over(beginning_);
    const std::string text = std::move(beginning_);
    beginning_.clear();
    take(text);
  }

  void take(std::string_view text) {
    while (!text.empty()) {
      const auto newline = text.find('\n');
      if (newline == std::string_view::npos) {
        rest_ += text;
        if (rest_.size() >= 4 * kPiece) take_pieces_of_rest();
        return;
      }
      if (rest_.empty()) {
        add_line(text.substr(0, newline), true);
      } else {
        rest_ += text.substr(0, newline);
        add_line(rest_, true);
        rest_.clear();
      }
      text.remove_prefix(newline + 1);
    }
  }

  void take_pieces_of_rest() {
    flush_lines();
    std::string_view text = rest_;
    while (text.size() >= 2 * kPiece) {
      const std::size_t cut = cut_place(text, kPiece);
      piece(text.substr(0, cut), !in_long_line_);
      in_long_line_ = true;
      text.remove_prefix(cut);
    }
    rest_ = std::string{text};
  }

  // ---- Lines that belong together: broken ones, and the cells of a row that stand one a line ----

  // A line as the text has it; `has_end` where a newline follows.
  void add_line(std::string_view text, bool has_end) {
    if (in_long_line_) {  // its beginning is read already
      line(text);
      if (has_end) end_line();
      return;
    }
    if (!lines_.empty() || lines_have_end_) {
      if (cells_per_row_ > 0 ? cell_goes_on(text) : line_goes_on(text)) {
        lines_ += '\n';
        last_line_ = lines_.size();
        lines_ += text;
        ++lines_count_;
        lines_have_end_ = has_end;
        return;
      }
      flush_lines();
    }
    if (cells_per_row_ > 0 && ends_cells(text)) cells_per_row_ = 0;
    lines_ = text;
    last_line_ = 0;
    lines_count_ = 1;
    lines_have_end_ = has_end;
    if (!may_go_on(text)) flush_lines();
  }

  // Cheap: most lines end with a sentence, and nothing is to be held back then.
  bool may_go_on(std::string_view text) const {
    if (text.size() > kPiece) return false;
    if (cells_per_row_ > 0) return true;
    return !trim(text).empty() && !trim(text).ends_with("。");
  }

  bool line_goes_on(std::string_view next) const {
    const std::string_view last = std::string_view(lines_).substr(last_line_);
    if (lines_.size() + next.size() > kPiece) return false;
    if (const auto cell = column_of_line(next); cell.sort != Column::other) {
      // Headings of columns, one a line: 序号 / 任务 / 目标 / 责任单位.
      if (column_of_line(last).sort != Column::other) return true;
    }
    if (are_headings()) return false;
    if (width_ > 0 && is_page_number(next)) return true;
    return goes_on(last, next, width_, *rules_);
  }

  TableColumn column_of_line(std::string_view text) const {
    const auto cell = trim(text);
    constexpr std::size_t kLongestCell = 30;  // bytes
    if (cell.ends_with("表") || cell.ends_with("清单")) return {};
    if (cell.empty() || cell.size() > kLongestCell) return {};
    NormalText normal;
    normalise(cell, rules_->spelling, normal);
    if (normal.chars.find_first_of(U"。,;:、()") != std::u32string::npos) return {};
    return column_of(normal.chars, year_);
  }

  bool are_headings() const {
    if (lines_count_ < 3) return false;
    for (std::size_t at = 0; at <= lines_.size();) {
      const auto end = std::min(lines_.find('\n', at), lines_.size());
      if (column_of_line(std::string_view(lines_).substr(at, end - at)).sort == Column::other) {
        return false;
      }
      at = end + 1;
    }
    return true;
  }

  bool cell_goes_on(std::string_view next) const {
    return lines_count_ < cells_per_row_ && !ends_cells(next);
  }

  // A heading or a whole sentence ends a table whose cells stand one a line.
  static bool ends_cells(std::string_view text) {
    constexpr std::size_t kLongestCell = 150;  // bytes
    const auto cell = trim(text);
    return cell.empty() || cell.size() > kLongestCell || cell.ends_with("。") ||
           cell.starts_with("（") || cell.find("、") <= 3;
  }

  void flush_lines() {
    if (lines_.empty() && !lines_have_end_) return;
    const std::string text = std::move(lines_);
    lines_.clear();
    const bool has_end = lines_have_end_;
    lines_have_end_ = false;
    if (lines_count_ > 1 && cells_per_row_ == 0) {
      std::vector<Cell> cells = cells_in(text, '\n');
      std::vector<std::u32string> words = words_of(cells);
      columns_ = columns_of(words, year_);
      if (columns_.size() >= 3) {
        cells_per_row_ = columns_.size();
        pass_over(text);
        if (has_end) end_line();
        return;
      }
      columns_.clear();
    }
    if (cells_per_row_ > 0) {
      text_ = text;
      if (lines_count_ == cells_per_row_) read_row(cells_in(text, '\n'));
      pass_over(text);
    } else {
      line(text);
    }
    if (has_end) end_line();
  }

  void pass_over(std::string_view text) {
    offset_ += text.size();
    characters_ += utf8::count_characters(text);
    line_number_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  }

  void line(std::string_view text) {
    while (text.size() > kPiece) {
      const std::size_t cut = cut_place(text, kPiece);
      piece(text.substr(0, cut), !in_long_line_);
      in_long_line_ = true;
      text.remove_prefix(cut);
    }
    piece(text, !in_long_line_);
  }

  void end_line() {
    if (in_long_line_) ++summary_.long_lines;
    in_long_line_ = false;
    ++offset_;
    ++characters_;
    ++line_number_;
  }

  // A line, or a part of one that is too long.
  void piece(std::string_view text, bool begins_line) {
    text_ = text;
    if (begins_line) {
      read_beginning(text);
    } else {
      read_paragraph_text(text, 0);
    }
    pass_over(text);
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
    if (line.level > 0 && line.level <= 2) sections_.enter(heading_of(line));
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
    department_ = original(line.department, text_);
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
    sections_.enter(heading_of(line));
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

  // Departments as the report writes them.
  struct Office {
    std::string lead;
    std::vector<std::string> also_leads;
    std::vector<std::string> with;
    bool is_empty() const { return lead.empty() && with.empty(); }
  };

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

  static void give(const Office& office, Draft& draft) {
    if (!office.lead.empty()) {
      draft.department = office.lead;
      draft.also_leads = office.also_leads;
    }
    if (!office.with.empty()) draft.with = office.with;
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
    if (waiting_.empty()) {
      if (after_heading_) hold_responsible(all);
    } else {
      for (Draft& draft : waiting_) give(office, draft);
      waiting_have_department_ = true;
    }
    if (!all.due.empty()) give_due(all.due);
  }

  void take_due(const Line& line) {
    give_due(std::u32string_view(head_.chars).substr(line.due_text.begin, line.due_text.size()));
  }

  void give_due(std::u32string_view text) {
    if (const auto date = date_in(text)) give_due(*date, 0);
  }

  void give_due(Date date, std::size_t from) {
    for (std::size_t i = from; i < waiting_.size(); ++i) {
      if (waiting_[i].has_own_deadline) continue;
      waiting_[i].deadline = date;
      const int year = static_cast<int>(std::chrono::year_month_day{date}.year());
      waiting_[i].start = date_of(std::min(year_, year), 1, 1);
      waiting_[i].has_own_deadline = true;
    }
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
    waiting_before_ = waiting_.size();
    const Scope lead = lead_of(paragraph_, year_);
    if (lead == Scope::promise) sections_.end_look_back();
    const bool looks_back = lead == Scope::past && !has_own_department_;
    const ScopeBefore before{sections_.scope(), looks_back ? Scope::past : carried_,
                             is_half_year_over_};
    find_scopes(paragraph_, year_, before, scope_);
    if (looks_back) look_back();
    if (!sections_.have_planned()) {
      told_before_plan_ += static_cast<std::size_t>(
          std::count_if(scope_.clauses.begin(), scope_.clauses.end(),
                        [](const ClauseScope& clause) { return !clause.is_promise; }));
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
      wait(std::move(draft));
    }
    if (found_.empty()) take_lead();
    if (found_.empty() && !offices_.empty()) take_own_line();
    if (has_own_department_ && !section_has_targets_) collect_pledges(text, begin);
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
    if (waiting_.empty() || !names_offices_only(paragraph_, rules_->structure)) return;
    const Office office = office_of(offices_.front().leads, offices_.front().with);
    ++summary_.departments;
    for (Draft& draft : waiting_) give(office, draft);
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
      for (std::size_t i = from; i < waiting_.size(); ++i) give(office, waiting_[i]);
    }
    if (!named.due.empty()) {
      if (const auto date = date_in(named.due)) give_due(*date, from);
    }
    if (!office.lead.empty()) release();
  }

  // ---- Tables ----

  struct Cell {
    std::string_view text;
    std::size_t begin;  // in the piece
  };

  static std::vector<Cell> cells_in(std::string_view text, char sign) {
    std::vector<Cell> cells;
    std::size_t at = 0;
    // | at both ends of a row divides nothing.
    const auto shown = trim(text);
    if (sign == '|' && shown.starts_with('|')) at = text.find('|') + 1;
    while (at <= text.size()) {
      const auto end = std::min(text.find(sign, at), text.size());
      const auto cell = text.substr(at, end - at);
      if (end < text.size() || sign != '|' || !trim(cell).empty()) cells.push_back({cell, at});
      at = end + 1;
    }
    return cells;
  }

  std::vector<std::u32string> words_of(const std::vector<Cell>& cells) const {
    std::vector<std::u32string> words;
    NormalText normal;
    for (const Cell& cell : cells) {
      normalise(cell.text, rules_->spelling, normal);
      words.push_back(normal.chars);
    }
    return words;
  }

  // A row of a table: its headings, or cells that are read by them.
  void read_row(const std::vector<Cell>& cells) {
    release();
    const auto words = words_of(cells);
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
    for (Draft& draft : waiting_) give(office, draft);
    if (due) give_due(*due, 0);
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

  // 指标 and 2026年目标 in two cells, read as one sentence; the quote goes from cell to cell.
  void read_goal_cell(const std::vector<Cell>& cells, std::size_t name, std::size_t goal,
                      std::string_view unit) {
    const auto name_text = trim(cells[name].text);
    const auto goal_text = trim(cells[goal].text);
    std::string sentence{name_text};
    const std::size_t goal_at = sentence.size();
    Quantities in_goal;
    normalise(goal_text, rules_->spelling, head_);
    find_quantities(head_, *rules_, in_goal);
    // 5左右 in the column of %: the unit stands behind the figure.
    std::size_t unit_at = goal_text.find_last_of("0123456789") + 1;
    std::size_t unit_size = 0;
    sentence += goal_text;
    if (in_goal.list.empty()) {
      const auto shown = trim(unit);
      unit_size = shown.size();
      sentence.insert(goal_at + unit_at, shown);
    }
    unit_at += goal_at;
    read_paragraph(sentence, *rules_, year_, paragraph_);
    find_scopes(paragraph_, year_, {Scope::promise, Scope::unknown, false}, scope_);
    found_.clear();
    const TimeBefore time{year_, due_of_column(goal)};
    find_targets(paragraph_, scope_, time, *rules_, found_);
    const auto raw = [&](std::size_t at) {  // from the sentence to the piece
      if (at > unit_at) at = std::max(unit_at, at - std::min(at, unit_size));
      const std::size_t in_goal_cell = at < goal_at ? 0 : at - goal_at;
      const auto base = [&](const Cell& cell) {
        return cell.begin + static_cast<std::size_t>(trim(cell.text).data() - cell.text.data());
      };
      return at < goal_at ? base(cells[name]) + at
                          : base(cells[goal]) + std::min(in_goal_cell, goal_text.size());
    };
    const std::size_t left = std::min(raw(0), raw(goal_at));
    const std::size_t right = std::max(raw(goal_at - 1) + 1, raw(sentence.size()));
    for (const FoundTarget& target : found_) {
      Draft draft = draft_of(target, sentence, 0);
      // The cell is the name, whatever the other one says beside the figure.
      if (found_.size() == 1 && name_text.size() >= 12 && draft.name != name_text &&
          draft.name.starts_with(name_text) && !draft.name.ends_with("增长")) {
        draft.name = name_text;
      }
      draft.quote = std::string{text_.substr(left, right - left)};
      draft.range = {offset_ + left, offset_ + right};
      draft.offset = characters_ + utf8::count_characters(text_.substr(0, left));
      draft.line = line_at(left);
      const auto span = [&](Span of) {
        if (of.size() == 0) return Range{};
        return Range{offset_ + raw(paragraph_.text.begins[of.begin]),
                     offset_ + raw(paragraph_.text.ends[of.end - 1])};
      };
      draft.number = span(target.number);
      draft.focus = span(target.focus);
      wait(std::move(draft));
    }
  }

  std::optional<Date> due_of_column(std::size_t i) const {
    if (i >= columns_.size() || columns_[i].year <= year_) return std::nullopt;
    return year_end(columns_[i].year);
  }

  // The name of a department as the piece at hand writes it.
  std::string written(const std::u32string& name) const {
    std::string usual = to_utf8(name);
    if (text_.find(usual) != std::string_view::npos) return usual;
    NormalText normal;
    normalise(text_, rules_->spelling, normal);
    const auto at = normal.chars.find(name);
    if (at == std::u32string::npos) return usual;
    const std::size_t from = normal.begins[at];
    return std::string{text_.substr(from, normal.ends[at + name.size() - 1] - from)};
  }

  Draft draft_of(const FoundTarget& target, std::string_view text, std::size_t begin) const {
    Draft draft;
    draft.department = department_.empty() ? title_department_ : department_;
    give(responsible_next_, draft);
    if (!speaker_.empty()) draft.department = speaker_;
    draft.section = section_;
    draft.name = as_written(target.name, text);
    draft.kind = target.kind;
    draft.goal = target.goal;
    draft.goal_upper = target.goal_upper;
    draft.unit = target.unit;
    draft.direction = target.direction;
    draft.deadline = target.deadline.value_or(year_end(year_));
    const int deadline_year = static_cast<int>(std::chrono::year_month_day{draft.deadline}.year());
    draft.start = date_of(std::min(year_, deadline_year), 1, 1);
    draft.has_own_deadline = target.deadline.has_value();
    for (const FoundNode& node : target.nodes) {
      if (target.nodes.size() < 2) break;
      const std::size_t from = paragraph_.text.begins[node.span.begin];
      const std::size_t to = paragraph_.text.ends[node.span.end - 1];
      draft.nodes.push_back({node.date, std::string{text.substr(from, to - from)}});
    }
    draft.commitment = target.commitment;
    draft.is_about = target.is_about;
    draft.baseline = target.baseline;
    place(draft, target.quote, text, begin);
    draft.number = range_of(target.number, begin);
    draft.focus = range_of(target.focus, begin);
    draft.confidence = target.confidence;
    draft.reasons = target.reasons;
    draft.is_time_sure = target.is_time_sure;
    return draft;
  }

  // The name in the report's own characters: 檔案 stays 檔案. Names are made of pieces of the
  // paragraph, so each piece is looked up in it.
  std::string as_written(const std::string& name, std::string_view text) const {
    if (!paragraph_.text.is_respelled) return name;
    const std::u32string wanted = to_u32(name);
    const std::u32string_view chars = paragraph_.chars();
    std::string result;
    for (std::size_t i = 0; i < wanted.size();) {
      std::size_t length = wanted.size() - i;
      std::size_t at = std::u32string_view::npos;
      for (; length > 0 && at == std::u32string_view::npos; --length) {
        at = chars.find(std::u32string_view(wanted).substr(i, length));
        if (at != std::u32string_view::npos) break;
      }
      if (length == 0) {
        result += to_utf8(std::u32string_view(wanted).substr(i, 1));
        ++i;
        continue;
      }
      const std::size_t from = paragraph_.text.begins[at];
      result += text.substr(from, paragraph_.text.ends[at + length - 1] - from);
      i += length;
    }
    return result;
  }

  Range range_of(Span span, std::size_t begin) const {
    if (span.size() == 0) return {};
    const std::uint64_t base = offset_ + begin;
    return {base + paragraph_.text.begins[span.begin], base + paragraph_.text.ends[span.end - 1]};
  }

  void place(Draft& draft, Span quote, std::string_view text, std::size_t begin) const {
    const std::size_t from = paragraph_.text.begins[quote.begin];
    const std::size_t to = paragraph_.text.ends[quote.end - 1];
    draft.quote = text.substr(from, to - from);
    draft.range = {offset_ + begin + from, offset_ + begin + to};
    draft.offset = characters_ + utf8::count_characters(text_.substr(0, begin + from));
    draft.line = line_at(begin + from);
  }

  // The line of a place in the piece, which may hold several.
  std::uint64_t line_at(std::size_t place) const {
    const auto before = text_.substr(0, place);
    return line_number_ +
           static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
  }

  // ---- Drafts that wait for their department ----

  void wait(Draft draft) {
    // Drafts of an earlier paragraph wait on only where nothing else says whose they are.
    if (waiting_.size() >= kMostWaiting) release();
    waiting_.push_back(std::move(draft));
    section_has_targets_ = true;
  }

  void release() {
    for (const Draft& draft : waiting_) emit(draft);
    waiting_.clear();
    waiting_before_ = 0;
    waiting_have_department_ = false;
  }

  // Two targets of one name are told apart by their year, else by a number.
  void make_name_unique(Draft& draft) {
    constexpr std::size_t kMostNames = 20000;  // memory stays flat; a catalogue has fewer
    if (names_.size() >= kMostNames) names_.clear();
    const auto key = [&] { return std::hash<std::string>{}(draft.department + "\n" + draft.name); };
    const std::uint32_t times = ++names_[key()];
    if (times == 1) return;
    const std::string stem = draft.name;
    const int year = static_cast<int>(std::chrono::year_month_day{draft.deadline}.year());
    if (year != year_) {
      draft.name = stem + "(" + std::to_string(year) + "年)";
      if (++names_[key()] == 1) return;
    }
    draft.name = stem + "(" + std::to_string(times) + ")";
  }

  void emit(Draft draft) {
    if (draft.goal && *draft.goal == 0) return;  // the catalogue measures nothing against 0
    make_name_unique(draft);
    ++summary_.drafts;
    if (!sections_.have_planned()) ++summary_.before_plan;
    if (draft.department.empty()) {
      ++summary_.unnamed;
      doubt(draft, Doubt::no_department);
    }
    if (!sections_.have_planned() && before_plan_.size() < kMostBeforePlan) {
      before_plan_.push_back(std::move(draft));
      return;
    }
    release_before_plan();
    sink_(draft);
  }

  void doubt(Draft& draft, Doubt of) const {
    draft.reasons.push_back(rules_->doubts.reason(of, {}));
    draft.confidence = std::max(0.05, draft.confidence - rules_->doubts.of(of).by);
  }

  // Where a heading that plans comes after drafts, and what stands before it tells of the past, the
  // drafts before it are probably a look-back.
  void release_before_plan() {
    constexpr std::size_t kTold = 2;  // drafts for each clause that is told
    const bool is_look_back =
        sections_.have_planned() && kTold * told_before_plan_ >= before_plan_.size();
    for (Draft& draft : before_plan_) {
      if (is_look_back && !draft.is_time_sure) doubt(draft, Doubt::before_plan);
      sink_(draft);
    }
    before_plan_.clear();
  }

  // ---- Pledges of a department that has nothing else ----

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
      place(draft, pledge.quote, text, begin);
      draft.focus = draft.range;
      draft.confidence = std::min(0.6, 0.25 + 0.04 * pledge.score);
      draft.reasons.push_back(rules_->doubts.reason(Doubt::pledge, {}));
      pledges_.emplace_back(pledge.score, std::move(draft));
    }
    // Only the best are kept: memory stays flat however long the section is.
    std::stable_sort(pledges_.begin(), pledges_.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    if (pledges_.size() > rules_->pledges.most) pledges_.resize(rules_->pledges.most);
  }

  void close_section() {
    release();
    if (!section_has_targets_) {
      std::sort(pledges_.begin(), pledges_.end(),
                [](const auto& a, const auto& b) { return a.second.offset < b.second.offset; });
      for (const auto& [score, draft] : pledges_) emit(draft);
    }
    pledges_.clear();
    section_has_targets_ = false;
    has_own_department_ = false;
    item_is_open_ = false;
    department_.clear();
  }

  const Rules* rules_;
  int year_;
  Sink sink_;
  ReportSummary summary_;
  std::unordered_map<std::size_t, std::uint32_t> names_;  // of drafts, hashed with their department
  std::string beginning_;                                 // until there are 64 KiB of it
  bool has_begun_ = false;
  std::size_t width_ = 0;  // at which the report's lines are broken; 0: they are not
  bool is_half_year_over_ = false;
  std::string rest_;   // of a line that is not over
  std::string lines_;  // that belong together so far
  std::size_t last_line_ = 0;
  std::size_t lines_count_ = 0;
  bool lines_have_end_ = false;
  std::vector<TableColumn> columns_;  // of the table at hand
  std::size_t cells_per_row_ = 0;     // where each cell has a line of its own
  std::vector<NamedOffice> offices_;
  bool in_long_line_ = false;
  std::string_view text_;  // the piece at hand
  std::uint64_t offset_ = 0;
  std::uint64_t characters_ = 0;
  std::uint64_t line_number_ = 1;

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
  bool section_has_targets_ = false;
  Sections sections_;
  Scope carried_ = Scope::unknown;

  NormalText head_;
  Paragraph paragraph_;
  ParagraphScope scope_;
  std::vector<FoundTarget> found_;
  std::vector<Draft> waiting_;
  std::size_t waiting_before_ = 0;  // of them, those of earlier paragraphs
  bool waiting_have_department_ = false;
  std::vector<Draft> before_plan_;    // until it is known whether a heading plans after them
  std::size_t told_before_plan_ = 0;  // clauses of what is done, in front of that heading
  std::vector<Pledge> pledges_here_;
  std::vector<std::pair<int, Draft>> pledges_;
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
