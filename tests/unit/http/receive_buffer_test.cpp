#include "daemon/http/receive_buffer.h"

#include <cstring>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace districtd {
namespace {

constexpr std::size_t kMost = 128U << 10;

void receive(ReceiveBuffer& buffer, std::string_view bytes) {
  ASSERT_GE(buffer.free().size(), bytes.size());
  std::memcpy(buffer.free().data(), bytes.data(), bytes.size());
  buffer.add(bytes.size());
}

std::string unparsed(const ReceiveBuffer& buffer) {
  return {static_cast<const char*>(buffer.unparsed().data()), buffer.unparsed().size()};
}

TEST(ReceiveBufferTest, HasNoMemoryUntilThereIsSomethingToReceive) {
  ReceiveBuffer buffer;
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.free().size(), 0U);
  EXPECT_TRUE(buffer.make_room(kMost, false));
  EXPECT_EQ(buffer.free().size(), ReceiveBuffer::kSmall);
}

TEST(ReceiveBufferTest, GivesBackInOrderWhatWasReceived) {
  ReceiveBuffer buffer;
  ASSERT_TRUE(buffer.make_room(kMost, false));
  receive(buffer, "\r\n\nGET ");
  receive(buffer, "/x");
  buffer.skip_empty_lines();
  EXPECT_EQ(unparsed(buffer), "GET /x");
  buffer.consume(4);
  EXPECT_EQ(unparsed(buffer), "/x");
  buffer.consume(2);
  EXPECT_TRUE(buffer.empty());
}

TEST(ReceiveBufferTest, MovesAndGrowsWithoutLosingWhatIsUnparsed) {
  ReceiveBuffer buffer;
  ASSERT_TRUE(buffer.make_room(kMost, false));
  receive(buffer, std::string(ReceiveBuffer::kSmall - 3, 'a') + "xyz");
  EXPECT_EQ(buffer.free().size(), 0U);
  buffer.consume(ReceiveBuffer::kSmall - 3);
  ASSERT_TRUE(buffer.make_room(kMost, false));
  EXPECT_EQ(unparsed(buffer), "xyz");
  EXPECT_EQ(buffer.free().size(), ReceiveBuffer::kSmall - 3);
  receive(buffer, std::string(ReceiveBuffer::kSmall - 3, 'b'));
  ASSERT_TRUE(buffer.make_room(kMost, false));
  EXPECT_EQ(unparsed(buffer), "xyz" + std::string(ReceiveBuffer::kSmall - 3, 'b'));
  EXPECT_EQ(buffer.free().size(), 3 * ReceiveBuffer::kSmall);
}

TEST(ReceiveBufferTest, DoesNotGrowBeyondTheMost) {
  ReceiveBuffer buffer;
  constexpr std::size_t kLittle = ReceiveBuffer::kSmall + 10;
  ASSERT_TRUE(buffer.make_room(kLittle, false));
  receive(buffer, std::string(ReceiveBuffer::kSmall, 'a'));
  ASSERT_TRUE(buffer.make_room(kLittle, false));
  receive(buffer, std::string(10, 'b'));
  EXPECT_FALSE(buffer.make_room(kLittle, false));
  buffer.consume(1);
  EXPECT_TRUE(buffer.make_room(kLittle, false)) << "what was parsed makes room";
}

TEST(ReceiveBufferTest, IsLargeForALargeBodyAndSmallAgainAfterIt) {
  ReceiveBuffer buffer;
  ASSERT_TRUE(buffer.make_room(kMost, true));
  EXPECT_EQ(buffer.free().size(), ReceiveBuffer::kLarge);
  receive(buffer, "x");
  buffer.shrink();
  EXPECT_EQ(unparsed(buffer), "x") << "nothing that is unparsed is thrown away";
  buffer.consume(1);
  buffer.shrink();
  EXPECT_EQ(buffer.free().size(), 0U);
  EXPECT_EQ(buffer.scratch().size(), ReceiveBuffer::kSmall);
}

TEST(ReceiveBufferDeathTest, NoMoreIsParsedThanWasReceived) {
  ReceiveBuffer buffer;
  ASSERT_TRUE(buffer.make_room(kMost, false));
  receive(buffer, "abc");
  EXPECT_DEATH(buffer.consume(4), "no more is parsed");
  EXPECT_DEATH(buffer.add(ReceiveBuffer::kSmall), "no more is received");
}

}  // namespace
}  // namespace districtd
