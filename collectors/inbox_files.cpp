#include "collectors/inbox_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <new>
#include <system_error>

#include "base/durable_file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "collectors/receipt_files.h"
#include "collectors/receipt_json.h"

namespace districtd {

namespace {

namespace fs = std::filesystem;

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr std::string_view kReceiptEnding = ".receipt.json";
constexpr std::string_view kErrorsEnding = ".errors.csv";
constexpr std::size_t kReadAtOnce = 1u << 20;
// Where nobody may know whether a file has a writer.
constexpr std::chrono::seconds kFileIsQuietAfter{10};
constexpr std::chrono::seconds kFolderIsQuietAfter{60};
constexpr std::array<std::string_view, 2> kShelves = {"accepted", "rejected"};

std::string reason(int error) { return std::generic_category().message(error); }

std::string what_to_do(int error, const fs::path& path) {
  const std::string at = path.string();
  if (error == EACCES || error == EPERM) {
    return "let the daemon's user read and write it, for example: chown districtd " + at;
  }
  if (error == ENOENT) return "create it, for example: install -d -o districtd -m 2770 " + at;
  if (error == ENOSPC || error == EDQUOT) return "make room on its file system";
  if (error == EROFS) return "mount its file system writable";
  if (error == ENOMEM) return "give the daemon more memory";
  if (error == EMFILE || error == ENFILE) return "raise the limit of open files (LimitNOFILE=)";
  return "see to it";
}

InboxTrouble trouble(const fs::path& path, std::string_view what, int error) {
  return {path, "the inbox " + path.string() + " " + std::string(what) + " (" + reason(error) +
                    "): " + what_to_do(error, path) + "; it is tried again every 10 s"};
}

bool is_shelf(std::string_view name) {
  return std::find(kShelves.begin(), kShelves.end(), name) != kShelves.end();
}

struct Listing {
  std::vector<std::string> folders;
  std::vector<std::string> others;
};

// Without inotify the inbox still works by being listed every 10 s.
InboxTrouble unwatched(const fs::path& path, int error) {
  return {path / "",
          "the inbox " + path.string() + " cannot be watched (" + reason(error) +
              "): raise fs.inotify.max_user_watches or max_user_instances by sysctl; until then it "
              "is looked at every 10 s"};
}

// Follows no link; where the file system does not say what an entry is, it is asked.
int list(int folder_fd, Listing& listing) {
  const int fd = ::openat(folder_fd, ".", kFolder);
  if (fd < 0) return errno;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(fd), ::closedir);
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
std::vector<std::string> names_of(Listing listing) {
  std::vector<std::string> names = std::move(listing.others);
  for (std::string& folder : listing.folders) {
    if (!is_shelf(folder)) names.push_back(std::move(folder));
  }
  std::sort(names.begin(), names.end());
  return names;
}

FileState state_of(const struct stat& status) {
  return {status.st_mode & S_IFMT, status.st_dev,         status.st_ino,
          status.st_size,          status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

FileState state_of_folder(int folder_fd, const std::string& name, const struct stat& status) {
  FileState state = state_of(status);
  const int fd = ::openat(folder_fd, name.c_str(), kFolder | O_NOFOLLOW);
  if (fd < 0) return state;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(fd), ::closedir);
  if (!folder) return state;
  while (const dirent* entry = ::readdir(folder.get())) {
    struct stat within {};
    if (std::string_view(entry->d_name) == "..") continue;  // changes with what lies beside it
    if (::fstatat(fd, entry->d_name, &within, AT_SYMLINK_NOFOLLOW) != 0) continue;
    const FileState one = state_of(within);
    if (std::pair(one.modified_s, one.modified_ns) >
        std::pair(state.modified_s, state.modified_ns)) {
      state.modified_s = one.modified_s;
      state.modified_ns = one.modified_ns;
    }
  }
  return state;
}

// A name that is none (any more) has the type 0.
FileState state_of_name(int folder_fd, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
  return S_ISDIR(status.st_mode) ? state_of_folder(folder_fd, name, status) : state_of(status);
}

bool is_quiet(const FileState& folder, const Heard& heard) {
  const std::int64_t age =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
          .time_since_epoch()
          .count() -
      folder.modified_s;
  return age >= kFolderIsQuietAfter.count() ||
         (heard.state == folder && heard.unchanged_for >= kFolderIsQuietAfter);
}

enum class Writers { none, some, unknown };

Writers writers_of(int fd) {
  // Somebody who opens the file for writing between the two calls breaks the lease, and the signal
  // for that would by default end the process; SIGURG is ignored by default.
  if (::fcntl(fd, F_SETSIG, SIGURG) != 0) return Writers::unknown;
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
    ::fcntl(fd, F_SETLEASE, F_UNLCK);
    return Writers::none;
  }
  return errno == EAGAIN ? Writers::some : Writers::unknown;
}

// Opens a regular file and nothing else. Its error is 0 where the name is none (any more).
struct Opened {
  UniqueFd fd;
  FileState state;
  int error = 0;
};

Opened open_file(int folder_fd, const std::string& name) {
  Opened opened;
  struct stat status {};
  // Asked first, because opening a device can have effects.
  if (::fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    opened.error = errno == ENOENT ? 0 : errno;
    return opened;
  }
  if (!S_ISREG(status.st_mode)) return opened;
  UniqueFd fd(
      ::openat(folder_fd, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    opened.error = errno == ENOENT || errno == ELOOP ? 0 : errno;
    return opened;
  }
  if (!S_ISREG(status.st_mode)) return opened;
  opened.fd = std::move(fd);
  opened.state = state_of(status);
  return opened;
}

// 0, or an errno; ECANCELED where `stop` was set or the file has shrunk.
int read_whole(int fd, std::size_t size, std::string& body, const std::atomic<bool>& stop) {
  try {
    body.resize(size);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  std::size_t at = 0;
  while (at < size) {
    if (stop) return ECANCELED;
    const ssize_t got =
        ::pread(fd, body.data() + at, std::min(kReadAtOnce, size - at), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return ECANCELED;
    at += static_cast<std::size_t>(got);
  }
  return 0;
}

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

bool is_taken(int folder_fd, const std::string& name) {
  struct stat status {};
  return ::fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

// The three files of one settled submission; takes back what it wrote unless they are kept.
class Shelf {
 public:
  Shelf(int folder_fd, std::string name) : folder_fd_(folder_fd), name_(std::move(name)) {}
  ~Shelf() {
    for (const std::string& file : written_) ::unlinkat(folder_fd_, file.c_str(), 0);
  }
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;

  int write(std::string_view ending, const std::string& text) {
    const std::string file = name_ + std::string(ending);
    const int error = write_new_file(folder_fd_, file, text);
    if (error == 0) written_.push_back(file);
    return error;
  }
  void keep() { written_.clear(); }

 private:
  int folder_fd_;
  std::string name_;
  std::vector<std::string> written_;
};

// Whether `name` is a receipt that says what `receipt` says, but for the time.
bool is_receipt_of(int folder_fd, const std::string& name, const Receipt& receipt) {
  const Opened opened = open_file(folder_fd, name);
  constexpr off_t kMostBytes = 64 << 20;
  if (!opened.fd || opened.state.size > kMostBytes) return false;
  std::string text;
  if (read_whole(opened.fd.get(), static_cast<std::size_t>(opened.state.size), text, false) != 0) {
    return false;
  }
  auto other = receipt_from_json(text);
  if (!other) return false;
  other->received_at = receipt.received_at;
  return to_json(*other) == to_json(receipt);
}

// Takes away what a crash has left of putting this very submission away: its receipt stands there
// and its file does not.
void sweep(int shelf_fd, const std::string& name, const Receipt& receipt) {
  const std::string left = name + std::string(kReceiptEnding);
  if (is_taken(shelf_fd, name) || !is_receipt_of(shelf_fd, left, receipt)) return;
  ::unlinkat(shelf_fd, (name + std::string(kErrorsEnding)).c_str(), 0);
  ::unlinkat(shelf_fd, left.c_str(), 0);
}

bool is_still(int folder_fd, const std::string& name, const FileState& state) {
  if (!S_ISREG(state.type)) return state_of_name(folder_fd, name) == state;
  const Opened now = open_file(folder_fd, name);
  return now.fd && now.state == state && writers_of(now.fd.get()) != Writers::some;
}

// 0, or an errno: EEXIST where the number is taken, ESTALE where the file changed.
int put_away_as(int folder_fd, const std::string& name, const FileState& state, int shelf_fd,
                const std::string& new_name, const Receipt& receipt, const std::string& errors) {
  Shelf shelf(shelf_fd, new_name);
  if (const int error = shelf.write(kReceiptEnding, to_json(receipt))) return error;
  if (!errors.empty()) {
    if (const int error = shelf.write(kErrorsEnding, errors)) return error;
  }
  if (!is_still(folder_fd, name, state)) return ESTALE;
  if (const int error = move_file(folder_fd, name, shelf_fd, new_name)) return error;
  const FileState moved = state_of_name(shelf_fd, new_name);
  const bool is_another = S_ISREG(state.type) ? moved != state : moved.inode != state.inode;
  if (moved.type != 0 && is_another && move_file(shelf_fd, new_name, folder_fd, name) == 0) {
    return ESTALE;  // another file was moved over it at the last moment: that one is unread
  }
  shelf.keep();
  ::fsync(shelf_fd);
  ::fsync(folder_fd);
  return 0;
}

}  // namespace

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
  const UniqueFd top(::open(directory.c_str(), kFolder));
  Listing listing;
  const int unheard = top ? watch(directory, "") : 0;
  if (unheard != 0) survey.troubles.push_back(unwatched(directory, unheard));
  int error = top ? list(top.get(), listing) : errno;
  if (error != 0) {
    survey.troubles.push_back(trouble(directory, "cannot be read", error));
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
      survey.troubles.push_back(trouble(path, "cannot be created", errno));
      continue;
    }
    const UniqueFd folder(::openat(top.get(), department.c_str(), kFolder));
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
      survey.troubles.push_back(trouble(path, "cannot be worked in", error));
      continue;
    }
    survey.folders.push_back({department, names_of(std::move(files))});
  }
  return survey;
}

InboxFile read_inbox_file(const fs::path& folder, const std::string& name, std::uint64_t max_bytes,
                          const Heard& heard, const std::atomic<bool>& stop) {
  using Look = InboxFile::Look;
  InboxFile file;
  const auto failed = [&](int error) {
    file.look = Look::failed;
    file.trouble = trouble(folder / name, "cannot be read", error).message;
    return std::move(file);
  };
  const UniqueFd folder_fd(::open(folder.c_str(), kFolder));
  if (!folder_fd) return failed(errno);
  file.state = state_of_name(folder_fd.get(), name);
  const bool is_file = S_ISREG(file.state.type);
  if (file.state.type == 0 || (is_file && heard.created)) return file;
  if (!is_file) {
    if (is_shelf(name)) return file;
    const bool is_settled = !S_ISDIR(file.state.type) || is_quiet(file.state, heard);
    file.look = is_settled ? Look::not_a_file : Look::being_written;
    return file;
  }
  const Opened opened = open_file(folder_fd.get(), name);
  if (opened.error != 0) return failed(opened.error);
  if (!opened.fd) return file;

  file.state = opened.state;
  file.look = Look::being_written;
  const Writers writers = writers_of(opened.fd.get());
  const bool quiet_enough =
      heard.closed || (heard.state == opened.state && heard.unchanged_for >= kFileIsQuietAfter);
  if (writers == Writers::some || (writers == Writers::unknown && !quiet_enough)) return file;
  if (static_cast<std::uint64_t>(opened.state.size) > max_bytes) {
    file.look = Look::too_large;
    return file;
  }
  const int error =
      read_whole(opened.fd.get(), static_cast<std::size_t>(opened.state.size), file.body, stop);
  if (error != 0 && error != ECANCELED) return failed(error);
  struct stat after {};
  if (error == ECANCELED || ::fstat(opened.fd.get(), &after) != 0 ||
      state_of(after) != opened.state || writers_of(opened.fd.get()) == Writers::some) {
    file.body.clear();
    return file;
  }
  file.look = Look::read;
  return file;
}

PutAway put_away(const fs::path& folder, const std::string& name, const FileState& state,
                 bool accepted, const Receipt& receipt) {
  const char* const shelf_name = kShelves[accepted ? 0 : 1].data();
  const auto failed = [&](const fs::path& path, int error) {
    return PutAway{PutAway::Result::failed,
                   trouble(path, "cannot take the settled file " + name, error).message};
  };
  const UniqueFd folder_fd(::open(folder.c_str(), kFolder));
  if (!folder_fd) return failed(folder, errno);
  if (::mkdirat(folder_fd.get(), shelf_name, 0775) != 0 && errno != EEXIST) {
    return failed(folder, errno);
  }
  const UniqueFd shelf_fd(::openat(folder_fd.get(), shelf_name, kFolder | O_NOFOLLOW));
  if (!shelf_fd) return failed(folder / shelf_name, errno);
  if (!is_still(folder_fd.get(), name, state)) return {PutAway::Result::changed, {}};

  const std::string errors = errors_csv(receipt);
  for (unsigned number = 1;; ++number) {
    const std::string free_name = numbered(name, number);
    sweep(shelf_fd.get(), free_name, receipt);
    if (is_taken(shelf_fd.get(), free_name) ||
        is_taken(shelf_fd.get(), free_name + std::string(kReceiptEnding)) ||
        is_taken(shelf_fd.get(), free_name + std::string(kErrorsEnding))) {
      continue;
    }
    const int error =
        put_away_as(folder_fd.get(), name, state, shelf_fd.get(), free_name, receipt, errors);
    if (error == 0) return {PutAway::Result::moved, {}};
    if (error == ESTALE || error == ENOENT) return {PutAway::Result::changed, {}};
    // Who moves a folder has to be allowed to write in it.
    const bool is_its_own = S_ISDIR(state.type) && (error == EACCES || error == EPERM);
    if (error != EEXIST) return failed(folder / (is_its_own ? name : shelf_name), error);
  }
}

}  // namespace districtd
