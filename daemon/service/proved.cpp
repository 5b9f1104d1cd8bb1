#include "daemon/service/proved.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "daemon/delivery/scheduler.h"

namespace districtd {

std::shared_ptr<ServerCertificate> prove_certificate(const std::filesystem::path& file,
                                                     const Configuration& configuration,
                                                     Findings& findings) {
  const auto& tls = configuration.http.tls;
  if (!tls) return nullptr;
  try {
    return std::make_shared<ServerCertificate>(CertificateFiles{tls->certificate, tls->key});
  } catch (const std::runtime_error& why) {
    findings.push_back({file.string(), 0, 0, std::string{"[http.tls] "} + why.what()});
    return nullptr;
  }
}

Result<Proved, Findings> load_proved(
    const std::filesystem::path& file,
    const std::function<void(const Configuration&)>& before_catalogue) {
  auto loaded = load_configuration(file, before_catalogue);
  if (!loaded) return std::move(loaded.error());
  Proved proved{*std::move(loaded), nullptr};
  const Configuration& configuration = proved.loaded.configuration;
  Findings findings = prove_templates(configuration.bulletins);
  proved.certificate = prove_certificate(file, configuration, findings);
  if (!findings.empty()) return findings;
  return proved;
}

}  // namespace districtd
