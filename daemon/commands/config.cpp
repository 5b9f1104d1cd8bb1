#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <ostream>
#include <variant>

#include "daemon/alerting/alertmanager_file.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"

namespace districtd {

namespace {

int refuse(const Findings& findings, std::ostream& err) {
  tell(findings, err);
  err << findings.size() << (findings.size() == 1 ? " finding" : " findings")
      << "; nothing was written. Correct them and run it again.\n";
  return 1;
}

// As a whole or not at all. It may hold secrets: a new file is its owner's and group's, one that is
// there keeps its owner, group and mode.
std::string write_whole(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path part = file.string() + ".part";
  const auto fail = [&part](std::string_view what) {
    const std::string why = std::generic_category().message(errno);
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    return std::string{what} + ": " + why;
  };
  std::error_code error;
  std::filesystem::remove(part, error);
  const mode_t before = umask(0077);
  std::ofstream out(part, std::ios::binary);
  umask(before);
  if (!out) return fail("cannot be created");
  out << text;
  out.close();
  if (!out) return fail("cannot be written");
  struct stat there {};
  const bool is_there = stat(file.c_str(), &there) == 0;
  if (is_there && (there.st_uid != geteuid() || there.st_gid != getegid()) &&
      chown(part.c_str(), there.st_uid, there.st_gid) != 0) {
    return fail("cannot be given to the owner of the file that is there");
  }
  if (chmod(part.c_str(), is_there ? there.st_mode & 07777U : 0640U) != 0) {
    return fail("cannot be given its mode");
  }
  if (std::rename(part.c_str(), file.c_str()) != 0) return fail("cannot be put in place");
  return {};
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
  if (const std::string failure = write_whole(*options.out, text); !failure.empty()) {
    err << options.out->string() << ' ' << failure << '\n';
    return 1;
  }
  out << options.out->string() << ": written. Next: amtool check-config " << options.out->string()
      << ", then reload Alertmanager\n";
  return 0;
}

}  // namespace districtd
