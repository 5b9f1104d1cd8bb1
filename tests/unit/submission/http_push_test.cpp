#include "collectors/http_push.h"

#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "collectors/receipt_json.h"

namespace districtd {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

// Keeps what it is given; the test answers when it wants.
class RecordingSink : public SubmissionSink {
 public:
  void submit(Submission submission, Done done) override {
    submissions.push_back(std::move(submission));
    waiting.push_back(std::move(done));
  }

  std::vector<Submission> submissions;
  std::vector<Done> waiting;
};

class HttpPushTest : public testing::Test {
 protected:
  static PushRequest request(std::string content_type = "text/csv") {
    return {"Bearer secret-a", std::move(content_type), "10.0.0.7", "target,as_of,value\n"};
  }

  static PushHead head(const PushRequest& request) {
    return {request.authorization, request.content_type, request.idempotency_key};
  }

  // What the head alone is answered.
  PushAnswer refused(const PushRequest& given) {
    auto answer = push_.turn_away(head(given));
    EXPECT_TRUE(answer) << "was let in";
    EXPECT_TRUE(sink_.submissions.empty());
    return answer.value_or(PushAnswer{});
  }

  // What is answered without the sink, once the body has been unpacked.
  PushAnswer refused_body(PushRequest given) {
    std::optional<PushAnswer> answer;
    push_.handle(std::move(given), [&](PushAnswer got) { answer = std::move(got); });
    run();
    EXPECT_TRUE(answer) << "was handed to the sink";
    EXPECT_TRUE(sink_.submissions.empty());
    return answer.value_or(PushAnswer{});
  }

  // Until nothing is under way any more.
  void run() {
    io_.restart();
    io_.run();
  }

  PushAnswer answered(SubmissionResult result) {
    std::optional<PushAnswer> answer;
    push_.handle(request(), [&](PushAnswer got) { answer = std::move(got); });
    EXPECT_FALSE(answer) << "answered before the sink did";
    sink_.waiting.at(0)(std::move(result));
    return answer.value_or(PushAnswer{});
  }

  static std::string code_of(const PushAnswer& answer) {
    return std::string(boost::json::parse(answer.body).at("error").at("code").as_string());
  }

