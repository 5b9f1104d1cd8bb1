#include <memory>
#include <ostream>
#include <vector>

#include "daemon/bulletins/edition.h"
#include "daemon/commands/moment.h"
#include "daemon/commands/options.h"
#include "daemon/commands/refusal.h"
#include "daemon/config/configuration.h"
#include "daemon/config/district_clock.h"
#include "daemon/delivery/archive.h"

namespace districtd {

namespace {

// One bulletin of the kind for each entry of the configuration that has it, or the kind's own.
std::vector<const BulletinEntry*> entries_of(const BulletinConfig& config, BulletinKind kind) {
  std::vector<const BulletinEntry*> entries;
  for (const BulletinEntry& entry : config.entries) {
    if (entry.kind == kind) entries.push_back(&entry);
  }
  if (entries.empty()) entries.push_back(nullptr);
  return entries;
}

// Where nobody asked for a format, those that can be made here.
std::vector<BulletinFormat> all_formats(const Converters& converters, std::ostream& err) {
  std::vector<BulletinFormat> formats;
  for (const BulletinFormat format : kAllBulletinFormats) {
    if (converters.can_make(format)) {
      formats.push_back(format);
    } else {
      err << "note: " << Converters::what_is_missing(format) << '\n';
    }
  }
  return formats;
}

}  // namespace

int bulletin(const BulletinOptions& options, std::ostream& out, std::ostream& err) {
  auto loaded = loaded_configuration(options.config, err);
  if (!loaded) return 1;
  auto& [configuration, files] = *loaded;
  const DistrictClock clock{configuration.time_zone};
  const auto kind = parse_bulletin_kind(options.kind);
  const auto on = options.on.empty() ? std::optional{clock.today()} : parse_iso_date(options.on);
  if (!kind || !on) {
    err << "--on '" << options.on << "' is no date; expected such as 2026-07-08\n";
    return 2;
  }
  if (*on > clock.today()) {
    err << "--on " << options.on << " has not come yet (today is " << to_string(clock.today())
        << "); a bulletin says what was known on its day\n";
    return 2;
  }
  if (const std::string why = why_unwritable(options.out); !why.empty()) {
    err << "--out " << why << '\n';
    return 1;
  }
  auto templates = TemplateFolder::load(configuration.bulletins.templates);
  if (!templates) return refuse(templates.error(), "", err);
  const auto catalogue = std::make_shared<const Catalogue>(std::move(files.catalogue));
  const Converters converters = Converters::find();
  const EditionRequest request{configuration.bulletins,
                               configuration.district_name,
                               catalogue,
                               clock,
                               *templates,
                               converters,
                               {},
                               options.programme};
  int result = 0;
  try {
    const StoreReader store{configuration.store_path};
    for (const BulletinEntry* const entry : entries_of(configuration.bulletins, *kind)) {
      const auto formats = entry != nullptr ? entry->formats : all_formats(converters, err);
      const Edition edition = write_edition(
          request, store, occasion_on(entry, *kind, *on, clock, catalogue->working_days()), formats,
          options.out, printed_line(clock, clock.now(), std::nullopt));
      if (!edition.refusal.empty()) {
        err << edition.refusal << '\n';
        result = 1;
        continue;
      }
      if (edition.is_unchanged) {
        out << edition.id << "：与上次相比没有变化，不出日报\n";
        continue;
      }
      add_to_index(options.out, edition, false);
      out << edition.title << '\n';
      for (const std::string& file : edition.files) {
        out << "  " << (options.out / file).string() << '\n';
      }
      for (const FormatProblem& problem : edition.problems) {
        err << problem.text << '\n';
        result = 1;
      }
    }
  } catch (const std::exception& e) {
    err << e.what() << '\n';
    return 1;
  }
  return result;
}

}  // namespace districtd
