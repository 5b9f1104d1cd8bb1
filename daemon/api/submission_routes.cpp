#include "daemon/api/submission_routes.h"

#include <string>
#include <utility>

#include "base/json_writer.h"
#include "collectors/receipt_json.h"
#include "daemon/api/request_moment.h"
#include "daemon/api/token_authenticator.h"
#include "daemon/api/worker_answer.h"

namespace districtd {
namespace {

HttpAnswer unknown_submission(const std::string& id) {
  return error_answer(404, "unknown_submission", "没有编号为“" + id + "”的报送");
}

HttpAnswer answer_to_decision(const Pipeline::DecisionAnswer& decided, const std::string& id) {
  if (const auto* const why_not = std::get_if<Undecided>(&decided)) {
    switch (*why_not) {
      case Undecided::unknown_submission:
        return unknown_submission(id);
      case Undecided::nothing_held:
        return error_answer(409, to_string(*why_not), "报送“" + id + "”中没有暂存的数据");
      case Undecided::already_decided:
        return error_answer(409, to_string(*why_not), "报送“" + id + "”中暂存的数据已经办理过");
    }
  }
  const auto& result = std::get<SubmissionResult>(decided);
  if (result.outcome == Outcome::unavailable) {
    return error_answer(503, "unavailable", result.reason);
  }
  return json_answer(to_json(result.receipt) + "\n");
}

void decide_held(const ApiParts& parts, const HttpRequest& request, bool confirmed,
                 HttpReply reply) {
  const std::string& id = request.capture("id");
  parts.pipeline.decide(id, confirmed, request.peer,
                        [reply = std::move(reply), id](const Pipeline::DecisionAnswer& decided) {
                          reply(answer_to_decision(decided, id));
                        });
}

}  // namespace

std::optional<HttpAnswer> check_push(const ApiParts& parts, const HttpRequest& request) {
  auto refusal =
      parts.push.turn_away({request.authorization, request.content_type, request.idempotency_key});
  if (!refusal) return std::nullopt;
  return to_http_answer(std::move(*refusal));
}

void push_observations(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  std::string programme = parameter(request, "programme").value_or("");
  const std::string dry_run = parameter(request, "dry_run").value_or("false");
  if (dry_run != "true" && dry_run != "false") {
    return reply(error_answer(
        400, "bad_dry_run",
        "“dry_run=" + dry_run + "”不是认得的写法，没有收下任何数据；试报请写 dry_run=true。"));
  }
  parts.push.handle(
      {std::move(request.authorization), std::move(request.content_type), std::move(request.peer),
       std::move(request.body), std::move(request.content_encoding),
       std::move(request.idempotency_key), std::move(request.id), std::move(programme),
       dry_run == "true"},
      [reply = std::move(reply)](PushAnswer pushed) { reply(to_http_answer(std::move(pushed))); });
}

void show_submission(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_store(
      parts, std::move(reply),
      [id = request.capture("id"), caller = request.caller](const StoreReader& store) {
        const auto receipt = store.receipt(id);
        const bool is_hidden = receipt && caller.role == Caller::Role::department &&
                               receipt->department != caller.department;
        if (!receipt || is_hidden) return unknown_submission(id);
        return json_answer(to_json(*receipt) + "\n");
      });
}

void list_waiting(const ApiParts& parts, HttpRequest&, HttpReply& reply) {
  answer_from_store(parts, std::move(reply), [](const StoreReader& store) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().key("waiting").begin_array();
    for (const std::string& id : store.submissions_to_confirm()) json.value(id);
    json.end_array().end_object();
    return json_answer(body + "\n");
  });
}

void confirm_held(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  decide_held(parts, request, true, std::move(reply));
}

void reject_held(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  decide_held(parts, request, false, std::move(reply));
}

void list_checks(const ApiParts& parts, HttpRequest&, HttpReply& reply) {
  answer_from_store(
      parts, std::move(reply),
      [catalogue = parts.pipeline.board().shared_catalogue()](const StoreReader& store) {
        const std::vector<CheckCount> counts = store.check_counts();
        const auto count_of = [&](const std::string& programme, const std::string& check) {
          for (const CheckCount& one : counts) {
            if (one.programme == programme && one.check == check) return one;
          }
          return CheckCount{};
        };
        std::string body;
        JsonWriter json(body);
        json.begin_object().key("checks").begin_array();
        for (const Programme& programme : catalogue->programmes()) {
          for (const FigureCheck& check : programme.checks) {
            const CheckCount count = count_of(programme.id, check.name);
            json.begin_object().member("programme", programme.id).member("name", check.name);
            json.key("left").begin_array();
            for (const std::string& id : check.left) json.value(id);
            json.end_array().member("op", kCheckOps[static_cast<std::size_t>(check.op)]);
            json.key("right").begin_array();
            for (const std::string& id : check.right) json.value(id);
            json.end_array()
                .member("severity", check.severity == CheckSeverity::refuse ? "refuse" : "ask")
                .member("message", check.message)
                .member("fired", count.fired)
                .member("corrected", count.corrected)
                .end_object();
          }
        }
        json.end_array().end_object();
        return json_answer(body + "\n");
      });
}

}  // namespace districtd
