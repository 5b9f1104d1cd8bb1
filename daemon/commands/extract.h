// Drawing targets out of a report's text: docs/extraction.md.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace districtd {

struct ExtractOptions {
  std::filesystem::path report;
  int year = 0;                                  // 0: as the report says, else this year
  std::string format = "toml";                   // toml, json
  std::filesystem::path rules;                   // "": installed or built in
  std::optional<std::filesystem::path> against;  // a catalogue file: compare instead of print
  bool review = false;                           // walk through the drafts on the terminal
  std::filesystem::path out;                     // of --review: the catalogue that is confirmed
};
// Prints the drafts; with `against` what differs (1 where anything does).
int extract_report(const ExtractOptions& options, std::ostream& out, std::ostream& err);

}  // namespace districtd
