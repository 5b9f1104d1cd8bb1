#include "daemon/store/failure.h"

#include <cerrno>

#include "base/shortage.h"
#include "daemon/store/open_files.h"

namespace districtd {
namespace {

bool is_full(const sqlite::Error& error) {
  if (error.primary_code() == SQLITE_FULL) return true;
  return error.primary_code() == SQLITE_IOERR &&
         (error.system_error() == ENOSPC || error.system_error() == EDQUOT);
}

bool is_size_limit(const sqlite::Error& error) {
  return error.primary_code() == SQLITE_IOERR && error.system_error() == EFBIG;
}

bool is_read_only(const sqlite::Error& error) {
  return error.primary_code() == SQLITE_READONLY ||
         (error.primary_code() == SQLITE_IOERR && error.system_error() == EROFS);
}

}  // namespace

std::string unavailable_sentence(const std::exception& failure) {
  if (dynamic_cast<const StoreMoved*>(&failure) != nullptr) {
    return "数据库文件已被移走或替换，数据未保存，请联系管理员后重新报送";
  }
  const auto* error = dynamic_cast<const sqlite::Error*>(&failure);
  if (error == nullptr && is_shortage(failure)) return "服务器内存不足，数据未保存，请稍后重新报送";
  if (error == nullptr) return "服务器内部出错，数据未保存，请稍后重新报送；仍不成功请联系管理员";
  if (is_full(*error)) return "磁盘已满，数据未保存，请稍后重新报送";
  if (is_size_limit(*error)) {
    return "数据库文件已达到系统允许的最大长度，数据未保存，请联系管理员后重新报送";
  }
  if (is_read_only(*error)) return "服务器磁盘为只读状态，数据未保存，请联系管理员后重新报送";
  switch (error->primary_code()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "数据库正被其他程序占用，数据未保存，请稍后重新报送";
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return "服务器磁盘读写出错，数据未保存，请稍后重新报送；仍不成功请联系管理员";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "数据库文件已损坏，数据未保存，请联系管理员恢复备份后重新报送";
    case SQLITE_NOMEM:
      return "服务器内存不足，数据未保存，请稍后重新报送";
    default:
      return "服务器内部出错，数据未保存，请稍后重新报送；仍不成功请联系管理员";
  }
}

bool is_out_of_room(const std::exception& failure) {
  const auto* error = dynamic_cast<const sqlite::Error*>(&failure);
  return error != nullptr && (is_full(*error) || is_size_limit(*error));
}

bool concerns_every_submission(const std::exception& failure) {
  if (dynamic_cast<const StoreMoved*>(&failure) != nullptr) return true;
  const auto* error = dynamic_cast<const sqlite::Error*>(&failure);
  if (error == nullptr || is_full(*error) || is_size_limit(*error)) return false;
  switch (error->primary_code()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return true;
    default:
      return false;
  }
}

StoreError cannot_open(const std::filesystem::path& path, const sqlite::Error& error) {
  const std::string name = path.string();
  switch (error.primary_code()) {
    case SQLITE_NOTADB:
      return StoreError(name + " is not an SQLite database: " + error.what() +
                        "; give another [store] path or restore a backup");
    case SQLITE_CORRUPT:
      return StoreError(name + " is damaged: " + error.what() +
                        "; restore a backup, or save what is left with \"sqlite3 FILE .recover\"");
    case SQLITE_READONLY:
      return StoreError(name + " cannot be written: " + error.what() +
                        "; check the owner and mode of the file and of its folder");
    case SQLITE_BUSY:
      return StoreError(name + " is locked by another program: " + error.what());
    default:
      return StoreError(name + " cannot be opened: " + error.what());
  }
}

}  // namespace districtd
