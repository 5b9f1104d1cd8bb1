// A catalogue against the drafts of its report: what it lacks, what the report does not say, where
// they differ. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "daemon/extract/drafts/draft.h"

namespace districtd::extract {

struct Difference {
  Catalogue::Index target = 0;
  std::size_t draft = 0;
  std::string field;      // goal, unit, direction, deadline, commitment
  std::string catalogue;  // what it says there, as people write it
  std::string report;
};

struct Comparison {
  std::vector<std::size_t> missing;            // drafts, other than pledges, that no target matches
  std::vector<std::size_t> other_pledges;      // pledges that no target matches
  std::vector<Catalogue::Index> unsaid;        // targets whose quote does not stand in the report
  std::vector<Catalogue::Index> unrecognised;  // whose quote stands there, but no draft matches
  std::vector<Difference> different;
  std::size_t matched = 0;
};

// `text` is the whole report as UTF-8. A draft matches a target of the same department (by name)
// whose quote overlaps its own, or whose name is its own; where several do, the one with the most
// in common.
Comparison compare(const Catalogue& catalogue, const std::vector<Draft>& drafts,
                   std::string_view text);

}  // namespace districtd::extract
