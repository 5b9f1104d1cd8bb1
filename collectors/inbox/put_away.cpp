#include "collectors/inbox/put_away.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include "base/durable_file.h"
#include "base/ports/files.h"
#include "collectors/inbox/inbox_survey.h"
#include "collectors/inbox/inbox_trouble.h"
#include "collectors/inbox/receipt_files.h"
#include "collectors/inbox/shelf.h"
#include "collectors/receipt_json.h"

namespace districtd {

namespace {

namespace fs = std::filesystem;

// A clerk who sends a file of one name every day comes to 365 a year.
constexpr unsigned kMostOfOneName = 20'000;

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

// What became of one number: an errno where it is `failed`, else 0.
struct Tried {
  enum class Result { moved, taken, changed, failed };
  Result result = Result::moved;
  int error = 0;
};

Tried not_written(int error) {
  return error == EEXIST ? Tried{Tried::Result::taken, 0} : Tried{Tried::Result::failed, error};
}

Tried put_away_as(int folder_fd, const std::string& name, const FileState& state, int shelf_fd,
                  const std::string& new_name, const Receipt& receipt, const std::string& errors) {
  ShelvedFiles shelf(shelf_fd, new_name);
  if (const int error = shelf.write(kReceiptEnding, to_json(receipt))) return not_written(error);
  if (!errors.empty()) {
    if (const int error = shelf.write(kErrorsEnding, errors)) return not_written(error);
  }
  if (!is_unchanged(folder_fd, name, state)) return {Tried::Result::changed, 0};
  if (const int error = move_file(folder_fd, name, shelf_fd, new_name)) {
    if (error == ENOENT) return {Tried::Result::changed, 0};  // it is gone
    return not_written(error);
  }
  const FileState moved = state_of_name(shelf_fd, new_name);
  const bool is_another = S_ISREG(state.type) ? moved != state : moved.inode != state.inode;
  if (moved.type != 0 && is_another && move_file(shelf_fd, new_name, folder_fd, name) == 0) {
    // Another file was moved over it at the last moment: that one is unread.
    return {Tried::Result::changed, 0};
  }
  shelf.keep();
  return {};
}

PutAway synchronised(const OpenFolder& folder, int shelf_fd, const char* shelf_name) {
  const auto not_durable = [](const fs::path& path, int error) {
    return PutAway{PutAway::Result::not_durable,
                   inbox_trouble(path, "cannot be made durable", error).message};
  };
  if (const int error = synchronise(shelf_fd)) return not_durable(folder.path / shelf_name, error);
  if (const int error = synchronise(folder.fd.get())) return not_durable(folder.path, error);
  return {PutAway::Result::moved, {}};
}

}  // namespace

PutAway put_away(const OpenFolder& folder, const std::string& name, const FileState& state,
                 bool accepted, const Receipt& receipt) {
  const char* const shelf_name = kShelves[accepted ? 0 : 1];
  const int folder_fd = folder.fd.get();
  const auto failed = [&](const fs::path& path, int error) {
    return PutAway{PutAway::Result::failed,
                   inbox_trouble(path, "cannot take the settled file " + name, error).message};
  };
  if (!folder.fd) return failed(folder.path, folder.error);
  if (::mkdirat(folder_fd, shelf_name, 0775) != 0 && errno != EEXIST) {
    return failed(folder.path, errno);
  }
  const UniqueFd shelf_fd = open_beneath(folder_fd, shelf_name, O_RDONLY | O_DIRECTORY);
  if (!shelf_fd) return failed(folder.path / shelf_name, errno);
  if (!is_unchanged(folder_fd, name, state)) return {PutAway::Result::changed, {}};

  const std::string errors = errors_csv(receipt);
  for (unsigned number = 1; number <= kMostOfOneName; ++number) {
    const std::string free_name = numbered(name, number);
    remove_leftovers(shelf_fd.get(), free_name, receipt);
    if (is_taken(shelf_fd.get(), free_name) ||
        is_taken(shelf_fd.get(), free_name + std::string(kReceiptEnding)) ||
        is_taken(shelf_fd.get(), free_name + std::string(kErrorsEnding))) {
      continue;
    }
    const Tried tried =
        put_away_as(folder_fd, name, state, shelf_fd.get(), free_name, receipt, errors);
    switch (tried.result) {
      case Tried::Result::moved:
        return synchronised(folder, shelf_fd.get(), shelf_name);
      case Tried::Result::changed:
        return {PutAway::Result::changed, {}};
      case Tried::Result::taken:
        continue;
      case Tried::Result::failed: {
        // Who moves a folder has to be allowed to write in it.
        const bool is_its_own =
            S_ISDIR(state.type) && (tried.error == EACCES || tried.error == EPERM);
        return failed(folder.path / (is_its_own ? name : shelf_name), tried.error);
      }
    }
  }
  return failed(folder.path / shelf_name, EMLINK);
}

PutAway make_durable(const OpenFolder& folder, bool accepted) {
  const char* const shelf_name = kShelves[accepted ? 0 : 1];
  if (!folder.fd) {
    return {PutAway::Result::not_durable,
            inbox_trouble(folder.path, "cannot be made durable", folder.error).message};
  }
  const UniqueFd shelf_fd = open_beneath(folder.fd.get(), shelf_name, O_RDONLY | O_DIRECTORY);
  if (!shelf_fd) {
    return {PutAway::Result::not_durable,
            inbox_trouble(folder.path / shelf_name, "cannot be made durable", errno).message};
  }
  return synchronised(folder, shelf_fd.get(), shelf_name);
}

}  // namespace districtd
