#include "daemon/api/target_routes.h"

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "daemon/api/request_moment.h"
#include "daemon/api/worker_answer.h"
#include "daemon/picture/programmes_at.h"

namespace districtd {
namespace {

HttpAnswer unknown_programme(const UnknownProgramme& unknown) {
  return error_answer(404, "unknown_programme", unknown.sentence_in_chinese());
}

// What the board can be asked: nullopt where the answer has to come from the store, as it has of
// another moment, of a programme that is not open today, and where none is.
struct OnTheBoard {
  std::optional<std::uint32_t> programme;  // the one that was asked for
};
std::optional<OnTheBoard> on_the_board(const AskedMoment& asked, const Board& board) {
  if (!asked.is_now) return std::nullopt;
  const Catalogue& catalogue = board.catalogue();
  if (!asked.programme.empty()) {
    const auto programme = catalogue.find_programme(asked.programme);
    if (!programme || !board.is_open(*programme)) return std::nullopt;
    return OnTheBoard{programme};
  }
  // One that is open and whose file is missing is in the store alone.
  const bool is_any_missing = std::any_of(
      catalogue.closed().begin(), catalogue.closed().end(),
      [&](const ClosedProgramme& closed) { return closed.programme.is_open(board.today()); });
  bool is_any_open = false;
  for (std::uint32_t p = 0; p < catalogue.programmes().size(); ++p) {
    is_any_open = is_any_open || board.is_open(p);
  }
  return is_any_open && !is_any_missing ? std::optional{OnTheBoard{}} : std::nullopt;
}

// Answers from pictures of the moment asked for: the board's now, which needs no store, or those
// from the store for another moment. `answer` is called on a worker.
template <typename Answer>
void answer_from_pictures(const ApiParts& parts, const HttpRequest& request, HttpReply reply,
                          Answer answer) {
  auto asked = moment_asked(request, parts.pipeline.clock());
  if (!asked) return reply(std::move(asked).error());
  const Board& board = parts.pipeline.board();
  if (const auto on_board = on_the_board(*asked, board)) {
    // A copy of the board waits for the worker only when the worker is about to take it.
    parts.turns->take([&parts, reply = std::move(reply), answer = std::move(answer),
                       asked = *std::move(asked)] {
      const auto end = [turns = parts.turns, reply](HttpAnswer answered) {
        reply(std::move(answered));
        turns->end();
      };
      try {
        // Meanwhile a reload may have come.
        const auto programme = parts.pipeline.board().catalogue().find_programme(asked.programme);
        answer_from_worker(
            parts, end,
            [pictures = std::vector<Picture>{Picture(parts.pipeline.board(), programme)},
             catalogue = parts.pipeline.board().shared_catalogue(),
             answer] { return answer(pictures, *catalogue); });
      } catch (const std::bad_alloc&) {
        boost::asio::post(parts.io, [end] {
          end(error_answer(503, "unavailable", "服务器内存不足，请稍后再试"));
        });
      }
    });
    return;
  }
  answer_from_store(
      parts, std::move(reply),
      [catalogue = board.shared_catalogue(), clock = parts.pipeline.clock(),
       asked = *std::move(asked), answer = std::move(answer)](const StoreReader& store) {
        ProgrammesAt programmes(catalogue, store, clock, asked.moment);
        auto pictures = pictures_at(programmes, asked.programme, store, clock, asked.moment);
        if (!pictures) return unknown_programme(pictures.error());
        return answer(*pictures, *programmes.base());
      });
}

HttpAnswer unknown_target(const Catalogue& catalogue, const std::string& id) {
  const std::string near = catalogue.nearest("", id);
  return error_answer(404, "unknown_target",
                      "没有指标“" + id + "”" + (near.empty() ? "" : "，最接近的是“" + near + "”"));
}

// The target on the board that the request means: of the programme that it names, else of the one
// whose period holds today.
std::optional<Catalogue::Index> find_on_board(const Board& board, const OnTheBoard& on_board,
                                              const std::string& id) {
  const Catalogue& catalogue = board.catalogue();
  if (!on_board.programme) {
    const auto found = catalogue.find("", id, board.today());
    return found && board.is_open(catalogue[*found].programme) ? found : std::nullopt;
  }
  for (const Catalogue::Index i : catalogue.find_all("", id)) {
    if (catalogue[i].programme == *on_board.programme) return i;
  }
  return std::nullopt;
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
  const auto on_board = on_the_board(*asked, board);
  if (const auto found = on_board ? find_on_board(board, *on_board, id) : std::nullopt) {
    return answer_from_store(
        parts, std::move(reply),
        [picture = picture_of(board, *found), moment = asked->moment, answer = std::move(answer)](
            const StoreReader& store) { return answer(picture, store, moment); });
  }
  answer_from_store(
      parts, std::move(reply),
      [present = board.shared_catalogue(), clock = parts.pipeline.clock(),
       asked = *std::move(asked), id, answer = std::move(answer)](const StoreReader& store) {
        ProgrammesAt programmes(present, store, clock, asked.moment);
        const auto found = programmes.find(asked.programme, id);
        if (!found) return unknown_programme(found.error());
        if (!*found) return unknown_target(*programmes.base(), id);
        const auto& [shown, target] = **found;
        return answer(picture_of(shown, target, store, clock, asked.moment), store, asked.moment);
      });
}

}  // namespace

void list_targets(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_pictures(
      parts, request, std::move(reply),
      [department = parameter(request, "department").value_or("")](
          const std::vector<Picture>& pictures, const Catalogue& base) {
        const bool is_known =
            department.empty() || base.find_department(department) ||
            std::any_of(pictures.begin(), pictures.end(), [&](const Picture& picture) {
              return picture.catalogue().find_department(department).has_value();
            });
        if (!is_known) {
          return error_answer(404, "unknown_department", "没有编号为“" + department + "”的部门");
        }
        return json_answer(to_json(targets_of(pictures, department)));
      });
}

void list_departments(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_pictures(parts, request, std::move(reply),
                       [](const std::vector<Picture>& pictures, const Catalogue&) {
                         return json_answer(to_json(departments_of(pictures)));
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
