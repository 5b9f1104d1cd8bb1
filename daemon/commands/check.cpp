#include <fstream>
#include <iterator>
#include <ostream>
#include <variant>

#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/config/report_text.h"

namespace districtd {

namespace {

int print(const Findings& findings, std::ostream& err) {
  for (const Finding& finding : findings) err << to_string(finding) << '\n';
  err << findings.size() << (findings.size() == 1 ? " finding" : " findings")
      << "; nothing was changed. Correct them and run check again.\n";
  return 1;
}

int check_report(const LoadedCatalogue& catalogue, const std::filesystem::path& file,
                 std::ostream& out, std::ostream& err) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    return print({{file.string(), 0, 0, "cannot be read; expected the report as UTF-8 text"}}, err);
  }
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const ReportProof proof = prove(catalogue, text, file);
  out << file.string() << ": " << proof.proved << " of "
      << catalogue.catalogue.targets().size() - proof.skipped
      << " quotes stand in the report, each in the section of its department\n";
  if (proof.skipped > 0) {
    out << proof.skipped << " targets come from another report and were not looked for\n";
  }
  return proof.findings.empty() ? 0 : print(proof.findings, err);
}

}  // namespace

int check(const CheckOptions& options, std::ostream& out, std::ostream& err) {
  const auto loaded = load_configuration(options.config);
  if (const auto* const findings = std::get_if<Findings>(&loaded)) return print(*findings, err);
  const auto& [configuration, catalogue] = std::get<Loaded>(loaded);
  out << options.config.string() << ": good. " << configuration.district_name << ", "
      << catalogue.catalogue.departments().size() << " departments, "
      << catalogue.catalogue.targets().size() << " targets, " << configuration.tokens.size()
      << " tokens, " << configuration.csv_drops.size() << " inboxes, "
      << configuration.http_pulls.size() << " pull sources\n";
  return options.report ? check_report(catalogue, *options.report, out, err) : 0;
}

}  // namespace districtd
