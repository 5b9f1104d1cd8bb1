// Characters that a terminal acts on and does not show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace districtd {

// Each as UTF-8: C0, DEL, C1, line separators, and what turns the direction of writing.
inline std::vector<std::string> hidden_controls() {
  std::vector<std::string> all;
  for (char c = 0; c < 0x20; ++c) all.emplace_back(1, c);
  all.emplace_back("\x7F");
  for (int c = 0x80; c < 0xA0; ++c) all.push_back(std::string("\xC2") + static_cast<char>(c));
  for (const char* c : {"\u061C", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B",
                        "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    all.emplace_back(c);
  }
  return all;
}

// All of them in one text, a letter between each two.
inline std::string text_of_hidden_controls() {
  std::string text = "甲";
  for (const std::string& one : hidden_controls()) text += one + "乙";
  return text;
}

// Whether any of them stands in the text, the ends of its lines left aside.
inline bool has_hidden_control(std::string_view text) {
  for (const std::string& one : hidden_controls()) {
    if (one != "\n" && text.find(one) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace districtd
