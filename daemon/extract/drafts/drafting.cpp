#include "daemon/extract/drafts/drafting.h"

#include <algorithm>
#include <chrono>

#include "base/utf8.h"
#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

namespace {

// The name in the report's own characters: 檔案 stays 檔案. Names are made of pieces of the
// paragraph, so each piece is looked up in it.
std::string as_written(const std::string& name, const PlacedParagraph& placed) {
  const NormalText& normal = placed.paragraph.text;
  if (!normal.is_respelled) return name;
  const std::u32string wanted = to_u32(name);
  const std::u32string_view chars = placed.paragraph.chars();
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
    const std::size_t from = normal.begins[at];
    result += placed.text.substr(from, normal.ends[at + length - 1] - from);
    i += length;
  }
  return result;
}

Range range_of(Span span, const PlacedParagraph& placed) {
  if (span.size() == 0) return {};
  const NormalText& normal = placed.paragraph.text;
  const std::uint64_t base = placed.piece.offset + placed.begin;
  return {base + normal.begins[span.begin], base + normal.ends[span.end - 1]};
}

}  // namespace

std::uint64_t Piece::line_at(std::size_t place) const {
  const auto before = text.substr(0, place);
  return line + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
}

void Piece::pass() {
  line = line_at(text.size());
  offset += text.size();
  characters += utf8::count_characters(text);
  text = {};
}

void Piece::pass_newline() {
  ++offset;
  ++characters;
  ++line;
}

Draft draft_from(const FoundTarget& target, const PlacedParagraph& placed, int year) {
  Draft draft;
  draft.name = as_written(target.name, placed);
  draft.kind = target.kind;
  draft.goal = target.goal;
  draft.goal_upper = target.goal_upper;
  draft.unit = target.unit;
  draft.direction = target.direction;
  draft.deadline = target.deadline.value_or(date_of(year, 12, 31));
  const int deadline_year = static_cast<int>(std::chrono::year_month_day{draft.deadline}.year());
  draft.start = date_of(std::min(year, deadline_year), 1, 1);
  draft.has_own_deadline = target.deadline.has_value();
  for (const FoundNode& node : target.nodes) {
    if (target.nodes.size() < 2) break;
    const NormalText& normal = placed.paragraph.text;
    const std::size_t from = normal.begins[node.span.begin];
    const std::size_t to = normal.ends[node.span.end - 1];
    draft.nodes.push_back({node.date, std::string{placed.text.substr(from, to - from)}});
  }
  draft.commitment = target.commitment;
  draft.is_about = target.is_about;
  draft.baseline = target.baseline;
  place_quote(draft, target.quote, placed);
  draft.number = range_of(target.number, placed);
  draft.focus = range_of(target.focus, placed);
  draft.confidence = target.confidence;
  draft.reasons = target.reasons;
  draft.is_time_sure = target.is_time_sure;
  return draft;
}

void place_quote(Draft& draft, Span quote, const PlacedParagraph& placed) {
  const NormalText& normal = placed.paragraph.text;
  const std::size_t from = normal.begins[quote.begin];
  const std::size_t to = normal.ends[quote.end - 1];
  place_bytes(draft, {placed.begin + from, placed.begin + to}, placed.piece);
  draft.quote = placed.text.substr(from, to - from);
}

void place_bytes(Draft& draft, Range quote, const Piece& piece) {
  draft.quote = std::string{piece.text.substr(quote.begin, quote.end - quote.begin)};
  draft.range = {piece.offset + quote.begin, piece.offset + quote.end};
  draft.offset = piece.characters + utf8::count_characters(piece.text.substr(0, quote.begin));
  draft.line = piece.line_at(quote.begin);
}

}  // namespace districtd::extract
