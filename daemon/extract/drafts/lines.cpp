#include "daemon/extract/drafts/lines.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/extract/reading/wrapping.h"
#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

namespace {

// A line that is longer is read in pieces that end with a sentence: no work grows with its square.
constexpr std::size_t kPiece = 16UL << 10U;
// What the beginning says of the whole is known from so many bytes.
constexpr std::size_t kBeginning = 64UL << 10U;

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

}  // namespace

void Lines::feed(std::string_view text) {
  if (has_begun_) return take(text);
  beginning_ += text;
  if (beginning_.size() >= kBeginning) begin();
}

bool Lines::finish() {
  if (!has_begun_) begin();
  if (!rest_.empty()) add_line(rest_, false);
  flush_lines();
  return !rest_.empty();
}

// What only the beginning as a whole says.
void Lines::begin() {
  has_begun_ = true;
  width_ = broken_width(beginning_);
  consumer_->take_beginning(beginning_);
  const std::string text = std::move(beginning_);
  beginning_.clear();
  take(text);
}

void Lines::take(std::string_view text) {
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

void Lines::take_pieces_of_rest() {
  flush_lines();
  std::string_view text = rest_;
  while (text.size() >= 2 * kPiece) {
    const std::size_t cut = cut_place(text, kPiece);
    consumer_->take_piece(text.substr(0, cut), !in_long_line_);
    in_long_line_ = true;
    text.remove_prefix(cut);
  }
  rest_ = std::string{text};
}

// A line as the text has it; `has_end` where a newline follows.
void Lines::add_line(std::string_view text, bool has_end) {
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
bool Lines::may_go_on(std::string_view text) const {
  if (text.size() > kPiece) return false;
  if (cells_per_row_ > 0) return true;
  return !trim(text).empty() && !trim(text).ends_with("。");
}

bool Lines::line_goes_on(std::string_view next) const {
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

TableColumn Lines::column_of_line(std::string_view text) const {
  const auto cell = trim(text);
  constexpr std::size_t kLongestCell = 30;  // bytes
  if (cell.ends_with("表") || cell.ends_with("清单")) return {};
  if (cell.empty() || cell.size() > kLongestCell) return {};
  NormalText normal;
  normalise(cell, rules_->spelling, normal);
  if (normal.chars.find_first_of(U"。,;:、()") != std::u32string::npos) return {};
  return column_of(normal.chars, year_);
}

bool Lines::are_headings() const {
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

bool Lines::cell_goes_on(std::string_view next) const {
  return lines_count_ < cells_per_row_ && !ends_cells(next);
}

// A heading or a whole sentence ends a table whose cells stand one a line.
bool Lines::ends_cells(std::string_view text) {
  constexpr std::size_t kLongestCell = 150;  // bytes
  const auto cell = trim(text);
  return cell.empty() || cell.size() > kLongestCell || cell.ends_with("。") ||
         cell.starts_with("（") || cell.find("、") <= 3;
}

void Lines::flush_lines() {
  if (lines_.empty() && !lines_have_end_) return;
  const std::string text = std::move(lines_);
  lines_.clear();
  const bool has_end = lines_have_end_;
  lines_have_end_ = false;
  if (lines_count_ > 1 && cells_per_row_ == 0) {
    auto columns = columns_of(words_of(cells_in(text, '\n'), *rules_), year_);
    if (columns.size() >= 3) {
      cells_per_row_ = columns.size();
      consumer_->take_columns(text, std::move(columns));
      if (has_end) end_line();
      return;
    }
  }
  if (cells_per_row_ > 0) {
    consumer_->take_row(text, lines_count_ == cells_per_row_);
  } else {
    line(text);
  }
  if (has_end) end_line();
}

void Lines::line(std::string_view text) {
  while (text.size() > kPiece) {
    const std::size_t cut = cut_place(text, kPiece);
    consumer_->take_piece(text.substr(0, cut), !in_long_line_);
    in_long_line_ = true;
    text.remove_prefix(cut);
  }
  consumer_->take_piece(text, !in_long_line_);
}

void Lines::end_line() {
  const bool was_long = in_long_line_;
  in_long_line_ = false;
  consumer_->end_line(was_long);
}

}  // namespace districtd::extract
