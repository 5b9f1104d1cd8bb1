#include "daemon/extract/text/normal_text.h"

#include <numeric>

#include "base/utf8.h"

namespace districtd::extract {

namespace {

// An asterisk marks an item or a note; it says nothing.
bool is_blank(char32_t c) {
  return c == U' ' || c == U'\r' || c == U'\n' || c == U'*' || c == U'\u3000' || c == U'\u00A0' ||
         c == U'\u200B' || c == U'\uFEFF' || c == U'\u2003' || c == U'\u2002';
}

char32_t half_width(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
  switch (c) {
    case U'「':
    case U'『':
    case U'〝':
    case U'＂':
      return U'“';
    case U'」':
    case U'』':
    case U'〞':
      return U'”';
    case U'—':
    case U'–':
    case U'―':
    case U'‒':
    case U'﹣':
    case U'−':
    case U'─':
      return U'-';
    case U'～':
    case U'〜':
      return U'~';
    case U'﹪':
      return U'%';
    case U'〔':
    case U'﹙':
      return U'(';
    case U'〕':
    case U'﹚':
      return U')';
    case U'．':
      return U'.';
    case U'〇':
      return U'零';
    default:
      return c;
  }
}

bool is_ascii_word(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
}

}  // namespace

Spelling::Spelling() : table_(kSize) { std::iota(table_.begin(), table_.end(), u'\0'); }

void Spelling::add(std::u32string_view pairs) {
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    if (pairs[i] < kSize && pairs[i + 1] < kSize) {
      table_[pairs[i]] = static_cast<char16_t>(pairs[i + 1]);
    }
  }
}

char32_t next_character(std::string_view text, std::size_t& i) {
  const utf8::CodePoint read = utf8::decode(text.substr(i));
  i += read.bytes > 0 ? read.bytes : 1;
  return read.bytes > 0 ? read.value : U'\uFFFD';
}

void normalise(std::string_view text, const Spelling& spelling, NormalText& out) {
  // As many characters as bytes at most, and a blank that is put in takes the place of one.
  out.chars.resize(text.size());
  out.begins.resize(text.size());
  out.ends.resize(text.size());
  out.is_respelled = false;
  std::size_t n = 0;
  const auto put = [&](char32_t c, std::size_t begin, std::size_t end) {
    out.chars[n] = c;
    out.begins[n] = static_cast<std::uint32_t>(begin);
    out.ends[n] = static_cast<std::uint32_t>(end);
    ++n;
  };
  bool was_blank = false;
  bool in_plain_quotes = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    char32_t c = next_character(text, i);
    if (is_blank(c)) {
      was_blank = true;
      continue;
    }
    c = half_width(c);
    if (const char32_t usual = spelling.of(c); usual != c) {
      out.is_respelled = true;
      c = usual;
    }
    if (c == U'"') {
      c = in_plain_quotes ? U'”' : U'“';
      in_plain_quotes = !in_plain_quotes;
    }
    // Words of Latin letters stay apart; Chinese has no blanks that mean anything.
    if (was_blank && n > 0 && is_ascii_word(out.chars[n - 1]) && is_ascii_word(c)) {
      put(U' ', out.ends[n - 1], begin);
    }
    was_blank = false;
    put(c, begin, i);
  }
  out.chars.resize(n);
  out.begins.resize(n);
  out.ends.resize(n);
}

std::u32string to_u32(std::string_view text) {
  std::u32string result;
  result.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size();) result += next_character(text, i);
  return result;
}

std::string to_utf8(std::u32string_view text) {
  std::string result;
  result.reserve(text.size() * 3);
  for (const char32_t c : text) utf8::append(result, c);
  return result;
}

}  // namespace districtd::extract
