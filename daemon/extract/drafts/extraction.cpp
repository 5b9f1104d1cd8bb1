#include "daemon/extract/drafts/extraction.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/extract/reading/scope.h"
#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/reading/structure.h"
#include "daemon/extract/targets/assembly.h"
#include "daemon/extract/targets/pledges.h"

namespace districtd::extract {

namespace {

// A line that is longer is read in pieces that end with a sentence: no work grows with its square.
constexpr std::size_t kPiece = 16UL << 10U;
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
    while (!text.empty()) {
      const auto newline = text.find('\n');
      if (newline == std::string_view::npos) {
        rest_ += text;
        if (rest_.size() >= 4 * kPiece) take_pieces_of_rest();
        return;
      }
      if (rest_.empty()) {
        line(text.substr(0, newline));
      } else {
        rest_ += text.substr(0, newline);
        line(rest_);
        rest_.clear();
      }
      end_line();
      text.remove_prefix(newline + 1);
    }
  }

  ReportSummary finish() {
    if (!rest_.empty()) line(rest_);
    close_section();
    summary_.bytes = offset_;
    summary_.characters = characters_;
    summary_.lines = line_number_ - (rest_.empty() ? 1 : 0);
    return summary_;
  }

 private:
  // ---- Lines ----

  void take_pieces_of_rest() {
    std::string_view text = rest_;
    while (text.size() >= 2 * kPiece) {
      const std::size_t cut = cut_place(text, kPiece);
      piece(text.substr(0, cut), !in_long_line_);
      in_long_line_ = true;
      text.remove_prefix(cut);
    }
    rest_ = std::string{text};
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
    offset_ += text.size();
    characters_ += utf8::count_characters(text);
  }

