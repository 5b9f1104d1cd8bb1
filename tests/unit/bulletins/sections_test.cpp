// The list of sections: the shipped templates print it, and what is added to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "daemon/bulletins/bulletin_json.h"
#include "daemon/bulletins/composition.h"
#include "daemon/bulletins/fields.h"
#include "daemon/bulletins/page_template.h"
#include "tests/unit/bulletins/district.h"

namespace districtd {
namespace {

using testing::day;
using ::testing::HasSubstr;
using testing::june;
using testing::kJuly8;
using testing::kJune8;
using testing::may;
using ::testing::Not;
using testing::Said;
using testing::SmallDistrict;

constexpr std::array kKinds = {BulletinKind::daily, BulletinKind::weekly, BulletinKind::monthly,
                               BulletinKind::quarterly, BulletinKind::annual};

struct Case {
  std::string name;
  BulletinKind kind = BulletinKind::monthly;
  std::string department = {};
  Date on = kJuly8;
  std::vector<Said> now = {};
  std::vector<Said> before = {};
  bool is_corrected = false;
  bool has_targets = true;
};

std::vector<Said> all_reached() {
  auto said = june();
  said[0].value = 15;
  said[2].value = 50;
  said.push_back({"post.points", day(2026, 6, 30), 5, day(2026, 7, 5)});
  return said;
}

// Every kind, of the district and of a department: with lights that changed and reports that are
// overdue, without a change, where all is reached, where nothing was sent, and where there is no
// target.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const BulletinKind kind : kKinds) {
    for (const char* const department : {"", "health"}) {
      const auto add = [&](const char* what, Date on, std::vector<Said> now,
                           std::vector<Said> before, bool is_corrected) {
        all.push_back({std::string{to_string(kind)} + "-" + department + "-" + what, kind,
                       department, on, std::move(now), std::move(before), is_corrected, true});
      };
      auto half_a_year = june();
      for (const Said& one : may()) half_a_year.push_back(one);
      add("changed", kJuly8, half_a_year, may(), true);
      add("overdue", day(2026, 7, 15), may(), {}, false);
      add("unchanged", kJuly8, june(), june(), false);
      add("reached", kJuly8, all_reached(), may(), false);
      add("silent", kJuly8, {}, {}, false);
    }
    all.push_back(
        {.name = std::string{to_string(kind)} + "-empty", .kind = kind, .has_targets = false});
  }
  return all;
}

std::string rendered(const std::string& file, Escaping escaping,
                     const kainjow::mustache::data& fields,
                     std::span<const BulletinSection> sections = bulletin_sections()) {
  const auto loaded = PageTemplate::load(file, escaping, specimen_fields(sections));
  if (!loaded) {
    ADD_FAILURE() << to_string(loaded.error().front());
    return {};
  }
  return loaded->render(fields);
}

std::vector<Correction> corrected(const SmallDistrict& district) {
  const auto received = district.clock.time_at(day(2026, 7, 6), std::chrono::hours{9});
  std::vector<Correction> corrections;
  for (const char* const target : {"2026/culture-tourism.investment", "2026/health.doctors"}) {
    corrections.push_back({.target = target,
                           .as_of = day(2026, 6, 30),
                           .value = 1.26e9,
                           .value_before = 1.29e9,
                           .note = "",
                           .received_at = received});
  }
  return corrections;
}

struct Printed {
  std::string page;
  std::string text;
  std::string message;
};

Printed printed(const Case& of, const std::string& folder) {
  SmallDistrict district;
  if (!of.has_targets) district.targets.clear();
  const Picture now = district.picture(of.on, of.now);
  const Picture before = district.picture(kJune8, of.before);
  Occasion occasion = district.occasion(of.kind, of.on, kJune8);
  occasion.department = of.department;
  const Bulletin bulletin = district.compose(
      occasion, now, before, of.is_corrected ? corrected(district) : std::vector<Correction>{});
  const auto fields = fields_of(bulletin, now, "印制");
  return {rendered(folder + "/bulletin.html", Escaping::html, fields),
          rendered(folder + "/bulletin.txt", Escaping::none, fields),
          rendered(folder + "/message.txt", Escaping::none, fields)};
}

// The templates in tests/fixtures name each field by itself, as an office's own may.
TEST(SectionsTest, TemplatesThatNameEachFieldPrintWhatTheShippedOnesPrint) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const Printed now = printed(one, PROJECT_ROOT "/config/bulletins");
    const Printed before = printed(one, PROJECT_ROOT "/tests/fixtures/bulletins");
    EXPECT_EQ(now.page, before.page);
    EXPECT_EQ(now.text, before.text);
    EXPECT_EQ(now.message, before.message);
    EXPECT_THAT(now.page, HasSubstr("一、总体情况"));
  }
}

// Programs read the JSON by these keys; their order is that of the bulletins of before.
TEST(SectionsTest, JsonKeepsItsKeysAndTheirOrder) {
  SmallDistrict district;
  const Picture now = district.picture(kJuly8, june());
  const std::string json = to_json(
      district.compose(district.occasion(BulletinKind::daily, kJuly8, kJune8), now, now), "印制");
  std::size_t at = 0;
  for (const char* const key :
       {"counts_before", "overall", "changes", "departments", "department_sentences", "not_reached",
        "discipline", "corrections", "next_steps", "targets"}) {
    const std::size_t found = json.find("\"" + std::string{key} + "\":", at);
    ASSERT_NE(found, std::string::npos) << key;
    at = found;
  }
  EXPECT_THAT(json, HasSubstr(R"("not_reached":["culture-tourism.investment","health.doctors"],)"));
  EXPECT_THAT(json, HasSubstr(R"("department_sentences":["区邮政管理局至今未报送任何数据。"],)"));
}

