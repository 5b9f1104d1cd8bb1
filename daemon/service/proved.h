// A configuration with what it only names: proved before anything begins or changes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/result.h"
#include "daemon/config/configuration.h"
#include "daemon/http/certificate.h"

namespace districtd {

struct Proved {
  Loaded loaded;
  std::shared_ptr<ServerCertificate> certificate;  // of [http.tls]; nullptr without
};

// Of [http.tls]; nullptr without, or where it cannot be used, which is found then. `file` is the
// configuration's.
std::shared_ptr<ServerCertificate> prove_certificate(const std::filesystem::path& file,
                                                     const Configuration& configuration,
                                                     Findings& findings);

// Loads the configuration and catalogue, the bulletins' templates and the certificate.
// `before_catalogue` as in load_configuration().
Result<Proved, Findings> load_proved(
    const std::filesystem::path& file,
    const std::function<void(const Configuration&)>& before_catalogue = {});

}  // namespace districtd
