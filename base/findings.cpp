#include "base/findings.h"

#include <ostream>

#include "base/text.h"

namespace districtd {

std::string to_string(const Finding& finding) {
  std::string text = finding.file;
  if (finding.line > 0) {
    text += ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
  }
  return text + ": " + finding.message;
}

void print_findings(const Findings& findings, std::ostream& out) {
  for (const Finding& finding : findings) out << printable(to_string(finding)) << '\n';
}

}  // namespace districtd
