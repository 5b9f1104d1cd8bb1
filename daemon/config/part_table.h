// Which target is a part of which (分项), and which is the sum of its parts.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/findings.h"
#include "base/toml_table.h"
#include "daemon/domain/target.h"

namespace districtd {

// Reads common, parent and sum_of_parts of one target after another, and holds them against each
// other when all are read.
class PartReader {
 public:
  // Call for each target before its table is finished.
  void read(TomlTable& table, Target& target);
  // The target that was read last is number `target` of all.
  void keep(const TomlTable& table, const Target& read, std::size_t target);

  // `programme_of` names a target's programme. A finding for each parent that is unknown, of
  // another programme, or a part itself; for each part of another kind or unit; and for each sum
  // that cannot be one.
  void check(const std::vector<Target>& targets,
             const std::function<std::string(const Target&)>& programme_of,
             Findings& findings) const;

 private:
  struct Place {
    std::size_t target;
    Finding parent;
    Finding kind;
    Finding unit;
    Finding sum;
  };
  using Ids = std::unordered_multimap<std::string_view, std::size_t>;
  static void check_part(const Place& place, const std::vector<Target>& targets, const Ids& ids,
                         const std::function<std::string(const Target&)>& programme_of,
                         Findings& findings);

  std::vector<Place> places_;  // of parts and of sums
};

}  // namespace districtd
