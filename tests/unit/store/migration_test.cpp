// Files of other versions and of other programs.
#include <array>
#include <fstream>
#include <iterator>

#include "daemon/store/catalogue_texts.h"
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

// What a file of this version, of a time when a target was known by its id, has of dept.t0: two
// figures, a correction, what was held of it and what was judged; and a figure of a target that no
// catalogue has.
class EarlierSchemaTest : public MigrationTest, public testing::WithParamInterface<std::size_t> {
 protected:
  void SetUp() override {
    migrate_to(migrations().first(GetParam()));
    execute(path(),
            "INSERT INTO target_key VALUES(1, 'dept.t0'), (2, 'dept.gone');"
            "INSERT INTO observation VALUES(1, 20604, 7, 2, 3, ''), (1, 20634, 7, 3, 4, ''),"
            " (1, 20634, 8, 2, 5, ''), (2, 20634, 7, 4, 6, '');"
            "INSERT INTO newest VALUES(1, 20634, 5, 8), (2, 20634, 6, 7);"
            "INSERT INTO judged(target, status, report_overdue) VALUES('dept.t0', 'behind', 1)");
    for (const char* const seq : {"7", "8"}) {
      execute(path(),
              "INSERT INTO submission(seq, received_at, department, collector, media_type,"
              " name, bytes, sha256, outcome, rows, accepted, corrected, unchanged,"
              " rejected) VALUES(" +
                  std::string(seq) +
                  ", 1782000000000, 'dept',"
                  " 'csv_drop', 'text/csv', 'a.csv', 1, x'00', 'taken', 1, 1, 0, 0, 0)");
    }
    if (GetParam() >= 3) execute(path(), "INSERT INTO held VALUES(7, 1, 20665, 5, 9, '', 1)");
    if (GetParam() >= 8) {
      execute(path(), "INSERT INTO said_unchanged VALUES(1, 20604, 8, 2, 3, '')");
    }
  }

  // Keeps the texts, which say no more than the programme, as of `number`.
  void keep_text(std::int64_t number, const std::string& programme) {
    sqlite::Connection connection(path(), sqlite::Connection::Mode::read_write);
    record_catalogue(
        connection,
        {number, at(2026, 1, 1), {{CatalogueSource::Role::targets, "c.toml", programme}}});
  }

  // Reads such texts; "" has no targets. The catalogue in force is that of 2026.
  static ProgrammeClaims claims() {
    return {[](const CatalogueSources& texts) {
              const std::string& programme = texts.front().text;
              return programme.empty() ? ProgrammesById{} : ProgrammesById{{"dept.t0", programme}};
            },
            [] {
              return ProgrammesById{{"dept.t0", "2026"}, {"dept.t1", "2026"}};
            }};
  }

  // Every figure of the file, and the judgement, by what the target is called now.
  void expect_everything_under(const std::string& key) {
    EXPECT_THAT(
        stored_rows(path()),
        testing::ElementsAre(key + "|2026-05-31|7|2|3.0|", key + "|2026-06-30|7|3|4.0|",
                             key + "|2026-06-30|8|2|5.0|", "dept.gone|2026-06-30|7|4|6.0|"));
    EXPECT_EQ(newest_differs(path()), "");
    const StoreReader reader(path());
    EXPECT_EQ(newest_of(path()).at(key).value, 5);
    EXPECT_EQ(newest_of(path()).at(key).basis, Basis::actual) << "nothing else was known then";
    EXPECT_THAT(reader.history(key), testing::SizeIs(3));
    EXPECT_THAT(reader.history("dept.t0"), testing::IsEmpty());
    EXPECT_THAT(reader.history("dept.gone"), testing::SizeIs(1)) << "kept under its old name";
    EXPECT_EQ(query(path(), "SELECT target || ' ' || status FROM judged"), key + " behind");
    if (GetParam() >= 3) {
      EXPECT_EQ(query(path(), "SELECT count(*) FROM held"), "1");
    }
    if (GetParam() >= 8) {
      EXPECT_EQ(query(path(), "SELECT count(*) FROM said_unchanged"), "1");
    }
  }
};

TEST_P(EarlierSchemaTest, WithoutTextsTheCatalogueInForceSaysOfWhichProgrammeFiguresAre) {
  {
    Store store(path(), now, claims());
    EXPECT_EQ(store.judged().at("2026/dept.t0").status, "behind");
    // What comes now is of the same target.
    EXPECT_EQ(counts(keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 5}})).receipt),
              "0/0/1");
  }
  expect_everything_under("2026/dept.t0");
  EXPECT_EQ(query(path(), "PRAGMA user_version"), std::to_string(migrations().size()));
}

