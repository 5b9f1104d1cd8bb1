// What is wrong with a file that an operator wrote: every finding with its place.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace districtd {

struct Finding {
  std::string file;
  std::uint32_t line = 0;  // from 1; 0: the file as a whole
  std::uint32_t column = 0;
  std::string message;  // what is wrong and what was expected
};

// "config/districtd.toml:12:1: unknown key 'lisen' in [http]; expected one of: listen, ..."
std::string to_string(const Finding& finding);

using Findings = std::vector<Finding>;

// A line for each.
void print_findings(const Findings& findings, std::ostream& out);

}  // namespace districtd
