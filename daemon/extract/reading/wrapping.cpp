#include "daemon/extract/reading/wrapping.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/extract/text/normal_text.h"
#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kNarrow = 36;  // columns: no page is set narrower
constexpr std::size_t kPlay = 5;     // columns by which broken lines differ

std::size_t columns(std::u32string_view text) {
  std::size_t count = 0;
  for (const char32_t c : text) count += c < 0x80 ? 1 : 2;
  return count;
}

std::u32string_view trimmed(std::u32string_view text) {
  const auto is_blank = [](char32_t c) { return c == U' ' || c == U'\r' || c == U'\u3000'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool ends_paragraph(std::u32string_view line) {
  constexpr std::u32string_view kClosing = U"”’)）》」";
  while (!line.empty() && kClosing.find(line.back()) != std::u32string_view::npos) {
    line.remove_suffix(1);
  }
  constexpr std::u32string_view kEnds = U"。；！？：;!?:…";
  return line.empty() || kEnds.find(line.back()) != std::u32string_view::npos;
}

// 一、 (一) 1. — and blanks at the front begin a paragraph of their own.
bool begins_paragraph(std::string_view raw, std::u32string_view line) {
  if (raw.starts_with("　　") || raw.starts_with("  ") || raw.starts_with("\t")) return true;
  constexpr std::u32string_view kSigns = U"(（【#*-—•▶■●◆★☆①②③④⑤⑥⑦⑧⑨⑩";
  if (kSigns.find(line.front()) != std::u32string_view::npos) return true;
  std::size_t i = line.front() == U'第' ? 1 : 0;
  while (i < line.size() && i < 5 && (is_digit(line[i]) || is_chinese_digit(line[i]))) ++i;
  if (i == 0 || i >= line.size()) return false;
  if (line.front() == U'第') return line[i] == U'部' || line[i] == U'章';
  if (line[i] == U'、') return true;
  constexpr std::u32string_view kPoints = U".．";
  return is_digit(line.front()) && kPoints.find(line[i]) != std::u32string_view::npos &&
         !(i + 1 < line.size() && is_digit(line[i + 1]));
}

bool multiplies(char32_t c) {
  return std::u32string_view(U"万亿千百").find(c) != std::u32string_view::npos;
}

// 完成投资350 / 亿元, 控制在5% / 以内: a number that a line's end has cut from what belongs to it.
bool cuts_number(std::u32string_view line, std::u32string_view next, const Rules& rules) {
  constexpr std::size_t kShort = 8;  // characters: so short is a cell, not a line
  if (line.size() < kShort) return false;
  const auto wide = [](char32_t c) { return c >= U'０' && c <= U'９' ? c - U'０' + U'0' : c; };
  const char32_t last = wide(line.back());
  const bool is_number = is_digit(last) || ((last == U'.' || last == U'．') && line.size() > 1 &&
                                            is_digit(wide(line[line.size() - 2])));
  const bool is_scaled = multiplies(last) && is_digit(wide(line[line.size() - 2]));
  const char32_t first = wide(next.front());
  if (is_number || is_scaled) {
    if (multiplies(first) || first == U'%' || first == U'％' || first == U'，' || first == U'、') {
      return true;
    }
    if (is_digit(first)) {
      // 1.2 is an item's number rather than the rest of one.
      std::size_t i = 0;
      while (i < next.size() && is_digit(wide(next[i]))) ++i;
      return i < next.size() && next[i] != U'.' && next[i] != U'．' && next[i] != U'、';
    }
    return rules.units.longest(next, 0).length > 0;
  }
  const auto word = rules.words.longest(next, 0);
  constexpr std::uint64_t kBounds =
      bit(Word::or_more) | bit(Word::or_less) | bit(Word::about_after);
  if (word.length < 2 || (word.classes & kBounds) == 0) return false;
  return last == U'%' || last == U'％' || rules.units.classes_of(line.substr(line.size() - 1)) != 0;
}

}  // namespace

std::size_t broken_width(std::string_view beginning) {
  std::map<std::size_t, std::size_t> widths;  // of lines that end in the middle of a sentence
  std::size_t broken = 0;
  std::size_t whole = 0;
  for (std::size_t at = 0; at < beginning.size();) {
    const auto end = std::min(beginning.find('\n', at), beginning.size());
    const std::u32string line = to_u32(beginning.substr(at, end - at));
    at = end + 1;
    const auto text = trimmed(line);
    const std::size_t width = columns(text);
    if (width < kNarrow || text.find(U'\t') != std::u32string_view::npos) continue;
    if (ends_paragraph(text)) {
      ++whole;
    } else {
      ++broken;
      ++widths[columns(line)];
    }
  }
  if (broken < 4 || broken < whole) return 0;
  // The width within which most of them lie.
  std::size_t best = 0;
  std::size_t most = 0;
  for (const auto& [width, count] : widths) {
    std::size_t near = 0;
    for (auto other = widths.lower_bound(width > kPlay ? width - kPlay : 0);
         other != widths.end() && other->first <= width; ++other) {
      near += other->second;
    }
    if (near > most) {
      most = near;
      best = width;
    }
  }
  return 4 * most >= 3 * broken ? best : 0;
}

bool goes_on(std::string_view line, std::string_view next, std::size_t width, const Rules& rules) {
  constexpr std::size_t kLongest = 1024;  // bytes: a longer line was broken by nobody
  if (line.size() > kLongest || next.size() > kLongest) return false;
  if (line.find_first_of("\t|") != std::string_view::npos) return false;
  if (next.find_first_of("\t|") != std::string_view::npos) return false;
  const std::u32string before = to_u32(line);
  const std::u32string after = to_u32(next);
  const auto a = trimmed(before);
  const auto b = trimmed(after);
  if (a.empty() || b.empty() || ends_paragraph(a)) return false;
  if (begins_paragraph(next, b)) return false;
  if (cuts_number(a, b, rules)) return true;
  const std::size_t wide = columns(before);
  return width > 0 && wide + kPlay >= width && wide <= width + kPlay;
}

bool is_page_number(std::string_view line) {
  const std::u32string all = to_u32(line);
  const auto text = trimmed(all);
  constexpr std::u32string_view kDashes = U"-—–－一";
  if (text.size() < 3 || text.size() > 9) return false;
  if (kDashes.find(text.front()) == std::u32string_view::npos) return false;
  if (kDashes.find(text.back()) == std::u32string_view::npos) return false;
  return std::all_of(text.begin() + 1, text.end() - 1,
                     [&](char32_t c) { return is_digit(c) || c == U' '; });
}

}  // namespace districtd::extract
