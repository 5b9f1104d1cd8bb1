#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <ostream>
#include <variant>

#include "base/durable_file.h"
#include "daemon/alerting/alertmanager_file.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"

namespace districtd {

namespace {

int refuse(const Findings& findings, std::ostream& err) {
  print_findings(findings, err);
  err << findings.size() << (findings.size() == 1 ? " finding" : " findings")
      << "; nothing was written. Correct them and run it again.\n";
  return 1;
}

}  // namespace

int write_alertmanager_file(const ConfigAlertmanagerOptions& options, std::ostream& out,
                            std::ostream& err) {
  const auto loaded = load_configuration(options.config);
  if (const auto* const findings = std::get_if<Findings>(&loaded)) return refuse(*findings, err);
  const auto made = alertmanager_file(std::get<Loaded>(loaded), options.config);
  if (const auto* const findings = std::get_if<Findings>(&made)) return refuse(*findings, err);
  const auto& text = std::get<std::string>(made);
  if (!options.out) {
    out << text;
    return 0;
  }
  try {
    write_whole(*options.out, text, FileAccess::as_before);  // it may hold secrets
  } catch (const std::runtime_error& failure) {
    err << failure.what() << '\n';
    return 1;
  }
  out << options.out->string() << ": written. Next: amtool check-config " << options.out->string()
      << ", then reload Alertmanager\n";
  return 0;
}

}  // namespace districtd
