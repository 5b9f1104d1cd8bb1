// What asks whether a day is a working day, and of which years no file of holidays is there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/config/configuration.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

// The first day on which the coming year is asked for: the State Council's office publishes its
// holidays about the end of October.
Date holidays_awaited_from(int year);

// Years without a file, each with what depends on it, as words of an operator: "reports of 12
// targets that are due on working days (due_on_working_day), such as 'x.y'", "the bulletin
// 'monthly' (next_working_day)". Of these years: those of the catalogue's targets and of their due
// days, that of `today`, and from 1 November on the coming one. A year on which nothing depends is
// not there.
std::map<int, std::vector<std::string>> holidays_missing(const Configuration& configuration,
                                                         const Catalogue& catalogue, Date today);

// The same of the year at hand and, from 1 November on, of the coming one: what an alert is for.
std::map<int, std::vector<std::string>> holidays_missing_now(const Configuration& configuration,
                                                             const Catalogue& catalogue,
                                                             Date today);

}  // namespace districtd
