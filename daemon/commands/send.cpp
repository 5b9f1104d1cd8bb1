#include "daemon/commands/send.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <ostream>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include "base/http_client.h"
#include "base/media_type.h"
#include "base/ports/files.h"
#include "base/result.h"
#include "base/text.h"
#include "base/utf8.h"
#include "collectors/receipt_json.h"
#include "daemon/status/terminal.h"

namespace districtd {

namespace {

constexpr std::string_view kObservations = "/api/v1/observations";
constexpr std::size_t kLongestToken = 4096;
constexpr std::uint64_t kLargestFile = 1u << 30;
constexpr std::uint64_t kLargestAnswer = 256u << 20;

// The sentence that says why there is no text.
struct Complaint {
  std::string sentence;
};
using TextResult = Result<std::string, Complaint>;

std::string_view without_blanks(std::string_view text) {
  if (text.starts_with(utf8::kByteOrderMark)) {  // Notepad's
    text.remove_prefix(utf8::kByteOrderMark.size());
  }
  return trim_ascii(text);
}

TextResult read_file(const std::filesystem::path& path, std::uint64_t most) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error == std::errc::permission_denied) {
    return Complaint{"没有读取权限"};
  }
  if (!std::filesystem::exists(status)) return Complaint{"文件不存在"};
  if (std::filesystem::is_directory(status)) {
    return Complaint{"这是文件夹，不是文件"};
  }
  const UniqueFd file = open_file(path, O_RDONLY);
  if (!file) {
    return Complaint{errno == EACCES ? "没有读取权限" : "文件打不开"};
  }
  std::string text;
  for (;;) {
    const auto piece = read_some(file, 1U << 20U);
    if (!piece) return Complaint{"文件读取中断"};
    if (piece->empty()) return text;
    text += *piece;
    if (text.size() > most) return Complaint{"文件太大"};
  }
}

TextResult read_token(const std::filesystem::path& path) {
  const auto refused = [&](std::string_view why) {
    return Complaint{"令牌文件 " + path.string() + " 不能用：" + std::string(why) +
                     "，应只含督查室发给本部门的令牌一行。"};
  };
  const auto text = read_file(path, kLongestToken);
  if (!text) return refused(text.error().sentence);
  const auto token = without_blanks(*text);
  if (token.empty()) return refused("文件是空的");
  if (!std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7F; })) {
    return refused("里面有空格、换行或其他不属于令牌的字符");
  }
  return std::string{token};
}

TextResult observations_url(std::string_view server) {
  if (!server.starts_with("http://") && !server.starts_with("https://")) {
    return Complaint{"服务器地址“" + printable(server) +
                     "”不能用，应以 http:// 或 https:// 开头，例如 "
                     "http://127.0.0.1:9480。"};
  }
  while (server.ends_with('/')) server.remove_suffix(1);
  if (server.ends_with(kObservations)) server.remove_suffix(kObservations.size());
  return std::string(server) + std::string(kObservations);
}

std::string media_type_for(const std::filesystem::path& path, std::string_view body) {
  std::string type = media_type_by_ending(path.filename().string());
  if (!type.empty()) return type;
  const auto text = without_blanks(body);
  if (body.starts_with("PK\x03\x04")) return std::string(kXlsx);
  return std::string(text.starts_with('{') || text.starts_with('[') ? kJson : kCsv);
}

void print_error(const RowError& error, std::ostream& out) {
  out << "  ";
  if (!error.sheet.empty()) out << "工作表“" << printable(error.sheet) << "”";
  if (error.row > 0) {
    out << "第 " << error.row << " 行";
  } else if (error.sheet.empty()) {
    out << "整个文件";
  }
  if (!error.column.empty()) out << "，“" << printable(error.column) << "”列";
  if (!error.value.empty()) out << "，填的是“" << printable(error.value) << "”";
  out << "：" << printable(error.message) << "\n";
}

std::string_view what_becomes(std::string_view word) {
  if (word == "accepted") return "新收";
  if (word == "corrected") return "更正";
  if (word == "unchanged") return "不变";
  if (word == "held") return "暂存，待确认";
  return word == "narrative" ? "只收文字" : word;
}

