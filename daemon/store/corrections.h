// Which values were corrected in a span of time.
#pragma once

#include <string>

#include "daemon/domain/calendar.h"
#include "daemon/store/store.h"

namespace districtd {

struct Correction {
  std::string target;  // id
  Date as_of{};
  double value = 0;         // base units, of the later row; kTakenBack where it takes it back
  double value_before = 0;  // of the row that it replaced; kTakenBack likewise
  std::string note;
  Time received_at{};
};

}  // namespace districtd
