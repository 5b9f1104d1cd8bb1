#include "daemon/bulletins/edition.h"

#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/durable_file.h"
#include "daemon/bulletins/annex.h"
#include "daemon/bulletins/built_in.h"
#include "daemon/bulletins/bulletin_json.h"
#include "daemon/bulletins/converter.h"
#include "daemon/bulletins/fields.h"
#include "daemon/bulletins/page_template.h"
#include "daemon/picture/programmes_at.h"

namespace districtd {

struct PageTemplates {
  PageTemplate html;
  PageTemplate text;
  PageTemplate message;
};

namespace {

constexpr std::array kKinds = {BulletinKind::daily, BulletinKind::weekly, BulletinKind::monthly,
                               BulletinKind::quarterly, BulletinKind::annual};

std::chrono::sys_seconds seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

class Printer {
 public:
  Printer(const EditionRequest& request, const Bulletin& bulletin, const Picture& picture,
          const std::filesystem::path& directory, std::string printed)
      : request_(request),
        bulletin_(bulletin),
        picture_(picture),
        directory_(directory),
        printed_(std::move(printed)),
        templates_(request.templates.of(bulletin.occasion.kind)) {}

  Edition print(const std::vector<BulletinFormat>& formats) {
    edition_.id = bulletin_.occasion.id();
    edition_.title = bulletin_.title;
    edition_.summary = summary_json(bulletin_);
    const auto wants = [&](BulletinFormat format) {
      return std::find(formats.begin(), formats.end(), format) != formats.end();
    };
    // The workbook needs neither the fields nor the pages: it is made beside them.
    std::future<void> workbook;
    if (wants(BulletinFormat::xlsx)) {
      workbook = std::async(std::launch::async, [this] {
        write_annex_workbook(bulletin_, part_of(file(BulletinFormat::xlsx)));
        put_in_place(file(BulletinFormat::xlsx));
      });
    }
    pages(wants(BulletinFormat::text));
    for (const BulletinFormat format : formats) {
      attempt(format, [&] {
        if (format == BulletinFormat::xlsx) {
          workbook.get();
        } else {
          make(format);
        }
      });
    }
    return std::move(edition_);
  }

 private:
  std::filesystem::path file(BulletinFormat format) const {
    return directory_ / (edition_.id + "." + std::string{extension_of(format)});
  }

  void pages(bool with_text) {
    const auto fields = fields_of(bulletin_, picture_, printed_);
    html_ = templates_.html.render(fields);
    if (with_text) text_ = templates_.text.render(fields);
    edition_.message = templates_.message.render(fields);
  }

  void attempt(BulletinFormat format, const std::function<void()>& make_it) {
    try {
      if (!request_.converters.can_make(format)) {
        edition_.problems.push_back(
            {FormatProblem::Cause::no_converter, Converters::what_is_missing(format)});
        return;
      }
      make_it();
      edition_.files.push_back(file(format).filename().string());
    } catch (const std::exception& error) {
      edition_.problems.push_back(
          {FormatProblem::Cause::failed, std::string{to_string(format)} + ": " + error.what()});
    }
  }

  void make(BulletinFormat format) {
    switch (format) {
      case BulletinFormat::html:
        return write_whole(file(format), html_);
      case BulletinFormat::text:
        return write_whole(file(format), text_);
      case BulletinFormat::csv:
        return write_whole(file(format), annex_csv(bulletin_));
      case BulletinFormat::json:
        return write_whole(file(format), to_json(bulletin_, printed_));
      case BulletinFormat::pdf:
        return convert(format, html_, [&](const auto& from, const auto& to) {
          return pdf_command(*request_.converters.weasyprint, from, to);
        });
      case BulletinFormat::docx:
        return make_document();
      case BulletinFormat::xlsx:
        return;
    }
  }

  // By the office's own styles, else the built-in ones, which the converter wants as a file.
  void make_document() {
    const std::filesystem::path own = request_.config.templates / "reference.docx";
    const std::filesystem::path built_in = directory_ / ("." + edition_.id + ".reference.docx");
    std::error_code ignored;
    const bool has_own =
        !request_.config.templates.empty() && std::filesystem::exists(own, ignored);
    if (!has_own) write_whole(built_in, std::string{built_in_template("reference.docx")});
    const auto tidy_up = [&] { std::filesystem::remove(built_in, ignored); };
    try {
      convert(
          BulletinFormat::docx, for_text_processor(html_), [&](const auto& from, const auto& to) {
            return docx_command(*request_.converters.pandoc, from, to, has_own ? own : built_in);
          });
    } catch (...) {
      tidy_up();
      throw;
    }
    tidy_up();
  }

