#include "base/toml_table.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/edit_distance.h"
#include "base/ports/files.h"

namespace districtd {

namespace {

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a float";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time";
    case toml::node_type::date_time:
      return "a date-time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

std::string in_quotes(std::string_view text) { return "'" + std::string{text} + "'"; }

template <typename Words>
std::string listed(const Words& words) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

// " (did you mean 'x'?)" where one is near.
template <typename Words>
std::string suggestion(std::string_view text, const Words& words) {
  std::size_t best = std::max<std::size_t>(text.size() / 2, 1) + 1;
  std::string_view nearest;
  for (const auto& word : words) {
    const std::size_t distance = edit_distance(text, word);
    if (distance < best) {
      best = distance;
      nearest = word;
    }
  }
  return nearest.empty() ? "" : " (did you mean " + in_quotes(nearest) + "?)";
}

Finding at(const TomlSource& source, const toml::source_region& region, std::string message) {
  return {std::string{source.file}, region.begin.line, region.begin.column, std::move(message)};
}

}  // namespace

Result<std::string, Finding> read_text(const std::filesystem::path& file) {
  auto text = read_whole(file);
  if (text) return *std::move(text);
  if (text.error() == std::errc::is_a_directory) {
    return Finding{file.string(), 0, 0, "is a directory; a TOML file was expected"};
  }
  return Finding{file.string(), 0, 0, "cannot be read: " + text.error().message()};
}

Result<toml::table, Finding> parse_toml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& e) {
    return Finding{name, e.source().begin.line, e.source().begin.column,
                   "is not valid TOML: " + std::string{e.description()}};
  }
}

Result<toml::table, Finding> read_toml(const std::filesystem::path& file) {
  auto text = read_text(file);
  if (!text) return std::move(text.error());
  return parse_toml(*text, file.string());
}

TomlTable::TomlTable(const toml::table& table, std::string name, TomlSource source)
    : table_(&table), name_(std::move(name)), source_(std::move(source)) {}

const toml::node* TomlTable::value(std::string_view key, bool required) {
  known_.push_back(key);
  const toml::node* const node = table_->get(key);
  if (node == nullptr && required) {
    add_finding(key, "the key " + in_quotes(key) + " is missing in " + name_);
  }
  return node;
}

void TomlTable::wrong_type(std::string_view key, const toml::node& node,
                           std::string_view expected) const {
  add_finding(key, in_quotes(key) + " in " + name_ + " is " + std::string{type_name(node)} +
                       "; expected " + std::string{expected});
}

std::optional<std::string> TomlTable::text(std::string_view key, bool required) {
  const toml::node* const node = value(key, required);
  if (node == nullptr) return std::nullopt;
  if (const auto* const string = node->as_string()) {
    if (required && string->get().empty()) {
      add_finding(key, in_quotes(key) + " in " + name_ + " is empty");
      return std::nullopt;
    }
    return string->get();
  }
  wrong_type(key, *node, "a string");
  return std::nullopt;
}

std::optional<double> TomlTable::number(std::string_view key, bool required) {
  const toml::node* const node = value(key, required);
  if (node == nullptr) return std::nullopt;
  const auto number = node->is_number() ? node->value<double>() : std::nullopt;
  if (number && std::isfinite(*number)) return number;
  wrong_type(key, *node, "a finite number");
  return std::nullopt;
}

