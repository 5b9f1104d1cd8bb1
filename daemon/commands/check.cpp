#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <system_error>

#include "daemon/alerting/alertmanager_file.h"
#include "daemon/commands/options.h"
#include "daemon/commands/refusal.h"
#include "daemon/config/configuration.h"
#include "daemon/config/district_clock.h"
#include "daemon/config/holiday_needs.h"
#include "daemon/config/report_text.h"
#include "daemon/delivery/scheduler.h"
#include "daemon/domain/period_assessment.h"
#include "daemon/extract/text/report_file.h"
#include "daemon/service/checked_configuration.h"
#include "daemon/store/failure.h"
#include "daemon/store/reader.h"

namespace districtd {

namespace {

constexpr std::string_view kConsequence =
    "; nothing was changed. Correct them and run check again.";

int check_report(const LoadedCatalogue& catalogue, const std::filesystem::path& file,
                 std::ostream& out, std::ostream& err) {
  std::string text;
  const auto read = extract::read_report(
      file, [](const extract::ReportText&) {}, [&text](std::string_view piece) { text += piece; });
  if (!read) {
    return refuse({{file.string(), 0, 0, "cannot be read as the report's text: " + read.error()}},
                  kConsequence, err);
  }
  const ReportProof proof = prove(catalogue, text, file);
  out << file.string() << ": " << proof.proved << " of "
      << catalogue.catalogue.targets().size() - proof.skipped
      << " quotes stand in the report, each in the section of its department\n";
  if (proof.skipped > 0) {
    out << proof.skipped << " targets come from another report and were not looked for\n";
  }
  return proof.findings.empty() ? 0 : refuse(proof.findings, kConsequence, err);
}

// The day of settlement that follows from the targets is seen here before it comes.
void print_programmes(const Catalogue& catalogue, std::ostream& out) {
  for (const Programme& programme : catalogue.programmes()) {
    out << "programme " << programme.id << ": from " << to_string(programme.first) << " to "
        << to_string(programme.last) << "; figures are taken until it settles on "
        << to_string(programme.settles) << '\n';
  }
}

// Weekends are known without a file; holidays are not, and a due day may fall on one unseen.
void print_holidays(const Configuration& configuration, const Catalogue& catalogue,
                    std::ostream& out) {
  const Date today = DistrictClock{configuration.time_zone}.today();
  for (const auto& [year, needs] : holidays_missing(configuration, catalogue, today)) {
    out << "note: [catalogue] holidays names no file for " << year
        << ": only its weekends are days off. On working days of that year depend";
    for (std::size_t i = 0; i < needs.size(); ++i) out << (i == 0 ? " " : "; ") << needs[i];
    out << ". The State Council's office publishes the holidays of a year about the end of October "
           "before it; copy last year's file, edit it, and name it there\n";
  }
}

void print_certificate(const ServerCertificate& certificate, const Configuration& configuration,
                       std::ostream& out) {
  const DistrictClock clock{configuration.time_zone};
  out << "TLS: " << certificate.files().certificate.string() << " is valid until "
      << clock.text_of(Time{certificate.not_after()}) << '\n';
  if (certificate.not_after() <= clock.now()) {
    out << "note: this certificate has expired; clients refuse it until it is renewed\n";
  }
}

// "1 inboxes, 0 pull sources, "
void print_collectors(const Configuration& configuration, std::ostream& out) {
  for (const CollectorKind* const kind : all_collectors()) {
    if (kind->plural.empty()) continue;
    const auto& all = configuration.collectors;
    out << std::count_if(all.begin(), all.end(),
                         [&](const auto& entry) { return &entry->kind() == kind; })
        << ' ' << kind->plural << ", ";
  }
}

// A bulletin that is printed before the reports of its period are due calls what may still come
// unreported.
void print_early_bulletin(const BulletinEntry& entry, Date on, const Catalogue& catalogue,
                          std::ostream& out) {
  const BulletinPeriod period = period_of(entry.kind, on);
  std::size_t later = 0;
  std::optional<Date> last;
  for (const Target& target : catalogue.targets()) {
    if (!target.is_in_force(period.last)) continue;
    if (!entry.department.empty() && catalogue.department_of(target, on).id != entry.department) {
      continue;
    }
    const auto due = last_report_due(target, catalogue.working_days(), entry.kind, period);
    if (!due || *due < on) continue;
    ++later;
    last = std::max(last.value_or(*due), *due);
  }
  if (later == 0) return;
  out << "note: bulletin " << entry.name << " is printed on " << to_string(on)
      << ", when the reports of " << to_string(period.first) << " to " << to_string(period.last)
      << " of " << later << " targets are not yet due (the last on " << to_string(*last)
      << "): they count as unreported (本期未报). Schedule it for a day after that\n";
}

// When each is due next, so that a schedule that was meant otherwise is seen.
void print_bulletins(const Configuration& configuration, const Catalogue& catalogue,
                     std::ostream& out) {
  const WorkingDays& working_days = catalogue.working_days();
  const DistrictClock clock{configuration.time_zone};
  for (const BulletinEntry& entry : configuration.bulletins.entries) {
    Date day = clock.today() - std::chrono::days{1};
    for (int i = 0; i < 2; ++i) {
      const auto next = entry.schedule.next_after(day, working_days);
      if (!next) break;
      day = *next;
      const Time at = clock.time_at(day, entry.schedule.time_of_day());
      if (at <= clock.now()) continue;
      out << "bulletin " << entry.name << ": next on " << clock.text_of(at) << '\n';
      print_early_bulletin(entry, day, catalogue, out);
      break;
    }
  }
}

std::string with_one_decimal(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

std::string mebibytes(std::uint64_t bytes) {
  return with_one_decimal(static_cast<double>(bytes) / (1U << 20)) + " MiB";
}

// The configuration is good whatever the store says: a daemon that was never started has none.
void print_store(const Configuration& configuration, std::ostream& out) {
  constexpr int kDays = 30;
  const std::filesystem::path& path = configuration.store_path;
  std::error_code error;
  if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) return;
  try {
    const DistrictClock clock{configuration.time_zone};
    const StoreSize size = StoreReader(path).size(clock.now() - std::chrono::days{kDays});
    out << "store " << path.string() << ": " << mebibytes(size.bytes) << ", of which "
        << mebibytes(size.text_bytes) << " receipts' texts and " << mebibytes(size.free_bytes)
        << " free; " << size.submissions << " submissions\n"
        << "store: in the last " << kDays << " days " << size.since.submissions << " submissions ("
        << with_one_decimal(static_cast<double>(size.since.submissions) / kDays) << " a day) with "
        << size.since.observations << " figures and " << mebibytes(size.since.text_bytes)
        << " of receipts' texts\n";
  } catch (const StoreError& failure) {
    out << "note: the store's size is not known: " << failure.what() << '\n';
  }
}

}  // namespace

int check(const CheckOptions& options, std::ostream& out, std::ostream& err) {
  const auto loaded = load_configuration(options.config);
  if (!loaded) return refuse(loaded.error(), kConsequence, err);
  const auto& [configuration, catalogue] = *loaded;
  if (configuration.alerting) {
    const auto made = alertmanager_file(*loaded, options.config);
    if (!made) return refuse(made.error(), kConsequence, err);
  }
  Findings findings = check_bulletins(options.config, configuration.bulletins);
  const auto certificate = load_certificate(options.config, configuration, findings);
  if (!findings.empty()) return refuse(findings, kConsequence, err);
  out << options.config.string() << ": good. " << configuration.district_name << ", "
      << catalogue.catalogue.departments().size() << " departments, "
      << catalogue.catalogue.targets().size() << " targets, " << configuration.tokens.size()
      << " tokens, " << configuration.holiday_files.size() << " years of holidays, ";
  print_collectors(configuration, out);
  out << configuration.bulletins.entries.size() << " bulletins";
  if (configuration.alerting) out << ", " << configuration.contacts.size() << " contacts";
  out << '\n';
  print_programmes(catalogue.catalogue, out);
  if (certificate) print_certificate(*certificate, configuration, out);
  print_store(configuration, out);
  print_bulletins(configuration, catalogue.catalogue, out);
  for (const std::string& sentence : missing_converters(configuration.bulletins)) {
    out << "note: " << sentence << '\n';
  }
  print_holidays(configuration, catalogue.catalogue, out);
  return options.report ? check_report(catalogue, *options.report, out, err) : 0;
}

}  // namespace districtd
