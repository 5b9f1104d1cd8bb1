// What lies in the inbox.
//
// Everything here blocks and belongs on a thread of its own. Names are bytes as the file system has
// them. Nothing follows a link below a department's folder.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/inbox/inbox_file.h"
#include "collectors/inbox/inbox_trouble.h"

namespace districtd {

// The folders in a department's folder in which settled files lie.
inline constexpr std::array<const char*, 2> kShelves = {"accepted", "rejected"};
bool is_shelf(std::string_view name);

// Names that are never taken: hidden, or of the files that editors, browsers, Excel and transfers
// write beside the real one.
bool is_left_alone(std::string_view name);

struct InboxFolder {
  std::string department;
  std::map<std::string, ChangeTime> files;  // by name: all but accepted/ and rejected/
};

struct InboxSurvey {
  std::vector<InboxFolder> folders;  // that can be worked in
  std::vector<std::string> unknown;  // folders of no department
  std::vector<InboxTrouble> troubles;
};

// Watches a folder (its path; the department, "" for the directory above); returns 0 or an errno.
using WatchFolder = std::function<int(const std::filesystem::path&, const std::string&)>;

// Creates missing folders of departments. A folder is watched before it is listed, so that no file
// is missed in between.
InboxSurvey survey_inbox(const std::filesystem::path& directory,
                         const std::vector<std::string>& departments, const WatchFolder& watch);

// When each of the names in the folder was changed; those that are gone are left out.
std::map<std::string, ChangeTime> change_times(const std::filesystem::path& folder,
                                               const std::set<std::string>& names);

}  // namespace districtd
