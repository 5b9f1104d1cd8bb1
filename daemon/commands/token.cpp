#include <algorithm>
#include <ostream>

#include "base/digest.h"
#include "collectors/http_push.h"
#include "daemon/commands/options.h"

namespace districtd {

int new_department_token(const TokenOptions& options, std::ostream& out, std::ostream& err) {
  const bool is_id = !options.department.empty() &&
                     std::all_of(options.department.begin(), options.department.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                     });
  if (!is_id && !options.is_office) {
    err << "--department '" << options.department
        << "' is no department id; expected [a-z0-9-]+ as in the catalogue\n";
    return 1;
  }
  const std::string token = new_token();
  const std::string owner = options.is_office ? "the supervision office" : options.department;
  out << "# The token, for " << owner << " alone. It is shown once:\n"
      << token << "\n\n"
      << "# For tokens.toml (then: systemctl restart districtd), or for districtd.toml (then:\n"
      << "# systemctl reload districtd):\n"
      << "[[token]]\n"
      << (options.is_office ? "role = \"office\"\n"
                            : "department = \"" + options.department + "\"\n")
      << "sha256 = \"" << sha256_hex(token) << "\"\n";
  return 0;
}

}  // namespace districtd
