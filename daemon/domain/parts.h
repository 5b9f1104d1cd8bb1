// The value of a target that is the sum of its parts (分项合计): the design page, "Targets". Pure.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/reading.h"

namespace districtd {

struct SumOfParts {
  // The whole sums, by as_of, at most one a reporting period of the parent: as of the newest of the
  // figures that are added, there since the last of them arrived, corrected when one of them was,
  // projected where one of them is.
  std::vector<Reading> readings;
  std::optional<PartialSum> partial;  // of a period after the last whole sum
};

// By the figures up to `on`. In each reporting period of the parent every part that is in force at
// its end counts with its newest figure that is a report of the period: as of its second half, of
// the last period at most 31 days before the deadline. A part whose own deadline lies before that
// counts with its final figure. After the deadline each later figure makes a further sum, with the
// newest of the other parts. `readings_of` gives a part's, by as_of.
SumOfParts sum_of_parts(
    const Catalogue& catalogue, Catalogue::Index parent,
    const std::function<std::span<const Reading>(Catalogue::Index)>& readings_of, Date on);

// What an assessment by a sum has of it: the reports are its parts' and none of its own.
void put_sum(const SumOfParts& sum, Assessment& assessment);

// The judgement of a target by its sum. It owes no reports: those are its parts', each owed by the
// part's department. How long the sum has not been whole still tells whether it is stale.
Assessment assess_sum(const Catalogue& catalogue, Catalogue::Index parent, const SumOfParts& sum,
                      Date on);

}  // namespace districtd
