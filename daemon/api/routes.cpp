#include "daemon/api/routes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <boost/asio/post.hpp>

#include "base/json_writer.h"
#include "collectors/receipt_json.h"
#include "daemon/delivery/archive.h"
#include "daemon/log/logging.h"
#include "daemon/picture/picture.h"

namespace districtd {

namespace {

namespace asio = boost::asio;

HttpAnswer error_answer(unsigned status, std::string_view code, std::string_view message) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = error_json(code, message) + "\n";
  return answer;
}

std::string last_segment(const HttpRequest& request) {
  return request.path.substr(request.path.rfind('/') + 1);
}

std::optional<std::string> parameter(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

// Runs `work` on a worker and gives its answer on the event loop.
template <typename Work>
void answer_from_worker(const ApiParts& parts, HttpReply reply, Work work) {
  asio::post(parts.workers,
             [&io = parts.io, reply = std::move(reply), work = std::move(work)]() mutable {
               HttpAnswer answer;
               try {
                 answer = work();
               } catch (const std::exception& e) {
                 log_event(LogLevel::error, "store_read_failed", e.what());
                 answer = error_answer(503, "unavailable", "数据库暂时无法读取，请稍后再试");
               }
               asio::post(io, [reply = std::move(reply), answer = std::move(answer)]() mutable {
                 reply(std::move(answer));
               });
             });
}

// The same for work that reads the store.
template <typename Work>
void answer_from_store(const ApiParts& parts, HttpReply reply, Work work) {
  answer_from_worker(parts, std::move(reply), [path = parts.store_path, work = std::move(work)] {
    return work(StoreReader{path});
  });
}

struct Asked {
  Moment moment;
  bool is_now = true;
  std::optional<HttpAnswer> refusal;
};

Asked moment_asked(const HttpRequest& request, const DistrictClock& clock) {
  Asked asked{{clock.today(), std::nullopt}, true, std::nullopt};
  const auto on = parameter(request, "on");
  const auto known_at = parameter(request, "known_at");
  asked.is_now = !on && !known_at;
  if (known_at) {
    asked.moment.known_at = parse_known_at(*known_at, clock);
    if (asked.moment.known_at) {
      asked.moment.on = clock.date_at(*asked.moment.known_at);
    } else {
      asked.refusal =
          error_answer(400, "bad_time",
                       "参数 known_at 应为时间或日期，例如 known_at=2026-07-08T09:00:00%2B08:00 或 "
                       "known_at=2026-07-08，收到的是“" +
                           *known_at + "”");
    }
  }
  if (on) {
    const auto date = parse_iso_date(*on);
    if (date) {
      asked.moment.on = *date;
    } else {
      asked.refusal = error_answer(400, "bad_date",
                                   "参数 on 应为日期，例如 on=2026-06-30，收到的是“" + *on + "”");
    }
  }
  return asked;
}

// Answers from the picture of the moment asked for: the board's now, which needs no store, or the
// store's of another one. `answer` is called on a worker.
template <typename Answer>
void answer_from_picture(const ApiParts& parts, const HttpRequest& request, HttpReply reply,
                         Answer answer) {
  Asked asked = moment_asked(request, parts.pipeline.clock());
  if (asked.refusal) return reply(std::move(*asked.refusal));
  const Board& board = parts.pipeline.board();
  if (asked.is_now) {
    return answer_from_worker(
        parts, std::move(reply),
        [picture = Picture(board), answer = std::move(answer)] { return answer(picture); });
  }
  answer_from_store(parts, std::move(reply),
                    [catalogue = board.shared_catalogue(), clock = parts.pipeline.clock(),
                     moment = asked.moment, answer = std::move(answer)](const StoreReader& store) {
                      return answer(Picture(catalogue, store, clock, moment));
                    });
}

HttpAnswer unknown_target(const Catalogue& catalogue, const std::string& id) {
  const std::string near = catalogue.nearest("", id);
  return error_answer(404, "unknown_target",
                      "没有指标“" + id + "”" + (near.empty() ? "" : "，最接近的是“" + near + "”"));
}

// The same for one target, by its id or name: no other one is judged or copied. `answer` is called
// on a worker with its picture, the store and the moment.
template <typename Answer>
void answer_from_target(const ApiParts& parts, const HttpRequest& request, std::string id,
                        HttpReply reply, Answer answer) {
  Asked asked = moment_asked(request, parts.pipeline.clock());
  if (asked.refusal) return reply(std::move(*asked.refusal));
  const Board& board = parts.pipeline.board();
  if (asked.is_now) {
    const auto found = board.catalogue().find("", id);
    if (!found) return reply(unknown_target(board.catalogue(), id));
    return answer_from_store(
        parts, std::move(reply),
        [picture = picture_of(board, *found), moment = asked.moment, answer = std::move(answer)](
            const StoreReader& store) { return answer(picture, store, moment); });
  }
  answer_from_store(
      parts, std::move(reply),
      [present = board.shared_catalogue(), clock = parts.pipeline.clock(), moment = asked.moment,
       id = std::move(id), answer = std::move(answer)](const StoreReader& store) {
        const auto catalogue = catalogue_at(present, store, moment.known_at);
        const auto found = catalogue->find("", id);
        if (!found) return unknown_target(*catalogue, id);
        return answer(picture_of(catalogue, *found, store, clock, moment), store, moment);
      });
}

HttpAnswer json_answer(std::string body) {
  HttpAnswer answer;
  answer.body = std::move(body);
  return answer;
}

void list_targets(const ApiParts& parts, const HttpRequest& request, HttpReply reply) {
  answer_from_picture(
      parts, request, std::move(reply),
      [department = parameter(request, "department").value_or("")](const Picture& picture) {
        if (!department.empty() && !picture.catalogue().find_department(department)) {
          return error_answer(404, "unknown_department", "没有编号为“" + department + "”的部门");
        }
        return json_answer(to_json(picture.targets(department)));
      });
}

void list_departments(const ApiParts& parts, const HttpRequest& request, HttpReply reply) {
  answer_from_picture(parts, request, std::move(reply), [](const Picture& picture) {
    return json_answer(to_json(picture.departments()));
  });
}

void show_target(const ApiParts& parts, const HttpRequest& request, HttpReply reply) {
  answer_from_target(
      parts, request, last_segment(request), std::move(reply),
      [](const TargetPicture& picture, const StoreReader& store, const Moment& moment) {
        const TargetView view = picture.view();
        const std::string& target = view.target->id;
        if (!view.assessment.in_force) {
          return error_answer(404, "not_in_force",
                              "指标“" + target + "”在 " + to_string(picture.on) +
                                  " 不在目标库中（尚未列入或已撤销）");
        }
        return json_answer(
            to_json(view, observations_member(*view.target, history_of(store, target, moment))));
      });
}

void explain_target(const ApiParts& parts, const HttpRequest& request, HttpReply reply) {
  const std::string whole = request.path.substr(0, request.path.rfind('/'));
  answer_from_target(
      parts, request, whole.substr(whole.rfind('/') + 1), std::move(reply),
      [clock = parts.pipeline.clock()](const TargetPicture& picture, const StoreReader& store,
                                       const Moment& moment) {
        return json_answer(to_json(explanation_of(picture, store, clock, moment)));
      });
}

HttpAnswer answer_of(PushAnswer pushed) {
  HttpAnswer answer;
  answer.status = pushed.status;
  answer.body = std::move(pushed.body);
  answer.headers = std::move(pushed.headers);
  return answer;
}

// Where a token has to be shown: the office reads every receipt, a department its own, and learns
// nothing of others.
void show_submission(const ApiParts& parts, const HttpRequest& request, HttpReply reply) {
  std::string only;  // the department
  if (request.must_show_token && !parts.push.is_office(request.authorization)) {
    if (auto refusal = parts.push.refuse_stranger(request.authorization)) {
      return reply(answer_of(std::move(*refusal)));
    }
    only = parts.push.authenticate(request.authorization);
  }
  answer_from_store(
      parts, std::move(reply), [id = last_segment(request), only](const StoreReader& store) {
        const auto receipt = store.receipt(id);
        if (!receipt || (!only.empty() && receipt->department != only)) {
          return error_answer(404, "unknown_submission", "没有编号为“" + id + "”的报送");
        }
        HttpAnswer answer;
        answer.body = to_json(*receipt) + "\n";
        return answer;
      });
}

void push_observations(const ApiParts& parts, HttpRequest request, HttpReply reply) {
  parts.push.handle(
      {std::move(request.authorization), std::move(request.content_type), std::move(request.peer),
       std::move(request.body), std::move(request.content_encoding),
       std::move(request.idempotency_key), std::move(request.id)},
      [reply = std::move(reply)](PushAnswer pushed) { reply(answer_of(std::move(pushed))); });
}

// What the head alone is refused for is refused before a body is sent.
HttpAnswer admit_push(HttpPush& push, const HttpRequest& request) {
  if (auto refusal =
          push.turn_away({request.authorization, request.content_type, request.idempotency_key})) {
    return answer_of(std::move(*refusal));
  }
  HttpAnswer admitted;
  admitted.status = 0;
  return admitted;
}

// A stranger, or a department, decides nothing.
HttpAnswer refuse_all_but_the_office(const HttpPush& push, const HttpRequest& request) {
  if (!push.authenticate(request.authorization).empty()) {
    return error_answer(403, "forbidden",
                        "部门的令牌不能查看、确认或退回暂存的数据，应由督查室办理。");
  }
  if (auto refusal = push.refuse_stranger(request.authorization)) {
    return answer_of(std::move(*refusal));
  }
  return error_answer(401, "unauthorized", "令牌无效或已停用。");
}

HttpAnswer answer_of(const Pipeline::Decided& decided, const std::string& id) {
  if (decided.undecided == "unknown_submission") {
    return error_answer(404, decided.undecided, "没有编号为“" + id + "”的报送");
  }
  if (decided.undecided == "nothing_held") {
    return error_answer(409, decided.undecided, "报送“" + id + "”中没有暂存的数据");
  }
  if (!decided.undecided.empty()) {
    return error_answer(409, decided.undecided, "报送“" + id + "”中暂存的数据已经办理过");
  }
  if (decided.result.outcome == Outcome::unavailable) {
    return error_answer(503, "unavailable", decided.result.reason);
  }
  return json_answer(to_json(decided.result.receipt) + "\n");
}

void decide_held(const ApiParts& parts, const HttpRequest& request, bool confirmed,
                 HttpReply reply) {
  if (!parts.push.is_office(request.authorization)) {
    return reply(refuse_all_but_the_office(parts.push, request));
  }
  const std::string whole = request.path.substr(0, request.path.rfind('/'));
  const std::string id = whole.substr(whole.rfind('/') + 1);
  parts.pipeline.decide(id, confirmed, request.peer,
                        [reply = std::move(reply), id](const Pipeline::Decided& decided) {
                          reply(answer_of(decided, id));
                        });
}

void list_waiting(const ApiParts& parts, const HttpRequest& request, HttpReply reply) {
  if (request.must_show_token && !parts.push.is_office(request.authorization)) {
    return reply(refuse_all_but_the_office(parts.push, request));
  }
  answer_from_store(parts, std::move(reply), [](const StoreReader& store) {
    std::string body = "{\"waiting\":[";
    for (const std::string& id : store.submissions_to_confirm()) {
      if (body.back() != '[') body += ',';
      body += json_text(id);
    }
    return json_answer(body + "]}\n");
  });
}

void show_metrics(const ApiParts& parts, const HttpReply& reply) {
  HttpAnswer answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.pieces = parts.pipeline.render_metrics();
  answer.pieces.push_back(std::make_shared<const std::string>(
      parts.metrics.serialise(parts.store.statistics(), parts.pipeline.series())));
  reply(std::move(answer));
}

// The index, a bulletin's page, or one of its files.
void show_bulletin(const ApiParts& parts, const HttpRequest& request, HttpReply reply) {
  answer_from_worker(parts, std::move(reply),
                     [name = last_segment(request), directory = parts.scheduler.directory()] {
                       auto file = read_archived(directory, name);
                       if (!file) {
                         return error_answer(404, "unknown_bulletin", "没有通报“" + name + "”");
                       }
                       HttpAnswer answer;
                       answer.content_type = std::move(file->content_type);
                       answer.body = std::move(file->body);
                       return answer;
                     });
}

void resend_bulletin(const ApiParts& parts, const HttpRequest& request, HttpReply reply) {
  const std::string whole = request.path.substr(0, request.path.rfind('/'));
  answer_from_worker(
      parts, std::move(reply),
      [&scheduler = parts.scheduler, id = whole.substr(whole.rfind('/') + 1),
       to = parameter(request, "to").value_or(""), all = parameter(request, "all").has_value()] {
        const auto resent = scheduler.resend(id, to, all);
        if (!resent.is_known) {
          return error_answer(404, "unknown_bulletin", "没有按计划印发过的通报“" + id + "”");
        }
        std::string message;
        for (const std::string& recipient : resent.recipients) {
          message += (message.empty() ? "重新发送：" : "、") + recipient;
        }
        if (resent.recipients.empty()) {
          message = resent.had_it > 0
                        ? "都已送达或正在发送；仍要再发一次，请加 --all（all=1）"
                        : "没有可发的对象：[[bulletin]] 中没有匹配的 email 或 webhooks";
        }
        HttpAnswer answer;
        answer.body = "{\"message\":" + json_text(message) +
                      ",\"resent\":" + std::to_string(resent.recipients.size()) + "}\n";
        return answer;
      });
}

HttpAnswer plain(unsigned status, std::string body) {
  HttpAnswer answer;
  answer.status = status;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(body);
  return answer;
}

}  // namespace

std::vector<HttpRoute> api_routes(const ApiParts& p) {
  std::vector<HttpRoute> routes;
  const auto add = [&routes](std::string method, std::string pattern, auto handle) {
    routes.push_back({std::move(method), std::move(pattern), nullptr, std::move(handle)});
  };
  // What departments and the office's programs need, also where everything else is hidden.
  const auto add_with_token = [&](const std::string& method, const std::string& pattern,
                                  auto handle) {
    add(method, pattern, std::move(handle));
    routes.back().asks_token = true;
  };
  add_with_token("POST", "/api/v1/observations", [p](HttpRequest request, HttpReply reply) {
    push_observations(p, std::move(request), std::move(reply));
  });
  routes.back().admit = [p](const HttpRequest& request) { return admit_push(p.push, request); };
  routes.back().takes_body = true;
  add_with_token("GET", "/api/v1/submissions/{}", [p](const HttpRequest& request, HttpReply reply) {
    show_submission(p, request, std::move(reply));
  });
  add_with_token("GET", "/api/v1/submissions", [p](const HttpRequest& request, HttpReply reply) {
    list_waiting(p, request, std::move(reply));
  });
  add_with_token("POST", "/api/v1/submissions/{}/confirm",
                 [p](const HttpRequest& request, HttpReply reply) {
                   decide_held(p, request, true, std::move(reply));
                 });
  add_with_token("POST", "/api/v1/submissions/{}/reject",
                 [p](const HttpRequest& request, HttpReply reply) {
                   decide_held(p, request, false, std::move(reply));
                 });
  add("GET", "/api/v1/targets", [p](const HttpRequest& request, HttpReply reply) {
    list_targets(p, request, std::move(reply));
  });
  add("GET", "/api/v1/targets/{}", [p](const HttpRequest& request, HttpReply reply) {
    show_target(p, request, std::move(reply));
  });
  add("GET", "/api/v1/targets/{}/explanation", [p](const HttpRequest& request, HttpReply reply) {
    explain_target(p, request, std::move(reply));
  });
  add("GET", "/api/v1/departments", [p](const HttpRequest& request, HttpReply reply) {
    list_departments(p, request, std::move(reply));
  });
  add("GET", "/bulletins", [](const HttpRequest&, const HttpReply& reply) {
    HttpAnswer answer;
    answer.status = 301;
    answer.headers = {{"Location", "/bulletins/"}};
    reply(std::move(answer));
  });
  add("GET", "/bulletins/", [p](const HttpRequest& request, HttpReply reply) {
    show_bulletin(p, request, std::move(reply));
  });
  add("GET", "/bulletins/{}", [p](const HttpRequest& request, HttpReply reply) {
    show_bulletin(p, request, std::move(reply));
  });
  add("POST", "/-/bulletins/{}/resend", [p](const HttpRequest& request, HttpReply reply) {
    resend_bulletin(p, request, std::move(reply));
  });
  add("GET", "/metrics",
      [p](const HttpRequest&, const HttpReply& reply) { show_metrics(p, reply); });
  add("GET", "/-/healthy", [](const HttpRequest&, const HttpReply& reply) {
    reply(plain(200, "districtd is healthy.\n"));
  });
  add("GET", "/-/ready", [p](const HttpRequest&, const HttpReply& reply) {
    reply(p.is_ready() ? plain(200, "districtd is ready.\n")
                       : plain(503, "districtd is stopping.\n"));
  });
  add("POST", "/-/reload",
      [p](const HttpRequest&, HttpReply reply) { p.reload(std::move(reply)); });
  return routes;
}

}  // namespace districtd
