#include <ostream>
#include <string_view>

#include "base/durable_file.h"
#include "daemon/alerting/alertmanager_file.h"
#include "daemon/commands/options.h"
#include "daemon/commands/refusal.h"
#include "daemon/config/configuration.h"

namespace districtd {

namespace {

constexpr std::string_view kConsequence = "; nothing was written. Correct them and run it again.";

}  // namespace

int write_alertmanager_file(const ConfigAlertmanagerOptions& options, std::ostream& out,
                            std::ostream& err) {
  const auto loaded = load_configuration(options.config);
  if (!loaded) return refuse(loaded.error(), kConsequence, err);
  const auto made = alertmanager_file(*loaded, options.config);
  if (!made) return refuse(made.error(), kConsequence, err);
  const auto& text = *made;
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
