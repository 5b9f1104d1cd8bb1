// JSON, written as it goes.
//
//   std::string out;
//   JsonWriter json(out);
//   json.begin_object().member("target", id).member("progress", ratio).key("rows").begin_array();
//   for (const Row& row : rows) write(json, row);
//   json.end_array().end_object();
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

// One literal: the text quoted and escaped. Any bytes whatever become valid UTF-8 on one line: each
// that is part of no character is U+FFFD. What is_hidden_control() of base/text.h is escaped too.
std::string json_text(std::string_view text);

// One literal: the shortest digits that read back, from 0.000001 to 10^21 without an exponent;
// "null" for what is no finite number.
std::string json_number(double value);

// One literal: twelve significant digits, without the last bits of a division; "null" without.
std::string json_ratio(const std::optional<double>& ratio);

// Appends the text as it stands between the quotes of a JSON string.
void append_json_escaped(std::string& out, std::string_view text);

// Appends to a text that the caller keeps; commas and quotes are this class's. Not thread-safe.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  // Within an object, before a value. `key` needs no escaping.
  JsonWriter& key(std::string_view key);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view{text}); }
  JsonWriter& value(double number) { return literal(json_number(number)); }
  JsonWriter& value(bool truth) { return literal(truth ? "true" : "false"); }
  template <std::integral T>
  JsonWriter& value(T number) {
    return literal(std::to_string(number));
  }
  JsonWriter& null() { return literal("null"); }
  // null where there is none.
  template <typename T>
  JsonWriter& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }
  JsonWriter& ratio(const std::optional<double>& ratio) { return literal(json_ratio(ratio)); }
  // Begins a line, behind the comma that is due; before a key or a value.
  JsonWriter& new_line(std::string_view indent = {}) {
    if (needs_comma_) out_ += ',';
    needs_comma_ = false;
    (out_ += '\n') += indent;
    return *this;
  }
  // JSON that was written before.
  JsonWriter& literal(std::string_view json);

  template <typename T>
  JsonWriter& member(std::string_view name, const T& what) {
    return key(name).value(what);
  }
  JsonWriter& ratio_member(std::string_view name, const std::optional<double>& what) {
    return key(name).ratio(what);
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string& out_;
  bool needs_comma_ = false;  // the next value or key stands behind another one
};

}  // namespace districtd
