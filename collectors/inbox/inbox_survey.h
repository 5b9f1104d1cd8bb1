// What lies in the inbox.
//
// Everything here blocks and belongs on a thread of its own. Names are bytes as the file system has
// them. Nothing follows a link below a department's folder.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/inbox/inbox_file.h"
#include "collectors/inbox/inbox_root.h"
#include "collectors/inbox/inbox_trouble.h"

namespace districtd {

// The folders in a department's folder in which settled files lie.
inline constexpr std::array<const char*, 2> kShelves = {"accepted", "rejected"};
bool is_shelf(std::string_view name);

// Names that are never taken: hidden ones, those that editors, browsers, office programs and
// transfers give to what is not finished, and what Windows and macOS put into every folder. Excel
// saves under eight hexadecimal digits and renames at the end; eight digits that are a day
// ("20260630") are a name.
bool is_left_alone(std::string_view name);

struct InboxFolder {
  std::string department;
  std::map<std::string, FileSeen> files;  // by name: all but accepted/ and rejected/
  std::vector<std::string> misnamed;      // of accepted and rejected: those that are files
  // The keys that the files on the shelves may have come under; nullopt where that was not asked,
  // or cannot be known now.
  std::optional<std::vector<std::string>> shelved;
};

struct InboxSurvey {
  std::shared_ptr<const InboxRoot> root;  // nullptr: nothing can be done in it now
  bool is_held_by_another = false;
  std::vector<InboxFolder> folders;  // that can be worked in
  std::vector<std::string> unknown;  // folders of no department
  std::vector<std::string> outside;  // files that lie in no folder
  std::vector<InboxTrouble> troubles;
};

// Watches an open folder (its path; the department, "" for the directory above); returns 0 or an
// errno.
using WatchFolder =
    std::function<int(int folder_fd, const std::filesystem::path&, const std::string&)>;

struct SurveyWanted {
  std::filesystem::path directory;
  std::vector<std::string> departments;
  std::set<std::string> shelves;               // departments whose shelves are to be listed
  std::shared_ptr<const InboxRoot> root = {};  // of the survey before
};

// Creates missing folders of departments. A folder is watched before it is listed, so that no file
// is missed in between.
InboxSurvey survey_inbox(const SurveyWanted& wanted, const WatchFolder& watch);

// What each of the names in the folder is like; those that are gone are left out. nullopt where
// that cannot be known now, for want of descriptors or because the disk does not answer.
std::optional<std::map<std::string, FileSeen>> see_names(const OpenFolder& folder,
                                                         const std::set<std::string>& names);

}  // namespace districtd
