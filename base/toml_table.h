// Strict reading of one TOML table: every key that is not asked for is a finding, and so is every
// value of another type, with file:line:column and what was expected.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <toml++/toml.h>

#include "base/date.h"
#include "base/findings.h"
#include "base/result.h"

namespace districtd {

// The whole file; a finding where it cannot be read.
Result<std::string, Finding> read_text(const std::filesystem::path& file);

// A text as a table; a finding where it is no TOML. `name` is how findings call the text.
Result<toml::table, Finding> parse_toml(std::string_view text, const std::string& name);

// The file as a table; a finding where it cannot be read or is no TOML.
Result<toml::table, Finding> read_toml(const std::filesystem::path& file);

// What a file looks like while it is read: its name as findings print it. Both outlive the tables.
struct TomlSource {
  std::string_view file;
  Findings* findings;
};

// A key that is asked for outlives the table too: it is a literal. A catalogue may have a hundred
// thousand tables, so reading one copies no names.
class TomlTable {
 public:
  // `name` is how findings call the table: "[http]", "[[target]]".
  TomlTable(const toml::table& table, std::string name, TomlSource source);

  // Absent: nullopt, and a finding where `required`. Of another type: a finding and nullopt.
  std::optional<std::string> text(std::string_view key, bool required = false);
  std::optional<double> number(std::string_view key, bool required = false);
  std::optional<bool> flag(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<Date> date(std::string_view key, bool required = false);
  std::vector<std::string> texts(std::string_view key);
  std::vector<Date> dates(std::string_view key);
  const toml::array* array(std::string_view key, std::string_view expected);

  // One of the words; its position in the list.
  std::optional<std::size_t> word(std::string_view key,
                                  std::initializer_list<std::string_view> words);

  // The sub-tables of [key] and [[key]], to be read with TomlTables of their own.
  std::optional<TomlTable> table(std::string_view key);
  std::vector<TomlTable> tables(std::string_view key);

  bool has(std::string_view key) const { return table_->contains(key); }

  // A finding at the key's value, or at the table where the key is absent.
  void add_finding(std::string_view key, std::string message) const;

  // Where the key's value stands, for findings that are made later.
  Finding place(std::string_view key) const;

  // The same without the file's name.
  toml::source_position position(std::string_view key) const;

  // Call last: a finding for each key that was never asked for, with the nearest known one.
  void finish() const;

 private:
  const toml::node* value(std::string_view key, bool required);
  void wrong_type(std::string_view key, const toml::node& node, std::string_view expected) const;

  const toml::table* table_;
  std::string name_;
  TomlSource source_;
  std::vector<std::string_view> known_;  // in the order of asking, some twice
};

}  // namespace districtd
