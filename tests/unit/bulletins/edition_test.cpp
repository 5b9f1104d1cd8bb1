#include "daemon/bulletins/edition.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class EditionTest : public StoreFixture {
 protected:
  EditionTest() { config_.templates = PROJECT_ROOT "/config/bulletins"; }

  Edition written(const Converters& converters, const std::vector<BulletinFormat>& formats) {
    const Store store(path());  // makes the file
    auto templates = TemplateFolder::load(config_.templates);
    const DistrictClock clock{"Asia/Shanghai", [] { return at(2026, 7, 8, 9); }};
    const std::string district = "试验区";
    const EditionRequest request{config_, district, catalogue_, clock, *templates, converters, {}};
    return write_edition(request, StoreReader{path()},
                         occasion_on(nullptr, BulletinKind::monthly, day(2026, 7, 8), clock,
                                     catalogue_->working_days()),
                         formats, folder_.path(), "");
  }

  BulletinConfig config_;
};

TEST_F(EditionTest, AMissingConverterIsToldApartFromOneThatFails) {
  const Edition missing = written({}, {BulletinFormat::html, BulletinFormat::pdf});
  EXPECT_THAT(missing.files, ElementsAre("monthly-2026-07-08.html"));
  ASSERT_EQ(missing.problems.size(), 1U);
  EXPECT_EQ(missing.problems.front().cause, FormatProblem::Cause::no_converter);
  EXPECT_THAT(missing.problems.front().text, HasSubstr("weasyprint is not on PATH"));

  Converters failing;
  failing.weasyprint = "/bin/false";
  const Edition failed = written(failing, {BulletinFormat::html, BulletinFormat::pdf});
  EXPECT_THAT(failed.files, ElementsAre("monthly-2026-07-08.html"));
  ASSERT_EQ(failed.problems.size(), 1U);
  EXPECT_EQ(failed.problems.front().cause, FormatProblem::Cause::failed);
  EXPECT_THAT(failed.problems.front().text,
              AllOf(StartsWith("pdf: "), HasSubstr("/bin/false failed with status 1")));
}

TEST_F(EditionTest, WhatAFailingConverterSaysIsNotReadAsAMissingOne) {
  Converters failing;
  const auto script = folder_.path() / "weasyprint";
  std::ofstream(script) << "#!/bin/sh\necho 'fontconfig is not on PATH' >&2\nexit 3\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  failing.weasyprint = script;
  const Edition failed = written(failing, {BulletinFormat::pdf});
  ASSERT_EQ(failed.problems.size(), 1U);
  EXPECT_EQ(failed.problems.front().cause, FormatProblem::Cause::failed);
  EXPECT_THAT(failed.problems.front().text, HasSubstr("fontconfig is not on PATH"));
}

}  // namespace
}  // namespace districtd