  boost::asio::io_context io_;
  boost::asio::thread_pool pool_{1};
  RecordingSink sink_;
  HttpPush push_{io_,
                 pool_,
                 sink_,
                 {{"culture-tourism", sha256_hex("secret-a")},
                  {"education", sha256_hex("secret-b")},
                  {"culture-tourism", sha256_hex("secret-c")}}};
};

TEST_F(HttpPushTest, ATokenSaysWhichDepartmentSends) {
  EXPECT_EQ(push_.authenticate("Bearer secret-a"), "culture-tourism");
  EXPECT_EQ(push_.authenticate("Bearer secret-b"), "education");
  EXPECT_EQ(push_.authenticate("Bearer secret-c"), "culture-tourism");
  EXPECT_EQ(push_.authenticate("bearer  secret-b "), "education");
}

TEST_F(HttpPushTest, AnythingElseIsNobody) {
  for (const char* authorization :
       {"", "Bearer", "Bearer ", "Bearer wrong", "secret-a", "Basic secret-a", "Bearersecret-a",
        "Bearer secret-a secret-b", "Bearer SECRET-A"}) {
    EXPECT_EQ(push_.authenticate(authorization), "") << authorization;
  }
  EXPECT_EQ(push_.authenticate("Bearer " + sha256_hex("secret-a")), "")
      << "the hash must not serve as the token";
}

TEST_F(HttpPushTest, ATokenWithoutAProperHashAdmitsNobody) {
  const HttpPush push(io_, pool_, sink_, {{"education", ""}, {"education", "abc"}});
  EXPECT_EQ(push.authenticate("Bearer x"), "");
  EXPECT_EQ(push.authenticate("Bearer "), "");
}

TEST_F(HttpPushTest, AReloadReplacesTheTokens) {
  push_.set_tokens({{"health", sha256_hex("secret-d")}});
  EXPECT_EQ(push_.authenticate("Bearer secret-a"), "");
  EXPECT_EQ(push_.authenticate("Bearer secret-d"), "health");
}

TEST_F(HttpPushTest, WithoutATokenItIs401WithTheScheme) {
  for (const char* authorization : {"", "Bearer wrong"}) {
    PushRequest given = request();
    given.authorization = authorization;
    const PushAnswer answer = refused(given);
    EXPECT_EQ(answer.status, 401u);
    EXPECT_EQ(code_of(answer), "unauthorized");
    EXPECT_THAT(answer.headers, Contains(Pair("WWW-Authenticate", "Bearer")));
  }
}

TEST_F(HttpPushTest, CsvAndJsonAreHandedOnUntouched) {
  for (const auto& [given, seen] : std::vector<std::pair<std::string, std::string>>{
           {"text/csv", "text/csv"},
           {"Text/CSV; header=present; Charset=\"UTF-8\"", "text/csv"},
           {"application/csv;charset=utf8", "application/csv"},
           {" application/json ", "application/json"},
           {"application/json;", "application/json"}}) {
    push_.handle(request(given), [](const PushAnswer&) {});
    const Submission& submission = sink_.submissions.back();
    EXPECT_EQ(submission.media_type, seen) << given;
    EXPECT_EQ(submission.department, "culture-tourism");
    EXPECT_EQ(submission.collector, "http_push");
    EXPECT_EQ(submission.name, "10.0.0.7");
    EXPECT_EQ(submission.body, "target,as_of,value\n");
  }
  EXPECT_EQ(sink_.submissions.size(), 5u);
}

TEST_F(HttpPushTest, WhatCannotBeFiguresIs415WithWhatIsAccepted) {
  for (const char* type :
       {"text/html; charset=utf-8", "image/png", "application/pdf", "text/xml", "application/xml",
        "multipart/mixed; boundary=x", "multipart/form-data"}) {
    const PushAnswer answer = refused(request(type));
    EXPECT_EQ(answer.status, 415u) << type;
    EXPECT_EQ(code_of(answer), "unsupported_media_type");
    EXPECT_THAT(answer.body, HasSubstr("multipart/form-data"));
  }
}

// What curl, Java, Windows with Excel and scripts say of the same file; its bytes decide.
TEST_F(HttpPushTest, WhatClientsSayOfAFileIsHandedOn) {
  for (const char* type :
       {"", ";", "application/octet-stream", "application/vnd.ms-excel", "text/plain",
        "text/plain; charset=ISO-8859-1", "application/x-www-form-urlencoded", "text/csvx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "binary/octet-stream"}) {
    push_.handle(request(type), [](const PushAnswer&) {});
    EXPECT_EQ(sink_.submissions.back().body, "target,as_of,value\n") << type;
  }
  EXPECT_EQ(sink_.submissions.size(), 10u);
}

std::string form(const std::string& parts) { return parts + "--xYz--\r\n"; }

std::string part(const std::string& disposition, const std::string& content) {
  return "--xYz\r\nContent-Disposition: form-data; " + disposition + "\r\n" +
         "Content-Type: text/csv\r\n\r\n" + content + "\r\n";
}

// RFC 7578.
TEST_F(HttpPushTest, TheFileOfAFormIsHandedOnUntouched) {
  const std::string csv = "target,as_of,value\r\n--xY,z\r\n\r\n";
  const std::string file = part("name=\"file\"; filename=\"6月.csv\"", csv);
  for (const std::string& body :
       {form(file), form(part("name=\"comment\"", "六月") + file), "preamble\r\n" + form(file),
        form(part("name=\"data\"", csv)), form(part("name=\"f\"; filename*=UTF-8''a.csv", csv)),
        form(part("name=\"none\"; filename=\"\"", "") + file)}) {
    PushRequest given = request("multipart/form-data; boundary=\"xYz\"");
    given.body = body;
    const std::size_t before = sink_.submissions.size();
    push_.handle(given, [](const PushAnswer& answer) { ADD_FAILURE() << answer.body; });
    ASSERT_EQ(sink_.submissions.size(), before + 1) << body;
    EXPECT_EQ(sink_.submissions.back().body, csv) << body;
    EXPECT_EQ(sink_.submissions.back().media_type, "text/csv");
  }
}

TEST_F(HttpPushTest, AFormThatHasNotOneFileIs400) {
  const std::string file = part("name=\"file\"; filename=\"a.csv\"", "x");
  for (const std::string& body : {form(file + file), form(""), std::string("target,as_of,value\n"),
                                  file, form(part("name=\"a\"", "1") + part("name=\"b\"", "2")),
                                  form("--xYz\r\nContent-Disposition: form-data; filename=\"a\"\r\n"
                                       "Content-Transfer-Encoding: base64\r\n\r\neA==\r\n")}) {
    PushRequest given = request("multipart/form-data; boundary=xYz");
    given.body = body;
    std::optional<PushAnswer> answered;
    push_.handle(given, [&](PushAnswer answer) { answered = std::move(answer); });
    ASSERT_TRUE(answered) << body;
    EXPECT_EQ(answered->status, 400u);
    EXPECT_EQ(code_of(*answered), "bad_form");
  }
  EXPECT_TRUE(sink_.submissions.empty());
}

TEST_F(HttpPushTest, WorkbooksAndTheCharsetsOfOfficesAreHandedOn) {
  for (const char* type :
       {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv; charset=gbk", "text/csv;charset=\"GB18030\"", "text/csv; charset=UTF-16LE"}) {
    push_.handle(request(type), [](const PushAnswer&) {});
  }
  EXPECT_EQ(sink_.submissions.size(), 4u);
}

TEST_F(HttpPushTest, AnotherCharsetIs415) {
  for (const char* type : {"text/csv; charset=big5", "text/csv;charset=\"Shift_JIS\""}) {
    const PushAnswer answer = refused(request(type));
    EXPECT_EQ(answer.status, 415u);
    EXPECT_THAT(answer.body, HasSubstr("UTF-8"));
  }
}

TEST_F(HttpPushTest, TheOfficesTokenConfirmsAndReportsNothing) {
  push_.set_tokens(
      {{"culture-tourism", sha256_hex("secret-a")}, {"", sha256_hex("office"), TokenRole::office}});
  EXPECT_TRUE(push_.is_office("Bearer office"));
  EXPECT_FALSE(push_.is_office("Bearer secret-a"));
  EXPECT_FALSE(push_.is_office(""));
  PushRequest given = request();
  given.authorization = "Bearer office";
  EXPECT_EQ(refused(given).status, 401u);
}

TEST_F(HttpPushTest, ATokenThatPushesTooOftenIsToldWhenToComeBackBeforeItsBody) {
  push_.set_limits({.per_minute = 2});
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(push_.turn_away(head(request())));
    push_.handle(request(), [](const PushAnswer&) {});  // takes nothing of the rate
  }
  const auto answer = push_.turn_away(head(request()));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 429u);
  EXPECT_EQ(code_of(*answer), "too_many_requests");
  EXPECT_THAT(answer->headers, Contains(Pair("Retry-After", "30")));
  PushRequest of_another = request();
  of_another.authorization = "Bearer secret-b";
  EXPECT_FALSE(push_.turn_away(head(of_another)));
}