TEST_P(EarlierSchemaTest, TheNewestTextsThatHaveTheTargetSayItBeforeTheCatalogueInForce) {
  if (GetParam() < 2) GTEST_SKIP() << "version 1 keeps no texts";
  keep_text(1, "2024");
  keep_text(2, "2025");
  keep_text(3, "");  // in which the target is not
  { const Store store(path(), now, claims()); }
  expect_everything_under("2025/dept.t0");
}

TEST_P(EarlierSchemaTest, AFileThatIsOpenedAgainIsNotClaimedAgain) {
  { const Store store(path(), now, claims()); }
  ProgrammeClaims others = claims();
  others.of_catalogue = [] { return ProgrammesById{{"dept.gone", "2027"}}; };
  { const Store store(path(), now, others); }
  expect_everything_under("2026/dept.t0");
}

// A figure that was taken before its basis was kept is an actual one, wherever the file has it.
TEST_P(EarlierSchemaTest, WhatWasTakenBeforeIsActualAndAProjectedFigureCorrectsIt) {
  Store store(path(), now, claims());
  EXPECT_EQ(
      counts(keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 5, "", Basis::projected},
                                                {0, day(2026, 5, 31), 3}}))
                 .receipt),
      "0/1/1");
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0").basis, Basis::projected);
  for (const char* const table : {"observation", "held", "said_unchanged"}) {
    EXPECT_EQ(query(path(),
                    std::string("SELECT count(*) FROM ") + table + " WHERE seq < 9 AND basis <> 0"),
              "0")
        << table;
  }
}

INSTANTIATE_TEST_SUITE_P(, EarlierSchemaTest, testing::Range<std::size_t>(1, kProgrammesVersion));

// The version before: a target's key has its programme, and a figure has no basis yet.
TEST_F(MigrationTest, AFileFromBeforeBasesKeepsEveryFigureAsActualAndUnexplained) {
  migrate_to(migrations().first(11));
  execute(path(),
          "INSERT INTO target_key VALUES(1, '2026/dept.t0');"
          "INSERT INTO submission(seq, received_at, department, collector, media_type, name, bytes,"
          " sha256, outcome, rows, accepted, corrected, unchanged, rejected)"
          " VALUES(7, 1782000000000, 'dept', 'csv_drop', 'text/csv', 'a.csv', 1, x'00', 'taken',"
          " 1, 1, 0, 0, 0);"
          "INSERT INTO observation VALUES(1, 20604, 7, 2, 3, 'a');"
          "INSERT INTO held VALUES(7, 1, 20634, 5, 9, 'b', 1);"
          "INSERT INTO said_unchanged VALUES(1, 20604, 7, 2, 3, 'c');"
          "INSERT INTO newest VALUES(1, 20604, 3, 7)");
  Store store(path());
  for (const char* const table : {"observation", "held", "said_unchanged"}) {
    EXPECT_EQ(query(path(), std::string("SELECT count(*) FROM ") + table +
                                " WHERE basis = 0 AND explanation = ''"),
              "1")
        << table;
  }
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0").value, 3);
  EXPECT_THAT(StoreReader(path()).narratives("2026/dept.t0"), testing::IsEmpty());
  EXPECT_THAT(StoreReader(path()).check_counts(), testing::IsEmpty());
  EXPECT_EQ(counts(keep(store, append_of(catalogue_, {{0, day(2026, 5, 31), 3, "a"}})).receipt),
            "0/0/1");
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

// A file of each version that keeps texts, from before it said which catalogue has which
// programmes.
class BeforeProgrammesTest : public MigrationTest,
                             public testing::WithParamInterface<std::size_t> {};

TEST_P(BeforeProgrammesTest, TheTextsSayWhichProgrammesTheirCataloguesHave) {
  migrate_to(migrations().first(GetParam()));
  {
    sqlite::Connection connection(path(), sqlite::Connection::Mode::read_write);
    for (const char* const text : {"2025", "2026", "unreadable", ""}) {
      record_catalogue(connection,
                       {0, at(2026, 1, 1), {{CatalogueSource::Role::targets, "c.toml", text}}});
    }
  }
  ProgrammeClaims claims;
  claims.programmes_of_texts = [](const CatalogueSources& texts) {
    const std::string& text = texts.front().text;
    if (text.size() != 4) return std::vector<Programme>{};
    return std::vector<Programme>{programme_of_years(std::stoi(text), std::stoi(text))};
  };
  { const Store store(path(), now, claims); }
  const auto known = StoreReader(path()).programmes(std::nullopt);
  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[0].programme.id, "2025");
  EXPECT_EQ(known[0].catalogue, 1);
  EXPECT_EQ(known[1].programme.last, date_of(2026, 12, 31));
  EXPECT_EQ(known[1].programme.settles, date_of(2027, 2, 28));
  EXPECT_EQ(known[1].catalogue, 2);
}

INSTANTIATE_TEST_SUITE_P(, BeforeProgrammesTest,
                         testing::Range<std::size_t>(2, kProgrammeTableVersion));

}  // namespace
}  // namespace districtd
