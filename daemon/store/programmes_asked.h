// Of which programmes something is asked, as ranges of keys: PROGRAMME/ID, which the tables that
// have it are sorted by.
#pragma once

#include <string>
#include <vector>

namespace districtd {

struct ProgrammesAsked {
  std::vector<std::string> only{};     // ids; empty: all
  std::vector<std::string> without{};  // ids; of what `only` leaves
};

// The keys from `first` on and below `end`.
struct KeyRange {
  std::string first;
  std::string end;
};

// Ascending and disjoint. What is of no programme is asked for where all are.
std::vector<KeyRange> ranges_of(const ProgrammesAsked& asked);

}  // namespace districtd
