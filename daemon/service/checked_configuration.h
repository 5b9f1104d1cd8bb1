// A configuration with what it only names, all of it read and checked before anything begins or
// changes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/result.h"
#include "daemon/config/configuration.h"
#include "daemon/http/certificate.h"
#include "daemon/pipeline/pipeline.h"

namespace districtd {

struct CheckedConfiguration {
  Loaded loaded;
  std::shared_ptr<ServerCertificate> certificate;  // of [http.tls]; nullptr without
  Reopened reopened{};                             // of a reload
};

// The certificate of [http.tls]; nullptr without. Where it cannot be used, nullptr, and `findings`
// gets why, with the place `file`, which is the configuration's.
std::shared_ptr<ServerCertificate> load_certificate(const std::filesystem::path& file,
                                                    const Configuration& configuration,
                                                    Findings& findings);

// Loads the configuration, the catalogue and the certificate, and checks the bulletins' templates.
// `before_catalogue` is called as by load_configuration().
Result<CheckedConfiguration, Findings> load_checked_configuration(
    const std::filesystem::path& file,
    const std::function<void(const Configuration&)>& before_catalogue = {});

}  // namespace districtd
