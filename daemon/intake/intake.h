// Only Intake decides what is valid: bytes in, observations and refusals out.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "collectors/submission.h"
#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/narrative.h"
#include "daemon/intake/columns.h"
#include "daemon/intake/known_figures.h"

namespace districtd {

// One valid row. `target` is an index into the catalogue that it was read against.
struct Observation {
  Catalogue::Index target = 0;
  std::int32_t row = 0;     // as RowError::row
  ReportedReading reading;  // for a pledge the value is 1
  std::string note;
  std::uint16_t sheet = 0;       // an index into Decoded::sheets
  std::string explanation = {};  // 核实说明: why the figure is as odd as it looks
};

// What one row says in words: of the target, as of the day of its figure, or of the day that it
// names where it has no figure.
struct ReportedNarrative {
  Catalogue::Index target = 0;
  Date as_of{};
  std::int32_t row = 0;     // as Observation::row
  Narrative said;           // not empty
  bool is_alone = false;    // there is no figure in the row
  std::uint16_t sheet = 0;  // as Observation::sheet
};

// What was assumed in reading one row; of dry runs alone.
struct RowNote {
  std::int32_t row = 0;
  std::uint16_t sheet = 0;
  std::string sentence;
};

// What Intake made of one submission. `receipt` has department, rows, rejected, empty, wordy,
// encoding, errors, notes, header and refused; the id, the time, what was accepted, corrected,
// unchanged or held, and the flags are the store's to say. outcome is taken (some rows are valid,
// or say something in words), refused (none is) or unreadable.
struct Decoded {
  Outcome outcome = Outcome::unreadable;
  // In order of row. One (target, as_of) may occur twice, then with the same value.
  std::vector<Observation> observations;
  std::vector<ReportedNarrative> narratives;  // in order of row
  std::vector<RowNote> row_notes;             // of a dry run
  Receipt receipt;

  // What the file calls the column of a value: one name for all, or one for each day of a wide
  // table.
  std::string value_column = "value";
  std::vector<std::pair<Date, std::string>> value_columns;
  const std::string& value_column_of(Date as_of) const;

  // The sheets of a workbook, where several were read; empty otherwise.
  std::vector<std::string> sheets;
  // As RowError::sheet.
  std::string sheet_of(const Observation& observation) const {
    return observation.sheet < sheets.size() ? sheets[observation.sheet] : std::string();
  }
};

// Reads a submission against the catalogue; `today` is the district's date, later ones are refused.
// Pure and thread-safe; works for bodies of any size in time linear in it. What the bytes are
// decides, whatever media type and name say: a workbook is known by its first bytes, JSON by how it
// begins. What says that it is JSON and is none is read as JSON unless it begins as a table does.
// `figures`: what is known of the targets of which it may be asked; without it nothing is.
Decoded decode(const Submission& submission, const Catalogue& catalogue, Date today,
               const ColumnMapping& mapping = kNoMapping, const KnownFigures* figures = nullptr);

}  // namespace districtd
