// From a format code to its sections. What the letters and signs mean stands in ECMA-376 part 1,
// 18.8.31; "!" and what Chinese programs write besides in their own documentation.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/number_format.h"

namespace districtd {

namespace {

using Kind = FormatSection::Kind;
using Condition = FormatSection::Condition;

struct Token {
  enum class What { literal, digit, point, comma, percent, exponent, slash, general, at, date };
  What what = What::literal;
  std::string text;  // of a date: its letters in lower case
};

// A section in its tokens, with what its brackets say.
struct Tokens {
  std::vector<Token> tokens;
  std::optional<Condition> condition;
  bool is_other_calendar = false;
  bool is_elapsed = false;  // [h]: hours beyond a day

  bool has(Token::What what) const {
    return std::any_of(tokens.begin(), tokens.end(),
                       [&](const Token& token) { return token.what == what; });
  }
};

using What = Token::What;

std::optional<Condition> read_condition(std::string_view text) {
  using Op = Condition::Op;
  constexpr std::array<std::pair<std::string_view, Op>, 6> kOps = {{{"<>", Op::unequal},
                                                                    {"<=", Op::at_most},
                                                                    {">=", Op::at_least},
                                                                    {"<", Op::less},
                                                                    {">", Op::greater},
                                                                    {"=", Op::equal}}};
  for (const auto& [sign, op] : kOps) {
    if (!text.starts_with(sign)) continue;
    const std::string_view number = trim(text.substr(sign.size()));
    Condition condition{op, 0};
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), condition.limit);
    if (error == std::errc{} && end == number.data() + number.size()) return condition;
    break;
  }
  return std::nullopt;
}

// "[$¥-804]" shows ¥; the number behind the dash says language, calendar and digits: "130000" is
// the lunar calendar.
void read_locale(std::string_view text, Tokens& into) {
  const std::size_t dash = text.find('-');
  const std::string_view symbol = text.substr(0, dash);
  if (!symbol.empty()) into.tokens.push_back({What::literal, std::string(symbol)});
  if (dash == text.npos) return;
  const std::string_view number = text.substr(dash + 1);
  unsigned code = 0;
  std::from_chars(number.data(), number.data() + number.size(), code, 16);
  const unsigned calendar = code >> 16U & 0xFFU;
  if (code != 0xF800 && calendar > 2) into.is_other_calendar = true;
}

void read_bracket(std::string_view text, Tokens& into) {
  if (text.starts_with('$')) return read_locale(text.substr(1), into);
  if (auto condition = read_condition(text)) {
    into.condition = condition;
    return;
  }
  const std::string lower = lower_ascii(text);
  const bool is_elapsed = !lower.empty() &&
                          (lower[0] == 'h' || lower[0] == 'm' || lower[0] == 's') &&
                          lower.find_first_not_of(lower[0]) == lower.npos;
  if (!is_elapsed) return;  // a colour, or other digits
  into.is_elapsed = true;
  into.tokens.push_back({What::date, lower});
}

// The length of a word at the beginning of the text that shows a number or a part of a day.
std::size_t word_at(std::string_view text, const Tokens& so_far, Token& token) {
  constexpr std::array<std::string_view, 2> kGeneral = {"general", "g/通用格式"};
  constexpr std::array<std::string_view, 3> kHalves = {"am/pm", "a/p", "上午/下午"};
  const std::string lower = lower_ascii(text.substr(0, 24));
  for (const std::string_view word : kGeneral) {
    if (lower.starts_with(word)) return token.what = What::general, word.size();
  }
  for (const std::string_view word : kHalves) {
    if (lower.starts_with(word)) return token = {What::date, "ap"}, word.size();
  }
  const char c = lower[0];
  if (c == 'e' && lower.size() > 1 && (lower[1] == '+' || lower[1] == '-') &&
      so_far.has(What::digit)) {
    return token.what = What::exponent, 2;
  }
  if (std::string_view("ymdhsegbra").find(c) == std::string_view::npos) return 0;
  const std::size_t length = std::min(lower.find_first_not_of(c), lower.size());
  token = {What::date, lower.substr(0, length)};
  return length;
}

std::size_t character_at(std::string_view text) {
  return std::max<std::size_t>(utf8::character_length(text), 1);
}

