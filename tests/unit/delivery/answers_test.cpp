// Every kind of answer, of robots and of mail servers: what becomes of the delivery, and how often
// the receiver saw it. Only what surely did not arrive may be seen twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <prometheus/registry.h>

#include "daemon/delivery/courier.h"
#include "daemon/log/logging.h"
#include "tests/unit/base/scripted_server.h"
#include "tests/unit/delivery/scripted_smtp.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

using std::chrono::seconds;

const Time kWhen{std::chrono::sys_days{std::chrono::year{2026} / 7 / 8}};
const std::string kBulletin = "weekly-2026-07-08";
constexpr int kAttempts = 3;

// What is expected of a delivery that is tried kAttempts times at most.
struct Outcome {
  DeliveryState state;
  int seen;
};
constexpr Outcome kSent{DeliveryState::sent, 1};
constexpr Outcome kUncertain{DeliveryState::uncertain, 1};
constexpr Outcome kRefused{DeliveryState::failed, 1};
constexpr Outcome kAgain{DeliveryState::failed, kAttempts};

class AnswersTest : public ::testing::Test {
 protected:
  AnswersTest() {
    LogConfig aside;
    aside.sink = LogSink::file;
    aside.path = folder_.path() / "districtd.log";
    configure_logging(aside);
    OccasionRecord occasion;
    occasion.name = "weekly";
    occasion.due_at = occasion.made_at = kWhen;
    occasion.outcome = OccasionOutcome::made;
    occasion.id = kBulletin;
    occasion.title = "督查周报";
    occasion.message = "督查周报\n正文";
    occasion.summary = "{}";
    keep(store_, {{occasion}, {}});
  }
  ~AnswersTest() override { configure_logging({}); }

  void adopt(std::vector<Webhook> webhooks, std::optional<SmtpServer> smtp = std::nullopt) {
    BulletinConfig config;
    config.retry_after = seconds{0};
    config.attempts = kAttempts;
    config.webhooks = std::move(webhooks);
    config.smtp = std::move(smtp);
    courier_.adopt(std::make_shared<const BulletinConfig>(config));
  }
  void send(DeliveryChannel channel, const std::string& recipient, int copy = 1) {
    const DeliveryRecord record{kBulletin, channel, recipient, copy, DeliveryState::pending,
                                0,         kWhen,   ""};
    keep(store_, {{}, {record}});
    courier_.enqueue({record});
  }
  // All records, once `holds` is true of them.
  std::map<std::string, DeliveryRecord> await(
      const std::function<bool(const std::map<std::string, DeliveryRecord>&)>& holds) {
    const StoreReader reader{path_};
    const auto deadline = std::chrono::steady_clock::now() + seconds{300};
    std::map<std::string, DeliveryRecord> all;
    do {
      for (DeliveryRecord& one : reader.bulletin_deliveries(kBulletin)) {
        all[one.recipient] = std::move(one);
      }
      if (holds(all)) return all;
      std::this_thread::yield();
    } while (std::chrono::steady_clock::now() < deadline);
    ADD_FAILURE() << "not within five minutes";
    return all;
  }
  std::map<std::string, DeliveryRecord> await_ends() {
    return await([](const auto& all) {
      return std::none_of(all.begin(), all.end(), [](const auto& one) {
        return one.second.state == DeliveryState::pending ||
               one.second.state == DeliveryState::sending;
      });
    });
  }

  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "districtd.db";
  Store store_{path_};
  prometheus::Registry registry_;
  BulletinMetrics metrics_{registry_};
  Courier courier_{store_, path_, metrics_, DistrictClock("Asia/Shanghai", [] { return kWhen; })};
};

struct HttpCase {
  std::string name;  // of the webhook, and its path
  Webhook::Form form = Webhook::Form::json;
  ScriptedAnswer answer;
  Outcome expected;
  seconds timeout{60};
};

std::string name_of(Webhook::Form form) {
  return form == Webhook::Form::json ? "json" : form == Webhook::Form::wecom ? "wecom" : "dingtalk";
}

Outcome expected_of(unsigned status) {
  if (status == 425 || status == 429 || status == 503) return kAgain;
  if (status == 408 || status >= 500) return kUncertain;
  return kRefused;
}