  void read_beginning(std::string_view text) {
    const auto shown = trim(text);
    if (shown.empty()) return;
    if (summary_.title.empty()) {
      summary_.title = title_of(shown);
      section_ = summary_.title;
    }
    normalise(text, rules_->spelling, head_);
    const Line line = read_line(head_, *rules_, year_);
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
        return read_row(text);
      case Line::Sort::paragraph:
        break;
    }
    if (line.is_speaker) {
      speaker_ = original(line.department, text);
      ++summary_.departments;
    } else if (!line.department.empty()) {
      begin_run_in(line, text);
    }
    if (line.level > 0) {
      release();
      item_is_open_ = true;
    }
    if (line.level > 0 && line.level <= 2) set_time(line.level, line.time);
    const std::size_t begin = line.body < head_.size() ? head_.begins[line.body] : text.size();
    read_paragraph_text(text.substr(begin), begin);
    speaker_.clear();
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
    responsible_next_.clear();
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
    set_time(line.level, line.time);
    responsible_next_.clear();
    after_heading_ = true;
    // A department's section goes on below its own headings; the proof looks below the department.
    if (!has_own_department_) {
      section_ = shown;
    }
    const auto named = read_responsibility(head_.chars, rules_->structure);
    if (!named.department.empty()) responsible_next_ = original(named.department, text_);
  }

  void take_responsible(const Line& line) {
    if (line.department.empty()) return;
    const std::string name = original(line.department, text_);
    ++summary_.departments;
    const auto all = read_responsibility(head_.chars, rules_->structure);
    if (waiting_.empty()) {
      if (after_heading_) responsible_next_ = name;
    } else {
      for (Draft& draft : waiting_) draft.department = name;
      waiting_have_department_ = true;
    }
    if (!all.due.empty()) give_due(all.due);
  }

  void take_due(const Line& line) {
    give_due(std::u32string_view(head_.chars).substr(line.due.begin, line.due.size()));
  }

  void give_due(std::u32string_view text) {
    if (const auto date = date_in(text)) give_due(*date, 0);
  }

  void give_due(Date date, std::size_t from) {
    for (std::size_t i = from; i < waiting_.size(); ++i) {
      if (waiting_[i].has_own_deadline) continue;
      waiting_[i].deadline = date;
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

  void set_time(int level, HeadingTime time) {
    const auto index = static_cast<std::size_t>(std::min(level, 3));
    for (std::size_t i = index; i < times_.size(); ++i) times_[i] = HeadingTime::none;
    times_[index] = time;
  }

  Scope section_scope() const {
    for (std::size_t i = times_.size(); i-- > 0;) {
      if (times_[i] == HeadingTime::past || times_[i] == HeadingTime::aside) return Scope::past;
      if (times_[i] == HeadingTime::future) return Scope::promise;
    }
    return Scope::unknown;
  }

  // ---- Paragraphs ----

  // `begin` is where `text` begins in the piece.
  void read_paragraph_text(std::string_view text, std::size_t begin) {
    if (text.empty()) return;
    read_paragraph(text, *rules_, year_, paragraph_);
    if (paragraph_.text.size() == 0) return;
    if (waiting_have_department_) release();
    waiting_before_ = waiting_.size();
    const ScopeBefore before{section_scope(), carried_};
    find_scopes(paragraph_, year_, before, scope_);
    // What departments say of last year is one paragraph; a report's review goes on.
    carried_ = has_own_department_ ? Scope::unknown : scope_.carried;
    found_.clear();
    if (!is_plain(paragraph_)) find_targets(paragraph_, scope_, *rules_, found_);
    for (const FoundTarget& target : found_) wait(draft_of(target, text, begin));
    if (has_own_department_ && !section_has_targets_) collect_pledges(text, begin);
    take_tail();
    after_heading_ = false;
  }

  // (责任单位:区住建局,完成时限:11月底前) at the end of the paragraph.
  void take_tail() {
    const auto chars = paragraph_.chars();
    if (chars.find(U"单位:") == std::u32string_view::npos &&
        chars.find(U"部门:") == std::u32string_view::npos &&
        chars.find(U"时限:") == std::u32string_view::npos &&
        chars.find(U"牵头:") == std::u32string_view::npos &&
        chars.find(U"时间:") == std::u32string_view::npos) {
      return;
    }
    const auto named = read_responsibility(chars, rules_->structure);
    // A numbered item may have several paragraphs; without numbers a tail is of its own only.
    const std::size_t from = item_is_open_ ? 0 : waiting_before_;
    if (!named.department.empty()) {
      ++summary_.departments;
      for (std::size_t i = from; i < waiting_.size(); ++i) {
        waiting_[i].department = to_utf8(named.department);
      }
    }
    if (!named.due.empty()) {
      if (const auto date = date_in(named.due)) give_due(*date, from);
    }
    if (!named.department.empty()) release();
  }

  // A row of a table: the cell of the department, the cell of the date, and the rest.
  void read_row(std::string_view text) {
    release();
    struct Cell {
      std::string_view text;
      std::size_t begin;
    };
    std::vector<Cell> cells;
    const char sign = text.find('\t') != std::string_view::npos ? '\t' : '|';
    for (std::size_t at = 0; at <= text.size();) {
      const auto end = std::min(text.find(sign, at), text.size());
      if (const auto cell = text.substr(at, end - at); !trim(cell).empty()) {
        cells.push_back({cell, at});
      }
      at = end + 1;
    }
    std::string department;
    std::optional<Date> due;
    std::vector<Cell> texts;
    for (const Cell& cell : cells) {
      normalise(cell.text, rules_->spelling, head_);
      const std::u32string_view chars = head_.chars;
      const auto first = chars.substr(0, chars.find_first_of(U"、,/;"));
      if (is_department(first, rules_->structure)) {
        if (department.empty()) department = original(first, cell.text);
        continue;
      }
      std::vector<Deadline> dates;
      find_deadlines(head_, *rules_, year_, dates);
      if (!due && dates.size() == 1 && dates[0].span.size() + 2 >= chars.size()) {
        due = dates[0].date;
        continue;
      }
      texts.push_back(cell);
    }
    for (const Cell& cell : texts) read_paragraph_text(cell.text, cell.begin);
    if (!department.empty()) {
      for (Draft& draft : waiting_) draft.department = department;
    }
    if (due) give_due(*due, 0);
    if (!department.empty()) ++summary_.departments;
    release();
  }

  Draft draft_of(const FoundTarget& target, std::string_view text, std::size_t begin) const {
    Draft draft;
    draft.department = department_;
    if (!responsible_next_.empty()) draft.department = responsible_next_;
    if (!speaker_.empty()) draft.department = speaker_;
    draft.section = section_;
    draft.name = as_written(target.name, text);
    draft.kind = target.kind;
    draft.goal = target.goal;
    draft.goal_upper = target.goal_upper;
    draft.unit = target.unit;
    draft.direction = target.direction;
    draft.deadline = target.deadline.value_or(year_end(year_));
    draft.has_own_deadline = target.deadline.has_value();
    draft.commitment = target.commitment;
    draft.is_about = target.is_about;
    draft.baseline = target.baseline;
    place(draft, target.quote, text, begin);
    draft.number = range_of(target.number, begin);
    draft.focus = range_of(target.focus, begin);
    draft.confidence = target.confidence;
    draft.reasons = target.reasons;
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
    draft.line = line_number_;
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

  void emit(const Draft& draft) {
    ++summary_.drafts;
    if (draft.department.empty()) {
      ++summary_.unnamed;
      Draft unnamed = draft;
      const Doubts& doubts = rules_->doubts;
      unnamed.reasons.push_back(doubts.reason(Doubt::no_department, {}));
      unnamed.confidence = std::max(0.05, unnamed.confidence - doubts.of(Doubt::no_department).by);
      sink_(unnamed);
      return;
    }
    sink_(draft);
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
  std::string rest_;  // of a line that is not over
  bool in_long_line_ = false;
  std::string_view text_;  // the piece at hand
  std::uint64_t offset_ = 0;
  std::uint64_t characters_ = 0;
  std::uint64_t line_number_ = 1;

  std::string department_;
  std::string section_;
  std::string responsible_next_;  // of a 责任单位 line that stands before its items
  std::string speaker_;           // whose paragraph it is, by its first words
  bool has_own_department_ = false;
  bool after_heading_ = false;
  bool item_is_open_ = false;  // a heading or a numbered line came before
  bool section_has_targets_ = false;
  std::array<HeadingTime, 4> times_{};  // by level
  Scope carried_ = Scope::unknown;

  NormalText head_;
  Paragraph paragraph_;
  ParagraphScope scope_;
  std::vector<FoundTarget> found_;
  std::vector<Draft> waiting_;
  std::size_t waiting_before_ = 0;  // of them, those of earlier paragraphs
  bool waiting_have_department_ = false;
  std::vector<Pledge> pledges_here_;
  std::vector<std::pair<int, Draft>> pledges_;
};

int planned_year(std::string_view utf8) {
  utf8 = utf8.substr(0, 64UL << 10U);
  std::map<int, int> seen;
  int lines = 0;
  for (std::size_t i = 0; i + 4 <= utf8.size(); ++i) {
    if (utf8[i] == '\n') ++lines;
    const auto digit = [&](std::size_t k) { return utf8[i + k] >= '0' && utf8[i + k] <= '9'; };
    if (utf8[i] != '2' || utf8[i + 1] != '0' || !digit(2) || !digit(3)) continue;
    if (i > 0 && utf8[i - 1] >= '0' && utf8[i - 1] <= '9') continue;
    const auto after = utf8.substr(i + 4);
    const auto before = utf8.substr(0, i);
    const bool is_year = after.starts_with("年") || before.ends_with("大干");
    if (!is_year || before.ends_with("到") || before.ends_with("至")) continue;
    const int year = 2000 + (utf8[i + 2] - '0') * 10 + (utf8[i + 3] - '0');
    seen[year] += lines < 3 ? 2 : 1;
  }
  int latest = 0;
  for (const auto& [year, times] : seen) {
    if (times >= 2) latest = year;
  }
  return latest;
}

std::string title_of(std::string_view utf8) {
  constexpr std::size_t kMost = 120;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto end = std::min(utf8.find('\n', at), utf8.size());
    const auto line = trim(utf8.substr(at, end - at));
    at = end + 1;
    if (line.empty()) continue;
    return std::string{utf8::cut(line, kMost)};
  }
  return "";
}

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
