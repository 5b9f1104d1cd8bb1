#include "daemon/commands/send.h"

#include <gtest/gtest.h>

#include <sstream>

#include "collectors/receipt_json.h"
#include "tests/unit/base/scripted_server.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

Receipt receipt_of(std::int64_t accepted, std::vector<RowError> errors) {
  Receipt receipt;
  receipt.submission = "20260708-42";
  receipt.accepted = accepted;
  receipt.rejected = static_cast<std::int64_t>(errors.size());
  receipt.rows = receipt.accepted + receipt.rejected;
  receipt.errors = std::move(errors);
  return receipt;
}

ScriptedAnswer receipt_answer(unsigned status, const Receipt& receipt) {
  return {http_answer(status, to_json(receipt), {"Content-Type: application/json"})};
}

class SendTest : public testing::Test {
 protected:
  SendTest() {
    options_.token_file = file("token", "geheim\n");
    options_.files = {file("a.csv", "指标,截至日期,数值\n")};
  }

  std::filesystem::path file(const std::string& name, const std::string& text) {
    write_file(folder_.path() / name, text);
    return folder_.path() / name;
  }

  int send(const std::string& server) {
    options_.server = server;
    return send_files(options_, out_, err_);
  }

  // The exit code, after sending to a server that answers everything like this.
  int send_to(const ScriptedAnswer& answer) {
    const ScriptedServer server([&](const ScriptedRequest&) { return answer; });
    const int code = send(server.url());
    requests_ = server.requests();
    return code;
  }

  static bool says(const std::ostringstream& stream, const std::string& text) {
    return stream.str().find(text) != std::string::npos;
  }

  TemporaryFolder folder_;
  SendOptions options_;
  std::ostringstream out_;
  std::ostringstream err_;
  std::vector<ScriptedRequest> requests_;
};

