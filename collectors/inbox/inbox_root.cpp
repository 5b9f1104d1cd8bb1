#include "collectors/inbox/inbox_root.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace districtd {

std::shared_ptr<const InboxRoot> InboxRoot::open(const std::filesystem::path& directory,
                                                 std::shared_ptr<const InboxRoot> before) {
  // "inbox/" would follow a link called inbox.
  const auto path = directory.has_filename() ? directory : directory.parent_path();
  UniqueFd fd = open_file(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  struct stat now {};
  if (!fd || ::fstat(fd.get(), &now) != 0) return nullptr;
  struct stat then {};
  if (before && ::fstat(before->fd(), &then) == 0 && then.st_dev == now.st_dev &&
      then.st_ino == now.st_ino) {
    return before;
  }
  // Some network file systems lock nothing that is open for reading only: then nobody is held off.
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return nullptr;
  return std::shared_ptr<const InboxRoot>(new InboxRoot(std::move(fd), directory));
}

OpenFolder InboxRoot::folder(const std::string& department) const {
  OpenFolder folder{open_beneath(fd_.get(), department, O_RDONLY | O_DIRECTORY), {}, errno};
  folder.path = path_ / department;
  return folder;
}

}  // namespace districtd
