// Certificates made for a test, with keys of their own, signed by themselves.
#pragma once

#include <filesystem>
#include <string>

namespace districtd {

struct MadeCertificate {
  std::filesystem::path certificate;  // FOLDER/NAME.crt
  std::filesystem::path key;          // FOLDER/NAME.key
};

// Valid for `days` from a day ago on, for `host` ("IP:127.0.0.1" or "DNS:..."); NAME is its common
// name.
MadeCertificate make_certificate(const std::filesystem::path& folder, const std::string& name,
                                 int days = 30, const std::string& host = "IP:127.0.0.1");

}  // namespace districtd
