#include "daemon/service/checked_configuration.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "daemon/delivery/scheduler.h"

namespace districtd {

std::shared_ptr<ServerCertificate> load_certificate(const std::filesystem::path& file,
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

std::variant<CheckedConfiguration, Findings> load_checked_configuration(
    const std::filesystem::path& file,
    const std::function<void(const Configuration&)>& before_catalogue) {
  auto loaded = load_configuration(file, before_catalogue);
  if (auto* const findings = std::get_if<Findings>(&loaded)) return std::move(*findings);
  CheckedConfiguration checked{std::get<Loaded>(std::move(loaded)), nullptr};
  const Configuration& configuration = checked.loaded.configuration;
  Findings findings = check_templates(configuration.bulletins);
  checked.certificate = load_certificate(file, configuration, findings);
  if (!findings.empty()) return findings;
  return checked;
}

}  // namespace districtd
