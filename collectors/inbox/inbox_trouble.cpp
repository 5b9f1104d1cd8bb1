#include "collectors/inbox/inbox_trouble.h"

#include <cerrno>
#include <system_error>

namespace districtd {

namespace {

namespace fs = std::filesystem;

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

}  // namespace

InboxTrouble inbox_trouble(const fs::path& path, std::string_view what, int error) {
  return {path, "the inbox " + path.string() + " " + std::string(what) + " (" + reason(error) +
                    "): " + what_to_do(error, path) + "; it is tried again every 10 s"};
}

InboxTrouble unwatched(const fs::path& path, int error) {
  return {path / "",
          "the inbox " + path.string() + " cannot be watched (" + reason(error) +
              "): raise fs.inotify.max_user_watches or max_user_instances by sysctl; until then it "
              "is looked at every 10 s"};
}

}  // namespace districtd