class AddedSectionTest : public ::testing::Test {
 protected:
  AddedSectionTest() {
    const auto shipped = bulletin_sections();
    sections_.assign(shipped.begin(), shipped.end());
    BulletinSection praise;
    praise.name = "praise";
    praise.title = "通报表扬";
    praise.stands_in = [](BulletinKind kind) { return kind != BulletinKind::weekly; };
    praise.is_optional = [](BulletinKind kind) { return kind == BulletinKind::annual; };
    praise.when_empty = "没有通报表扬的。";
    praise.compose = [](const Composition& composition) {
      const std::size_t reached = composition.bulletin.counts.reached();
      return reached == 0 ? std::vector<std::string>{}
                          : std::vector<std::string>{"表扬" + std::to_string(reached) + "项。"};
    };
    sections_.insert(sections_.begin() + 1, praise);
  }

  Bulletin bulletin(BulletinKind kind) {
    return district_.compose(district_.occasion(kind, kJuly8, kJune8), *now_, *now_, {}, sections_);
  }

  std::string page(BulletinKind kind) {
    return rendered(PROJECT_ROOT "/config/bulletins/bulletin.html", Escaping::html,
                    fields_of(bulletin(kind), *now_, "印制"), sections_);
  }

  std::string text(BulletinKind kind) {
    return rendered(PROJECT_ROOT "/config/bulletins/bulletin.txt", Escaping::none,
                    fields_of(bulletin(kind), *now_, "印制"), sections_);
  }

  std::vector<BulletinSection> sections_;
  SmallDistrict district_;
  std::optional<Picture> now_ = district_.picture(kJuly8, june());
};

TEST_F(AddedSectionTest, StandsInTheShippedPagesWithItsNumber) {
  EXPECT_THAT(page(BulletinKind::monthly), HasSubstr("<h2>二、通报表扬</h2>\n<p>表扬1项。</p>"));
  EXPECT_THAT(page(BulletinKind::monthly), HasSubstr("<h2>三、部门（单位）情况</h2>"));
  EXPECT_THAT(text(BulletinKind::daily), HasSubstr("\n\n二、通报表扬\n表扬1项。\n"));
  EXPECT_THAT(text(BulletinKind::daily), HasSubstr("\n\n三、亮灯变化\n"));
}

TEST_F(AddedSectionTest, StandsOnlyInItsKindsAndWhereItSaysSomething) {
  EXPECT_THAT(page(BulletinKind::weekly), Not(HasSubstr("通报表扬")));
  now_ = district_.picture(kJuly8, {});
  EXPECT_THAT(page(BulletinKind::annual), Not(HasSubstr("通报表扬")));
  EXPECT_THAT(page(BulletinKind::monthly),
              HasSubstr("<h2>二、通报表扬</h2>\n<p>没有通报表扬的。</p>"));
  EXPECT_THAT(text(BulletinKind::monthly), HasSubstr("二、通报表扬\n没有通报表扬的。\n"));
}

TEST_F(AddedSectionTest, IsAFieldAndAKeyOfTheJsonOfEachKind) {
  for (const BulletinKind kind : kKinds) {
    const Bulletin b = bulletin(kind);
    EXPECT_THAT(to_json(b, "印制"), HasSubstr("\"praise\":[\"表扬1项。\"],\"changes\":"));
    const auto fields = fields_of(b, *now_, "印制");
    EXPECT_TRUE(fields.get("has_praise")->is_true());
    ASSERT_EQ(fields.get("praise")->list_value().size(), 1U);
    EXPECT_EQ(fields.get("praise")->list_value().front().get("text")->string_value(), "表扬1项。");
  }
}

TEST_F(AddedSectionTest, IsKnownWhereTemplatesAreProved) {
  EXPECT_THAT(
      prove_template("t.html", "{{#praise}}{{text}}{{/praise}}{{#has_praise}}{{/has_praise}}",
                     specimen_fields(sections_)),
      ::testing::IsEmpty());
  const Findings findings = prove_template("t.html", "{{praize}}", specimen_fields(sections_));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(to_string(findings.front()), HasSubstr("did you mean 'praise'?"));
}

// A section named as another field is would hide it.
TEST(SectionListTest, NamesAreDistinctAndOfNoOtherField) {
  std::set<std::string> taken = specimen_fields({}).names;
  taken.erase("not_reached");  // the section that prints that list, and has no sentences
  for (const BulletinSection& section : bulletin_sections()) {
    const std::string name{section.name};
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
    EXPECT_TRUE(taken.insert(name).second) << name;
    EXPECT_TRUE(taken.insert("has_" + name).second) << name;
    EXPECT_TRUE(taken.insert("is_" + name).second) << name;
  }
}

TEST(SectionListTest, EachFieldIsInTheDocumentForTemplates) {
  std::ifstream in(PROJECT_ROOT "/docs/bulletins.md");
  const std::string document{std::istreambuf_iterator<char>{in}, {}};
  std::set<std::string> names = specimen_fields().names;
  for (const BulletinSection& section : bulletin_sections()) {
    const std::string name{section.name};
    names.erase("has_" + name);  // said once for all sections
    names.erase("is_" + name);
    EXPECT_THAT(document, HasSubstr("| `" + name + "` | " + std::string{section.title} + " |"));
  }
  for (const std::string& name : names) EXPECT_THAT(document, HasSubstr("`" + name + "`"));
}

}  // namespace
}  // namespace districtd
