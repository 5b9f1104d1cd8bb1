#include "daemon/store/narrative_history.h"

#include <string>

#include "daemon/store/columns.h"
#include "daemon/store/submission_id.h"

namespace districtd {

std::vector<StoredNarrative> read_narratives(const sqlite::Connection& connection,
                                             std::string_view target, std::int64_t last) {
  sqlite::Statement each(connection,
                         "SELECT n.as_of, n.progress, n.problems, n.next_steps, n.seq,"
                         " s.received_at, s.collector, s.name"
                         " FROM target_key k JOIN narrative n ON n.target = k.key"
                         " JOIN submission s ON s.seq = n.seq WHERE k.id = ? AND n.seq <= ?"
                         " AND n.counts ORDER BY n.as_of, n.seq, n.row");
  each.bind(1, target).bind(2, last);
  std::vector<StoredNarrative> said;
  while (each.step()) {
    const Time received = time_from(each.integer(5));
    said.push_back({.as_of = date_from(each.integer(0)),
                    .said = {{std::string(each.text(1)), std::string(each.text(2)),
                              std::string(each.text(3))}},
                    .submission = submission_id(each.integer(4), utc_date(received)),
                    .received_at = received,
                    .collector = std::string(each.text(6)),
                    .name = std::string(each.text(7))});
  }
  return said;
}

std::vector<NarrativeOfDay> narratives_by_day(std::span<const StoredNarrative> said, Date on) {
  std::vector<NarrativeOfDay> days;
  for (std::size_t begin = 0; begin < said.size() && said[begin].as_of <= on;) {
    std::size_t end = begin + 1;
    while (end < said.size() && said[end].as_of == said[begin].as_of) ++end;
    NarrativeOfDay day{said[begin].as_of, {}, said.subspan(begin, end - begin)};
    for (std::size_t i = end; i > begin; --i) day.stands.fill_from(said[i - 1].said);
    days.push_back(std::move(day));
    begin = end;
  }
  return days;
}

}  // namespace districtd