// How the rows of a dry run were read.
void print_rows(const std::vector<RowRead>& rows, std::ostream& out) {
  if (rows.empty()) return;
  const auto line = [&](std::string_view row, std::string_view name, std::string_view as_of,
                        std::string_view value, std::string_view stands, std::string_view becomes) {
    out << "  " << pad_right(row, 8) << pad_right(name, 28) << " " << pad_right(as_of, 12)
        << pad_right(value, 20) << " " << pad_right(stands, 20) << " " << becomes << "\n";
  };
  line("行", "目标", "截至日期", "读作", "现有的数", "报送后");
  for (const RowRead& row : rows) {
    std::string name = row.name;
    if (!row.programme.empty() && !row.as_of.starts_with(row.programme)) {
      name += "（" + row.programme + " 年度）";
    }
    line(printable(row.sheet.empty() ? std::to_string(row.row)
                                     : row.sheet + " " + std::to_string(row.row)),
         printable(name), printable(row.as_of),
         printable(row.value_text.empty() ? "（没有数）" : row.value_text),
         printable(row.stands.value_or("（没有）")), printable(what_becomes(row.becomes)));
  }
}

// Whether everything was taken. `rows` are those of a dry run.
bool print_receipt(const std::string& name, const Receipt& receipt,
                   const std::optional<std::vector<RowRead>>& rows, std::ostream& out) {
  out << printable(name) << (rows ? "（试报，没有保存任何数据）" : "") << "：共 " << receipt.rows
      << " 行，" << (rows ? "报送后将" : "") << "新收 " << receipt.accepted << " 行，更正 "
      << receipt.corrected << " 行，未变 " << receipt.unchanged << " 行，退回 " << receipt.rejected
      << " 行";
  if (receipt.held > 0) out << "，暂存 " << receipt.held << " 行";
  if (!receipt.submission.empty()) out << "（回执号 " << printable(receipt.submission) << "）";
  out << "\n";
  if (receipt.encoding != "UTF-8" && !receipt.encoding.empty()) {
    out << "  文件编码：" << printable(receipt.encoding) << "。\n";
  }
  if (receipt.empty > 0) out << "  另有 " << receipt.empty << " 处没有填数值，没有计入。\n";
  if (rows) print_rows(*rows, out);
  if (receipt.narratives > 0) {
    out << "  收下文字（进展情况、存在问题、下一步打算）" << receipt.narratives << " 行。\n";
  }
  for (const std::string& note : receipt.notes) out << "  " << printable(note) << "\n";
  for (const RowFlag& flag : receipt.flags) {
    out << "  请核实：";
    if (!flag.sheet.empty()) out << "工作表“" << printable(flag.sheet) << "”";
    out << "第 " << flag.row << " 行，" << printable(flag.message) << "\n";
  }
  for (const RowError& error : receipt.errors) print_error(error, out);
  const std::int64_t listed = rows_listed(receipt.errors);
  if (receipt.rejected > listed && listed > 0) {
    out << "  另有 " << receipt.rejected - listed << " 行退回，没有一一列出。\n";
  }
  if (receipt.rejected > 0) out << "  请改正退回的行后重新报送；已收的行不受影响。\n";
  return receipt.rejected == 0 && receipt.errors.empty();
}

struct Fault {
  std::string sentence;
  bool meets_all = false;  // every further file would meet it as well
};

Fault fault_of(const FetchFailure& failure) {
  const std::string detail = "（" + printable(failure.message) + "）";
  switch (failure.kind) {
    case FetchFailure::Kind::connect:
      return {"连不上服务器，请核对 --server 地址、网络和服务是否在运行" + detail + "。", true};
    case FetchFailure::Kind::tls:
      return {"服务器的证书不可信，没有发送，请与督查室核对地址" + detail + "。", true};
    case FetchFailure::Kind::timeout:
      return {"服务器没有在规定时间内答复，不能确定是否已收，请稍后重新报送，重复报送不会重复入库" +
                  detail + "。",
              true};
    case FetchFailure::Kind::redirect:
      return {"服务器要求改用别的地址，没有报送成功，请核对 --server 地址" + detail + "。", true};
    case FetchFailure::Kind::size:
      return {"服务器的答复过大，不像是回执，请核对 --server 地址" + detail + "。", true};
  }
  return {};
}

