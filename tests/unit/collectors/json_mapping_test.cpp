#include "collectors/json_mapping.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

TEST(JsonMappingTest, PicksTheFiguresOutOfAPortalsDocument) {
  const JsonMapping mapping{"/data/a~1b", "/name", "/period/end", "/n", "/remark"};
  EXPECT_EQ(mapped_json(R"({"data":{"a/b":[{"name":"x","period":{"end":"2026-06-30"},"n":1.5,
                            "remark":"r"},{"name":"y","n":null},7]}})",
                        mapping),
            R"({"observations":[{"target":"x","as_of":"2026-06-30","value":1.5E0,"note":"r"},)"
            R"({"target":"y","value":null},{}]})");
}

TEST(JsonMappingTest, TheDocumentItselfMayBeTheRows) {
  const JsonMapping mapping{"", "/t", "/d", "/v", ""};
  EXPECT_EQ(mapped_json(R"([{"t":"x","d":"2026-06-30","v":"3%"}])", mapping),
            R"({"observations":[{"target":"x","as_of":"2026-06-30","value":"3%"}]})");
}

TEST(JsonMappingTest, SaysWhereThereAreNoRows) {
  const JsonMapping mapping{"/rows", "/t", "/d", "/v", ""};
  for (const char* text : {"", "{", "[]", "{}", R"({"rows":{}})", R"({"rows":7})"}) {
    EXPECT_EQ(mapped_json(text, mapping), std::nullopt) << text;
  }
}

TEST(JsonMappingTest, KnowsAPointer) {
  for (const char* good : {"", "/", "/a", "/a/b", "/a~0b", "/a~1b", "/0"}) {
    EXPECT_TRUE(is_json_pointer(good)) << good;
  }
  for (const char* bad : {"a", "a/b", "/a~", "/a~2", "#/a"}) {
    EXPECT_FALSE(is_json_pointer(bad)) << bad;
  }
}

}  // namespace
}  // namespace districtd
