// Drafts as files: the catalogue's own TOML for a reviewer, JSON for programs.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/json_writer.h"
#include "daemon/extract/drafts/draft.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

// One draft as an object, as docs/extraction.md describes it.
void write_draft(JsonWriter& json, const Draft& draft);

// [ {…}, {…} ]: one object a line.
class JsonOutput {
 public:
  explicit JsonOutput(std::ostream& out);
  void add(const Draft& draft);
  void finish();

 private:
  std::ostream* out_;
  std::string line_;
  bool is_first_ = true;
};

// Where the drafts come from, for the catalogue's [report].
struct ReportHead {
  std::string id;
  std::string publisher;
  std::string published;  // 2026-03-06
  bool is_published_guessed = true;
  std::string title;
  std::string file;  // as the command line named it
};

// What the first lines and the file's name say; `year` where they name no day.
ReportHead read_head(std::string_view beginning, const std::string& file, int year);

// A catalogue of drafts. It is written by finish(): of which programme it is depends on all of
// them.
class TomlOutput {
 public:
  TomlOutput(std::ostream& out, const Rules& rules);
  // `warning` is a sentence that comes first; "" where there is none.
  void begin(const ReportHead& head, const std::string& warning = {});
  void add(const Draft& draft);
  // The section of drafts whose report has no line that could head them.
  void finish(std::uint64_t drafts);

  // Below this a draft carries its reasons and a line that asks for a look.
  static constexpr double kDoubtful = 0.8;

 private:
  std::string department_id(const std::string& name);
  std::string with_of(const Draft& draft, const std::string& department);
  void write_names(std::string_view what, const std::vector<std::string>& names);

  std::string programme() const;

  std::ostream* to_;
  std::ostringstream out_;  // what stands below [report]
  std::string head_;
  const Rules* rules_;
  std::optional<std::pair<Date, Date>> period_;  // from the first start to the last deadline
  std::unordered_map<std::string, std::string> departments_;  // name -> id
  std::unordered_set<std::string> ids_;
  std::unordered_map<std::string, std::uint32_t> counts_;   // targets by department id
  std::unordered_map<std::uint64_t, std::uint32_t> names_;  // department and name -> how many
};

std::string toml_text(std::string_view text);  // "…", escaped

}  // namespace districtd::extract
