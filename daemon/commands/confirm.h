// The supervision office's client: held rows are confirmed, or sent back.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace districtd {

struct ConfirmOptions {
  std::string submission;
  bool rejects = false;
  std::string server;
  std::filesystem::path token_file;  // a token with role = "office"
  std::string ca_file;               // PEM: trusted instead of the system's authorities
};
// Posts the decision and prints what came of it. 0 where it was made.
int confirm_submission(const ConfirmOptions& options, std::ostream& out, std::ostream& err);

}  // namespace districtd
