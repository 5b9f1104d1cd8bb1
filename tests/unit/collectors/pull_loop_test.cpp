#include "collectors/pull/pull_loop.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "tests/unit/base/scripted_server.h"
#include "tests/unit/collectors/recording_sink.h"

namespace districtd {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr char kFigures[] = "target,as_of,value\nculture-tourism.investment,2026-06-30,12.6\n";

struct Fetched {
  std::string name;
  std::string failure;
  std::string message;
  std::chrono::nanoseconds took{};
};

class PullLoopTest : public testing::Test {
 protected:
  PullSource source(const std::string& url, seconds every = seconds{3600}) {
    PullSource source;
    source.name = "portal";
    source.department = "culture-tourism";
    source.url = url;
    source.every = every;
    source.timeout = seconds{20};
    return source;
  }

  void pull(PullSource source) {
    pull_.emplace(
        io_, sink_, std::move(source),
        [this](std::string_view name, std::string_view failure, std::string_view message,
               std::chrono::nanoseconds took) {
          fetched_.push_back({std::string(name), std::string(failure), std::string(message), took});
        },
        [this] { return now_; });
    pull_->start();
  }

  bool fetched(std::size_t times) {
    return run_until(io_, [&] { return fetched_.size() >= times; });
  }

  // The kind of failure of the first fetch.
  std::string first_failure_of(PullSource source) {
    pull(std::move(source));
    return fetched(1) ? fetched_[0].failure : "nothing was fetched";
  }

  boost::asio::io_context io_;
  RecordingSink sink_{io_};
  Time now_ = std::chrono::sys_days{2026y / 7 / 8} + 23h;
  std::vector<Fetched> fetched_;
  std::optional<PullLoop> pull_;
};

TEST_F(PullLoopTest, FetchesAtOnceAndSubmitsTheBodyUntouched) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(200, kFigures, {"Content-Type: Text/CSV; charset=utf-8"})};
  });
  pull(source(server.url("/figures")));
  ASSERT_TRUE(fetched(1));
  EXPECT_EQ(fetched_[0].name, "portal");
  EXPECT_EQ(fetched_[0].failure, "");
  EXPECT_GT(fetched_[0].took.count(), 0);
  ASSERT_EQ(sink_.received.size(), 1u);
  EXPECT_EQ(sink_.received[0].department, "culture-tourism");
  EXPECT_EQ(sink_.received[0].collector, "http_pull");
  EXPECT_EQ(sink_.received[0].media_type, "text/csv");
  EXPECT_EQ(sink_.received[0].name, server.url("/figures"));
  EXPECT_EQ(sink_.received[0].body, kFigures);
}

TEST_F(PullLoopTest, GoesByThePathWhereTheServerDoesNotKnowTheMediaType) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(200, kFigures, {"Content-Type: text/plain"})};
  });
  pull(source(server.url("/figures.csv?month=6")));
  ASSERT_TRUE(fetched(1));
  EXPECT_EQ(sink_.received.at(0).media_type, "text/csv");
}

// RFC 9110 section 13.1.
TEST_F(PullLoopTest, AsksConditionallyOnceABodyIsTaken) {
  const ScriptedServer server([](const ScriptedRequest& request) {
    if (request.header("If-None-Match") == "\"v1\"") {
      return ScriptedAnswer{"HTTP/1.1 304 Not Modified\r\n\r\n"};
    }
    return ScriptedAnswer{http_answer(
        200, kFigures, {"ETag: \"v1\"", "Last-Modified: Wed, 08 Jul 2026 00:00:00 GMT"})};
  });
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(2));
  EXPECT_EQ(server.requests()[0].header("If-None-Match"), "");
  EXPECT_EQ(server.requests()[1].header("If-Modified-Since"), "Wed, 08 Jul 2026 00:00:00 GMT");
  EXPECT_EQ(fetched_[1].failure, "");
  EXPECT_EQ(sink_.received.size(), 1u);
}