Fault fault_of(const FetchAnswer& answer) {
  const std::string said = printable(error_message(answer.body));
  const std::string detail =
      "（HTTP " + std::to_string(answer.status) + (said.empty() ? "" : "：" + said) + "）";
  switch (answer.status) {
    case 401:
      return {"令牌不对或已停用，请向督查室索取新的令牌" + detail + "。", true};
    case 403:
      return {"这个令牌无权报送，请与督查室核对" + detail + "。", true};
    case 404:
      return {"这个地址没有报送接口，请核对 --server 地址" + detail + "。", true};
    case 413:
      return {"文件太大，服务器不收，请拆成几个文件后分别报送" + detail + "。", false};
    case 415:
      return {"服务器不收这种格式的文件，请另存为 CSV 后重新报送" + detail + "。", false};
    case 429:
      return {"报送太频繁，请过几分钟再报" + detail + "。", true};
    case 503:
      return {"服务器暂时不能接收，没有入库，请稍后重新报送" + detail + "。", true};
    default:
      return {"服务器的答复不是回执，请核对 --server 地址，或与督查室联系" + detail + "。", true};
  }
}

// nullopt where everything was taken.
std::optional<Fault> send_file(const std::filesystem::path& path, const std::string& url,
                               const SendOptions& options, const std::string& token,
                               std::ostream& out) {
  auto body = read_file(path, kLargestFile);
  if (!body) return Fault{body.error().sentence + "，没有发送。", false};
  HttpFetch post;
  post.method = "POST";
  post.url = options.is_dry_run ? url + "?dry_run=true" : url;
  post.headers = {{"Authorization", "Bearer " + token},
                  {"Content-Type", media_type_for(path, *body)},
                  {"Accept", "application/json"}};
  post.body = *std::move(body);
  post.ca_file = options.ca_file;
  post.timeout = options.timeout;
  post.max_bytes = kLargestAnswer;
  post.max_redirects = 0;
  const FetchResult result = fetch_and_wait(std::move(post));
  if (const auto* failure = std::get_if<FetchFailure>(&result)) return fault_of(*failure);
  const auto& answer = std::get<FetchAnswer>(result);
  const bool may_be_receipt = answer.status == 200 || answer.status == 422 || answer.status == 400;
  const auto receipt = may_be_receipt ? receipt_from_json(answer.body) : std::nullopt;
  if (!receipt) return fault_of(answer);
  std::optional<std::vector<RowRead>> rows;
  if (options.is_dry_run) {
    rows = rows_read_from_json(answer.body);
    if (!rows) {
      return Fault{"服务器不认得试报，可能已按正式报送收下（回执号 " +
                       printable(receipt->submission) + "）；请与督查室联系，升级服务器后再试报。",
                   true};
    }
  }
  const bool all_taken = print_receipt(printable(path.string()), *receipt, rows, out);
  if (all_taken && answer.status == 200) return std::nullopt;
  return Fault{};
}

}  // namespace

int send_files(const SendOptions& options, std::ostream& out, std::ostream& err) {
  const auto token = read_token(options.token_file);
  const auto url = observations_url(options.server);
  for (const auto* result : {&token, &url}) {
    if (!*result) {
      err << printable(result->error().sentence) << "\n";
      return 1;
    }
  }
  int code = 0;
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    const auto fault = send_file(options.files[i], *url, options, *token, out);
    if (!fault) continue;
    code = 1;
    if (fault->sentence.empty()) continue;  // the receipt has said it
    err << printable(options.files[i].string()) << "：" << fault->sentence << "\n";
    const std::size_t left = options.files.size() - i - 1;
    if (!fault->meets_all || left == 0) continue;
    err << "其余 " << left << " 个文件没有发送。\n";
    break;
  }
  return code;
}

}  // namespace districtd