std::optional<bool> TomlTable::flag(std::string_view key) {
  const toml::node* const node = value(key, false);
  if (node == nullptr) return std::nullopt;
  if (const auto* const found = node->as_boolean()) return found->get();
  wrong_type(key, *node, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key, std::int64_t least,
                                               std::int64_t most) {
  const toml::node* const node = value(key, false);
  if (node == nullptr) return std::nullopt;
  const auto* const integer = node->as_integer();
  if (integer != nullptr && integer->get() >= least && integer->get() <= most)
    return integer->get();
  const std::string expected =
      "an integer from " + std::to_string(least) + " to " + std::to_string(most);
  if (integer == nullptr) {
    wrong_type(key, *node, expected);
  } else {
    add_finding(key, in_quotes(key) + " in " + name_ + " is " + std::to_string(integer->get()) +
                         "; expected " + expected);
  }
  return std::nullopt;
}

std::optional<Date> TomlTable::date(std::string_view key, bool required) {
  const toml::node* const node = value(key, required);
  if (node == nullptr) return std::nullopt;
  if (const auto* const found = node->as_date()) {
    return date_of(found->get().year, found->get().month, found->get().day);
  }
  wrong_type(key, *node, "a date such as 2026-12-31, without quotes");
  return std::nullopt;
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
  std::vector<std::string> result;
  const toml::array* const list = array(key, "an array of strings");
  if (list == nullptr) return result;
  for (const toml::node& element : *list) {
    const auto* const string = element.as_string();
    if (string == nullptr) {
      source_.findings->push_back(at(source_, element.source(),
                                     in_quotes(key) + " in " + name_ + " holds " +
                                         std::string{type_name(element)} +
                                         "; expected an array of strings"));
      continue;
    }
    result.push_back(string->get());
  }
  return result;
}

std::vector<Date> TomlTable::dates(std::string_view key) {
  std::vector<Date> result;
  const toml::array* const list = array(key, "an array of dates");
  if (list == nullptr) return result;
  for (const toml::node& element : *list) {
    const auto* const day = element.as_date();
    if (day == nullptr) {
      source_.findings->push_back(at(source_, element.source(),
                                     in_quotes(key) + " in " + name_ + " holds " +
                                         std::string{type_name(element)} +
                                         "; expected dates such as 2026-02-14, without quotes"));
      continue;
    }
    result.push_back(date_of(day->get().year, day->get().month, day->get().day));
  }
  return result;
}

const toml::array* TomlTable::array(std::string_view key, std::string_view expected) {
  const toml::node* const node = value(key, false);
  if (node == nullptr) return nullptr;
  if (!node->is_array()) wrong_type(key, *node, expected);
  return node->as_array();
}

std::optional<std::size_t> TomlTable::word(std::string_view key,
                                           std::initializer_list<std::string_view> words) {
  const auto found = text(key);
  if (!found) return std::nullopt;
  std::size_t position = 0;
  for (const std::string_view word : words) {
    if (word == *found) return position;
    ++position;
  }
  add_finding(key, in_quotes(key) + " in " + name_ + " is " + in_quotes(*found) +
                       "; expected one of: " + listed(words) + suggestion(*found, words));
  return std::nullopt;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
  const toml::node* const node = value(key, false);
  if (node == nullptr) return std::nullopt;
  // "[http.tls]" within "[http]"; the root has a name without brackets.
  std::string name =
      name_.starts_with('[') ? "[" + name_.substr(name_.find_first_not_of('[')) : "[";
  while (name.ends_with(']')) name.pop_back();
  if (name.size() > 1) name += '.';
  name += std::string{key} + "]";
  if (const auto* const found = node->as_table()) {
    return TomlTable{*found, std::move(name), source_};
  }
  wrong_type(key, *node, "a table " + name);
  return std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  std::vector<TomlTable> result;
  const std::string name = "[[" + std::string{key} + "]]";
  const toml::array* const list = array(key, "an array of tables " + name);
  if (list == nullptr) return result;
  result.reserve(list->size());
  for (const toml::node& element : *list) {
    if (const auto* const found = element.as_table()) {
      result.emplace_back(*found, name, source_);
    } else {
      wrong_type(key, element, "an array of tables " + name);
    }
  }
  return result;
}

void TomlTable::add_finding(std::string_view key, std::string message) const {
  Finding finding = place(key);
  finding.message = std::move(message);
  source_.findings->push_back(std::move(finding));
}

Finding TomlTable::place(std::string_view key) const {
  const toml::node* const node = table_->get(key);
  return at(source_, node != nullptr ? node->source() : table_->source(), "");
}

toml::source_position TomlTable::position(std::string_view key) const {
  const toml::node* const node = table_->get(key);
  return (node != nullptr ? node->source() : table_->source()).begin;
}

void TomlTable::finish() const {
  for (const auto& [key, node] : *table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
    const std::set<std::string_view> known(known_.begin(), known_.end());
    source_.findings->push_back(at(source_, key.source(),
                                   "unknown key " + in_quotes(key.str()) + " in " + name_ +
                                       suggestion(key.str(), known) +
                                       "; expected: " + listed(known)));
  }
}

}  // namespace districtd
