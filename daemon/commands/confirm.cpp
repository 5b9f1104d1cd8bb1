#include "daemon/commands/confirm.h"

#include <algorithm>
#include <ostream>
#include <variant>

#include "base/http_client.h"
#include "base/ports/files.h"
#include "base/text.h"
#include "collectors/receipt_json.h"

namespace districtd {

namespace {

bool is_id(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

int confirm_submission(const ConfirmOptions& options, std::ostream& out, std::ostream& err) {
  if (!is_id(options.submission)) {
    err << "“" << options.submission << "”不是报送编号；应为回执上的编号，例如 20260708-42。\n";
    return 1;
  }
  const auto text = read_whole(options.token_file);
  const std::string_view words = text ? trim_ascii(*text) : std::string_view{};
  const std::string token{words.substr(0, words.find_first_of(" \t\r\n"))};
  if (token.empty()) {
    err << "令牌文件 " << options.token_file.string() << " 读不出令牌；应只含督查室的令牌一行。\n";
    return 1;
  }
  HttpFetch post;
  post.method = "POST";
  post.url = options.server;
  while (post.url.ends_with('/')) post.url.pop_back();
  post.url +=
      "/api/v1/submissions/" + options.submission + (options.rejects ? "/reject" : "/confirm");
  post.headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}};
  post.ca_file = options.ca_file;
  post.max_redirects = 0;
  const FetchResult result = fetch_and_wait(std::move(post));
  if (const auto* const failure = std::get_if<FetchFailure>(&result)) {
    err << "没有办成：" << printable(failure->message) << "\n";
    return 1;
  }
  const auto& answer = std::get<FetchAnswer>(result);
  const auto receipt = answer.status == 200 ? receipt_from_json(answer.body) : std::nullopt;
  if (!receipt) {
    const std::string said = error_message(answer.body);
    err << "没有办成（HTTP " << answer.status << "）："
        << (said.empty() ? "答复不是回执" : printable(said)) << "\n";
    return 1;
  }
  out << options.submission << "：暂存的 " << receipt->rows << " 行";
  if (options.rejects) {
    out << "已退回，不会计入";
  } else {
    out << "已确认，计入 " << receipt->accepted + receipt->corrected << " 行";
    if (receipt->unchanged > 0)
      out << "，另 " << receipt->unchanged << " 行已有更新的报送，不再计入";
  }
  out << "（编号 " << receipt->submission << "）。\n";
  return 0;
}

}  // namespace districtd