TEST_F(HttpPushTest, AStrangerTakesNothingOfTheRateAndNeitherDoesADecision) {
  push_.set_limits({.per_minute = 1});
  EXPECT_EQ(push_.turn_away({"Bearer wrong", "text/csv", ""})->status, 401u);
  EXPECT_FALSE(push_.refuse_stranger("Bearer secret-a"));
  EXPECT_EQ(push_.refuse_stranger("Bearer wrong")->status, 401u);
  EXPECT_FALSE(push_.turn_away(head(request())));
}

TEST_F(HttpPushTest, ATokenThatWentOutOfUseWhileTheBodyCameIs401) {
  ASSERT_FALSE(push_.turn_away(head(request())));
  push_.set_tokens({});
  EXPECT_EQ(refused_body(request()).status, 401u);
}

// gzip -n of "target,as_of,value\n".
std::string packed() {
  return {
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x2b\x49\x2c\x4a\x4f\x2d\xd1\x49\x2c"
      "\x8e\xcf\x4f\xd3\x29\x4b\xcc\x29\x4d\xe5\x02\x00\x58\x5c\x6e\x3f\x13\x00\x00\x00",
      39};
}

class GzipPushTest : public HttpPushTest {
 protected:
  static PushRequest packed_request() {
    PushRequest given = request();
    given.body = packed();
    given.content_encoding = "gzip";
    return given;
  }
};

TEST_F(GzipPushTest, ABodyIsUnpackedUpToTheLimit) {
  PushRequest given = packed_request();
  push_.handle(given, [](const PushAnswer&) {});
  run();
  ASSERT_EQ(sink_.submissions.size(), 1u);
  EXPECT_EQ(sink_.submissions[0].body, "target,as_of,value\n");
  EXPECT_EQ(sink_.submissions[0].department, "culture-tourism");
  EXPECT_EQ(sink_.submissions[0].media_type, "text/csv");
  sink_.submissions.clear();

  given.body.resize(20);
  const PushAnswer damaged = refused_body(given);
  EXPECT_EQ(damaged.status, 400u);
  EXPECT_EQ(code_of(damaged), "bad_gzip");

  given.body = packed();
  push_.set_limits({.max_body_bytes = 10});
  EXPECT_EQ(refused_body(given).status, 413u);
}

