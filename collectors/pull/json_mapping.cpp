#include "collectors/pull/json_mapping.h"

#include <array>
#include <utility>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include "base/json_writer.h"

namespace districtd {

namespace json = boost::json;

namespace {

// Builds the document as json::parse does, but for its numbers: a double gives 12.60 back as 1.26E1
// and rounds the twentieth digit. They are kept as texts, which a first letter tells from strings.
class AsWritten {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr char kNumber = 'n';
  static constexpr char kString = 's';
  using Error = json::error_code;
  using Text = json::string_view;

  AsWritten() { stack_.reset(); }
  json::value release() { return stack_.release(); }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t size, Error&) { return stack_.push_object(size), true; }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t size, Error&) { return stack_.push_array(size), true; }
  bool on_key_part(Text part, std::size_t, Error&) { return stack_.push_chars(part), true; }
  bool on_key(Text part, std::size_t, Error&) { return stack_.push_key(part), true; }
  bool on_string_part(Text part, std::size_t, Error&) {
    begin_string();
    return stack_.push_chars(part), true;
  }
  bool on_string(Text part, std::size_t, Error&) {
    begin_string();
    in_string_ = false;
    return stack_.push_string(part), true;
  }
  bool on_number_part(Text part, Error&) { return number_.append(part.data(), part.size()), true; }
  bool on_int64(std::int64_t, Text part, Error&) { return number(part); }
  bool on_uint64(std::uint64_t, Text part, Error&) { return number(part); }
  bool on_double(double, Text part, Error&) { return number(part); }
  bool on_bool(bool value, Error&) { return stack_.push_bool(value), true; }
  bool on_null(Error&) { return stack_.push_null(), true; }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

 private:
  void begin_string() {
    if (!in_string_) stack_.push_chars({&kString, 1});
    in_string_ = true;
  }
  bool number(Text last_part) {
    number_.append(last_part.data(), last_part.size());
    stack_.push_string(number_);
    number_ = kNumber;
    return true;
  }

  json::value_stack stack_;
  bool in_string_ = false;
  std::string number_{kNumber};
};

std::optional<json::value> parse_as_written(std::string_view text) {
  json::basic_parser<AsWritten> parser(json::parse_options{});
  json::error_code failure;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
  if (failure || read < text.size()) return std::nullopt;
  return parser.handler().release();
}

// What is nested is no figure whatever it holds.
std::string text_of(const json::value& value) {
  if (value.is_object()) return "{}";
  if (value.is_array()) return "[]";
  if (!value.is_string()) return json::serialize(value);
  const json::string_view text = value.get_string();
  const json::string_view content = text.substr(1);
  if (text.front() == AsWritten::kNumber) return {content.begin(), content.end()};
  return json::serialize(json::string(content));
}

}  // namespace

bool is_json_pointer(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') continue;
    if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
  }
  return true;
}

std::optional<std::string> mapped_json(std::string_view text, const JsonMapping& mapping) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::optional<json::value> document = parse_as_written(text);
  if (!document) return std::nullopt;
  boost::system::error_code failure;
  const json::value* const rows = document->find_pointer(mapping.rows, failure);
  if (rows == nullptr || !rows->is_array()) return std::nullopt;
  const std::array<std::pair<std::string_view, const std::string*>, 4> members = {
      {{"target", &mapping.target},
       {"as_of", &mapping.as_of},
       {"value", &mapping.value},
       {"note", &mapping.note}}};
  std::string mapped;
  JsonWriter writer(mapped);
  writer.begin_object().key("observations").begin_array();
  for (const json::value& row : rows->get_array()) {
    writer.begin_object();
    for (const auto& [name, pointer] : members) {
      const json::value* const found =
          pointer->empty() ? nullptr : row.find_pointer(*pointer, failure);
      if (found != nullptr) writer.key(name).literal(text_of(*found));
    }
    writer.end_object();
  }
  writer.end_array().end_object();
  return mapped;
}

}  // namespace districtd
