#include "daemon/delivery/transfer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/base/scripted_server.h"
#include "tests/unit/base/silent_name_server.h"

namespace districtd {
namespace {

using Result = Transfer::Result;
using std::chrono::seconds;

Transfer post(const std::string& url, seconds timeout = seconds{30}) {
  return post_json(url, R"({"title":"周报"})", timeout, {});
}

ScriptedServer::Script answering(unsigned status, const std::string& body = "",
                                 const std::vector<std::string>& header_lines = {}) {
  return [=](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(status, body, header_lines)};
  };
}

TEST(TransferTest, PostsJsonAndKeepsTheAnswer) {
  const ScriptedServer server(answering(200, R"({"errcode":0})"));
  const Transfer transfer = post(server.url("/send?key=k"));
  EXPECT_EQ(transfer.result, Result::sent) << transfer.detail;
  EXPECT_EQ(transfer.body, R"({"errcode":0})");
  const ScriptedRequest request = server.requests().at(0);
  EXPECT_TRUE(request.head.starts_with("POST /send?key=k HTTP/1.1\r\n")) << request.head;
  EXPECT_EQ(request.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(request.body, R"({"title":"周报"})");
}

TEST(TransferTest, TheStatusSaysWhetherAnotherAttemptMayHelp) {
  for (const unsigned status : {425u, 429u, 503u}) {
    const ScriptedServer server(answering(status));
    const Transfer transfer = post(server.url());
    EXPECT_EQ(transfer.result, Result::again) << status;
    EXPECT_EQ(transfer.detail, "HTTP status " + std::to_string(status));
    EXPECT_EQ(transfer.not_before, seconds{0});
  }
  for (const unsigned status : {408u, 500u, 502u, 504u}) {
    const ScriptedServer server(answering(status));
    EXPECT_EQ(post(server.url()).result, Result::uncertain) << status;
  }
  for (const unsigned status : {400u, 401u, 404u, 410u}) {
    const ScriptedServer server(answering(status));
    EXPECT_EQ(post(server.url()).result, Result::refused) << status;
  }
}

TEST(TransferTest, RetryAfterInSecondsIsKeptAndAnyOtherIsAsGoodAsNone) {
  for (const auto& [said, wait] :
       {std::pair{"120", seconds{120}}, std::pair{"999999999", seconds{86'400}},
        std::pair{"-5", seconds{0}}, std::pair{"", seconds{0}}, std::pair{"1e3", seconds{0}},
        std::pair{"Fri, 31 Dec 2027 23:59:59 GMT", seconds{0}}}) {
    const ScriptedServer server(answering(503, "", {std::string("Retry-After: ") + said}));
    EXPECT_EQ(post(server.url()).not_before, wait) << said;
  }
}

TEST(TransferTest, ARedirectIsARefusalAndIsNotFollowed) {
  const ScriptedServer server(answering(307, "", {"Location: /elsewhere"}));
  EXPECT_EQ(post(server.url()).result, Result::refused);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(TransferTest, NobodyThereIsAnotherAttempt) {
  EXPECT_EQ(post("http://127.0.0.1:" + std::to_string(closed_port()) + "/").result, Result::again);
}

TEST(TransferTest, SentWithoutAnAnswerIsUncertain) {
  const ScriptedServer closing([](const ScriptedRequest&) { return ScriptedAnswer{}; });
  const ScriptedServer slow([](const ScriptedRequest&) { return ScriptedAnswer{"", true}; });
  const ScriptedServer breaking([](const ScriptedRequest&) {
    return ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"};
  });
  for (const auto* server : {&closing, &slow, &breaking}) {
    const Transfer transfer = post(server->url("/send?key=secret"), seconds{1});
    EXPECT_EQ(transfer.result, Result::uncertain);
    EXPECT_TRUE(transfer.detail.starts_with("the request was sent and no answer came: "))
        << transfer.detail;
    EXPECT_EQ(transfer.detail.find("secret"), std::string::npos) << transfer.detail;
  }
}

TEST(TransferTest, ALongAnswerIsCutAndCountsAllTheSame) {
  const ScriptedServer server(answering(200, std::string(1'000'000, 'x')));
  const Transfer transfer = post(server.url());
  EXPECT_EQ(transfer.result, Result::sent) << transfer.detail;
  EXPECT_EQ(transfer.body.size(), 64u << 10);
}

TEST(TransferTest, AUserInTheAddressIsSentAsAHeader) {
  const ScriptedServer server(answering(200));
  std::string url = server.url("/hook");
  url.insert(std::string("http://").size(), "clerk:p%40ss@");
  EXPECT_EQ(post(url).result, Result::sent);
  // base64 of clerk:p@ss
  EXPECT_EQ(server.requests().at(0).header("Authorization"), "Basic Y2xlcms6cEBzcw==");
}

TEST(TransferTest, AStopBeforeAnythingWasSentIsAStop) {
  std::stop_source source;
  source.request_stop();
  const ScriptedServer server(answering(200));
  const Transfer transfer = post_json(server.url(), "{}", seconds{30}, source.get_token());
  EXPECT_EQ(transfer.result, Result::stopped);
}

TEST(TransferTest, AStopWhileTheAnswerIsAwaitedIsUncertain) {
  std::stop_source source;
  const ScriptedServer server([&](const ScriptedRequest&) {
    source.request_stop();
    return ScriptedAnswer{"", true};
  });
  const Transfer transfer = post_json(server.url(), "{}", seconds{60}, source.get_token());
  EXPECT_EQ(transfer.result, Result::uncertain);
}

// Closing waited for the look-up's thread, as long as that took.
TEST(TransferTest, ALetterThatIsStoppedWaitsForNoNameServer) {
  const SilentNameServer name_server;
  std::stop_source source;
  const std::jthread stopping([&] {
    name_server.wait_until_asked();
    source.request_stop();
  });
  SmtpServer server;
  server.host = SilentNameServer::kSilent;
  server.security = SmtpServer::Security::none;
  const Transfer transfer = send_mail(server, "bot@district.test", "clerk@district.test",
                                      "Subject: x\r\n\r\nx\r\n", source.get_token());
  EXPECT_EQ(transfer.result, Result::stopped) << transfer.detail;
  EXPECT_FALSE(name_server.has_returned());
}

TEST(TransferTest, AnAnnouncementThatIsStoppedWaitsForNoNameServer) {
  const SilentNameServer name_server;
  std::stop_source source;
  const std::jthread stopping([&] {
    name_server.wait_until_asked();
    source.request_stop();
  });
  const std::string url = "http://" + std::string(SilentNameServer::kSilent) + "/send?key=secret";
  const Transfer transfer = post_json(url, "{}", seconds{60}, source.get_token());
  EXPECT_EQ(transfer.result, Result::stopped) << transfer.detail;
  EXPECT_FALSE(name_server.has_returned());
}

}  // namespace
}  // namespace districtd