TEST_F(GzipPushTest, TheEventLoopDoesNotWaitForAnUnpacking) {
  std::promise<void> open;
  boost::asio::post(pool_, [gate = open.get_future().share()] { gate.wait(); });
  push_.handle(packed_request(), [](const PushAnswer&) {});
  io_.poll();
  EXPECT_TRUE(sink_.submissions.empty());
  push_.handle(request(), [](const PushAnswer&) {});
  EXPECT_EQ(sink_.submissions.size(), 1u);
  open.set_value();
  run();
  EXPECT_EQ(sink_.submissions.size(), 2u);
}

TEST_F(GzipPushTest, WhatIsUnpackedWhenThePushIsGoneIsDropped) {
  std::promise<void> open;
  boost::asio::post(pool_, [gate = open.get_future().share()] { gate.wait(); });
  auto push = std::make_unique<HttpPush>(
      io_, pool_, sink_, std::vector<PushToken>{{"culture-tourism", sha256_hex("secret-a")}});
  push->handle(packed_request(), [](const PushAnswer&) { FAIL() << "answered"; });
  push.reset();
  open.set_value();
  run();
  EXPECT_TRUE(sink_.submissions.empty());
}

TEST_F(HttpPushTest, AnIdempotencyKeyIsTheTokensOwn) {
  for (const char* authorization : {"Bearer secret-a", "Bearer secret-c"}) {
    PushRequest given = request();
    given.authorization = authorization;
    given.idempotency_key = "june";
    push_.handle(given, [](const PushAnswer&) {});
  }
  push_.handle(request(), [](const PushAnswer&) {});
  ASSERT_EQ(sink_.submissions.size(), 3u);
  EXPECT_EQ(sink_.submissions[0].key, sha256_hex("secret-a") + "june");
  EXPECT_EQ(sink_.submissions[1].key, sha256_hex("secret-c") + "june");
  EXPECT_EQ(sink_.submissions[2].key, "");
}

TEST_F(HttpPushTest, ARepetitionIsAnsweredAsTheFirstTime) {
  SubmissionResult result;
  result.outcome = Outcome::refused;
  result.is_repeat = true;
  result.receipt.submission = "20260708-42";
  const PushAnswer answer = answered(result);
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(answer.body, to_json(result.receipt) + "\n");
}

TEST_F(HttpPushTest, AKeyOfAnotherBodyIs422) {
  SubmissionResult result;
  result.outcome = Outcome::conflict;
  const PushAnswer answer = answered(result);
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(code_of(answer), "idempotency_key_reused");
}

TEST_F(HttpPushTest, AKeyThatIsTooLongIs400) {
  PushRequest given = request();
  given.idempotency_key = std::string(256, 'k');
  const PushAnswer answer = refused(given);
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(code_of(answer), "bad_idempotency_key");
  given.idempotency_key.pop_back();
  EXPECT_FALSE(push_.turn_away(head(given)));
}

TEST_F(HttpPushTest, WhatTheSinkSaysBecomesTheStatusAndTheReceiptTheBody) {
  for (const auto& [outcome, status] : std::vector<std::pair<Outcome, unsigned>>{
           {Outcome::taken, 200}, {Outcome::refused, 422}, {Outcome::unreadable, 400}}) {
    sink_.waiting.clear();
    SubmissionResult result;
    result.outcome = outcome;
    result.receipt.submission = "20260708-42";
    const PushAnswer answer = answered(result);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.body, to_json(result.receipt) + "\n");
  }
}

TEST_F(HttpPushTest, UnavailableIs503WithTheReasonAndWhenToTryAgain) {
  SubmissionResult result;
  result.outcome = Outcome::unavailable;
  result.reason = "磁盘已满。";
  const PushAnswer answer = answered(result);
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(code_of(answer), "unavailable");
  EXPECT_THAT(answer.body, HasSubstr("磁盘已满。"));
  EXPECT_THAT(answer.headers, Contains(Pair("Retry-After", "5")));
}

// FIPS 180-2, appendix B.1 and B.2, and the hash of nothing.
TEST(Sha256HexTest, AgreesWithTheStandardsExamples) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(NewTokenTest, Is32BytesInBase64UrlAndNeverTheSame) {
  std::set<std::string> tokens;
  for (int i = 0; i < 200; ++i) {
    const std::string token = new_token();
    EXPECT_EQ(token.size(), 43u);
    EXPECT_EQ(
        token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        std::string::npos)
        << token;
    tokens.insert(token);
  }
  EXPECT_EQ(tokens.size(), 200u);
}

}  // namespace
}  // namespace districtd
