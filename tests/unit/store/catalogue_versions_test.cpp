// The catalogue's texts as they were, and the readings of any time.
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/submission_id.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

CatalogueSources sources(const std::string& targets, const std::string& holidays = "h") {
  return {{CatalogueSource::Role::targets, "targets.toml", targets},
          {CatalogueSource::Role::holidays, "2026.toml", holidays}};
}

class CatalogueVersionsTest : public StoreFixture {
 protected:
  // Records each at its time, as one run of the daemon.
  void record(const std::vector<std::pair<Time, CatalogueSources>>& versions) {
    SetClock clock{Time{}};
    Store store(path(), [&] { return clock.now(); });
    for (const auto& [time, texts] : versions) {
      clock.set(time);
      store.record_catalogue(texts);
      keep(store, append_of(catalogue_, {}));
    }
  }
};

TEST_F(CatalogueVersionsTest, TheOneInForceIsTheLastThatWasAdoptedByThen) {
  record({{at(2026, 3, 1), sources("one")}, {at(2026, 7, 1), sources("two")}});
  const StoreReader reader(path());
  EXPECT_EQ(reader.catalogue(at(2026, 6, 30))->sources, sources("one"));
  EXPECT_EQ(reader.catalogue(at(2026, 7, 1))->sources, sources("two"));
  EXPECT_EQ(reader.catalogue(std::nullopt)->number, 2);
  EXPECT_EQ(reader.catalogue(at(2025, 1, 1))->number, 1) << "the first also before";
  EXPECT_EQ(reader.catalogue(std::nullopt)->adopted_at, at(2026, 7, 1));
}

TEST_F(CatalogueVersionsTest, TheSameTextsAgainAreNoVersionAlsoAfterARestart) {
  record({{at(2026, 3, 1), sources("one")}, {at(2026, 3, 2), sources("one")}});
  record({{at(2026, 4, 1), sources("one")}});
  EXPECT_EQ(StoreReader(path()).catalogue(std::nullopt)->number, 1);
}

TEST_F(CatalogueVersionsTest, ATextThatStaysIsKeptOnce) {
  record({{at(2026, 3, 1), sources("one")},
          {at(2026, 4, 1), sources("one", "other holidays")},
          {at(2026, 5, 1), sources("one")}});
  EXPECT_EQ(StoreReader(path()).catalogue(std::nullopt)->number, 3);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM catalogue_text"), "3");
}

TEST_F(CatalogueVersionsTest, AClockThatGoesBackDoesNotReorderThem) {
  record({{at(2026, 7, 1), sources("one")}, {at(2026, 6, 1), sources("two")}});
  EXPECT_EQ(StoreReader(path()).catalogue(at(2026, 7, 1))->number, 2);
}

TEST_F(CatalogueVersionsTest, LongTextsComeBackWhole) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "[[target]] # " + std::to_string(i) + "\n";
  record({{at(2026, 3, 1), sources(text, "")}});
  EXPECT_EQ(StoreReader(path()).catalogue(std::nullopt)->sources, sources(text, ""));
  EXPECT_LT(std::stoul(query(path(), "SELECT max(length(deflated)) FROM catalogue_text")),
            text.size() / 3);
}

TEST_F(CatalogueVersionsTest, WithoutAnyThereIsNone) {
  { const Store store(path()); }
  EXPECT_FALSE(StoreReader(path()).catalogue(std::nullopt));
  EXPECT_FALSE(StoreReader(path()).catalogue(at(2026, 1, 1)));
}

TEST_F(CatalogueVersionsTest, TheFileRefusesToForgetThem) {
  record({{at(2026, 3, 1), sources("one")}});
  for (const char* sql : {"DELETE FROM catalogue", "UPDATE catalogue SET adopted_at = 0",
                          "DELETE FROM catalogue_text", "DELETE FROM catalogue_source",
                          "UPDATE catalogue_source SET name = ''"}) {
    EXPECT_ANY_THROW(execute(path(), sql)) << sql;
  }
}

// What a reader says of any time is what a model says that was told everything.
TEST_F(CatalogueVersionsTest, ReadingsOfAnyTimeEqualAModelThatKnowsEveryRow) {
  using Place = std::pair<std::string, Date>;
  std::mt19937 random(7);
  const auto whole = [&](int from, int to) {
    return std::uniform_int_distribution<int>{from, to}(random);
  };
  std::map<Place, Reading> known;
  std::map<Time, std::map<Place, Reading>> known_at;
  {
    Time now = at(2026, 1, 1);
    SetClock clock{now};
    Store store(path(), [&] { return clock.now(); });
    for (int submission = 0; submission < 150; ++submission) {
      now += std::chrono::hours(whole(0, 30));
      clock.set(now);
      std::vector<Figure> rows;
      std::map<Place, double> said;  // of a submission the last row for a day counts
      for (int n = whole(1, 8); n > 0; --n) {
        const auto target = static_cast<Catalogue::Index>(whole(0, 7));
        const Date as_of = day(2026, 1, 1) + std::chrono::days(whole(0, 20));
        rows.push_back({target, as_of, double(whole(0, 5))});
        said[{"2026/dept.t" + std::to_string(target), as_of}] = rows.back().value.number();
      }
      for (const auto& [place, value] : said) {
        const auto [at, is_first] =
            known.try_emplace(place, Reading{place.second, value, utc_date(now)});
        if (is_first || at->second.value == value) continue;
        at->second.value = value;
        at->second.corrected_on = short_date(utc_date(now));
      }
      keep(store, append_of(catalogue_, rows));
      known_at[now] = known;
    }
  }
  const StoreReader reader(path());
  for (const auto& [time, expected] : known_at) {
    Readings all = reader.readings({time, utc_date, {}});
    Readings one = reader.readings({time, utc_date, {"2026/dept.t3"}});
    std::map<Place, Reading> found;
    for (int t = 0; t < 8; ++t) {
      const std::string id = "2026/dept.t" + std::to_string(t);
      for (const Reading& reading : all.of(id)) found[{id, reading.as_of}] = reading;
    }
    ASSERT_EQ(found, expected);
    ASSERT_EQ(one.of("2026/dept.t3"), all.of("2026/dept.t3"));
    ASSERT_EQ(one.targets(), 1u);
  }
}

