#include "daemon/config/report_text.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"

namespace districtd {

namespace {

// What stands below a heading, which may occur more than once.
struct Section {
  std::string_view heading;
  std::string_view text;
};

// "区教育局:…": the heading that a line runs into, without its colon; "" where it has none.
std::string_view run_in(std::string_view line) {
  const auto narrow = line.find(':');
  const auto wide = line.find("\uFF1A");
  return line.substr(0, std::min(std::min(narrow, wide), line.size()));
}

std::vector<Section> sections_of(std::string_view text, const Catalogue& catalogue) {
  std::set<std::string_view> headings;
  for (const Department& department : catalogue.departments()) headings.insert(department.name);
  for (const Target& target : catalogue.targets()) headings.insert(target.section);
  std::vector<Section> sections;
  std::string_view heading;
  std::size_t begin = 0;
  for (std::size_t line_begin = 0; line_begin <= text.size();) {
    const std::size_t line_end = std::min(text.find('\n', line_begin), text.size());
    const std::string_view line = trim(text.substr(line_begin, line_end - line_begin));
    const std::string_view lead = run_in(line);
    const bool is_heading = headings.contains(line);
    const bool runs_in = !is_heading && lead.size() < line.size() && headings.contains(lead);
    if (is_heading || runs_in) {
      if (!heading.empty()) sections.push_back({heading, text.substr(begin, line_begin - begin)});
      heading = is_heading ? line : lead;
      begin = is_heading ? std::min(line_end + 1, text.size()) : line_begin;
    }
    line_begin = line_end + 1;
  }
  if (!heading.empty()) sections.push_back({heading, text.substr(begin)});
  return sections;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

ReportProof prove(const LoadedCatalogue& loaded, std::string_view text,
                  const std::filesystem::path& file) {
  const Catalogue& catalogue = loaded.catalogue;
  ReportProof proof;
  const auto is_here = [&](const Report& report) { return contains(text, report.title); };
  const auto& reports = catalogue.reports();
  const bool has_title = std::any_of(reports.begin(), reports.end(), is_here);
  if (!has_title) {
    proof.findings.push_back(
        {file.string(), 0, 0,
         "is another report: no title of the catalogue's [report] tables stands in it"});
  }
  auto sections = sections_of(text, catalogue);
  // A report without headings: the section that is its title is the whole of it.
  for (const Report& report : reports) {
    if (is_here(report)) sections.push_back({report.title, text});
  }
  for (Catalogue::Index i = 0; i < catalogue.targets().size(); ++i) {
    const Target& target = catalogue[i];
    if (has_title && !is_here(reports[target.report])) {
      ++proof.skipped;
      continue;
    }
    const auto is_headed = [&](const Section& s) { return s.heading == target.section; };
    Finding finding = loaded.quote_places[i];
    if (std::none_of(sections.begin(), sections.end(), is_headed)) {
      finding.message = "the report has no section '" + target.section + "' (target '" + target.id +
                        "'); expected a line that is this heading";
    } else if (std::any_of(sections.begin(), sections.end(), [&](const Section& s) {
                 return is_headed(s) && contains(s.text, target.quote);
               })) {
      ++proof.proved;
      continue;
    } else if (const auto other =
                   std::find_if(sections.begin(), sections.end(),
                                [&](const auto& s) { return contains(s.text, target.quote); });
               other != sections.end()) {
      finding.message = "the quote of '" + target.id + "' stands in the section '" +
                        std::string{other->heading} + "' of the report, not in '" + target.section +
                        "'";
    } else {
      finding.message = "the quote of '" + target.id + "' does not stand in the report: '" +
                        target.quote + "'; quotes are verbatim, punctuation included";
    }
    proof.findings.push_back(std::move(finding));
  }
  return proof;
}

}  // namespace districtd
