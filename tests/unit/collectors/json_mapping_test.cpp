#include "collectors/pull/json_mapping.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

TEST(JsonMappingTest, PicksTheFiguresOutOfAPortalsDocument) {
  const JsonMapping mapping{"/data/a~1b", "/name", "/period/end", "/n", "/remark"};
  EXPECT_EQ(mapped_json(R"({"data":{"a/b":[{"name":"x","period":{"end":"2026-06-30"},"n":1.5,
                            "remark":"r"},{"name":"y","n":null},7]}})",
                        mapping),
            R"({"observations":[{"target":"x","as_of":"2026-06-30","value":1.5,"note":"r"},)"
            R"({"target":"y","value":null},{}]})");
}

TEST(JsonMappingTest, NumbersStayAsTheyAreWritten) {
  const JsonMapping mapping{"", "/t", "/d", "/v", ""};
  for (const std::string number : {"12.60", "0.1", "1e3", "-0", "1.0E+05", "12345678901234567890",
                                   "18446744073709551616", "0.12345678901234567890123", "1e400"}) {
    EXPECT_EQ(mapped_json(R"([{"t":7,"d":"n12","v":)" + number + "}]", mapping),
              R"({"observations":[{"target":7,"as_of":"n12","value":)" + number + "}]}");
  }
}

TEST(JsonMappingTest, StringsAndNestedValuesComeThroughWhateverTheyHold) {
  const JsonMapping mapping{"", "/t", "/d", "/v", "/note"};
  const std::string large(100'000, 'x');
  EXPECT_EQ(mapped_json(R"([{"t":"","d":"\"\\\n文旅","v":{"n":1},"note":[1,"a"]},)"
                        R"({"t":true,"note":"\u6587)" +
                            large + "\"}]",
                        mapping),
            R"({"observations":[{"target":"","as_of":"\"\\\n文旅","value":{},"note":[]},)"
            R"({"target":true,"note":"文)" +
                large + "\"}]}");
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