std::string listed(const std::vector<StoredProgramme>& programmes) {
  std::string text;
  for (const StoredProgramme& one : programmes) {
    text += one.programme.id + "@" + std::to_string(one.catalogue) + " " +
            to_string(one.programme.settles) + "; ";
  }
  return text;
}

// Which catalogue was the newest that had a programme, at any time.
TEST_F(CatalogueVersionsTest, EachProgrammeIsKnownByTheNewestCatalogueThatHasIt) {
  Programme moved = programme_of_years(2026, 2026);
  moved.settles = date_of(2027, 3, 31);
  const Programme old = programme_of_years(2026, 2026);
  const Programme next = programme_of_years(2027, 2027);
  {
    SetClock clock{Time{}};
    Store store(path(), [&] { return clock.now(); });
    const auto adopt = [&](Time time, const std::string& text, std::vector<Programme> programmes) {
      clock.set(time);
      store.record_catalogue(sources(text), std::move(programmes));
      keep(store, append_of(catalogue_, {}));
    };
    adopt(at(2026, 3, 1), "one", {old});
    adopt(at(2026, 12, 20), "two", {old, next});
    adopt(at(2027, 2, 20), "three", {moved, next});
    adopt(at(2027, 4, 10), "four", {next});
    adopt(at(2027, 4, 11), "four", {next});
  }
  const StoreReader reader(path());
  EXPECT_EQ(listed(reader.programmes(std::nullopt)), "2026@3 2027-03-31; 2027@4 2028-02-29; ");
  EXPECT_EQ(listed(reader.programmes(at(2027, 2, 19))), "2026@2 2027-02-28; 2027@2 2028-02-29; ");
  EXPECT_EQ(listed(reader.programmes(at(2026, 12, 19))), "2026@1 2027-02-28; ");
  EXPECT_EQ(listed(reader.programmes(at(2025, 1, 1))), "2026@1 2027-02-28; ")
      << "the first also before";
  EXPECT_EQ(reader.catalogue_with(2).sources, sources("two"));
  EXPECT_THROW(execute(path(), "DELETE FROM programme"), std::runtime_error);
  EXPECT_THROW(execute(path(), "UPDATE programme SET settles = 0"), std::runtime_error);
}

TEST_F(CatalogueVersionsTest, ReadingsAreThoseOfTheProgrammesThatAreAskedFor) {
  const auto of_year = [&](int year) {
    Target target = (*catalogue_)[0];
    target.id = "dept.t";
    target.start = date_of(year, 1, 1);
    target.deadline = date_of(year, 12, 31);
    return std::make_shared<const Catalogue>(std::vector<Report>{},
                                             std::vector<Department>{{"dept", "部门"}},
                                             std::vector<Target>{target});
  };
  {
    Store store(path());
    // Interleaved, so that their numbers in the file lie between each other's.
    for (const int year : {2026, 2025, 2027, 2024}) {
      keep(store, append_of(of_year(year),
                            {{.target = 0, .as_of = date_of(year, 6, 30), .value = 1.0 * year}}));
    }
    store.record_judged({{.target = "2024/dept.t", .status = "behind"},
                         {.target = "2026/dept.t", .status = "achieved"}});
    keep(store, append_of(of_year(2026), {}));
  }
  const StoreReader reader(path());
  const auto years = [&](ProgrammesAsked asked) {
    Readings readings = reader.readings({std::nullopt, [](Time) { return Date{}; }, {}, asked});
    std::string found;
    for (const std::string year : {"2024", "2025", "2026", "2027"}) {
      const auto& of = readings.of(year + "/dept.t");
      if (of.empty()) continue;
      EXPECT_EQ(std::to_string(static_cast<int>(of[0].value)), year);
      found += year + " ";
    }
    return found;
  };
  EXPECT_EQ(years({}), "2024 2025 2026 2027 ");
  EXPECT_EQ(years({.only = {"2026"}}), "2026 ");
  EXPECT_EQ(years({.only = {"2027", "2024"}}), "2024 2027 ");
  EXPECT_EQ(years({.without = {"2026", "2024"}}), "2025 2027 ");
  EXPECT_EQ(years({.only = {"2026"}, .without = {"2026"}}), "");
  EXPECT_EQ(years({.only = {"202"}}), "") << "another programme's name may begin alike";
  EXPECT_EQ(reader.judged({.only = {"2024"}}).size(), 1U);
  EXPECT_EQ(reader.judged({.without = {"2024"}}).count("2026/dept.t"), 1U);
}

}  // namespace
}  // namespace districtd
