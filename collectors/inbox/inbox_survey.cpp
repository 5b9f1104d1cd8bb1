#include "collectors/inbox/inbox_survey.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/durable_file.h"
#include "base/ports/files.h"
#include "base/text.h"

namespace districtd {

namespace {

namespace fs = std::filesystem;

struct Listing {
  std::vector<std::string> folders;
  std::vector<std::string> others;
};

// Follows no link; where the file system does not say what an entry is, it is asked.
int list(int folder_fd, Listing& listing) {
  UniqueFd opened = open_folder_at(folder_fd, ".");
  if (!opened) return errno;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(opened.release()), ::closedir);
  if (!folder) return errno;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) break;
    if (is_left_alone(entry->d_name)) continue;
    unsigned char type = entry->d_type;
    if (type == DT_UNKNOWN) {
      struct stat status {};
      if (::fstatat(folder_fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
      type = S_ISDIR(status.st_mode) ? DT_DIR : DT_REG;
    }
    (type == DT_DIR ? listing.folders : listing.others).emplace_back(entry->d_name);
  }
  std::sort(listing.folders.begin(), listing.folders.end());
  return errno;
}

// What lies in a department's folder to be looked at.
std::map<std::string, ChangeTime> files_of(int folder_fd, const Listing& listing) {
  std::map<std::string, ChangeTime> files;
  for (const auto* names : {&listing.others, &listing.folders}) {
    for (const std::string& name : *names) {
      if (names == &listing.folders && is_shelf(name)) continue;
      if (const auto changed = change_of_name(folder_fd, name)) files.emplace(name, *changed);
    }
  }
  return files;
}

}  // namespace

bool is_shelf(std::string_view name) {
  return std::find(kShelves.begin(), kShelves.end(), name) != kShelves.end();
}

bool is_left_alone(std::string_view name) {
  if (name.empty() || name.front() == '.' || name.starts_with("~$") || name.back() == '~') {
    return true;
  }
  const std::string lowered =
      lower_ascii(name.substr(name.size() - std::min<std::size_t>(name.size(), 12)));
  static constexpr std::array<std::string_view, 4> kUnfinished = {".tmp", ".part", ".filepart",
                                                                  ".crdownload"};
  return std::any_of(kUnfinished.begin(), kUnfinished.end(),
                     [&](std::string_view ending) { return lowered.ends_with(ending); });
}

InboxSurvey survey_inbox(const fs::path& directory, const std::vector<std::string>& departments,
                         const WatchFolder& watch) {
  InboxSurvey survey;
  const UniqueFd top = open_folder(directory);
  Listing listing;
  const int unheard = top ? watch(directory, "") : 0;
  if (unheard != 0) survey.troubles.push_back(unwatched(directory, unheard));
  int error = top ? list(top.get(), listing) : errno;
  if (error != 0) {
    survey.troubles.push_back(inbox_trouble(directory, "cannot be read", error));
    return survey;
  }
  for (const std::string& name : listing.folders) {
    if (std::find(departments.begin(), departments.end(), name) == departments.end()) {
      survey.unknown.push_back(name);
    }
  }
  for (const std::string& department : departments) {
    const fs::path path = directory / department;
    if (::mkdirat(top.get(), department.c_str(), 0775) != 0 && errno != EEXIST) {
      survey.troubles.push_back(inbox_trouble(path, "cannot be created", errno));
      continue;
    }
    const UniqueFd folder = open_at(top.get(), department, O_RDONLY | O_DIRECTORY);
    error =
        folder && ::faccessat(folder.get(), ".", R_OK | W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
    if (error == 0 && unheard == 0) {
      if (const int deaf = watch(path, department)) {
        survey.troubles.push_back(unwatched(path, deaf));
      }
    }
    Listing files;
    if (error == 0) error = list(folder.get(), files);
    if (error != 0) {
      survey.troubles.push_back(inbox_trouble(path, "cannot be worked in", error));
      continue;
    }
    survey.folders.push_back({department, files_of(folder.get(), files)});
  }
  return survey;
}

std::map<std::string, ChangeTime> change_times(const fs::path& folder,
                                               const std::set<std::string>& names) {
  std::map<std::string, ChangeTime> times;
  const UniqueFd folder_fd = open_folder(folder);
  if (!folder_fd) return times;
  for (const std::string& name : names) {
    if (const auto changed = change_of_name(folder_fd.get(), name)) times.emplace(name, *changed);
  }
  return times;
}

}  // namespace districtd