// The back-off alone would ask again within a second.
TEST_F(PullLoopTest, AsksNotAgainBeforeTheServerWantsToBeAsked) {
  std::atomic<int> answers = 0;
  const ScriptedServer server([&](const ScriptedRequest&) {
    if (++answers > 1) return ScriptedAnswer{http_answer(200, kFigures)};
    return ScriptedAnswer{http_answer(503, "", {"Retry-After: 2"})};
  });
  pull(source(server.url()));
  ASSERT_TRUE(fetched(1));
  const auto refused_at = std::chrono::steady_clock::now();
  EXPECT_EQ(fetched_[0].failure, "status");
  ASSERT_TRUE(fetched(2));
  EXPECT_GE(std::chrono::steady_clock::now() - refused_at, 1900ms);
  EXPECT_EQ(fetched_[1].failure, "");
}

TEST_F(PullLoopTest, DoesNotSubmitTheSameBodyAgainButANewOne) {
  std::atomic<int> answers = 0;
  const ScriptedServer server([&](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(200, ++answers < 3 ? "a,b\n" : "c,d\n")};
  });
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(3));
  EXPECT_EQ(fetched_[1].failure, "");
  ASSERT_EQ(sink_.received.size(), 2u);
  EXPECT_EQ(sink_.received[1].body, "c,d\n");
}

TEST_F(PullLoopTest, ARefusedBodyIsAFailureAndNotSubmittedAgain) {
  sink_.decide = [](const Submission&) { return RecordingSink::refused(); };
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, kFigures)}; });
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(2));
  EXPECT_EQ(fetched_[0].failure, "refused");
  EXPECT_NE(fetched_[0].message.find("数值应为数字"), std::string::npos) << fetched_[0].message;
  EXPECT_EQ(fetched_[1].failure, "refused");
  EXPECT_EQ(fetched_[1].message, "") << "it was said";
  EXPECT_EQ(sink_.received.size(), 1u);
}

SubmissionResult partly_refused() {
  SubmissionResult result = RecordingSink::refused();
  result.outcome = Outcome::taken;
  result.receipt.rows = 3;
  result.receipt.accepted = 2;
  return result;
}

ScriptedAnswer figures_with_a_tag(const ScriptedRequest& request) {
  if (!request.header("If-None-Match").empty()) {
    return {"HTTP/1.1 304 Not Modified\r\n\r\n"};
  }
  return {http_answer(200, kFigures, {"ETag: \"v1\""})};
}

TEST_F(PullLoopTest, ABodyWithARefusedRowIsAFailureThatIsSaidOnceUntilOneIsTakenWhole) {
  sink_.decide = [](const Submission& submission) {
    return submission.body == kFigures ? partly_refused() : RecordingSink::taken();
  };
  std::atomic<int> answers = 0;
  const ScriptedServer server([&](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(200, ++answers < 3 ? kFigures : "a,b\n")};
  });
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(3));
  EXPECT_EQ(fetched_[0].failure, "refused");
  EXPECT_EQ(fetched_[0].message,
            "1 of 3 rows of the answer were refused (submission 20260708-2): 数值应为数字。");
  EXPECT_EQ(fetched_[1].failure, "refused");
  EXPECT_EQ(fetched_[1].message, "");
  EXPECT_EQ(fetched_[2].failure, "");
  EXPECT_EQ(sink_.received.size(), 2u);
}

TEST_F(PullLoopTest, ABodyWithARefusedRowIsSubmittedAgainOnTheNextUtcDay) {
  sink_.decide = [this](const Submission&) {
    return sink_.received.size() < 2 ? partly_refused() : RecordingSink::taken();
  };
  const ScriptedServer server(figures_with_a_tag);
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(1));
  now_ += 59min;
  ASSERT_TRUE(fetched(2));
  EXPECT_EQ(sink_.received.size(), 1u);
  now_ += 1min;
  ASSERT_TRUE(fetched(3));
  EXPECT_EQ(sink_.received.size(), 2u);
  EXPECT_EQ(fetched_[2].failure, "");
}

TEST_F(PullLoopTest, ABodyWithARefusedRowIsSubmittedAgainOnceForgotten) {
  sink_.decide = [this](const Submission&) {
    return sink_.received.size() < 2 ? partly_refused() : RecordingSink::taken();
  };
  const ScriptedServer server(figures_with_a_tag);
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(1));
  pull_->forget_refused();
  ASSERT_TRUE(fetched(2));
  EXPECT_EQ(sink_.received.size(), 2u);
  EXPECT_EQ(fetched_[1].failure, "");
}

