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

}  // namespace
}  // namespace districtd
