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
  if (error == ELOOP || error == ENOTDIR) {
    return "put a folder there, neither a link nor a file (links are not followed here)";
  }
  if (error == EMLINK) return "move older files of that name away";
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

InboxTrouble held_by_another(const fs::path& directory) {
  return {directory,
          "the inbox " + directory.string() +
              " is held by another program, or by this one's inbox of before a reload, whose last "
              "step has not ended: stop the other districtd (lslocks names it), or see to the "
              "inbox's file system; it is tried again every 10 s"};
}

InboxTrouble no_shelf(const fs::path& path) {
  return {path, "the inbox has a file " + path.string() +
                    " where the folder of that name is to be: give the file another name, and it "
                    "is read; until then figures are taken, and their files stay"};
}

InboxTrouble restless(const fs::path& path, std::string_view how) {
  return {path, "the inbox's file " + path.string() + " " + std::string(how) +
                    ": see what goes on writing it, or whether its file system keeps inode numbers "
                    "and times; it is tried again ever more rarely, at least every 60 s"};
}

InboxTrouble stuck(const fs::path& directory, std::string_view step) {
  return {directory, "the inbox " + directory.string() + " has been " + std::string(step) +
                         " for a minute and nothing else is taken from it: see to its file system, "
                         "which does not answer"};
}

}  // namespace districtd
