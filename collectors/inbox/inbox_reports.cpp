#include "collectors/inbox/inbox_reports.h"

#include <algorithm>
#include <utility>

namespace districtd {

namespace {

// Somebody may put a thousand files into the wrong place.
constexpr std::size_t kMostNamed = 20;

}  // namespace

void InboxReports::surveyed(const InboxSurvey& found) {
  if (found.root) {
    each_once(unknown_, found.unknown, "inbox_unknown_folder", "the inbox has a folder ",
              " that is no department's id; what lies in it is not read");
    each_once(outside_, found.outside, "inbox_file_outside", "the inbox has a file ",
              " that lies in no department's folder and is not read; move it into the folder of "
              "the department that reports it");
  }
  std::map<std::filesystem::path, std::string> troubles;
  for (const InboxTrouble& trouble : found.troubles) {
    troubles.emplace(trouble.path, trouble.message);
  }
  for (const auto& [path, message] : troubles) {
    const auto known = troubles_.find(path);
    if (known == troubles_.end() || known->second != message) {
      report_(ReportLevel::error, "inbox_trouble", message, {});
    }
  }
  for (const auto& [path, message] : troubles_) {
    if (troubles.contains(path)) continue;
    report_(ReportLevel::info, "inbox_recovered", "the inbox works again: " + path.string(), {});
  }
  troubles_ = std::move(troubles);
}

void InboxReports::each_once(std::set<std::string>& known, const std::vector<std::string>& now,
                             std::string_view event, std::string_view before,
                             std::string_view after) {
  std::size_t named = 0;
  std::size_t others = 0;
  for (const std::string& name : now) {
    if (!known.insert(name).second) continue;
    if (++named > kMostNamed) {
      ++others;
      continue;
    }
    report_(ReportLevel::warn, event,
            std::string(before) + (directory_ / name).string() + std::string(after), {});
  }
  if (others > 0) {
    report_(
        ReportLevel::warn, event,
        "the inbox has " + std::to_string(others) + " more such entries in " + directory_.string(),
        {});
  }
  // What is gone is said again when it comes again.
  std::erase_if(known, [&](const std::string& name) {
    return std::find(now.begin(), now.end(), name) == now.end();
  });
}

void InboxReports::file_trouble(FolderQueue& folder, const std::string& name,
                                const std::string& message) {
  const bool is_known = std::ranges::any_of(
      folder.troubled, [&](const auto& other) { return other.second == message; });
  // A file is reported once, even where what is wrong with it has become something else.
  if (!folder.troubled.emplace(name, message).second || is_known) return;
  report_(ReportLevel::error, "inbox_trouble", message, {});
}

void InboxReports::file_recovered(FolderQueue& folder, const std::string& name) {
  const auto known = folder.troubled.find(name);
  if (known == folder.troubled.end()) return;
  const std::string message = std::move(known->second);
  folder.troubled.erase(known);
  const bool is_last = std::ranges::none_of(
      folder.troubled, [&](const auto& other) { return other.second == message; });
  if (!is_last) return;
  report_(ReportLevel::info, "inbox_recovered",
          "the inbox works again: " + (folder.path / name).string(), {});
}

void InboxReports::waits(const std::string& why) {
  report_(ReportLevel::warn, "inbox_waiting", "files stay in the inbox and are tried again: " + why,
          {});
}

void InboxReports::goes_on() {
  report_(ReportLevel::info, "inbox_recovered", "files are taken from the inbox again", {});
}

void InboxReports::is_stuck(const std::string& step) {
  report_(ReportLevel::error, "inbox_stuck", stuck(directory_, step).message, {});
}

void InboxReports::is_stuck_no_more() {
  report_(ReportLevel::info, "inbox_recovered",
          "the inbox works again: " + directory_.string() + " answers", {});
}

}  // namespace districtd