TEST_F(SendTest, PostsTheFileWithItsTypeAndTheTokenAndPrintsTheCounts) {
  EXPECT_EQ(send_to(receipt_answer(200, receipt_of(12, {}))), 0);
  ASSERT_EQ(requests_.size(), 1u);
  EXPECT_TRUE(requests_[0].head.starts_with("POST /api/v1/observations HTTP/1.1\r\n"));
  EXPECT_EQ(requests_[0].header("Authorization"), "Bearer geheim");
  EXPECT_EQ(requests_[0].header("Content-Type"), "text/csv");
  EXPECT_EQ(requests_[0].body, "指标,截至日期,数值\n");
  EXPECT_EQ(out_.str(), options_.files[0].string() +
                            "：共 12 行，新收 12 行，更正 0 行，未变 0 行，退回 0 行（回执号 "
                            "20260708-42）\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(SendTest, FindsTheInterfaceFromAnyFormOfTheAddress) {
  for (const char* form : {"", "/", "/api/v1/observations", "/api/v1/observations/"}) {
    const ScriptedServer server(
        [](const ScriptedRequest&) { return receipt_answer(200, receipt_of(1, {})); });
    EXPECT_EQ(send("http://127.0.0.1:" + std::to_string(server.port()) + form), 0) << form;
    EXPECT_EQ(server.requests().at(0).target(), "/api/v1/observations") << form;
  }
}

TEST_F(SendTest, TakesTheTypeFromTheEndingOrElseFromTheContent) {
  options_.files = {file("b.json", "{}"), file("c", " {\"observations\":[]}"),
                    file("d.txt", "指标"), file("e.xlsx", "PK\x03\x04")};
  EXPECT_EQ(send_to(receipt_answer(200, receipt_of(1, {}))), 0);
  ASSERT_EQ(requests_.size(), 4u);
  EXPECT_EQ(requests_[0].header("Content-Type"), "application/json");
  EXPECT_EQ(requests_[1].header("Content-Type"), "application/json");
  EXPECT_EQ(requests_[2].header("Content-Type"), "text/csv");
  EXPECT_EQ(requests_[3].header("Content-Type"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

TEST_F(SendTest, PrintsEachRefusedRowWithColumnValueAndWhatToDo) {
  EXPECT_EQ(
      send_to(receipt_answer(200, receipt_of(3, {{4, "数值", "很多", "value", "数值应为数字。"},
                                                 {6, "", "", "columns", "这一行只有 2 列。"}}))),
      1);
  EXPECT_TRUE(says(out_, "：共 5 行，新收 3 行，更正 0 行，未变 0 行，退回 2 行")) << out_.str();
  EXPECT_TRUE(says(out_, "  第 4 行，“数值”列，填的是“很多”：数值应为数字。\n")) << out_.str();
  EXPECT_TRUE(says(out_, "  第 6 行：这一行只有 2 列。\n")) << out_.str();
  EXPECT_EQ(err_.str(), "");
}

TEST_F(SendTest, PrintsTheReceiptOfAWhollyRefusedFile) {
  EXPECT_EQ(send_to(receipt_answer(422, receipt_of(0, {{2, "指标", "x", "t", "没有这个指标。"}}))),
            1);
  EXPECT_TRUE(says(out_, "第 2 行，“指标”列，填的是“x”：没有这个指标。")) << out_.str();
  Receipt unreadable;
  unreadable.errors = {{0, "", "", "binary", "文件不是 CSV。"}};
  EXPECT_EQ(send_to(receipt_answer(400, unreadable)), 1);
  EXPECT_TRUE(says(out_, "整个文件：文件不是 CSV。")) << out_.str();
}

TEST_F(SendTest, PrintsNoControlCharactersOfOthers) {
  EXPECT_EQ(send_to(receipt_answer(200, receipt_of(1, {{2, "数\x1B[2J值",
                                                        "\x07\xC2\x9B"
                                                        "31m红\n绿",
                                                        "c", "不\r对"}}))),
            1);
  EXPECT_TRUE(says(out_, "“数\\u001b[2J值”列，填的是“\\u0007\\u009b31m红\\n绿”：不\\r对\n"))
      << out_.str();
}

TEST_F(SendTest, GoesOnAfterAFaultOfOneFile) {
  options_.files.insert(options_.files.begin(), folder_.path() / "missing.csv");
  options_.files.insert(options_.files.begin(), folder_.path());
  EXPECT_EQ(send_to(receipt_answer(200, receipt_of(1, {}))), 1);
  EXPECT_EQ(requests_.size(), 1u);
  EXPECT_TRUE(says(err_, "missing.csv：文件不存在")) << err_.str();
  EXPECT_TRUE(says(err_, "这是文件夹")) << err_.str();
}

TEST_F(SendTest, StopsAtAFaultThatEveryFileWouldMeet) {
  options_.files.push_back(file("b.csv", "x"));
  options_.files.push_back(file("c.csv", "x"));
  EXPECT_EQ(send_to({http_answer(401, error_json("unauthorized", "令牌未知。"))}), 1);
  EXPECT_EQ(requests_.size(), 1u);
  EXPECT_TRUE(says(err_, "a.csv：令牌不对或已停用")) << err_.str();
  EXPECT_TRUE(says(err_, "令牌未知。")) << err_.str();
  EXPECT_TRUE(says(err_, "其余 2 个文件没有发送。")) << err_.str();
}

TEST_F(SendTest, SaysWhatToDoForEveryRefusalOfTheServer) {
  const std::vector<std::pair<unsigned, std::string>> sentences = {
      {403, "无权报送"}, {404, "没有报送接口"}, {413, "请拆成几个文件"}, {415, "另存为 CSV"},
      {429, "太频繁"},   {503, "暂时不能接收"}, {500, "不是回执"}};
  for (const auto& [status, sentence] : sentences) {
    err_.str("");
    EXPECT_EQ(send_to({http_answer(status, error_json("code", "服务器说的话"))}), 1);
    EXPECT_TRUE(says(err_, sentence)) << err_.str();
    EXPECT_TRUE(says(err_, "服务器说的话")) << err_.str();
  }
}

TEST_F(SendTest, AnotherKindOfServerIsNoSuccess) {
  EXPECT_EQ(send_to({http_answer(200, "<html>欢迎</html>")}), 1);
  EXPECT_TRUE(says(err_, "不是回执")) << err_.str();
  EXPECT_EQ(out_.str(), "");
}

TEST_F(SendTest, DoesNotTakeTheTokenToARedirect) {
  const ScriptedServer other(
      [](const ScriptedRequest&) { return receipt_answer(200, receipt_of(1, {})); });
  EXPECT_EQ(send_to({http_answer(307, "", {"Location: " + other.url("/x")})}), 1);
  EXPECT_TRUE(says(err_, "要求改用别的地址")) << err_.str();
  EXPECT_TRUE(other.requests().empty());
}

TEST_F(SendTest, SaysWhenNobodyListens) {
  EXPECT_EQ(send("http://127.0.0.1:" + std::to_string(closed_port())), 1);
  EXPECT_TRUE(says(err_, "a.csv：连不上服务器")) << err_.str();
}

TEST_F(SendTest, SaysWhenTheServerDoesNotAnswerInTime) {
  options_.timeout = std::chrono::seconds{1};
  EXPECT_EQ(send_to({"", true}), 1);
  EXPECT_TRUE(says(err_, "重复报送不会重复入库")) << err_.str();
}

TEST_F(SendTest, RefusesAnAddressWithoutScheme) {
  EXPECT_EQ(send("127.0.0.1:9480"), 1);
  EXPECT_TRUE(says(err_, "应以 http:// 或 https:// 开头")) << err_.str();
}

TEST_F(SendTest, TakesTheTokenOutOfBlanksAndByteOrderMarks) {
  options_.token_file = file("token", "\xEF\xBB\xBF  geheim \r\n\r\n");
  EXPECT_EQ(send_to(receipt_answer(200, receipt_of(1, {}))), 0);
  EXPECT_EQ(requests_.at(0).header("Authorization"), "Bearer geheim");
}

TEST_F(SendTest, RefusesAnUnusableTokenFileBeforeAnythingIsSent) {
  const std::vector<std::pair<std::filesystem::path, std::string>> unusable = {
      {file("empty", " \n"), "是空的"},
      {file("two", "a\r\nX-Evil: b"), "不属于令牌的字符"},
      {file("huge", std::string(5000, 'x')), "太大"},
      {folder_.path() / "missing", "不存在"}};
  for (const auto& [path, sentence] : unusable) {
    err_.str("");
    options_.token_file = path;
    EXPECT_EQ(send_to(receipt_answer(200, receipt_of(1, {}))), 1);
    EXPECT_TRUE(requests_.empty());
    EXPECT_TRUE(says(err_, sentence)) << err_.str();
  }
}

TEST_F(SendTest, ADryRunAsksForOneAndPrintsEachRow) {
  options_.is_dry_run = true;
  SubmissionResult result;
  result.receipt = receipt_of(1, {});
  result.receipt.submission.clear();
  RowRead row;
  row.row = 2;
  row.name = "文旅投资";
  row.as_of = "2026-06-30";
  row.value_text = "12.6亿元";
  row.becomes = "accepted";
  result.rows_read = {row};
  EXPECT_EQ(
      send_to({http_answer(200, dry_run_to_json(result), {"Content-Type: application/json"})}), 0);
  EXPECT_TRUE(requests_.at(0).head.starts_with("POST /api/v1/observations?dry_run=true HTTP/1.1"));
  EXPECT_TRUE(says(out_, "试报，没有保存任何数据")) << out_.str();
  EXPECT_TRUE(says(out_, "12.6亿元")) << out_.str();
  EXPECT_TRUE(says(out_, "新收")) << out_.str();
}

// A daemon of before takes no notice of ?dry_run= and keeps what it is sent.
TEST_F(SendTest, AServerThatKnowsNoDryRunMayHaveKeptTheFileAndThatIsSaid) {
  options_.is_dry_run = true;
  options_.files.push_back(file("b.csv", "指标,截至日期,数值\n"));
  EXPECT_EQ(send_to(receipt_answer(200, receipt_of(1, {}))), 1);
  EXPECT_TRUE(says(err_, "可能已按正式报送收下（回执号 20260708-42）")) << err_.str();
  EXPECT_EQ(requests_.size(), 1U) << "the next file is not sent";
}

}  // namespace
}  // namespace districtd
