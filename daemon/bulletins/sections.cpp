#include "daemon/bulletins/sections.h"

#include <array>

#include "daemon/bulletins/bulletin.h"
#include "daemon/bulletins/composition.h"

namespace districtd {
namespace {

bool in_each(BulletinKind) { return true; }
bool in_none(BulletinKind) { return false; }
bool in_daily(BulletinKind kind) { return kind == BulletinKind::daily; }
bool in_all_but_daily(BulletinKind kind) { return kind != BulletinKind::daily; }

// docs/bulletins.md names each for those who write templates. A function of a few lines stands
// above the list, a longer one in compose_*.cpp.
constexpr std::array kSections = {
    BulletinSection{"overall", "总体情况", SectionForm::paragraph, in_each, in_none, "",
                    overall_sentences},
    BulletinSection{"changes", "亮灯变化", SectionForm::changes, in_daily, in_none,
                    "没有亮灯变化。", change_sentences},
    BulletinSection{"department_sentences", "部门（单位）情况", SectionForm::departments,
                    in_all_but_daily, in_none, "", department_sentences},
    BulletinSection{"not_reached", "未达到序时进度的目标", SectionForm::not_reached,
                    in_all_but_daily, in_none, "没有未达到序时进度的目标。", nullptr},
    BulletinSection{"discipline", "数据报送情况", SectionForm::sentences, in_each, in_none, "",
                    discipline_sentences},
    BulletinSection{"corrections", "数据更正情况", SectionForm::numbered, in_each, in_daily,
                    "上次以来没有更正。", correction_sentences},
    BulletinSection{"next_steps", "下一步安排", SectionForm::sentences, in_all_but_daily,
                    in_all_but_daily, "", next_step_sentences},
};

}  // namespace

std::span<const BulletinSection> bulletin_sections() { return kSections; }

bool is_empty(const ComposedSection& section, const Bulletin& bulletin) {
  switch (section.section.form) {
    case SectionForm::not_reached:
      return bulletin.not_reached.empty();
    case SectionForm::departments:
      return section.sentences.empty() && bulletin.departments.empty();
    case SectionForm::paragraph:
    case SectionForm::sentences:
    case SectionForm::numbered:
    case SectionForm::changes:
      break;
  }
  return section.sentences.empty();
}

bool is_printed(const ComposedSection& section, const Bulletin& bulletin) {
  const BulletinKind kind = bulletin.occasion.kind;
  return section.section.stands_in(kind) &&
         !(section.section.is_optional(kind) && is_empty(section, bulletin));
}

}  // namespace districtd
