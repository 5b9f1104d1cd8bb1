// Files of other versions and of other programs.
#include <array>
#include <fstream>
#include <iterator>

#include "daemon/store/schema.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class MigrationTest : public StoreFixture {
 protected:
  void migrate_to(std::span<const char* const> steps) {
    sqlite::Connection connection(path(), sqlite::Connection::Mode::read_write);
    migrate(connection, path(), steps);
  }
  std::string bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

constexpr const char* kFirst = "CREATE TABLE a(x); INSERT INTO a VALUES(1)";
constexpr const char* kSecond = "CREATE TABLE b AS SELECT x + 1 AS x FROM a; DROP TABLE a";

TEST_F(MigrationTest, OnlyTheMissingStepsAreApplied) {
  constexpr std::array kOne = {kFirst};
  constexpr std::array kTwo = {kFirst, kSecond};
  migrate_to(kOne);
  EXPECT_EQ(query(path(), "PRAGMA user_version"), "1");
  migrate_to(kTwo);
  EXPECT_EQ(query(path(), "PRAGMA user_version"), "2");
  EXPECT_EQ(query(path(), "SELECT x FROM b"), "2");
  migrate_to(kTwo);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM b"), "1");
}

TEST_F(MigrationTest, AStepThatFailsLeavesTheFileAtTheVersionBefore) {
  constexpr std::array kBroken = {kFirst, "CREATE TABLE c(x); INSERT INTO missing VALUES(1)"};
  std::string message;
  try {
    migrate_to(kBroken);
  } catch (const StoreError& error) {
    message = error.what();
  }
  EXPECT_THAT(message, AllOf(HasSubstr("from schema version 1 to 2"), HasSubstr("missing")));
  EXPECT_EQ(query(path(), "PRAGMA user_version"), "1");
  EXPECT_EQ(query(path(), "SELECT group_concat(name) FROM sqlite_schema"), "a");
}

TEST_F(MigrationTest, ANewFileAndAnEmptyFileGetTheCurrentVersion) {
  std::ofstream(path()).close();
  EXPECT_EQ(open_error(path()), "");
  EXPECT_EQ(query(path(), "PRAGMA user_version"), std::to_string(migrations().size()));
  EXPECT_EQ(query(path(), "PRAGMA application_id"), std::to_string(kApplicationId));
  EXPECT_EQ(query(path(), "PRAGMA journal_mode"), "wal");
}

TEST_F(MigrationTest, AFileOfANewerVersionIsRefusedAndLeftAlone) {
  open_error(path());
  execute(path(), "PRAGMA user_version = 99");
  const std::string before = bytes();
  EXPECT_THAT(open_error(path()),
              AllOf(HasSubstr(path().string()), HasSubstr("newer districtd"), HasSubstr("99")));
  EXPECT_EQ(bytes(), before);
  EXPECT_THROW(StoreReader reader(path()), StoreError);
}

TEST_F(MigrationTest, AnotherProgramsDatabaseIsRefusedAndLeftAlone) {
  execute(path(), "CREATE TABLE grafana(x); PRAGMA user_version = 1");
  const std::string before = bytes();
  EXPECT_THAT(open_error(path()), HasSubstr("another program"));
  EXPECT_EQ(bytes(), before);
}

TEST_F(MigrationTest, AReaderAsksForTheDaemonToMigrateAnOlderFile) {
  open_error(path());
  execute(path(), "PRAGMA user_version = 0");
  std::string message;
  try {
    StoreReader reader(path());
  } catch (const StoreError& error) {
    message = error.what();
  }
  EXPECT_THAT(message, HasSubstr("older schema version 0"));
}

TEST_F(MigrationTest, AFileFromBeforeDeliveriesHadKeysLearnsThemAndKeepsWhatItHas) {
  migrate_to(migrations().first(4));
  execute(path(),
          "INSERT INTO submission VALUES(7, 0, 'dept', 'csv_drop', 'text/csv', 'a.csv', 1, x'00',"
          " 'taken', 1, 1, 0, 0, 0, NULL, NULL)");
  Append append = append_of(catalogue_, {{0, day(2026, 6, 30), 1}});
  append.submission.key = "k";
  Store store(path());
  const Appended first = keep(store, append);
  EXPECT_EQ(first.receipt.submission.substr(8), "-8");
  EXPECT_EQ(keep(store, append).receipt.submission, first.receipt.submission);
}

TEST_F(MigrationTest, TheFileItselfRefusesToForget) {
  {
    Store store(path());
    keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 1}}));
  }
  for (const char* sql : {"DELETE FROM observation", "UPDATE observation SET value = 2",
                          "DELETE FROM submission", "UPDATE submission SET rows = 0"}) {
    EXPECT_THROW(execute(path(), sql), std::runtime_error) << sql;
  }
}

}  // namespace
}  // namespace districtd
