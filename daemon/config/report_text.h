// Proving the catalogue against the report that it was read from.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "daemon/config/catalogue_file.h"

namespace districtd {

struct ReportProof {
  std::size_t proved = 0;   // targets whose quote stands in the section of its department
  std::size_t skipped = 0;  // targets of catalogue files whose report is another
  Findings findings;        // at the quotes that do not
};

// `text` is the report as UTF-8. A section is headed by a line of its own that is the target's
// `section` (or any department's name), or by such a name and a colon at the beginning of a line
// ("区教育局:…"), and lasts until the next one; a heading may occur more than once. A section that
// is the report's title is the whole text. Targets are proved where their report's title stands in
// the text; where no title does, all are, and that is a finding.
ReportProof prove(const LoadedCatalogue& loaded, std::string_view text,
                  const std::filesystem::path& file);

}  // namespace districtd
