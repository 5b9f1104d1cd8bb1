#include <ostream>
#include <set>
#include <variant>

#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/config/report_text.h"
#include "daemon/extract/report_file.h"

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
  std::string text;
  const auto read = extract::read_report(
      file, [](const extract::ReportText&) {}, [&text](std::string_view piece) { text += piece; });
  if (const auto* const why = std::get_if<std::string>(&read)) {
    return print({{file.string(), 0, 0, "cannot be read as the report's text: " + *why}}, err);
  }
  const ReportProof proof = prove(catalogue, text, file);
  out << file.string() << ": " << proof.proved << " of "
      << catalogue.catalogue.targets().size() - proof.skipped
      << " quotes stand in the report, each in the section of its department\n";
  if (proof.skipped > 0) {
    out << proof.skipped << " targets come from another report and were not looked for\n";
  }
  return proof.findings.empty() ? 0 : print(proof.findings, err);
}

// Weekends are known without a file; holidays are not, and a due day may fall on one unseen.
void print_holidays(const Catalogue& catalogue, std::ostream& out) {
  std::set<int> missing;
  for (const Target& target : catalogue.targets()) {
    if (!target.due_on_working_day || target.cadence == Cadence::none) continue;
    const Date last_due = target.last_deadline() + std::chrono::days{target.grace_days};
    const int last = static_cast<int>(std::chrono::year_month_day{last_due}.year());
    for (int year = static_cast<int>(std::chrono::year_month_day{target.start}.year());
         year <= last; ++year) {
      if (!catalogue.working_days().knows(year)) missing.insert(year);
    }
  }
  for (const int year : missing) {
    out << "note: reports are due on working days in " << year
        << ", and [catalogue] holidays names no file for that year: only its weekends are days "
           "off\n";
  }
}

}  // namespace

int check(const CheckOptions& options, std::ostream& out, std::ostream& err) {
  const auto loaded = load_configuration(options.config);
  if (const auto* const findings = std::get_if<Findings>(&loaded)) return print(*findings, err);
  const auto& [configuration, catalogue] = std::get<Loaded>(loaded);
  out << options.config.string() << ": good. " << configuration.district_name << ", "
      << catalogue.catalogue.departments().size() << " departments, "
      << catalogue.catalogue.targets().size() << " targets, " << configuration.tokens.size()
      << " tokens, " << configuration.holiday_files.size() << " years of holidays, "
      << configuration.csv_drops.size() << " inboxes, " << configuration.http_pulls.size()
      << " pull sources\n";
  print_holidays(catalogue.catalogue, out);
  return options.report ? check_report(catalogue, *options.report, out, err) : 0;
}

}  // namespace districtd
