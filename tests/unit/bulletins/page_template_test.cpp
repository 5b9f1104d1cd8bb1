#include "daemon/bulletins/page_template.h"

#include "base/ports/files.h"
#include "daemon/bulletins/built_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/bulletins/edition.h"
#include "daemon/bulletins/fields.h"
#include "tests/unit/bulletins/district.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> findings_of(const std::string& text) {
  std::vector<std::string> result;
  for (const Finding& finding : prove_template("t.html", text, specimen_fields())) {
    result.push_back(to_string(finding));
  }
  return result;
}

TEST(PageTemplateTest, UnknownFieldIsFoundWithItsPlaceAndTheNearestName) {
  EXPECT_THAT(findings_of("<h1>\n  {{titel}}</h1>"),
              ElementsAre(HasSubstr("t.html:2:3: unknown field 'titel'; did you mean 'title'?")));
}

TEST(PageTemplateTest, FieldOfALinesListIsUnknownOutsideIt) {
  EXPECT_THAT(findings_of("{{quote}}"),
              ElementsAre(HasSubstr("it exists, but not in this section")));
  EXPECT_THAT(findings_of("{{#targets}}{{quote}}{{counts.reached}}{{/targets}}"), ElementsAre());
}

TEST(PageTemplateTest, FieldsAreProvedInInvertedSectionsToo) {
  EXPECT_THAT(findings_of("{{^has_corrections}}{{nonsense}}{{/has_corrections}}"),
              ElementsAre(HasSubstr("unknown field 'nonsense'")));
}

TEST(PageTemplateTest, SectionsAreClosedInTheirOrder) {
  EXPECT_THAT(findings_of("{{#targets}}"), ElementsAre(HasSubstr("'targets' is not closed")));
  EXPECT_THAT(findings_of("{{/targets}}"), ElementsAre(HasSubstr("no section is open")));
  EXPECT_THAT(findings_of("{{#targets}}{{#goal}}{{/targets}}{{/goal}}"), Not(ElementsAre()));
  EXPECT_THAT(findings_of("a\n{{title"), ElementsAre(HasSubstr("t.html:2:1: a tag begins here")));
}

TEST(PageTemplateTest, OtherFilesAndOtherDelimitersAreRefused) {
  EXPECT_THAT(findings_of("{{>head}}{{=<% %>=}}"), ::testing::SizeIs(2));
}

TEST(PageTemplateTest, TemplatesThatComeWithDistrictdAreGood) {
  const auto loaded = TemplateFolder::load(PROJECT_ROOT "/config/bulletins");
  if (!loaded) {
    FAIL() << to_string(loaded.error().front());
  }
}

class TemplateFolderTest : public FilesTest {};

TEST_F(TemplateFolderTest, SharedTemplateIsSaidOnce) {
  write("bulletin.html", "{{nonsense}}");
  const auto loaded = TemplateFolder::load(folder_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().size(), 1U);
}

TEST_F(TemplateFolderTest, WhatAFolderDoesNotHaveIsBuiltIn) {
  write("bulletin.txt", "自有的");
  EXPECT_TRUE(TemplateFolder::load(folder_));
  EXPECT_TRUE(TemplateFolder::load(""));
  const auto absent = TemplateFolder::load(folder_ / "absent");
  ASSERT_FALSE(absent);
  EXPECT_THAT(to_string(absent.error().front()), HasSubstr("is no folder"));
}

TEST(BuiltInTest, TheTemplatesAreThoseThatComeWithTheSource) {
  for (const char* const name :
       {"bulletin.html", "bulletin.txt", "message.txt", "reference.docx"}) {
    EXPECT_EQ(built_in_template(name),
              *read_whole(std::string{PROJECT_ROOT "/config/bulletins/"} + name))
        << name;
  }
  EXPECT_EQ(built_in_template("other.html"), "");
}

TEST_F(TemplateFolderTest, PageEscapesWhatComesFromOutside) {
  testing::SmallDistrict district;
  district.targets[0].name = "<b>投资</b>&";
  const Picture now = district.picture(testing::kJuly8, testing::june());
  const Bulletin bulletin = district.compose(
      district.occasion(BulletinKind::monthly, testing::kJuly8, testing::kJune8), now, now);
  const auto loaded = PageTemplate::load(PROJECT_ROOT "/config/bulletins/bulletin.html",
                                         Escaping::html, specimen_fields());
  const std::string page = loaded->render(fields_of(bulletin, now, "印制"));
  EXPECT_THAT(page, Not(HasSubstr("<b>投资")));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;投资&lt;/b&gt;&amp;"));
}

}  // namespace
}  // namespace districtd