// Reads one section from the beginning of `code`, up to and with its ";".
Tokens take_section(std::string_view& code, bool& has_more) {
  Tokens read;
  has_more = false;
  while (!code.empty()) {
    const char c = code[0];
    std::size_t length = 1;
    Token token;
    bool is_token = true;
    if (c == ';') {
      code.remove_prefix(1);
      has_more = true;
      return read;
    }
    if (c == '"' || c == '[') {
      const std::size_t end = std::min(code.find(c == '"' ? '"' : ']', 1), code.size());
      const std::string_view inner = code.substr(1, end - 1);
      length = std::min(end + 1, code.size());
      is_token = c == '"';
      token.text = inner;
      if (!is_token) read_bracket(inner, read);
    } else if (c == '\\' || c == '!' || c == '_' || c == '*') {
      const std::size_t next = code.size() > 1 ? character_at(code.substr(1)) : 0;
      is_token = c == '\\' || c == '!';
      if (is_token) token.text = code.substr(1, next);
      length = 1 + next;
    } else if (const std::size_t word = word_at(code, read, token); word != 0) {
      length = word;
    } else {
      constexpr std::array<std::pair<char, What>, 8> kSigns = {{{'0', What::digit},
                                                                {'#', What::digit},
                                                                {'?', What::digit},
                                                                {'.', What::point},
                                                                {',', What::comma},
                                                                {'%', What::percent},
                                                                {'/', What::slash},
                                                                {'@', What::at}}};
      const auto sign = std::find_if(kSigns.begin(), kSigns.end(),
                                     [&](const auto& each) { return each.first == c; });
      if (sign != kSigns.end()) token.what = sign->second;
      length = character_at(code);
      token.text = code.substr(0, length);
    }
    if (is_token) read.tokens.push_back(std::move(token));
    code.remove_prefix(length);
  }
  return read;
}

// Whether the m at `at` are minutes: behind hours or before seconds.
bool are_minutes(const std::vector<Token>& tokens, std::size_t at) {
  for (std::size_t i = at; i-- > 0;) {
    if (tokens[i].what != What::date) continue;
    if (tokens[i].text[0] == 'h') return true;
    break;
  }
  for (std::size_t i = at + 1; i < tokens.size(); ++i) {
    if (tokens[i].what != What::date) continue;
    return tokens[i].text[0] == 's';
  }
  return false;
}

void read_date_section(const Tokens& read, FormatSection& section) {
  for (std::size_t i = 0; i < read.tokens.size(); ++i) {
    if (read.tokens[i].what != What::date) continue;
    const std::string& letters = read.tokens[i].text;
    if (letters[0] == 'y' || letters == "e") section.has_year = true;
    if (letters[0] == 'm' && !are_minutes(read.tokens, i)) section.has_month = true;
    if (letters == "d" || letters == "dd") section.has_day = true;  // ddd is a day of the week
    const bool is_era = letters[0] == 'g' || letters[0] == 'b' || letters[0] == 'r';
    if (is_era || letters == "ee" || read.is_other_calendar || read.is_elapsed) {
      section.kind = Kind::time;
      return;
    }
  }
  const bool is_day = section.has_year || section.has_month || section.has_day;
  section.kind = is_day ? Kind::date : Kind::time;
}

// The literals around the digits, how they are scaled, and whether literals stand among them.
void read_number_section(const Tokens& read, FormatSection& section) {
  const auto is_place = [](const Token& token) {
    return token.what == What::digit || token.what == What::general;
  };
  const auto& tokens = read.tokens;
  const auto first = std::find_if(tokens.begin(), tokens.end(), is_place);
  const auto last = std::find_if(tokens.rbegin(), tokens.rend(), is_place).base();
  const bool is_plain = read.has(What::exponent) || read.has(What::slash);
  const auto point = std::find_if(first, tokens.end(),
                                  [](const Token& token) { return token.what == What::point; });
  section.kind = Kind::number;
  section.may_vanish = !read.has(What::general) && !is_plain;
  section.decimals = is_plain || read.has(What::general)
                         ? -1
                         : static_cast<int>(std::count_if(point, tokens.end(), is_place));
  for (auto token = tokens.begin(); token != tokens.end(); ++token) {
    const bool is_within = token >= first && token < last;
    if (token->what == What::percent) ++section.hundreds;
    if (token->what == What::digit && token->text == "0") section.may_vanish = false;
    if (token->what == What::comma && token >= first) {
      // A comma scales unless a further digit stands on its side of the point.
      const auto end = token < point ? point : tokens.end();
      if (std::none_of(token, end, is_place)) ++section.thousands;
      continue;
    }
    if (token->what == What::exponent || (token->what == What::slash && is_within)) continue;
    if (!is_within) {
      (token < first ? section.before : section.after) += token->text;
      continue;
    }
    const bool is_literal = !is_place(*token) && token != point;
    if (is_literal && !is_plain) section.kind = Kind::spread;
    section.pieces.push_back({is_literal            ? '\0'
                              : token->text.empty() ? '0'
                                                    : token->text[0],
                              is_literal ? token->text : ""});
  }
  if (section.after == ".") section.after.clear();  // "0." shows a point that says nothing
  if (section.kind != Kind::spread) section.pieces.clear();
}

