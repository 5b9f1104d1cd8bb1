// What is compared of two rows for one target and day.
#pragma once

#include "daemon/domain/reading.h"

namespace districtd {

// The same number on another basis is another figure: an actual one corrects a projected one.
struct StoredFigure {
  ReportedValue value;
  Basis basis = Basis::actual;
  friend bool operator==(const StoredFigure&, const StoredFigure&) = default;
};

inline StoredFigure figure_of(const ReportedReading& reading) {
  return {reading.value, reading.basis};
}

}  // namespace districtd
