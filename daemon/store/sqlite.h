// The SQLite calls that the store makes, with errors as exceptions and handles as values.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace districtd::sqlite {

// How long a call waits for another program that holds the file before it fails as busy.
inline constexpr int kBusyMilliseconds = 5'000;

// A call that failed. what(): SQLite's words and, where the system refused, the system's.
class Error : public std::runtime_error {
 public:
  Error(int code, int system_error, const std::string& message);

  int code() const { return code_; }                  // extended: SQLITE_IOERR_WRITE
  int primary_code() const { return code_ & 0xff; }   // SQLITE_IOERR
  int system_error() const { return system_error_; }  // errno, 0 where there is none

 private:
  int code_;
  int system_error_;
};

// Owned by one thread at a time. Statements must go before their connection.
class Connection {
 public:
  enum class Mode {
    read_write,  // created where missing
    read_only,
    immutable,  // read-only, and nobody writes: needs no files beside the database
  };
  Connection(const std::filesystem::path& path, Mode mode);  // throws Error

  void execute(const char* sql);          // throws Error; rows are dropped
  std::int64_t integer(const char* sql);  // the first column of the first row
  std::string text(const char* sql);      // the same
  bool in_transaction() const;
  sqlite3* handle() const { return handle_.get(); }

  [[noreturn]] void fail() const;  // throws the Error of the last call

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// A prepared statement, bound by position from 1 and run any number of times. Text and blobs are
// not copied: they must live until the next reset().
class Statement {
 public:
  Statement(const Connection& connection, const char* sql);  // throws Error

  Statement& bind(int position, std::int64_t value);
  Statement& bind(int position, double value);
  Statement& bind(int position, std::string_view text);
  Statement& bind(int position, std::span<const unsigned char> blob);
  Statement& bind_null(int position);

  bool step();  // true: there is a row. Throws Error, after a reset.
  void run();   // steps once and resets; for statements without rows
  void reset() { sqlite3_reset(handle_.get()); }

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  double real(int column) const { return sqlite3_column_double(handle_.get(), column); }
  std::string_view text(int column) const;  // until the next step() or reset(); "" for NULL
  std::span<const unsigned char> blob(int column) const;  // as text()
  bool is_null(int column) const;

 private:
  void check(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  sqlite3* connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace districtd::sqlite
