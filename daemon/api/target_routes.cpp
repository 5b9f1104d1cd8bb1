#include "daemon/api/target_routes.h"

#include <memory>
#include <new>
#include <string>
#include <utility>

#include "base/json_writer.h"
#include "daemon/api/request_moment.h"
#include "daemon/api/worker_answer.h"
#include "daemon/picture/picture.h"

namespace districtd {
namespace {

// Answers from the picture of the moment asked for: the board's now, which needs no store, or one
// from the store for another moment. `answer` is called on a worker.
template <typename Answer>
void answer_from_picture(const ApiParts& parts, const HttpRequest& request, HttpReply reply,
                         Answer answer) {
  auto asked = moment_asked(request, parts.pipeline.clock());
  if (!asked) return reply(std::move(asked).error());
  const Board& board = parts.pipeline.board();
  if (asked->is_now) {
    // A copy of the board waits for the worker only when the worker is about to take it.
    parts.turns->take([&parts, reply = std::move(reply), answer = std::move(answer)] {
      const auto end = [turns = parts.turns, reply](HttpAnswer answered) {
        reply(std::move(answered));
        turns->end();
      };
      try {
        answer_from_worker(parts, end, [picture = Picture(parts.pipeline.board()), answer] {
          return answer(picture);
        });
      } catch (const std::bad_alloc&) {
        boost::asio::post(parts.io, [end] {
          end(error_answer(503, "unavailable", "服务器内存不足，请稍后再试"));
        });
      }
    });
    return;
  }
  answer_from_store(parts, std::move(reply),
                    [catalogue = board.shared_catalogue(), clock = parts.pipeline.clock(),
                     moment = asked->moment, answer = std::move(answer)](const StoreReader& store) {
                      return answer(Picture(catalogue, store, clock, moment));
                    });
}

HttpAnswer unknown_target(const Catalogue& catalogue, const std::string& id) {
  const std::string near = catalogue.nearest("", id);
  return error_answer(404, "unknown_target",
                      "没有指标“" + id + "”" + (near.empty() ? "" : "，最接近的是“" + near + "”"));
}

// The same for the one target that the path names by its id or name: no other target is judged or
// copied. `answer` is called on a worker with the target's picture, the store and the moment.
template <typename Answer>
void answer_from_target(const ApiParts& parts, const HttpRequest& request, HttpReply reply,
                        Answer answer) {
  auto asked = moment_asked(request, parts.pipeline.clock());
  if (!asked) return reply(std::move(asked).error());
  const std::string& id = request.capture("id");
  const Board& board = parts.pipeline.board();
  if (asked->is_now) {
    const auto found = board.catalogue().find("", id);
    if (!found) return reply(unknown_target(board.catalogue(), id));
    return answer_from_store(
        parts, std::move(reply),
        [picture = picture_of(board, *found), moment = asked->moment, answer = std::move(answer)](
            const StoreReader& store) { return answer(picture, store, moment); });
  }
  answer_from_store(
      parts, std::move(reply),
      [present = board.shared_catalogue(), clock = parts.pipeline.clock(), moment = asked->moment,
       id, answer = std::move(answer)](const StoreReader& store) {
        const auto catalogue = catalogue_at(present, store, moment.known_at);
        const auto found = catalogue->find("", id);
        if (!found) return unknown_target(*catalogue, id);
        return answer(picture_of(catalogue, *found, store, clock, moment), store, moment);
      });
}

}  // namespace

void list_targets(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_picture(
      parts, request, std::move(reply),
      [department = parameter(request, "department").value_or("")](const Picture& picture) {
        if (!department.empty() && !picture.catalogue().find_department(department)) {
          return error_answer(404, "unknown_department", "没有编号为“" + department + "”的部门");
        }
        return json_answer(to_json(picture.targets(department)));
      });
}

void list_departments(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_picture(parts, request, std::move(reply), [](const Picture& picture) {
    return json_answer(to_json(picture.departments()));
  });
}

void show_target(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_target(
      parts, request, std::move(reply),
      [](const TargetPicture& picture, const StoreReader& store, const Moment& moment) {
        const TargetView view = picture.view();
        const std::string& target = view.target->id;
        if (!view.assessment.in_force) {
          return error_answer(404, "not_in_force",
                              "指标“" + target + "”在 " + to_string(picture.on) +
                                  " 不在目标库中（尚未列入或已撤销）");
        }
        return json_answer(to_json(
            view, observations_member(*view.target, history_of(store, view.target->key, moment)) +
                      "," + narratives_member(narratives_of(store, view.target->key, moment))));
      });
}

void show_narrative(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_target(
      parts, request, std::move(reply),
      [](const TargetPicture& picture, const StoreReader& store, const Moment& moment) {
        const Target& target = (*picture.catalogue)[picture.target];
        std::string body;
        JsonWriter json(body);
        json.begin_object()
            .member("target", target.id)
            .member("on", to_string(picture.on))
            .literal(narratives_member(narratives_of(store, target.key, moment)))
            .end_object();
        return json_answer(body + "\n");
      });
}

void explain_target(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_target(
      parts, request, std::move(reply),
      [clock = parts.pipeline.clock()](const TargetPicture& picture, const StoreReader& store,
                                       const Moment& moment) {
        return json_answer(to_json(explanation_of(picture, store, clock, moment)));
      });
}

}  // namespace districtd
