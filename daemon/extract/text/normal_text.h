// Stage 1, text: one paragraph in one spelling, so that rules are written once. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace districtd::extract {

// Which characters are read as which others: traditional as simplified, variants as the usual form.
class Spelling {
 public:
  Spelling();
  // `pairs` is written side by side: "億亿萬万". Characters beyond the basic plane are left out.
  void add(std::u32string_view pairs);
  char32_t of(char32_t c) const { return c < kSize ? table_[c] : c; }

 private:
  static constexpr std::size_t kSize = 0x10000;
  std::vector<char16_t> table_;
};

// Half-width signs and digits, simplified characters, “ ” for every pair of quotation marks that
// has two forms, and no blanks (a tab stays: it separates cells). Each character knows where it
// stands in the original.
struct NormalText {
  std::u32string chars;
  std::vector<std::uint32_t> begins;  // byte offset of chars[i] in the original
  std::vector<std::uint32_t> ends;    // byte offset behind it
  bool is_respelled = false;          // some character is read as another: 億 as 亿

  std::size_t size() const { return chars.size(); }
};

// `text` is UTF-8; what is not well-formed is read as U+FFFD, byte by byte. Replaces `out`, whose
// memory is used again.
void normalise(std::string_view text, const Spelling& spelling, NormalText& out);

// One character of UTF-8 at `i`, which moves behind it; U+FFFD and one byte where there is none.
char32_t next_character(std::string_view text, std::size_t& i);

std::u32string to_u32(std::string_view text);
std::string to_utf8(std::u32string_view text);

}  // namespace districtd::extract