FormatSection section_of(const Tokens& read) {
  FormatSection section;
  section.condition = read.condition;
  if (read.has(What::date)) {
    read_date_section(read, section);
  } else if (read.has(What::digit) || read.has(What::general)) {
    read_number_section(read, section);
  } else {
    section.kind = Kind::words;
    bool is_before = true;
    for (const Token& token : read.tokens) {
      if (token.what == What::at) {
        section.kind = Kind::text;
        is_before = false;
      } else {
        (is_before ? section.before : section.after) += token.text;
      }
    }
  }
  return section;
}

}  // namespace

NumberFormat number_format(std::string_view code) {
  constexpr std::size_t kMostSections = 4;
  NumberFormat format;
  if (code.empty()) return format;
  bool has_more = true;
  for (std::size_t i = 0; i < kMostSections && has_more; ++i) {
    FormatSection section = section_of(take_section(code, has_more));
    const bool is_of_texts = section.kind == Kind::text || i + 1 == kMostSections;
    if (!is_of_texts) {
      format.sections.push_back(std::move(section));
    } else if (section.kind == Kind::text || section.kind == Kind::words) {
      format.text = std::move(section);
    }
  }
  return format;
}

NumberFormat builtin_number_format(std::size_t id) {
  constexpr std::array<std::string_view, 59> kCodes = {
      "",  // General
      "0",
      "0.00",
      "#,##0",
      "#,##0.00",
      R"("¥"#,##0;"¥"\-#,##0)",
      R"("¥"#,##0;[Red]"¥"\-#,##0)",
      R"("¥"#,##0.00;"¥"\-#,##0.00)",
      R"("¥"#,##0.00;[Red]"¥"\-#,##0.00)",
      "0%",
      "0.00%",
      "0.00E+00",
      "# ?/?",
      R"(# ?/?)",
      "yyyy/m/d",
      "d-mmm-yy",
      "d-mmm",
      "mmm-yy",
      "h:mm AM/PM",
      "h:mm:ss AM/PM",
      "h:mm",
      "h:mm:ss",
      "yyyy/m/d h:mm",
      "",
      "",
      "",
      "",
      R"(yyyy"年"m"月")",
      R"(m"月"d"日")",
      R"(m"月"d"日")",
      "m-d-yy",
      R"(yyyy"年"m"月"d"日")",
      R"(h"时"mm"分")",
      R"(h"时"mm"分"ss"秒")",
      R"(上午/下午h"时"mm"分")",
      R"(上午/下午h"时"mm"分"ss"秒")",
      R"(yyyy"年"m"月")",
      R"(#,##0_ ;\-#,##0\ )",
      R"(#,##0_ ;[Red]\-#,##0\ )",
      R"(#,##0.00_ ;\-#,##0.00\ )",
      R"(#,##0.00_ ;[Red]\-#,##0.00\ )",
      R"(_ * #,##0_ ;_ * \-#,##0_ ;_ * "-"_ ;_ @_ )",
      R"(_ "¥"* #,##0_ ;_ "¥"* \-#,##0_ ;_ "¥"* "-"_ ;_ @_ )",
      R"(_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ )",
      R"(_ "¥"* #,##0.00_ ;_ "¥"* \-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ )",
      "mm:ss",
      "[h]:mm:ss",
      "mm:ss.0",
      "##0.0E+0",
      "@",
      R"(yyyy"年"m"月")",
      R"(m"月"d"日")",
      R"(yyyy"年"m"月")",
      R"(m"月"d"日")",
      R"(m"月"d"日")",
      R"(上午/下午h"时"mm"分")",
      R"(上午/下午h"时"mm"分"ss"秒")",
      R"(yyyy"年"m"月")",
      R"(m"月"d"日")"};
  return id < kCodes.size() ? number_format(kCodes[id]) : NumberFormat{};
}

}  // namespace districtd
