#include "collectors/inbox/inbox_refusals.h"

#include <sys/stat.h>

#include <chrono>
#include <utility>

#include "base/ports/clock.h"

namespace districtd {

namespace {

Receipt refusal(const std::string& department, RowError why) {
  Receipt receipt;
  receipt.received_at = std::chrono::floor<std::chrono::milliseconds>(now());
  receipt.department = department;
  receipt.errors.push_back(std::move(why));
  return receipt;
}

}  // namespace

Receipt not_a_file_receipt(const std::string& department, mode_t type) {
  std::string message;
  switch (type) {
    case S_IFDIR:
      message = "这是文件夹，收件目录只收文件，请把里面的文件逐个放入。";
      break;
    case S_IFLNK:
      message = "这是链接（快捷方式），收件目录只收文件，请放入文件本身。";
      break;
    case S_IFIFO:
      message = "这是命名管道，收件目录只收文件，请把数据存成文件后放入。";
      break;
    case S_IFSOCK:
      message = "这是套接字，收件目录只收文件，请把数据存成文件后放入。";
      break;
    default:
      message = "这是设备，收件目录只收文件，请把数据存成文件后放入。";
      break;
  }
  return refusal(department, {0, "", "", "not_a_file", std::move(message)});
}

Receipt too_large_receipt(const std::string& department, std::uint64_t size,
                          std::uint64_t max_bytes) {
  const std::uint64_t mebibytes = max_bytes >> 20;
  const std::string most =
      mebibytes > 0 ? std::to_string(mebibytes) + " MiB" : std::to_string(max_bytes) + " 字节";
  return refusal(department, {0, "", std::to_string(size), "too_large",
                              "文件有 " + std::to_string(size) + " 字节，超过了 " + most +
                                  " 的上限，请拆成几个文件后重新报送。"});
}

Receipt reserved_name_receipt(const std::string& department, const std::string& name) {
  return refusal(department, {0, "", name, "reserved_name",
                              "文件名 " + name + " 是收件目录自用的文件夹名，请改名后重新放入。"});
}

}  // namespace districtd
