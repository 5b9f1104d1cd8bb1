#include "daemon/http/path_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/http/route.h"

namespace districtd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;

TEST(PathPatternTest, FixedTextMatchesOnlyItself) {
  const PathPattern pattern("/bulletins/");
  EXPECT_THAT(pattern.match("/bulletins/"), Optional(IsEmpty()));
  EXPECT_FALSE(pattern.match("/bulletins"));
  EXPECT_FALSE(pattern.match("/bulletins/x"));
  EXPECT_FALSE(pattern.match("/bulletins//"));
  EXPECT_FALSE(pattern.match(""));
}

TEST(PathPatternTest, ACaptureIsOneSegmentThatIsNotEmpty) {
  const PathPattern pattern("/targets/{id}/explanation");
  EXPECT_THAT(pattern.match("/targets/a.b/explanation"), Optional(ElementsAre(Pair("id", "a.b"))));
  EXPECT_THAT(pattern.match("/targets/文旅 投资/explanation"),
              Optional(ElementsAre(Pair("id", "文旅 投资"))));
  EXPECT_FALSE(pattern.match("/targets//explanation"));
  EXPECT_FALSE(pattern.match("/targets/a/b/explanation"));
  EXPECT_FALSE(pattern.match("/targets/a/explanation/"));
  EXPECT_FALSE(pattern.match("/targets/a/explanations"));
  EXPECT_FALSE(pattern.match("/targets/a"));
  EXPECT_FALSE(pattern.match("/targets/"));
}

// Else a route's own slashes could be written as what belongs to a name.
TEST(PathPatternTest, AnEncodedSlashSeparatesNothing) {
  EXPECT_FALSE(PathPattern("/-/reload").match("/-%2Freload"));
  EXPECT_FALSE(PathPattern("/-/reload").match("/-%2freload"));
  EXPECT_FALSE(PathPattern("/bulletins/").match("/bulletins%2F"));
  EXPECT_FALSE(PathPattern("/targets/{id}").match("/targets/a%2Fb"));
  EXPECT_FALSE(PathPattern("/targets/{id}").match("/targets%2Fa"));
  EXPECT_FALSE(PathPattern("/targets/{id}").match("%2Ftargets/a"));
  EXPECT_FALSE(PathPattern("/a/{x}/b").match("/a/1%2Fb"));
}

TEST(PathPatternTest, EverythingElseIsDecodedSegmentBySegment) {
  EXPECT_THAT(PathPattern("/-/reload").match("/%2D/rel%6Fad"), Optional(IsEmpty()));
  EXPECT_THAT(PathPattern("/targets/{id}").match("/targets/%E6%96%87%25%3F"),
              Optional(ElementsAre(Pair("id", "文%?"))));
  EXPECT_THAT(PathPattern("/targets/{id}").match("/targets/a%252Fb"),
              Optional(ElementsAre(Pair("id", "a%2Fb"))));
}

TEST(PathPatternTest, SeveralCapturesComeInTheOrderOfThePath) {
  const PathPattern pattern("/a/{first}/b/{second}");
  EXPECT_THAT(pattern.match("/a/1/b/2"),
              Optional(ElementsAre(Pair("first", "1"), Pair("second", "2"))));
  EXPECT_FALSE(pattern.match("/a/1/b/"));
  EXPECT_THAT(PathPattern("/{x}/{y}").match("/1/2"),
              Optional(ElementsAre(Pair("x", "1"), Pair("y", "2"))));
}

TEST(PathPatternTest, TheLabelHasNoNames) {
  EXPECT_EQ(PathPattern("/metrics").label(), "/metrics");
  EXPECT_EQ(PathPattern("/api/v1/targets/{id}").label(), "/api/v1/targets/{}");
  EXPECT_EQ(PathPattern("/a/{first}/b/{second}/c").label(), "/a/{}/b/{}/c");
}

TEST(PathPatternDeathTest, AFaultInThePatternEndsTheProgram) {
  EXPECT_DEATH(PathPattern("metrics"), "begins with a slash");
  EXPECT_DEATH(PathPattern("/a/{}"), "a capture has a name");
  EXPECT_DEATH(PathPattern("/a/{id"), "brace is closed");
  EXPECT_DEATH(PathPattern("/a/x{id}"), "a whole segment");
  EXPECT_DEATH(PathPattern("/a/{id}x"), "a whole segment");
  EXPECT_DEATH(PathPattern("/{id}/{id}"), "captured once");
}

TEST(HttpRequestTest, CapturesAreAskedForByName) {
  HttpRequest request;
  request.captures = {{"id", "gdp"}, {"year", "2026"}};
  EXPECT_EQ(request.capture("year"), "2026");
  EXPECT_DEATH(static_cast<void>(request.capture("month")), "a segment of that name");
}

}  // namespace
}  // namespace districtd