TEST_F(PullLoopTest, ABodyTakenWholeIsNeitherForgottenNorSubmittedOnTheNextDay) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, kFigures)}; });
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(1));
  pull_->forget_refused();
  now_ += 24h;
  ASSERT_TRUE(fetched(2));
  EXPECT_EQ(fetched_[1].failure, "");
  EXPECT_EQ(sink_.received.size(), 1u);
}

// A reload may fall between the rows' judgement and its result.
TEST_F(PullLoopTest, WhatIsForgottenWhileItIsJudgedIsSubmittedAgain) {
  sink_.decide = [this](const Submission&) {
    if (sink_.received.size() > 1) return RecordingSink::taken();
    pull_->forget_refused();
    return partly_refused();
  };
  const ScriptedServer server(figures_with_a_tag);
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(2));
  EXPECT_EQ(fetched_[0].failure, "refused");
  EXPECT_EQ(fetched_[1].failure, "");
  EXPECT_EQ(sink_.received.size(), 2u);
}

TEST_F(PullLoopTest, WhatIsForgottenWhileItIsAskedForConditionallyIsAskedForAgain) {
  sink_.decide = [this](const Submission&) {
    return sink_.received.size() < 2 ? partly_refused() : RecordingSink::taken();
  };
  const ScriptedServer server([this](const ScriptedRequest& request) {
    if (!request.header("If-None-Match").empty()) {
      const auto forgotten = std::make_shared<std::promise<void>>();
      boost::asio::post(io_, [this, forgotten] {
        pull_->forget_refused();
        forgotten->set_value();
      });
      forgotten->get_future().wait_for(seconds{10});
    }
    return figures_with_a_tag(request);
  });
  pull(source(server.url(), seconds{1}));
  ASSERT_TRUE(fetched(2));
  EXPECT_EQ(fetched_[1].failure, "");
  EXPECT_EQ(sink_.received.size(), 2u);
  EXPECT_EQ(server.requests().size(), 3u);
}

// By what was fetched, whatever it is mapped to: a restart cannot make another delivery of it.
TEST_F(PullLoopTest, ABodyHasAKeyOfItsSourceAndItsBytesAcrossRestartsAndMappings) {
  std::string page = R"({"rows":[{"t":"x","d":"2026-06-30","v":1}]})";
  const ScriptedServer server([&](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(200, page, {"Content-Type: application/json"})};
  });
  PullSource mapped = source(server.url());
  mapped.json = JsonMapping{"/rows", "/t", "/d", "/v", ""};
  const auto submitted = [&](const PullSource& from) {
    pull(from);
    EXPECT_TRUE(fetched(fetched_.size() + 1));
    return sink_.received.back();
  };
  const Submission first = submitted(mapped);
  EXPECT_EQ(first.series, "portal");
  EXPECT_NE(first.body, page);
  EXPECT_EQ(submitted(mapped).key, first.key);
  PullSource otherwise = mapped;
  otherwise.json->value = "/w";
  EXPECT_EQ(submitted(otherwise).key, first.key);
  PullSource of_another = mapped;
  of_another.name = "other";
  EXPECT_NE(submitted(of_another).key, first.key);
  page += "\n";
  EXPECT_NE(submitted(mapped).key, first.key);
}

TEST_F(PullLoopTest, ARefusedBodyWaitsForTheInterval) {
  sink_.decide = [](const Submission&) { return RecordingSink::refused(); };
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, kFigures)}; });
  pull(source(server.url()));
  ASSERT_TRUE(fetched(1));
  EXPECT_FALSE(run_until(
      io_, [&] { return fetched_.size() > 1; }, seconds{2}));
}

