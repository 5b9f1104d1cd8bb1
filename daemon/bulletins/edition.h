// Writing one bulletin: from the store's figures to files in a directory.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.h"
#include "base/result.h"
#include "daemon/bulletins/bulletin.h"
#include "daemon/config/bulletin_config.h"

namespace districtd {

// The occasion of a bulletin on a day: known_at is the time of its schedule where the schedule
// names the day, else the end of the day, and never later than `now`. Without an entry (nullptr) it
// is the kind's own, for the whole district.
Occasion occasion_on(const BulletinEntry* entry, BulletinKind kind, Date on,
                     const DistrictClock& clock, const WorkingDays& working_days);

// The programs that are installed here, and the formats that can be made with them.
struct Converters {
  std::optional<std::filesystem::path> weasyprint;
  std::optional<std::filesystem::path> pandoc;
  static Converters find();

  bool can_make(BulletinFormat format) const;
  // "PDF cannot be made: weasyprint is not installed (apt-get install weasyprint); ..."
  static std::string what_is_missing(BulletinFormat format);
};

struct PageTemplates;

// The templates of a folder, proved. A kind may have its own ("daily.html"), else "bulletin.html",
// "bulletin.txt" and "message.txt" count, and what the folder does not have is built in.
class TemplateFolder {
 public:
  // Reads and proves all of them. The error has every finding of every file. "" is no folder: all
  // of them are built in.
  static Result<TemplateFolder, Findings> load(const std::filesystem::path& folder);
  TemplateFolder(TemplateFolder&&) noexcept;
  TemplateFolder& operator=(TemplateFolder&&) noexcept;
  ~TemplateFolder();

  const PageTemplates& of(BulletinKind kind) const;

 private:
  TemplateFolder();
  std::vector<std::unique_ptr<PageTemplates>> by_kind_;
};

// A format that could not be made.
struct FormatProblem {
  enum class Cause {
    no_converter,  // its program is not installed, which missing_converters() says beforehand
    failed,
  };
  Cause cause = Cause::failed;
  std::string text;  // one sentence: which format, and why
};

// What was written.
struct Edition {
  std::string id;
  std::string title;
  std::string summary;             // JSON
  std::string message;             // for robots and mail: some lines of text
  std::string text;                // the bulletin as plain text, for mail
  bool is_unchanged = false;       // a daily digest with nothing to say; no files then
  std::string refusal;             // why there is no bulletin of this period; no files then
  std::vector<std::string> files;  // names in the directory, in order of the formats
  std::vector<FormatProblem> problems;
};

// What a bulletin is made from. The references outlive the call.
struct EditionRequest {
  const BulletinConfig& config;
  const std::string& district;
  std::shared_ptr<const Catalogue> catalogue;  // of now
  const DistrictClock& clock;
  const TemplateFolder& templates;
  const Converters& converters;
  std::stop_token stop;  // ends a converter; what is written then is not whole
  // Of which the bulletin is; "": of the one that holds the last day of the bulletin's period, else
  // its first one.
  std::string programme{};
};

// Makes the bulletin of an occasion and its files `ID.EXTENSION` in `directory`, each whole or not
// at all. A format that fails is a problem of its own. Throws StoreError where the figures cannot
// be read and std::runtime_error where the directory cannot be written. Blocks for as long as the
// converters take: not on the event loop.
Edition write_edition(const EditionRequest& request, const StoreReader& store, Occasion occasion,
                      const std::vector<BulletinFormat>& formats,
                      const std::filesystem::path& directory, const std::string& printed);

// "印制时间：2026-07-10 08:00", and where it is late "（补发，应于 2026-07-08 09:00 印发）".
std::string printed_line(const DistrictClock& clock, Time printed_at, std::optional<Time> due);

// Whether a file can be made in the directory, which is created where missing: "" or why not.
std::string why_unwritable(const std::filesystem::path& directory);

}  // namespace districtd