  template <typename Command>
  void convert(BulletinFormat format, const std::string& page, Command command) {
    const std::filesystem::path source =
        directory_ / ("." + edition_.id + "." + std::string{extension_of(format)} + ".html");
    const std::filesystem::path part = part_of(file(format));
    write_whole(source, page);
    const std::string failure =
        run_converter(command(source, part), request_.config.converter_timeout,
                      seconds_of(bulletin_.occasion.known_at), request_.stop);
    std::error_code ignored;
    std::filesystem::remove(source, ignored);
    if (!failure.empty()) {
      std::filesystem::remove(part, ignored);
      throw std::runtime_error(failure);
    }
    put_in_place(file(format));
  }

  const EditionRequest& request_;
  const Bulletin& bulletin_;
  const Picture& picture_;
  const std::filesystem::path& directory_;
  const std::string printed_;
  const PageTemplates& templates_;
  Edition edition_;
  std::string html_;
  std::string text_;
};

}  // namespace

Occasion occasion_on(const BulletinEntry* entry, BulletinKind kind, Date on,
                     const DistrictClock& clock, const WorkingDays& working_days) {
  Occasion occasion;
  occasion.name = entry != nullptr ? entry->name : std::string{to_string(kind)};
  occasion.kind = kind;
  occasion.on = on;
  occasion.known_at = clock.end_of(on);
  occasion.before = one_period_before(kind, on);
  occasion.before_known_at = clock.end_of(occasion.before);
  if (entry != nullptr) {
    occasion.department = entry->department;
    const Timetable& schedule = entry->schedule;
    if (schedule.next_after(on - std::chrono::days{1}, working_days) == on) {
      occasion.known_at = clock.time_at(on, schedule.time_of_day());
    }
    if (const auto before = schedule.last_before(on, working_days)) {
      occasion.before = *before;
      occasion.before_known_at = clock.time_at(*before, schedule.time_of_day());
    }
  }
  occasion.known_at = std::min(occasion.known_at, clock.now());
  return occasion;
}

Converters Converters::find() { return {find_program("weasyprint"), find_program("pandoc")}; }

bool Converters::can_make(BulletinFormat format) const {
  if (format == BulletinFormat::pdf) return weasyprint.has_value();
  if (format == BulletinFormat::docx) return pandoc.has_value();
  return true;
}

std::string Converters::what_is_missing(BulletinFormat format) {
  const bool is_pdf = format == BulletinFormat::pdf;
  const std::string program = is_pdf ? "weasyprint" : "pandoc";
  return std::string{is_pdf ? "PDF" : "DOCX"} + " cannot be made: " + program +
         " is not on PATH; on Debian: apt-get install " + program +
         ". The other formats are made all the same";
}

TemplateFolder::TemplateFolder() = default;
TemplateFolder::TemplateFolder(TemplateFolder&&) noexcept = default;
TemplateFolder& TemplateFolder::operator=(TemplateFolder&&) noexcept = default;
TemplateFolder::~TemplateFolder() = default;

Result<TemplateFolder, Findings> TemplateFolder::load(const std::filesystem::path& folder) {
  std::error_code error;
  if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
    return Findings{{folder.string(), 0, 0,
                     "is no folder; expected one with templates of bulletins, or no [bulletins] "
                     "templates for the built-in ones"}};
  }
  const auto specimen = specimen_fields();
  Findings findings;
  TemplateFolder result;
  const auto load_one = [&](BulletinKind kind, const std::string& suffix, const std::string& common,
                            Escaping escaping) {
    const auto file = [&]() -> std::optional<std::filesystem::path> {
      if (folder.empty()) return std::nullopt;
      for (const std::string& name : {std::string{to_string(kind)} + suffix, common}) {
        std::error_code ignored;
        if (std::filesystem::exists(folder / name, ignored)) return folder / name;
      }
      return std::nullopt;
    }();
    auto loaded = file ? PageTemplate::load(*file, escaping, specimen)
                       : PageTemplate::built_in(common, escaping, specimen);
    if (!loaded) {
      for (const Finding& finding : loaded.error()) {
        // A template that several kinds share is said once.
        const bool is_known = std::any_of(findings.begin(), findings.end(), [&](const Finding& f) {
          return to_string(f) == to_string(finding);
        });
        if (!is_known) findings.push_back(finding);
      }
    }
    return loaded;
  };
  for (const BulletinKind kind : kKinds) {
    auto html = load_one(kind, ".html", "bulletin.html", Escaping::html);
    auto text = load_one(kind, ".txt", "bulletin.txt", Escaping::none);
    auto message = load_one(kind, "-message.txt", "message.txt", Escaping::none);
    if (!findings.empty()) continue;
    result.by_kind_.push_back(std::make_unique<PageTemplates>(
        PageTemplates{*std::move(html), *std::move(text), *std::move(message)}));
  }
  if (!findings.empty()) return findings;
  return result;
}