// What no answer of HTTP, or none at all, makes of any webhook.
void add_broken_answers(Webhook::Form form, std::vector<HttpCase>& cases) {
  const auto add = [&](const char* name, ScriptedAnswer answer, seconds timeout = seconds{60}) {
    cases.push_back({name_of(form) + "-" + name, form, std::move(answer), kUncertain, timeout});
  };
  add("closes", {});
  add("hangs", {"", true}, seconds{5});
  add("half-head", {"HTTP/1.1 20"});
  add("half-body", {"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"errcode\":0"});
  add("half-refusal", {"HTTP/1.1 503 Busy\r\nContent-Length: 20\r\n\r\nx"});
  add("hangs-in-body", {"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{", true}, seconds{5});
  add("interim-only", {"HTTP/1.1 100 Continue\r\n\r\n"});
  add("no-http", {"hello\r\n"});
}

std::vector<HttpCase> http_cases() {
  std::vector<HttpCase> cases;
  for (const auto form : {Webhook::Form::json, Webhook::Form::wecom, Webhook::Form::dingtalk}) {
    const std::string good = R"({"errcode":0,"errmsg":"ok"})";
    for (const unsigned status : {200u, 201u, 202u}) {
      cases.push_back(
          {name_of(form) + "-" + std::to_string(status), form, {http_answer(status, good)}, kSent});
    }
    for (unsigned status = 300; status < 600; ++status) {
      const bool is_sample = status % 100 < 12 || status == 425 || status == 429 || status == 451 ||
                             status == 499 || status >= 598 || (status >= 520 && status <= 530);
      if (!is_sample) continue;
      // The words of a robot below a status that says otherwise count for nothing.
      cases.push_back({name_of(form) + "-" + std::to_string(status),
                       form,
                       {http_answer(status, good, {"Location: /elsewhere"})},
                       expected_of(status)});
    }
    cases.push_back(
        {name_of(form) + "-503-later", form, {http_answer(503, "", {"Retry-After: 0"})}, kAgain});
    add_broken_answers(form, cases);
  }
  const auto add = [&](Webhook::Form form, const std::string& body, Outcome expected) {
    cases.push_back({name_of(form) + "-answers-" + std::to_string(cases.size()),
                     form,
                     {http_answer(200, body)},
                     expected});
  };
  const auto errcode = [](int code) { return "{\"errcode\":" + std::to_string(code) + "}"; };
  for (const int code : {45009, 45033}) add(Webhook::Form::wecom, errcode(code), kAgain);
  for (const int code : {93000, 40058, 45002}) add(Webhook::Form::wecom, errcode(code), kRefused);
  for (const int code : {130101, 410100}) add(Webhook::Form::dingtalk, errcode(code), kAgain);
  for (const int code : {310000, 300001, 400101}) {
    add(Webhook::Form::dingtalk, errcode(code), kRefused);
  }
  for (const auto form : {Webhook::Form::wecom, Webhook::Form::dingtalk}) {
    const int of_the_other = form == Webhook::Form::wecom ? 410100 : 45009;
    for (const int code : {-1, 1, 50001, of_the_other}) add(form, errcode(code), kUncertain);
    for (const char* body : {"", "ok", "<html>busy</html>", "{}", "[]", R"({"errcode":"0"})",
                             R"({"errcode":null})", R"({"errcode":0.5})", R"({"errcode":0)"}) {
      add(form, body, kUncertain);
    }
    add(form, "{\"errcode\":0,\"errmsg\":\"" + std::string(100'000, 'x') + "\"}", kUncertain);
  }
  for (const char* body : {"", "ok", "{}", R"({"errcode":45009})"}) {
    add(Webhook::Form::json, body, kSent);
  }
  return cases;
}

TEST_F(AnswersTest, OfWebhooksOnlyWhatSurelyDidNotArriveIsSentAgain) {
  const std::vector<HttpCase> cases = http_cases();
  std::map<std::string, ScriptedAnswer> answers;
  for (const HttpCase& one : cases) answers["/" + one.name] = one.answer;
  const ScriptedServer server(
      [&](const ScriptedRequest& request) { return answers.at(request.target()); });
  std::vector<Webhook> webhooks;
  for (const HttpCase& one : cases) {
    Webhook webhook;
    webhook.name = one.name;
    webhook.form = one.form;
    webhook.url = server.url("/" + one.name);
    webhook.timeout = one.timeout;
    webhooks.push_back(std::move(webhook));
  }
  adopt(std::move(webhooks));
  courier_.start();
  for (const HttpCase& one : cases) send(DeliveryChannel::webhook, one.name);
  const auto ends = await_ends();
  std::map<std::string, int> seen;
  for (const ScriptedRequest& request : server.requests()) ++seen[request.target()];
  EXPECT_GT(cases.size(), 150u);
  for (const HttpCase& one : cases) {
    const DeliveryRecord& end = ends.at(one.name);
    EXPECT_EQ(to_string(end.state), to_string(one.expected.state)) << one.name << end.detail;
    EXPECT_EQ(seen["/" + one.name], one.expected.seen) << one.name << end.detail;
    EXPECT_EQ(end.attempts, one.expected.seen) << one.name;
  }
}

TEST_F(AnswersTest, WhatNeverReachedTheWebhookIsTriedAgain) {
  const ScriptedServer plain([](const ScriptedRequest&) { return ScriptedAnswer{"no TLS"}; },
                             ScriptedServer::After::connect);
  const std::vector<std::string> urls = {
      "http://127.0.0.1:" + std::to_string(closed_port()) + "/",
      "http://" + std::string(64, 'a') + ".test/",  // no name: a part is too long
      "https://127.0.0.1:" + std::to_string(plain.port()) + "/",
  };
  std::vector<Webhook> webhooks;
  for (std::size_t i = 0; i < urls.size(); ++i) {
    Webhook webhook;
    webhook.name = "robot-" + std::to_string(i);
    webhook.url = urls[i];
    webhooks.push_back(std::move(webhook));
  }
  Webhook without_its_file;
  without_its_file.name = "robot-x";
  without_its_file.url_file = folder_.path() / "missing";
  webhooks.push_back(without_its_file);
  adopt(webhooks);
  courier_.start();
  for (const Webhook& webhook : webhooks) send(DeliveryChannel::webhook, webhook.name);
  for (const auto& [name, end] : await_ends()) {
    EXPECT_EQ(to_string(end.state), "failed") << name;
    EXPECT_EQ(end.attempts, kAttempts) << name << ": " << end.detail;
    EXPECT_THAT(end.detail, ::testing::HasSubstr("given up after 3 attempts")) << name;
  }
}

struct SmtpCase {
  SmtpStep step;
  std::string reply;
  DeliveryState state;
  int connections;
  int letters;
};

std::vector<SmtpCase> smtp_cases() {
  std::vector<SmtpCase> cases;
  for (const auto step : {SmtpStep::greeting, SmtpStep::hello, SmtpStep::sender,
                          SmtpStep::recipient, SmtpStep::data}) {
    for (const char* reply : {"421 leaving", "450 busy", "451 later", "452 full", "close"}) {
      cases.push_back({step, reply, DeliveryState::failed, kAttempts, 0});
    }
    for (const char* reply : {"500 what", "550 nobody", "552 large", "554 no"}) {
      cases.push_back({step, reply, DeliveryState::failed, 1, 0});
    }
  }
  cases.push_back({SmtpStep::recipient, "hang", DeliveryState::failed, kAttempts, 0});
  for (const char* reply : {"450 busy", "451 later", "452 full", "454 later"}) {
    cases.push_back({SmtpStep::dot, reply, DeliveryState::failed, kAttempts, kAttempts});
  }
  for (const char* reply : {"500 what", "550 spam", "552 large", "554 no"}) {
    cases.push_back({SmtpStep::dot, reply, DeliveryState::failed, 1, 1});
  }
  for (const char* reply :
       {"421 leaving", "close", "hang", "354 go on", "252 perhaps", "220 hello"}) {
    cases.push_back({SmtpStep::dot, reply, DeliveryState::uncertain, 1, 1});
  }
  cases.push_back({SmtpStep::dot, "250 taken", DeliveryState::sent, 1, 1});
  return cases;
}

TEST_F(AnswersTest, OfLettersOnlyWhatSurelyDidNotArriveIsSentAgain) {
  adopt({});
  courier_.start();
  int number = 0;
  for (const SmtpCase& one : smtp_cases()) {
    const ScriptedSmtp server(one.step, one.reply);
    SmtpServer smtp;
    smtp.host = "127.0.0.1";
    smtp.port = server.port();
    smtp.security = SmtpServer::Security::none;
    smtp.from = "ducha@example.org";
    const seconds patience{one.step == SmtpStep::dot ? 5 : 2};
    smtp.timeout = one.reply == "hang" ? patience : seconds{60};
    adopt({}, smtp);
    const std::string recipient = "clerk" + std::to_string(++number) + "@example.org";
    send(DeliveryChannel::email, recipient);
    const DeliveryRecord end = await_ends().at(recipient);
    const std::string what =
        one.reply + " at step " + std::to_string(static_cast<int>(one.step)) + ": " + end.detail;
    EXPECT_EQ(to_string(end.state), to_string(one.state)) << what;
    EXPECT_EQ(server.connections(), one.connections) << what;
    EXPECT_EQ(server.letters(), one.letters) << what;
  }
}

class HungTest : public AnswersTest {
 protected:
  void adopt_robots(int count) {
    std::vector<Webhook> webhooks;
    for (int i = 0; i < count; ++i) {
      Webhook webhook;
      webhook.name = "robot-" + std::to_string(i);
      webhook.url = robots_.url("/" + webhook.name);
      webhook.timeout = seconds{600};
      webhooks.push_back(std::move(webhook));
    }
    SmtpServer smtp;
    smtp.host = "127.0.0.1";
    smtp.port = mail_.port();
    smtp.security = SmtpServer::Security::none;
    smtp.from = "ducha@example.org";
    adopt(std::move(webhooks), smtp);
  }
  void await_sent(const std::string& recipient) {
    await([&](const auto& all) { return all.at(recipient).state == DeliveryState::sent; });
  }

  std::atomic<int> hung_ = 0;  // how many of the first robots never answer
  ScriptedServer robots_{[this](const ScriptedRequest& request) {
    const int number = std::stoi(request.target().substr(std::string("/robot-").size()));
    return number < hung_ ? ScriptedAnswer{"", true} : ScriptedAnswer{http_answer(200, "")};
  }};
  ScriptedSmtp mail_{SmtpStep::dot, "250 taken"};
};

TEST_F(HungTest, OneWebhookThatHangsHoldsUpNoOtherDelivery) {
  hung_ = 1;
  adopt_robots(3);
  courier_.start();
  send(DeliveryChannel::webhook, "robot-0");
  await([&](const auto&) { return robots_.requests().size() == 1; });
  send(DeliveryChannel::webhook, "robot-0", 2);  // waits for the first one
  send(DeliveryChannel::webhook, "robot-1");
  send(DeliveryChannel::webhook, "robot-2");
  send(DeliveryChannel::email, "clerk@example.org");
  await_sent("robot-1");
  await_sent("robot-2");
  await_sent("clerk@example.org");
  EXPECT_EQ(robots_.requests().size(), 3u);
  const StoreReader reader{path_};
  for (const DeliveryRecord& one : reader.bulletin_deliveries(kBulletin)) {
    if (one.recipient != "robot-0") continue;
    EXPECT_EQ(to_string(one.state), one.copy == 1 ? "sending" : "pending");
  }
}

TEST_F(HungTest, WebhooksThatAllHangAreBoundedAndHoldUpNoLetter) {
  const int count = static_cast<int>(Courier::kMostWebhooks) + 4;
  hung_ = count;
  adopt_robots(count);
  courier_.start();
  for (int i = 0; i < count; ++i) send(DeliveryChannel::webhook, "robot-" + std::to_string(i));
  await([&](const auto&) { return robots_.requests().size() == Courier::kMostWebhooks; });
  for (const char* name : {"a@example.org", "b@example.org"}) send(DeliveryChannel::email, name);
  await_sent("a@example.org");
  await_sent("b@example.org");
  EXPECT_EQ(robots_.requests().size(), Courier::kMostWebhooks);
}

}  // namespace
}  // namespace districtd
