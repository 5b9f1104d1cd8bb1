#include "daemon/status/json_members.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <boost/json.hpp>

namespace districtd {

// Boost.JSON writes doubles with an exponent ("1.26E1"); people read these files too.
void append_member(std::string& out, std::string_view key, std::string_view literal) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += key;
  out += "\":";
  out += literal;
}

std::string number_literal(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::string{text.data(), end} : "null";
}

std::string ratio_literal(const std::optional<double>& ratio) {
  if (!ratio) return "null";
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.12g", *ratio);
  return number_literal(std::strtod(text.data(), nullptr));
}

std::string text_literal(std::string_view text) {
  return boost::json::serialize(boost::json::value(text));
}

}  // namespace districtd
