#include "daemon/intake/workbook/strings.h"

#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace districtd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number of "_x000D_" at the beginning of the text.
std::optional<char32_t> escape_at(std::string_view text) {
  constexpr std::size_t kLength = 7;
  if (text.size() < kLength || text[0] != '_' || text[1] != 'x' || text[6] != '_') {
    return std::nullopt;
  }
  char32_t code = 0;
  for (const char c : text.substr(2, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    if (is_digit(c)) {
      code = 16 * code + static_cast<char32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      code = 16 * code + static_cast<char32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return code;
}

// Digits and signs as they look when they are raised or lowered; nullopt where it is another text.
std::optional<std::string> set_digits(std::string_view text, bool is_raised) {
  constexpr std::array<std::string_view, 10> kRaised = {"⁰", "¹", "²", "³", "⁴",
                                                        "⁵", "⁶", "⁷", "⁸", "⁹"};
  constexpr std::array<std::string_view, 10> kLowered = {"₀", "₁", "₂", "₃", "₄",
                                                         "₅", "₆", "₇", "₈", "₉"};
  std::string set;
  for (const char c : text) {
    if (is_digit(c)) {
      set += (is_raised ? kRaised : kLowered)[static_cast<std::size_t>(c - '0')];
    } else if (c == '-') {
      set += is_raised ? "⁻" : "₋";
    } else {
      return std::nullopt;
    }
  }
  return set;
}

// Whether what follows raised is a power: a "10" that is no end of another number.
bool ends_in_ten(std::string_view text) {
  if (!text.ends_with("10")) return false;
  text.remove_suffix(2);
  return text.empty() || !(is_digit(text.back()) || text.back() == '.' || text.back() == ',');
}

// Whether the text ends in "m" and in no other unit that does: "300m".
bool is_metre(std::string_view text) {
  if (!text.ends_with('m')) return false;
  text.remove_suffix(1);
  const char before = text.empty() ? ' ' : static_cast<char>(text.back() | 0x20);
  return before < 'a' || before > 'z';
}

}  // namespace

std::string unescaped(std::string_view text) {
  std::string plain;
  std::size_t from = 0;
  for (std::size_t at = text.find("_x"); at != text.npos; at = text.find("_x", at)) {
    auto code = escape_at(text.substr(at));
    if (!code) {
      ++at;
      continue;
    }
    plain += text.substr(from, at - from);
    at += 7;
    const bool is_high = *code >= 0xD800 && *code < 0xDC00;
    const auto low = is_high ? escape_at(text.substr(at)) : std::nullopt;
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      code = 0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00);
      at += 7;
    }
    if (*code >= 0xD800 && *code < 0xE000) code = 0xFFFD;
    if (*code != 0) utf8::append(plain, *code);
    from = at;
  }
  plain += text.substr(from);
  return plain;
}

void RunReader::begin() { *this = RunReader(); }

void RunReader::start(std::string_view name, const XmlAttributes& attributes) {
  if (name == "t") {
    in_text_ = true;
    piece_.clear();
  } else if (name == "rPh") {
    is_phonetic_ = true;
  } else if (name == "r") {
    place_ = Place::line;
    is_struck_ = false;
  } else if (name == "vertAlign") {
    const std::string_view where = attributes["val"];
    place_ = where == "superscript" ? Place::raised
             : where == "subscript" ? Place::lowered
                                    : Place::line;
  } else if (name == "strike") {
    const std::string_view value = attributes["val"];
    is_struck_ = value.empty() || is_true(value);
  }
}

void RunReader::end(std::string_view name) {
  if (name == "rPh") is_phonetic_ = false;
  if (name != "t" || !in_text_) return;
  in_text_ = false;
  if (!is_phonetic_) add_run();
}

void RunReader::add_run() {
  const std::string run = piece_.find("_x") == piece_.npos ? std::move(piece_) : unescaped(piece_);
  piece_.clear();
  std::string& text = runs_.text;
  const std::string_view mark = trim(run);
  if (is_struck_) {
    runs_.left_out += run;
  } else if (place_ == Place::raised && !mark.empty()) {
    const auto power = ends_in_ten(text) ? set_digits(mark, true) : std::nullopt;
    if (power) {
      text += *power;
    } else if (mark == "2" && is_metre(text)) {
      text.replace(text.size() - 1, 1, "㎡");
    } else if ((mark == "2" || mark == "3") && (text.ends_with('m') || text.ends_with("M"))) {
      text += run;
    } else {
      runs_.left_out += run;
    }
  } else if (place_ == Place::lowered && !text.empty() && is_digit(text.back())) {
    text += set_digits(mark, false).value_or(run);
  } else {
    text += run;
  }
}

void SharedStrings::start(std::string_view name, const XmlAttributes& attributes) {
  if (name == "si") {
    in_item_ = true;
    reader_.begin();
  } else if (in_item_) {
    reader_.start(name, attributes);
  }
}

void SharedStrings::end(std::string_view name) {
  if (!in_item_) return;
  if (name != "si") return reader_.end(name);
  in_item_ = false;
  RunText item = reader_.take();
  if (!item.left_out.empty()) left_out_[texts_.size()] = std::move(item.left_out);
  texts_.push_back(std::move(item.text));
}

const std::string& SharedStrings::text_of(std::size_t index) const {
  if (index >= texts_.size()) throw DamagedWorkbook("单元格的文字不在共享文字表中");
  return texts_[index];
}

std::string_view SharedStrings::left_out_of(std::size_t index) const {
  const auto found = left_out_.find(index);
  return found == left_out_.end() ? std::string_view() : found->second;
}

}  // namespace districtd