TEST_F(PullLoopTest, ComesBackSoonWithTheBodyWhereTheSinkWasUnavailable) {
  sink_.decide = [&](const Submission&) {
    return sink_.received.size() < 3 ? RecordingSink::unavailable() : RecordingSink::taken();
  };
  const ScriptedServer server([](const ScriptedRequest& request) {
    if (!request.header("If-None-Match").empty()) {
      return ScriptedAnswer{"HTTP/1.1 304 Not Modified\r\n\r\n"};
    }
    return ScriptedAnswer{http_answer(200, kFigures, {"ETag: \"v1\""})};
  });
  pull(source(server.url()));
  ASSERT_TRUE(fetched(3));
  EXPECT_EQ(fetched_[0].failure, "unavailable");
  EXPECT_EQ(fetched_[0].message, RecordingSink::unavailable().reason);
  EXPECT_EQ(fetched_[1].failure, "unavailable");
  EXPECT_EQ(fetched_[2].failure, "");
  EXPECT_EQ(sink_.received.size(), 3u);
}

TEST_F(PullLoopTest, RetriesAfterAFailureLongBeforeTheInterval) {
  std::atomic<int> answers = 0;
  const ScriptedServer server([&](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(++answers < 3 ? 500 : 200, kFigures)};
  });
  pull(source(server.url()));
  ASSERT_TRUE(fetched(3));
  EXPECT_EQ(fetched_[0].failure, "status");
  EXPECT_NE(fetched_[0].message.find("500"), std::string::npos) << fetched_[0].message;
  EXPECT_EQ(fetched_[2].failure, "");
  EXPECT_EQ(sink_.received.size(), 1u);
}

TEST_F(PullLoopTest, ASourceThatIsDownIsAConnectFailure) {
  EXPECT_EQ(first_failure_of(source("http://127.0.0.1:" + std::to_string(closed_port()) + "/")),
            "connect");
  EXPECT_TRUE(sink_.received.empty());
}

TEST_F(PullLoopTest, ASlowSourceIsATimeout) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nta", true};
  });
  PullSource slow = source(server.url());
  slow.timeout = seconds{1};
  EXPECT_EQ(first_failure_of(slow), "timeout");
}

TEST_F(PullLoopTest, ATooLargeAnswerIsASizeFailure) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, kFigures)}; });
  PullSource large = source(server.url());
  large.max_bytes = 10;
  EXPECT_EQ(first_failure_of(large), "size");
}

TEST_F(PullLoopTest, MissingFiguresAreAStatusFailure) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(404, kFigures)}; });
  EXPECT_EQ(first_failure_of(source(server.url())), "status");
}

TEST_F(PullLoopTest, NotModifiedWithoutHavingAskedIsAStatusFailure) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{"HTTP/1.1 304 Not Modified\r\n\r\n"}; });
  EXPECT_EQ(first_failure_of(source(server.url())), "status");
}

TEST_F(PullLoopTest, RedirectsForEverAreARedirectFailure) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(302, "", {"Location: /"})}; });
  EXPECT_EQ(first_failure_of(source(server.url())), "redirect");
  EXPECT_EQ(server.requests().size(), 6u);
}

TEST_F(PullLoopTest, APageInsteadOfFiguresIsNotSubmitted) {
  for (const ScriptedAnswer& page :
       {ScriptedAnswer{http_answer(200, "figures", {"Content-Type: TEXT/HTML; charset=gbk"})},
        ScriptedAnswer{
            http_answer(200, "\xEF\xBB\xBF\r\n <!DOCTYPE html>", {"Content-Type: text/csv"})}}) {
    const ScriptedServer server([&](const ScriptedRequest&) { return page; });
    fetched_.clear();
    EXPECT_EQ(first_failure_of(source(server.url("/figures.csv"))), "media_type");
    pull_.reset();
  }
  EXPECT_TRUE(sink_.received.empty());
}

TEST_F(PullLoopTest, MayBeDestroyedWhileItFetchesAndWhileTheSinkIsBusy) {
  const ScriptedServer silent([](const ScriptedRequest&) { return ScriptedAnswer{"", true}; });
  pull(source(silent.url()));
  ASSERT_TRUE(run_until(io_, [&] { return silent.requests().size() == 1; }));
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, kFigures)}; });
  pull(source(server.url()));
  ASSERT_TRUE(run_until(io_, [&] { return sink_.received.size() == 1; }));
  pull_.reset();
  io_.restart();
  io_.run();  // returns: no timer and no socket is left
  EXPECT_TRUE(fetched_.empty());
}

}  // namespace
}  // namespace districtd
