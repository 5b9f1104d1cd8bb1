#include "daemon/http/places.h"

#include <chrono>
#include <string>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ports/clock.h"

namespace districtd {
namespace {

using boost::asio::ip::make_address;
using std::chrono_literals::operator""s;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ClientOfTest, IsTheAddressOrTheNetworkThatOneCustomerHas) {
  EXPECT_EQ(client_of(make_address("192.0.2.7")), "192.0.2.7");
  EXPECT_EQ(client_of(make_address("::ffff:192.0.2.7")), "192.0.2.7");
  EXPECT_EQ(client_of(make_address("2001:db8:1:2::1")),
            client_of(make_address("2001:db8:1:2:ffff::9")));
  EXPECT_NE(client_of(make_address("2001:db8:1:2::1")), client_of(make_address("2001:db8:1:3::1")));
}

TEST(ClientOfTest, AProxyOnThisMachineIsNobody) {
  for (const char* address : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(client_of(make_address(address)), "") << address;
  }
}

class PlacesTest : public testing::Test {
 protected:
  // A connection that knows nothing but its place.
  struct Guest : Deadline {
    Guest(PlacesTest& given, std::string given_name, std::string given_client = "")
        : test(given), name(std::move(given_name)), client(std::move(given_client)) {
      has_entered = test.places_.enter(client, [this](const Deadline& other) {
        return static_cast<const Guest&>(other).client == client;
      });
    }
    ~Guest() override { go(); }
    void go() {
      if (std::exchange(has_entered, false)) test.places_.leave(client);
    }
    void expired() override {}
    void displaced() override {
      test.displaced_.push_back(name);
      go();
    }
    PlacesTest& test;
    const std::string name;
    const std::string client;
    bool has_entered = false;
  };

  static HttpLimits limits(std::size_t most, std::size_t of_a_client = 0) {
    HttpLimits limits;
    limits.max_connections = most;
    limits.max_connections_per_client = of_a_client;
    return limits;
  }

  boost::asio::io_context io_;
  Places places_{io_, limits(4)};
  std::vector<std::string> displaced_;
  const Deadline::Clock::time_point begin_ = steady_now();
};

TEST_F(PlacesTest, WhoHasProvedNothingGoesFirstThenTheIdleThenTheOthersThatHang) {
  Guest writes(*this, "takes nothing");
  places_.moving.push(writes, begin_);
  Guest hangs(*this, "hangs");
  places_.handled.push(hangs, begin_);
  Guest idle(*this, "idle");
  places_.idle.push(idle, begin_);
  Guest silent(*this, "silent");
  places_.unproven.push(silent, begin_);
  const auto later = begin_ + 2s;
  EXPECT_TRUE(places_.make_room(later));
  EXPECT_THAT(displaced_, ElementsAre("silent"));
  Guest second(*this, "second");
  EXPECT_TRUE(places_.make_room(later));
  Guest third(*this, "third");
  EXPECT_TRUE(places_.make_room(later));
  Guest fourth(*this, "fourth");
  EXPECT_TRUE(places_.make_room(later));
  EXPECT_THAT(displaced_, ElementsAre("silent", "idle", "takes nothing", "hangs"));
  EXPECT_EQ(places_.displaced, 4u);
}

TEST_F(PlacesTest, WhoHasJustComeIsHeardAndWhoHasJustBegunIsNotStopped) {
  Guest silent(*this, "silent");
  places_.unproven.push(silent, begin_);
  Guest writes(*this, "writes");
  places_.moving.push(writes, begin_);
  Guest asks(*this, "asks");
  places_.handled.push(asks, begin_);
  Guest sends(*this, "sends");
  places_.arriving.push(sends, begin_);
  EXPECT_FALSE(places_.make_room(begin_ + Places::kHearing / 2));
  EXPECT_THAT(displaced_, IsEmpty());
  EXPECT_TRUE(places_.make_room(begin_ + Places::kHearing));
  EXPECT_THAT(displaced_, ElementsAre("silent"));
}

TEST_F(PlacesTest, AClientWithTooManyMakesRoomForItselfOrIsRefused) {
  places_.set_limits(limits(100, 2));
  Guest other(*this, "other", "192.0.2.9");
  places_.unproven.push(other, begin_);
  Guest silent(*this, "silent", "192.0.2.1");
  places_.unproven.push(silent, begin_);
  Guest sends(*this, "sends", "192.0.2.1");
  places_.arriving.push(sends, begin_);
  Guest third(*this, "third", "192.0.2.1");
  EXPECT_TRUE(third.has_entered);
  EXPECT_THAT(displaced_, ElementsAre("silent"));
  places_.handled.push(third, begin_);
  const Guest fourth(*this, "fourth", "192.0.2.1");
  EXPECT_FALSE(fourth.has_entered);
  EXPECT_EQ(places_.refused, 1u);
  EXPECT_EQ(places_.taken(), 3u);
}

TEST_F(PlacesTest, AProxyOnThisMachineMayHaveAllOfThem) {
  places_.set_limits(limits(100, 1));
  const Guest first(*this, "first", client_of(make_address("127.0.0.1")));
  const Guest second(*this, "second", client_of(make_address("127.0.0.1")));
  EXPECT_TRUE(first.has_entered);
  EXPECT_TRUE(second.has_entered);
}

TEST_F(PlacesTest, PushesNeverHaveTheLastQuarter) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(places_.begin_push()) << i;
  EXPECT_FALSE(places_.begin_push());
  places_.end_push();
  EXPECT_TRUE(places_.begin_push());
  places_.set_limits(limits(1));
  places_.end_push();
  places_.end_push();
  places_.end_push();
  EXPECT_TRUE(places_.begin_push()) << "where there is one place it is for pushes too";
}

}  // namespace
}  // namespace districtd
