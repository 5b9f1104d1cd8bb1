// Only Intake decides what is valid: bytes in, observations and refusals out.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "collectors/submission.h"
#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"
#include "daemon/intake/columns.h"
#include "daemon/intake/known_figures.h"

namespace districtd {

// One valid row. `target` is an index into the catalogue that it was read against.
struct Observation {
  Catalogue::Index target = 0;
  std::int32_t row = 0;     // as RowError::row
  ReportedReading reading;  // for a pledge the value is 1
  std::string note;
};

// What Intake made of one submission. `receipt` has department, rows, rejected, empty, encoding,
// errors, notes, header and refused; the id, the time, what was accepted, corrected, unchanged or
// held, and the flags are the store's to say.
// outcome is taken (some rows are valid), refused (none is) or unreadable.
struct Decoded {
  Outcome outcome = Outcome::unreadable;
  std::vector<Observation> observations;  // in order of row; one (target, as_of) may occur twice:
                                          // the later row corrects the earlier
  Receipt receipt;

  // What the file calls the column of a value: one name for all, or one for each day of a wide
  // table.
  std::string value_column = "value";
  std::vector<std::pair<Date, std::string>> value_columns;
  const std::string& value_column_of(Date as_of) const;
};

// Reads a submission against the catalogue; `today` is the district's date, later ones are refused.
// Pure and thread-safe; works for bodies of any size in time linear in it. A media type of "" or
// "application/octet-stream" is taken by the name's ending (.csv, .json), else by the first byte; a
// workbook is always known by its first bytes.
// `figures`: what is known of the targets of which it may be asked; without it nothing is.
Decoded decode(const Submission& submission, const Catalogue& catalogue, Date today,
               const ColumnMapping& mapping = kNoMapping, const KnownFigures* figures = nullptr);

}  // namespace districtd
