#include "collectors/inbox/put_away.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <string_view>
#include <utility>
#include <vector>

#include "base/durable_file.h"
#include "base/ports/files.h"
#include "base/utf8.h"
#include "collectors/inbox/inbox_survey.h"
#include "collectors/inbox/inbox_trouble.h"
#include "collectors/inbox/receipt_files.h"
#include "collectors/receipt_json.h"

namespace districtd {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReceiptEnding = ".receipt.json";
constexpr std::string_view kErrorsEnding = ".errors.csv";

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
class ShelvedFiles {
 public:
  ShelvedFiles(int folder_fd, std::string name) : folder_fd_(folder_fd), name_(std::move(name)) {}
  ~ShelvedFiles() {
    for (const std::string& file : written_) ::unlinkat(folder_fd_, file.c_str(), 0);
  }
  ShelvedFiles(const ShelvedFiles&) = delete;
  ShelvedFiles& operator=(const ShelvedFiles&) = delete;

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
  constexpr std::uint64_t kMostBytes = 64U << 20U;
  const auto text = read_regular_file(folder_fd, name, kMostBytes);
  if (!text) return false;
  auto other = receipt_from_json(*text);
  if (!other) return false;
  other->received_at = receipt.received_at;
  return to_json(*other) == to_json(receipt);
}

// Takes away what a crash has left of putting this very submission away: its receipt stands there
// and its file does not.
void remove_leftovers(int shelf_fd, const std::string& name, const Receipt& receipt) {
  const std::string left = name + std::string(kReceiptEnding);
  if (is_taken(shelf_fd, name) || !is_receipt_of(shelf_fd, left, receipt)) return;
  ::unlinkat(shelf_fd, (name + std::string(kErrorsEnding)).c_str(), 0);
  ::unlinkat(shelf_fd, left.c_str(), 0);
}

// 0, or an errno: EEXIST where the number is taken, ESTALE where the file changed.
int put_away_as(int folder_fd, const std::string& name, const FileState& state, int shelf_fd,
                const std::string& new_name, const Receipt& receipt, const std::string& errors) {
  ShelvedFiles shelf(shelf_fd, new_name);
  if (const int error = shelf.write(kReceiptEnding, to_json(receipt))) return error;
  if (!errors.empty()) {
    if (const int error = shelf.write(kErrorsEnding, errors)) return error;
  }
  if (!is_unchanged(folder_fd, name, state)) return ESTALE;
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

PutAway put_away(const fs::path& folder, const std::string& name, const FileState& state,
                 bool accepted, const Receipt& receipt) {
  const char* const shelf_name = kShelves[accepted ? 0 : 1];
  const auto failed = [&](const fs::path& path, int error) {
    return PutAway{PutAway::Result::failed,
                   inbox_trouble(path, "cannot take the settled file " + name, error).message};
  };
  const UniqueFd folder_fd = open_folder(folder);
  if (!folder_fd) return failed(folder, errno);
  if (::mkdirat(folder_fd.get(), shelf_name, 0775) != 0 && errno != EEXIST) {
    return failed(folder, errno);
  }
  const UniqueFd shelf_fd = open_folder_at(folder_fd.get(), shelf_name);
  if (!shelf_fd) return failed(folder / shelf_name, errno);
  if (!is_unchanged(folder_fd.get(), name, state)) return {PutAway::Result::changed, {}};

  const std::string errors = errors_csv(receipt);
  for (unsigned number = 1;; ++number) {
    const std::string free_name = numbered(name, number);
    remove_leftovers(shelf_fd.get(), free_name, receipt);
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
