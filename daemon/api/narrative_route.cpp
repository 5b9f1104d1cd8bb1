#include "daemon/api/narrative_route.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <boost/json.hpp>

#include "base/json_writer.h"
#include "base/result.h"
#include "daemon/api/token_authenticator.h"
#include "daemon/domain/narrative.h"

namespace districtd {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostBytes = 64U << 10U;
constexpr const char* kShape =
    R"(应为 {"as_of":"2026-06-30","progress":"…","problems":"…","next_steps":"…"}，三项文字至少写一项)";

bool is_part(std::string_view key) {
  return std::find(kNarrativeKeys.begin(), kNarrativeKeys.end(), key) != kNarrativeKeys.end();
}

// The submission's body; what is wrong with the request's where there is none.
Result<std::string, HttpAnswer> as_observation(const std::string& id, const std::string& body) {
  json::error_code failure;
  const json::value value = json::parse(body, failure);
  const json::object* const object = failure ? nullptr : value.if_object();
  if (object == nullptr) {
    return error_answer(400, "bad_json", std::string("不是约定的 JSON；") + kShape);
  }
  bool has_words = false;
  for (const auto& [key, said] : *object) {
    const std::string_view name(key.data(), key.size());
    if (!is_part(name) && name != "as_of" && name != "programme") {
      return error_answer(422, "unknown_key", "“" + std::string(name) + "”不是认得的键；" + kShape);
    }
    if (is_part(name) && !said.is_string() && !said.is_null()) {
      return error_answer(422, "wrong_type", "“" + std::string(name) + "”应为文字；" + kShape);
    }
    has_words = has_words || (is_part(name) && said.is_string() && !said.get_string().empty());
  }
  if (!has_words) {
    return error_answer(422, "empty_narrative", std::string("没有写任何文字；") + kShape);
  }
  std::string out;
  JsonWriter writer(out);
  writer.begin_object().key("observations").begin_array().begin_object().member("target", id);
  for (const char* const key : {"as_of", "programme"}) {
    if (const json::value* const said = object->if_contains(key)) {
      writer.key(key).literal(json::serialize(*said));
    }
  }
  writer.key("narrative").begin_object();
  for (const std::string_view key : kNarrativeKeys) {
    if (const json::value* const said = object->if_contains(key)) {
      writer.key(key).literal(json::serialize(*said));
    }
  }
  writer.end_object().end_object().end_array().end_object();
  return out;
}

}  // namespace

void push_narrative(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  const std::string& id = request.capture("id");
  const Catalogue& catalogue = parts.pipeline.board().catalogue();
  if (!catalogue.find("", id)) {
    return reply(error_answer(404, "unknown_target", "没有指标“" + id + "”"));
  }
  if (!request.content_encoding.empty()) {
    return reply(error_answer(415, "unsupported_content_encoding", "正文请不要压缩"));
  }
  if (request.body.size() > kMostBytes) {
    return reply(error_answer(413, "too_large",
                              "正文有 " + std::to_string(request.body.size()) + " 字节，应不超过 " +
                                  std::to_string(kMostBytes) + " 字节"));
  }
  auto body = as_observation(id, request.body);
  if (!body) return reply(std::move(body.error()));
  parts.push.handle(
      {std::move(request.authorization), "application/json", std::move(request.peer),
       *std::move(body), "", std::move(request.idempotency_key), std::move(request.id), ""},
      [reply = std::move(reply)](PushAnswer pushed) { reply(to_http_answer(std::move(pushed))); });
}

}  // namespace districtd