const PageTemplates& TemplateFolder::of(BulletinKind kind) const {
  return *by_kind_[static_cast<std::size_t>(kind)];
}

namespace {

// What a bulletin says of a period is of that period's programme, whenever it is printed. The error
// says why there is none.
Result<ShownProgrammes, std::string> programme_of(const EditionRequest& request,
                                                  const StoreReader& store, const Moment& moment,
                                                  const Occasion& occasion) {
  ProgrammesAt programmes(request.catalogue, store, request.clock, moment);
  const BulletinPeriod period = period_of(occasion.kind, occasion.on);
  const std::string known = programmes.unknown("").list();
  const std::string there = known.empty() ? "; there is none at all" : "; there are: " + known;
  if (!request.programme.empty()) {
    auto shown = programmes.shown(request.programme);
    if (!shown) return shown.error().sentence();
    const ShownProgrammes& one = shown->front();
    const Programme& programme = one.catalogue->programmes()[one.programmes.front()];
    if (period.last < programme.first || period.first > programme.last) {
      return "the bulletin's period, " + to_string(period.first) + " to " + to_string(period.last) +
             ", lies outside programme " + programme.id + there +
             ". Name with --on a day on which a bulletin of its period is printed";
    }
    return one;
  }
  for (const Date day : {period.last, period.first}) {
    if (auto shown = programmes.holding(day)) return *std::move(shown);
  }
  return "no programme holds " + to_string(period.last) +
         ", the last day of the bulletin's period" + there +
         ". Name with --on a day on which a bulletin of their periods is printed, or put the file "
         "of "
         "the programme that is missing into [catalogue] files";
}

// The same programme at the bulletin before; nothing where it was not known yet.
ShownProgrammes programme_before(const EditionRequest& request, const StoreReader& store,
                                 const Moment& moment, const std::string& id) {
  ProgrammesAt programmes(request.catalogue, store, request.clock, moment);
  auto shown = programmes.shown(id);
  if (shown) return std::move(shown->front());
  return {std::make_shared<const Catalogue>(), {}};
}

}  // namespace

Edition write_edition(const EditionRequest& request, const StoreReader& store, Occasion occasion,
                      const std::vector<BulletinFormat>& formats,
                      const std::filesystem::path& directory, const std::string& printed) {
  const Moment moment{occasion.on, occasion.known_at};
  auto shown = programme_of(request, store, moment, occasion);
  if (!shown) {
    Edition none;
    none.id = occasion.id();
    none.refusal = std::move(shown.error());
    return none;
  }
  const auto picture = [&](ShownProgrammes of, const Moment& when) {
    return Picture::of_period(std::move(of), store, request.clock, occasion.kind, when);
  };
  const std::string id = shown->ids().front();
  const Picture now = picture(*std::move(shown), moment);
  const Moment moment_before{occasion.before, occasion.before_known_at};
  const Picture before =
      picture(programme_before(request, store, moment_before, id), moment_before);
  const auto corrections = store.corrections(occasion.before_known_at, occasion.known_at);
  // What was not corrected would be published again as it was.
  std::optional<Picture> revised;
  if (!corrections.empty()) {
    const Moment moment_revised{occasion.before, occasion.known_at};
    revised = picture(programme_before(request, store, moment_revised, id), moment_revised);
  }
  const Bulletin bulletin =
      compose(std::move(occasion), request.district, request.config.issuer, request.clock,
              {now, before, revised ? *revised : before}, corrections);
  if (bulletin.occasion.kind == BulletinKind::daily && bulletin.is_unchanged()) {
    Edition edition;
    edition.id = bulletin.occasion.id();
    edition.title = bulletin.title;
    edition.is_unchanged = true;
    return edition;
  }
  return Printer{request, bulletin, now, directory, printed}.print(formats);
}

std::string printed_line(const DistrictClock& clock, Time printed_at, std::optional<Time> due) {
  std::string line = "印制时间：" + clock.text_of(printed_at);
  if (due) line += "（补发，应于 " + clock.text_of(*due) + " 印发）";
  return line;
}

std::string why_unwritable(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return directory.string() + " cannot be created: " + error.message();
  try {
    const auto probe = directory / ".districtd-probe";
    write_whole(probe, "");
    std::filesystem::remove(probe, error);
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

}  // namespace districtd
