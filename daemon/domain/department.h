// A department, and what became of it: renamed, merged into another one, or closed, from a day on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/calendar.h"

namespace districtd {

// Invariants, kept by the catalogue loader: `renamed` rises by day; a department is merged or
// closed, not both; mergers form no circle and go into one that is neither merged nor closed by
// then.
struct Department {
  struct Renaming {
    Date from{};
    std::string name;
    friend bool operator==(const Renaming&, const Renaming&) = default;
  };
  struct Merger {
    std::uint32_t into = 0;  // index into Catalogue::departments()
    Date from{};
    friend bool operator==(const Merger&, const Merger&) = default;
  };

  std::string id;    // [a-z0-9-]+
  std::string name;  // 区文旅局: as it began
  std::vector<Renaming> renamed{};
  std::optional<Merger> merged_into{};
  std::optional<Date> closed{};  // the first day on which it is none any more

  const std::string& name_on(Date day) const;
  // Any of its names, whatever day they are of.
  bool is_called(std::string_view text) const;
  // Neither merged nor closed by then.
  bool exists_on(Date day) const {
    return !(merged_into && merged_into->from <= day) && !(closed && *closed <= day);
  }
};

}  // namespace districtd
