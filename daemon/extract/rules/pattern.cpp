#include "daemon/extract/rules/pattern.h"

#include <algorithm>

#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

namespace {

bool is_border(char32_t c) {
  return c == U',' || c == U'。' || c == U';' || c == U':' || c == U'\t' || c == U'\n';
}

// "3-8" in {x:3-8}.
bool read_range(std::u32string_view text, std::size_t& least, std::size_t& most) {
  const auto from = read_numeral(text, 0);
  if (!from || from->is_chinese || from->end >= text.size() || text[from->end] != U'-')
    return false;
  const auto to = read_numeral(text, from->end + 1);
  if (!to || to->is_chinese || to->end != text.size()) return false;
  if (to->value < from->value || to->value > 40) return false;
  least = static_cast<std::size_t>(from->value);
  most = static_cast<std::size_t>(to->value);
  return true;
}

}  // namespace

Result<Pattern, std::string> Pattern::parse(std::u32string_view text) {
  Pattern pattern;
  for (std::size_t i = 0; i < text.size();) {
    Part part;
    if (text[i] == U'{') {
      const auto close = text.find(U'}', i);
      if (close == std::u32string_view::npos) return std::string{"a { without }"};
      const auto name = text.substr(i + 1, close - i - 1);
      if (name == U"n" || name == U"d" || name == U"z") {
        part.sort = Sort::number;
        part.takes_arabic = name != U"z";
        part.takes_chinese = name != U"d";
      } else if (name.starts_with(U"x:") && read_range(name.substr(2), part.least, part.most)) {
        part.sort = Sort::any;
      } else {
        return "{" + to_utf8(name) + "} is none; expected {n}, {d}, {z} or {x:0-8} up to 40";
      }
      i = close + 1;
    } else if (text[i] == U'(') {
      const auto close = text.find(U')', i);
      if (close == std::u32string_view::npos) return std::string{"a ( without )"};
      part.sort = Sort::choice;
      std::u32string_view rest = text.substr(i + 1, close - i - 1);
      for (;;) {
        const auto bar = rest.find(U'|');
        part.choices.emplace_back(rest.substr(0, bar));
        if (part.choices.back().empty())
          return std::string{"an empty choice; (…)? says what may be absent"};
        if (bar == std::u32string_view::npos) break;
        rest.remove_prefix(bar + 1);
      }
      i = close + 1;
      if (i < text.size() && text[i] == U'?') {
        part.is_optional = true;
        ++i;
      }
    } else {
      const auto end = std::min(text.find_first_of(U"{(", i), text.size());
      part.literal = text.substr(i, end - i);
      i = end;
    }
    pattern.parts_.push_back(std::move(part));
  }
  if (pattern.parts_.empty()) return std::string{"an empty pattern"};
  if (pattern.parts_.front().sort == Sort::any || pattern.parts_.front().is_optional) {
    return std::string{"expected a beginning that is a word, a number or a choice"};
  }
  return pattern;
}

bool Pattern::may_begin_with(char32_t c) const {
  const Part& first = parts_.front();
  switch (first.sort) {
    case Sort::literal:
      return first.literal.front() == c;
    case Sort::number:
      return (first.takes_arabic && is_digit(c)) || (first.takes_chinese && is_chinese_digit(c));
    case Sort::choice:
      return std::any_of(first.choices.begin(), first.choices.end(),
                         [c](const auto& choice) { return choice.front() == c; });
    case Sort::any:
      break;
  }
  return false;
}

std::u32string Pattern::beginnings_of(const Part& part) {
  std::u32string result;
  for (const char32_t c : std::u32string_view(U"0123456789零一二两三四五六七八九十百千")) {
    const bool may = is_digit(c) ? part.takes_arabic : part.takes_chinese;
    if (part.sort == Sort::number && may) result += c;
  }
  if (part.sort == Sort::literal) result += part.literal.front();
  for (const auto& choice : part.choices) result += choice.front();
  return result;
}

std::u32string Pattern::beginnings() const { return beginnings_of(parts_.front()); }

std::u32string Pattern::behind_number() const {
  if (!begins_with_number()) return {};
  std::u32string result;
  // Parts that may be absent let the next one through.
  for (std::size_t i = 1; i < parts_.size(); ++i) {
    if (parts_[i].sort == Sort::any) return {};
    result += beginnings_of(parts_[i]);
    if (!parts_[i].is_optional) return result;
  }
  return {};
}

bool Pattern::matches(std::u32string_view text, std::size_t at, Match& match,
                      const std::optional<Numeral>* numeral) const {
  match.numbers.clear();
  if (numeral != nullptr && parts_.front().sort == Sort::number) {
    const Part& part = parts_.front();
    if (!*numeral || !((*numeral)->is_chinese ? part.takes_chinese : part.takes_arabic)) {
      return false;
    }
    match.numbers.push_back((*numeral)->value);
    return matches_from(1, text, (*numeral)->end, match);
  }
  return matches_from(0, text, at, match);
}

bool Pattern::matches_from(std::size_t index, std::u32string_view text, std::size_t at,
                           Match& match) const {
  if (index == parts_.size()) {
    match.end = at;
    return true;
  }
  const Part& part = parts_[index];
  switch (part.sort) {
    case Sort::literal:
      return text.substr(at).starts_with(part.literal) &&
             matches_from(index + 1, text, at + part.literal.size(), match);
    case Sort::number: {
      const auto numeral = read_numeral(text, at);
      if (!numeral || !(numeral->is_chinese ? part.takes_chinese : part.takes_arabic)) return false;
      match.numbers.push_back(numeral->value);
      if (matches_from(index + 1, text, numeral->end, match)) return true;
      match.numbers.pop_back();
      return false;
    }
    case Sort::choice:
      for (const auto& choice : part.choices) {
        if (text.substr(at).starts_with(choice) &&
            matches_from(index + 1, text, at + choice.size(), match)) {
          return true;
        }
      }
      return part.is_optional && matches_from(index + 1, text, at, match);
    case Sort::any:
      for (std::size_t n = 0; n <= part.most; ++n) {
        if (n >= part.least && matches_from(index + 1, text, at + n, match)) return true;
        if (at + n >= text.size() || is_border(text[at + n])) return false;
      }
      return false;
  }
  return false;
}

}  // namespace districtd::extract
