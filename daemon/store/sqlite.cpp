#include "daemon/store/sqlite.h"

#include <cstring>
#include <system_error>

#include "base/percent_encoding.h"

namespace districtd::sqlite {
namespace {

int last_error_of(sqlite3_file* file) {
  int error = 0;
  if (file == nullptr || file->pMethods == nullptr) return 0;
  file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
  return error;
}

// The errno behind a failure. sqlite3_system_errno() does not know those of a statement that is
// stepped; the files do, the WAL first, where all writing begins.
int system_error_of(sqlite3* handle) {
  for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(handle, "main", which, &file) != SQLITE_OK) continue;
    if (const int error = last_error_of(file)) return error;
  }
  return sqlite3_system_errno(handle);
}

Error error_of(sqlite3* handle, int code, const std::string& message) {
  const int primary = code & 0xff;
  if (primary == SQLITE_CANTOPEN) return {code, sqlite3_system_errno(handle), message};
  return {code, primary == SQLITE_IOERR ? system_error_of(handle) : 0, message};
}

[[noreturn]] void fail_with(sqlite3* handle) {
  if (handle == nullptr) throw Error(SQLITE_NOMEM, 0, "out of memory");
  throw error_of(handle, sqlite3_extended_errcode(handle), sqlite3_errmsg(handle));
}

// A path as the URI that SQLite reads it back from.
std::string uri_of(const std::filesystem::path& path, std::string_view query) {
  const auto means_more = [](char c) { return c == '%' || c == '?' || c == '#'; };
  std::string uri = "file:";
  uri += percent_encoded(std::filesystem::absolute(path).string(), means_more);
  return uri.append("?").append(query);
}

std::string_view query_of(Connection::Mode mode) {
  switch (mode) {
    case Connection::Mode::read_write:
      return "mode=rwc";
    case Connection::Mode::read_only:
      return "mode=ro";
    case Connection::Mode::immutable:
      return "mode=ro&immutable=1";
  }
  return "mode=ro";
}

std::string describe(int system_error, const std::string& message) {
  if (system_error == 0) return message;
  return message + " (" + std::generic_category().message(system_error) + ")";
}

}  // namespace

Error::Error(int code, int system_error, const std::string& message)
    : std::runtime_error(describe(system_error, message)),
      code_(code),
      system_error_(system_error) {}

Connection::Connection(const std::filesystem::path& path, Mode mode) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                              : SQLITE_OPEN_READONLY);
  const std::string uri = uri_of(path, query_of(mode));
  const int code = sqlite3_open_v2(uri.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail();
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
}

void Connection::fail() const { fail_with(handle_.get()); }

void Connection::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Connection::integer(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string Connection::text(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? std::string(statement.text(0)) : std::string();
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

Statement::Statement(const Connection& connection, const char* sql)
    : connection_(connection.handle()) {
  sqlite3_stmt* handle = nullptr;
  const int code =
      sqlite3_prepare_v3(connection_, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  handle_.reset(handle);
  check(code);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) fail_with(connection_);
}

Statement& Statement::bind(int position, std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), position, value));
  return *this;
}

Statement& Statement::bind(int position, double value) {
  check(sqlite3_bind_double(handle_.get(), position, value));
  return *this;
}

Statement& Statement::bind(int position, std::string_view text) {
  // A null pointer would bind NULL, which is not the same as the empty text.
  const char* begin = text.data() != nullptr ? text.data() : "";
  check(
      sqlite3_bind_text64(handle_.get(), position, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int position, std::span<const unsigned char> blob) {
  check(sqlite3_bind_blob64(handle_.get(), position, blob.data(), blob.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_null(int position) {
  check(sqlite3_bind_null(handle_.get(), position));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const Error error = error_of(connection_, code, sqlite3_errmsg(connection_));
  reset();
  throw error;
}

void Statement::run() {
  step();
  reset();
}

std::string_view Statement::text(int column) const {
  const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  if (begin == nullptr) return {};
  return {begin, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::span<const unsigned char> Statement::blob(int column) const {
  const auto* const bytes =
      static_cast<const unsigned char*>(sqlite3_column_blob(handle_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

}  // namespace districtd::sqlite
