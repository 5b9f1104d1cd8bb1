#include "collectors/inbox/shelf.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <functional>
#include <memory>
#include <utility>

#include "base/durable_file.h"
#include "base/ports/files.h"
#include "base/utf8.h"
#include "collectors/inbox/inbox_survey.h"

namespace districtd {

namespace {

// More are not under way when a crash comes: a file is put away after the one before is closed.
constexpr std::size_t kNewest = 1000;

struct Shelved {
  ChangeTime changed;
  FileState state;
  std::string name;
};

// The files on one shelf; removes what is unfinished. 0 or an errno.
int list_shelf(int shelf_fd, std::vector<Shelved>& files) {
  UniqueFd opened = open_beneath(shelf_fd, ".", O_RDONLY | O_DIRECTORY);
  if (!opened) return errno;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(opened.release()), ::closedir);
  if (!folder) return errno;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(folder.get());
    if (entry == nullptr) return errno;
    const std::string name = entry->d_name;
    const bool is_unfinished = is_unfinished_name(name);
    if ((name.front() == '.' && !is_unfinished) || name.ends_with(kReceiptEnding)) continue;
    const FileState state = state_of_name(shelf_fd, name);
    if (!S_ISREG(state.type)) continue;
    if (is_unfinished) {
      ::unlinkat(shelf_fd, name.c_str(), 0);
    } else if (const auto seen = see_name(shelf_fd, name)) {
      files.push_back({seen->changed, state, name});
    }
  }
}

}  // namespace

std::string numbered(const std::string& name, unsigned number) {
  const auto dot = name.rfind('.');
  const bool has_ending = dot != std::string::npos && dot > 0 && name.size() - dot <= 16;
  std::string stem = name.substr(0, has_ending ? dot : std::string::npos);
  const std::string ending = has_ending ? name.substr(dot) : std::string();
  const std::string suffix = number > 1 ? "-" + std::to_string(number) : std::string();
  // The receipt's name has to fit too. Cut between UTF-8 characters, where it is UTF-8.
  const std::size_t room = NAME_MAX - kReceiptEnding.size() - suffix.size() - ending.size();
  if (stem.size() > room) {
    const std::size_t whole = utf8::cut(stem, room).size();
    stem.resize(room - whole < 4 ? whole : room);
  }
  return stem + suffix + ending;
}

std::vector<std::string> names_before(const std::string& shelved) {
  std::vector<std::string> names = {shelved};
  const auto dash = shelved.rfind('-');
  if (dash == std::string::npos || dash == 0) return names;
  const auto end = shelved.find_first_not_of("0123456789", dash + 1);
  const std::string digits = shelved.substr(dash + 1, std::min(end, shelved.size()) - dash - 1);
  if (digits.empty() || digits.size() > 5) return names;
  std::string before = shelved.substr(0, dash);
  if (end != std::string::npos) before += shelved.substr(end);
  if (numbered(before, static_cast<unsigned>(std::stoul(digits))) == shelved) {
    names.push_back(std::move(before));
  }
  return names;
}

int synchronise(int folder_fd) {
  if (::fsync(folder_fd) == 0 || errno == EINVAL || errno == EOPNOTSUPP) return 0;
  return errno;
}

ShelvedKeys keys_on_shelves(const OpenFolder& folder) {
  std::vector<std::string> keys;
  bool is_any = false;
  for (const char* const shelf : kShelves) {
    const UniqueFd opened = open_beneath(folder.fd.get(), shelf, O_RDONLY | O_DIRECTORY);
    if (!opened) continue;  // nothing was put away there
    is_any = true;
    std::vector<Shelved> files;
    int error = synchronise(opened.get());
    if (error == 0) error = list_shelf(opened.get(), files);
    if (error != 0) {
      return {std::nullopt, inbox_trouble(folder.path / shelf, "cannot be made durable", error)};
    }
    const auto newest =
        files.begin() + static_cast<std::ptrdiff_t>(std::min(files.size(), kNewest));
    std::ranges::partial_sort(files, newest, std::greater<>{}, &Shelved::changed);
    for (auto file = files.begin(); file != newest; ++file) {
      for (const std::string& name : names_before(file->name)) {
        keys.push_back(key_of(file->state, name));
      }
    }
  }
  if (const int error = is_any ? synchronise(folder.fd.get()) : 0) {
    return {std::nullopt, inbox_trouble(folder.path, "cannot be made durable", error)};
  }
  return {std::move(keys), std::nullopt};
}

}  // namespace districtd
