#include "daemon/config/findings.h"

namespace districtd {

std::string to_string(const Finding& finding) {
  std::string text = finding.file;
  if (finding.line > 0) {
    text += ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
  }
  return text + ": " + finding.message;
}

}  // namespace districtd
