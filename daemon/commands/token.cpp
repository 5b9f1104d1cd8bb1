#include <algorithm>
#include <ostream>

#include "base/digest.h"
#include "collectors/http_push.h"
#include "daemon/commands/options.h"

namespace districtd {

namespace {

// For whom a token of a role other than a department's is.
std::string_view owner_of(std::string_view role) {
  if (role == to_string(TokenRole::office)) return "the supervision office";
  if (role == to_string(TokenRole::operation)) return "the server's operator";
  return "who reads, such as a Prometheus on another machine,";
}

}  // namespace

int new_token(const TokenOptions& options, std::ostream& out, std::ostream& err) {
  const bool is_id = !options.department.empty() &&
                     std::all_of(options.department.begin(), options.department.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                     });
  if (!is_id && options.role.empty()) {
    err << "--department '" << options.department
        << "' is no department id; expected [a-z0-9-]+ as in the catalogue, or --role office, "
           "operator or reader\n";
    return 1;
  }
  const std::string token = new_token();
  out << "# The token, for "
      << (options.role.empty() ? std::string_view(options.department) : owner_of(options.role))
      << " alone. It is shown once:\n"
      << token << "\n\n"
      << "# For tokens.toml (then: systemctl restart districtd), or for districtd.toml (then:\n"
      << "# systemctl reload districtd):\n"
      << "[[token]]\n"
      << (options.role.empty() ? "department = \"" + options.department + "\"\n"
                               : "role = \"" + options.role + "\"\n")
      << "sha256 = \"" << sha256_hex(token) << "\"\n";
  return 0;
}

}  // namespace districtd
