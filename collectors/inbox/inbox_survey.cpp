#include "collectors/inbox/inbox_survey.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/ports/files.h"
#include "base/text.h"
#include "collectors/inbox/shelf.h"

namespace districtd {

namespace {

namespace fs = std::filesystem;

struct Listing {
  std::vector<std::string> folders;
  std::vector<std::string> others;
};

// Follows no link; where the file system does not say what an entry is, it is asked.
int list(int folder_fd, Listing& listing) {
  UniqueFd opened = open_beneath(folder_fd, ".", O_RDONLY | O_DIRECTORY);
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
void fill(InboxFolder& folder, int folder_fd, const Listing& listing) {
  for (const auto* names : {&listing.others, &listing.folders}) {
    for (const std::string& name : *names) {
      if (is_shelf(name)) {
        if (names == &listing.others && S_ISREG(state_of_name(folder_fd, name).type)) {
          folder.misnamed.push_back(name);
        }
        continue;
      }
      if (const auto seen = see_name(folder_fd, name)) folder.files.emplace(name, *seen);
    }
  }
}

bool is_hexadecimal(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

bool is_eight_hexadecimal_digits(std::string_view name) {
  if (name.size() != 8 || !std::all_of(name.begin(), name.end(), is_hexadecimal)) return false;
  const bool is_number =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return true;
  const auto part = [&](std::size_t at) { return (name[at] - '0') * 10 + (name[at + 1] - '0'); };
  const bool is_day = (part(0) == 19 || part(0) == 20) && part(4) >= 1 && part(4) <= 12 &&
                      part(6) >= 1 && part(6) <= 31;
  return !is_day;
}

// The department's folder: made, watched, listed. Adds to `survey`.
void survey_department(const SurveyWanted& wanted, const std::string& department, bool is_watched,
                       const WatchFolder& watch, InboxSurvey& survey) {
  const fs::path path = wanted.directory / department;
  const int root = survey.root->fd();
  if (::mkdirat(root, department.c_str(), 0775) != 0 && errno != EEXIST) {
    survey.troubles.push_back(inbox_trouble(path, "cannot be created", errno));
    return;
  }
  const OpenFolder folder = survey.root->folder(department);
  int error = folder.fd ? 0 : folder.error;
  if (error == 0 && ::faccessat(folder.fd.get(), ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
    error = errno;
  }
  if (error == 0 && is_watched) {
    if (const int deaf = watch(folder.fd.get(), path, department)) {
      survey.troubles.push_back(unwatched(path, deaf));
    }
  }
  Listing listing;
  if (error == 0) error = list(folder.fd.get(), listing);
  if (error != 0) {
    survey.troubles.push_back(inbox_trouble(path, "cannot be worked in", error));
    return;
  }
  InboxFolder found;
  found.department = department;
  fill(found, folder.fd.get(), listing);
  for (const std::string& name : found.misnamed) {
    survey.troubles.push_back(no_shelf(path / name));
  }
  if (wanted.shelves.contains(department)) {
    auto shelved = keys_on_shelves(folder);
    if (shelved.trouble) survey.troubles.push_back(std::move(*shelved.trouble));
    found.shelved = std::move(shelved.keys);
  }
  survey.folders.push_back(std::move(found));
}

}  // namespace

bool is_shelf(std::string_view name) {
  return std::find(kShelves.begin(), kShelves.end(), name) != kShelves.end();
}

bool is_left_alone(std::string_view name) {
  // "~$6月.xlsx" (a lock), "~WRL0001.tmp", "a.csv~".
  if (name.empty() || name.front() == '.' || name.front() == '~' || name.back() == '~') {
    return true;
  }
  if (is_eight_hexadecimal_digits(name)) return true;
  const std::string lowered =
      lower_ascii(name.substr(name.size() - std::min<std::size_t>(name.size(), 16)));
  static constexpr std::array<std::string_view, 6> kUnfinished = {
      ".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download"};
  static constexpr std::array<std::string_view, 4> kOfTheSystem = {"thumbs.db", "ehthumbs.db",
                                                                   "desktop.ini", "$recycle.bin"};
  return std::any_of(kUnfinished.begin(), kUnfinished.end(),
                     [&](std::string_view ending) { return lowered.ends_with(ending); }) ||
         std::find(kOfTheSystem.begin(), kOfTheSystem.end(), lowered) != kOfTheSystem.end();
}

InboxSurvey survey_inbox(const SurveyWanted& wanted, const WatchFolder& watch) {
  InboxSurvey survey;
  survey.root = InboxRoot::open(wanted.directory, wanted.root);
  if (!survey.root) {
    survey.is_held_by_another = errno == EWOULDBLOCK;
    survey.troubles.push_back(survey.is_held_by_another
                                  ? held_by_another(wanted.directory)
                                  : inbox_trouble(wanted.directory, "cannot be read", errno));
    return survey;
  }
  const int unheard = watch(survey.root->fd(), wanted.directory, "");
  if (unheard != 0) survey.troubles.push_back(unwatched(wanted.directory, unheard));
  Listing listing;
  if (const int error = list(survey.root->fd(), listing)) {
    survey.troubles.push_back(inbox_trouble(wanted.directory, "cannot be read", error));
    survey.root = nullptr;
    return survey;
  }
  for (const std::string& name : listing.folders) {
    if (std::find(wanted.departments.begin(), wanted.departments.end(), name) ==
        wanted.departments.end()) {
      survey.unknown.push_back(name);
    }
  }
  for (std::string& name : listing.others) {
    // What stands for a department and is no folder is a trouble of the department's.
    if (std::find(wanted.departments.begin(), wanted.departments.end(), name) ==
        wanted.departments.end()) {
      survey.outside.push_back(std::move(name));
    }
  }
  for (const std::string& department : wanted.departments) {
    survey_department(wanted, department, unheard == 0, watch, survey);
  }
  return survey;
}

std::optional<std::map<std::string, FileSeen>> see_names(const OpenFolder& folder,
                                                         const std::set<std::string>& names) {
  if (!folder.fd) return std::nullopt;
  std::map<std::string, FileSeen> all;
  for (const std::string& name : names) {
    if (const auto seen = see_name(folder.fd.get(), name)) {
      all.emplace(name, *seen);
    } else if (errno != ENOENT) {
      return std::nullopt;
    }
  }
  return all;
}

}  // namespace districtd
