#include "daemon/commands/refusal.h"

#include <ostream>

namespace districtd {

int refuse(const Findings& findings, std::string_view consequence, std::ostream& err) {
  print_findings(findings, err);
  if (!consequence.empty()) {
    err << findings.size() << (findings.size() == 1 ? " finding" : " findings") << consequence
        << '\n';
  }
  return 1;
}

}  // namespace districtd
