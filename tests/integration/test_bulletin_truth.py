"""A year of bulletins, sentence by sentence, against a count made here from what was sent.

The daemon lives a year by a moved clock: departments report in time, late or not at all, and correct.
Then every month's, quarter's and the year's bulletin is written, and each number in it is compared
with what this file makes of the raw rows. Nothing of the daemon's judging is used for that.
"""

import calendar
import collections
import datetime
import json
import random
import re
import unittest

from district import OBSERVATIONS
from servers import run_districtd
from test_clock import SHANGHAI, ADistrictWithAClock

YEAR = 2025  # it is over, so that each of its bulletins can be written
DAY = datetime.timedelta(days=1)
SENT = collections.namedtuple("Sent", "on target as_of value")

DEPARTMENTS = {"roads": "路桥局", "schools": "教体局", "parks": "园林局"}
# id, name, kind, goal, unit, cadence
TARGETS = [
    *(("roads", f"roads.length-{n}", f"道路{n}", "cumulative", 12 * n, "公里", "month") for n in range(1, 5)),
    *(("schools", f"schools.places-{n}", f"学位{n}", "cumulative", 1200 * n, "个", "month") for n in range(1, 4)),
    ("schools", "schools.rate", "达标率", "level", 90, "%", "month"),
    ("parks", "parks.rate", "完好率", "level", 95, "%", "month"),
    ("parks", "parks.trees", "植树", "cumulative", 4000, "株", "quarter"),
]
MARGIN = {"at_risk": 0.0, "behind": 0.05, "ahead": 0.10}
REACHED = ("achieved", "ahead", "on_track")
NOT_REACHED = ("at_risk", "behind", "overdue")
WORDS = {"略滞后": "at_risk", "欠进度": "behind", "逾期未完成": "overdue"}


def catalogue():
    text = (f'[report]\nid = "truth"\npublisher = "试验"\npublished = {YEAR}-01-01\ntitle = "试验"\n')
    for key, name in DEPARTMENTS.items():
        text += f'[[department]]\nid = "{key}"\nname = "{name}"\n'
        for department, target, title, kind, goal, unit, cadence in TARGETS:
            if department != key:
                continue
            text += (f'[[target]]\nid = "{target}"\nname = "{title}"\nkind = "{kind}"\ngoal = {goal}\n'
                     f'unit = "{unit}"\ncadence = "{cadence}"\nstart = {YEAR}-01-01\n'
                     f'deadline = {YEAR}-12-31\nsection = "{name}"\nquote = "{title}"\n')
    return text


def month_end(month):
    return datetime.date(YEAR, month, calendar.monthrange(YEAR, month)[1])


def after(day, days):
    return day + days * DAY


def a_year(chance):
    """What is sent, in the order of the days on which it is."""
    sent = []
    for _, target, _, kind, goal, _, cadence in TARGETS:
        speed = chance.uniform(0.75, 1.2)
        value = 0
        for month in range(1, 13):
            if cadence == "quarter" and month % 3:
                continue
            if kind == "cumulative":
                step = goal / 12 * speed * chance.uniform(0.7, 1.3) * (3 if cadence == "quarter" else 1)
                value = round(value + step)
                said = value
            else:
                said = round(goal + chance.uniform(-8, 6), 1)
            end = month_end(month)
            fate = 0 if cadence == "quarter" else chance.random()
            if fate > 0.9 and 1 < month < 12:
                continue  # never
            on = after(end, chance.choice([4, 8, 10]) if fate < 0.75 else chance.choice([11, 15, 40]))
            sent.append(SENT(on, target, end, said))
            if chance.random() < 0.15:
                sent.append(SENT(after(on, chance.choice([1, 20])), target, end, round(said * 0.9) if
                                 kind == "cumulative" else round(said - 1, 1)))
                value = round(value * 0.9) if kind == "cumulative" else value
    taken = [one for one in sent if one.on <= datetime.date(YEAR + 1, 2, 28)]  # until it settles
    return sorted(taken, key=lambda one: (one.on, one.as_of))


class Office:
    """What a bulletin has to say, counted from the rows that were sent by the day of printing."""

    def __init__(self, sent):
        self.sent = sent

    def known(self, target, printed):
        values = {}
        for one in self.sent:
            if one.target == target and one.on <= printed:
                values[one.as_of] = one.value
        return values

    def arrived(self, target, end):
        return min((one.on for one in self.sent if one.target == target and one.as_of >= end),
                   default=None)

    def ends(self, target, first, last):
        cadence = target[6]
        return [month_end(m) for m in range(1, 13)
                if first <= month_end(m) <= last and (cadence == "month" or m % 3 == 0)]

    def status(self, target, first, last, printed):
        _, key, _, kind, goal, _, _ = target
        known = {day: value for day, value in self.known(key, printed).items() if day <= last}
        newest = max(known, default=None)
        share = lambda day: day.month / 12
        if last == month_end(12):
            if newest == last:
                return "achieved" if known[last] >= goal else "overdue"
            if kind == "cumulative" and newest and known[newest] >= goal:
                return "achieved"
            return "overdue" if printed > after(last, 10) else "settling"
        if kind == "cumulative" and newest and known[newest] >= goal:
            return "achieved"
        owed = self.ends(target, first, last)
        if owed and newest != owed[-1]:
            return "unreported"
        if newest is None:
            return "no_data"
        deviation = (known[newest] / goal - share(newest) if kind == "cumulative" else
                     (known[newest] - goal) / goal)
        if deviation < -MARGIN["behind"] - 1e-9:
            return "behind"
        if deviation < -MARGIN["at_risk"] - 1e-9:
            return "at_risk"
        return "ahead" if deviation >= MARGIN["ahead"] - 1e-9 else "on_track"

    def counts(self, first, last, printed):
        return collections.Counter(self.status(t, first, last, printed) for t in TARGETS)

    def punctuality(self, first, last, printed):
        due = on_time = 0
        for target in TARGETS:
            for end in self.ends(target, first, last):
                if after(end, 10) >= printed:
                    continue
                due += 1
                arrived = self.arrived(target[1], end)
                on_time += arrived is not None and arrived <= after(end, 10)
        return due, on_time


def share(part, whole):
    return f"{round(part / whole * 1000 + 1e-9) / 10:.1f}%"


class ABulletin:
    """One bulletin's JSON taken apart; every sentence has to be of a known form."""

    def __init__(self, test, office, kind, printed, period, document, counts_before):
        self.test, self.office, self.printed = test, office, printed
        self.first, self.last = period
        self.document = document
        self.counts = office.counts(self.first, self.last, printed)
        self.before = counts_before
        self.reached = sum(self.counts[s] for s in REACHED)
        self.not_reached = sum(self.counts[s] for s in NOT_REACHED)
        self.where = f"{kind} printed on {printed}"

    def equal(self, said, counted, sentence):
        self.test.assertEqual(said, counted, f"{self.where}: {sentence}")

    def check(self):
        said = self.document["counts"]
        self.equal(said["total"], len(TARGETS), said)
        self.equal(said["reached"], self.reached, said)
        self.equal(said["not_reached"], self.not_reached, said)
        self.equal(said["unreported"], self.counts["unreported"], said)
        for status in (*NOT_REACHED, "settling", "no_data", "stale"):
            self.equal(said[status], self.counts[status], said)
        self.take_apart("overall", [
            (r"全区共有目标(\d+)项，(.*)。", self.whole),
            (r"截至(?:\d+年)?(\d+)月底，(?:全区|可评判的)(\d+)项目标中，(.*)。", self.schedule),
            (r"其中(\d+)项的最近一次数据早于(?:\d+年)?(\d+)月底，按数据截至日期的序时进度评判。", self.older),
            (r"与上次（.*）相比，(.*)。", self.compared)])
        self.take_apart("discipline", [
            (r"本期应报数据(\d+)项次，按时报送(\d+)项次，按时报送率([\d.]+%)。", self.punctual),
            (r"目前逾期未报的有(\d+)项，涉及(\d+)个部门（单位）：", self.overdue),
            (r"(.+?)(\d+)项：.*。", self.overdue_of_one),
            (r"目前没有逾期未报的数据。", self.none_overdue)])
        lagging = {t[1] for t in TARGETS
                   if self.office.status(t, self.first, self.last, self.printed) in NOT_REACHED}
        named = set(self.document["not_reached"])
        self.test.assertLessEqual(lagging, named, self.where)
        silent = {t[1] for t in TARGETS
                  if self.office.status(t, self.first, self.last, self.printed) == "unreported"}
        self.test.assertLessEqual(named - lagging, silent, f"{self.where}: red before they fell silent")
        self.test.assertEqual(self.document["period_last"], str(self.last))
        for target in self.document["targets"]:
            if target["as_of"] is not None:
                self.test.assertLessEqual(target["as_of"], str(self.last), self.where)

    def take_apart(self, section, forms):
        sentences = self.document[section]
        self.test.assertTrue(sentences, f"{self.where}: {section}")
        for sentence in sentences:
            for form, check in forms:
                if found := re.fullmatch(form, sentence):
                    check(sentence, *found.groups())
                    break
            else:
                self.test.fail(f"{self.where}: nobody expects {sentence}")

    def whole(self, sentence, total, rest):
        self.equal(int(total), len(TARGETS), sentence)
        if rest == "均可评判进度":
            self.equal(self.reached + self.not_reached, len(TARGETS), sentence)
            return
        counted = {"可评判进度的": self.reached + self.not_reached,
                   "本期未报的": self.counts["unreported"],
                   "最终数据尚未到报送期限的": self.counts["settling"],
                   "尚未报送数据的": self.counts["no_data"]}
        found = dict(re.findall(r"([^\d、和]+?的)(\d+)项", rest.removeprefix("其中")))
        self.equal({word: int(n) for word, n in found.items()},
                   {word: n for word, n in counted.items() if n}, sentence)

    def schedule(self, sentence, month, judged, rest):
        self.equal(int(month), self.last.month, sentence)
        self.equal(int(judged), self.reached + self.not_reached, sentence)
        if rest == "全部达到序时进度":
            self.equal(self.not_reached, 0, sentence)
            return
        if reached := re.search(r"(?<!未)达到序时进度的(\d+)项，占([\d.]+%)", rest):
            self.equal(int(reached[1]), self.reached, sentence)
            self.equal(reached[2], share(self.reached, self.reached + self.not_reached), sentence)
            missed = re.search(r"未达到序时进度的(\d+)项，占([\d.]+%)", rest)
            self.equal(int(missed[1]), self.not_reached, sentence)
            self.test.assertAlmostEqual(float(reached[2][:-1]) + float(missed[2][:-1]), 100, places=6)
        else:
            self.equal(self.reached, 0, sentence)
        for word, status in WORDS.items():
            if found := re.search(word + r"(\d+)项", rest):
                self.equal(int(found[1]), self.counts[status], sentence)

    def older(self, sentence, count, month):
        self.equal(int(month), self.last.month, sentence)
        counted = 0
        for target in TARGETS:
            status = self.office.status(target, self.first, self.last, self.printed)
            known = [d for d in self.office.known(target[1], self.printed) if d <= self.last]
            counted += status in (*REACHED[1:], *NOT_REACHED) and max(known, default=None) != self.last \
                and bool(known)
        self.equal(int(count), counted, sentence)

    def compared(self, sentence, rest):
        reached = sum(self.before[s] for s in REACHED)
        not_reached = sum(self.before[s] for s in NOT_REACHED)
        if "均持平" in rest:
            self.equal((self.reached, self.not_reached), (reached, not_reached), sentence)
            return
        for word, now, then in (("(?<!未)达到序时进度的", self.reached, reached),
                                ("未达到序时进度的", self.not_reached, not_reached)):
            found = re.search(word + r"(增加|减少)?(\d+)?(持平)?", rest)
            change = {"增加": 1, "减少": -1, None: 0}[found[1]] * int(found[2] or 0)
            self.equal(change, now - then, sentence)

    def punctual(self, sentence, due, on_time, rate):
        counted = self.office.punctuality(self.first, self.last, self.printed)
        self.equal((int(due), int(on_time)), counted, sentence)
        self.equal(rate, share(counted[1], counted[0]), sentence)

    def missing(self):
        """The targets whose report of a period up to the last day is due and not in."""
        found = []
        for target in TARGETS:
            ends = [end for end in self.ends_before(target) if after(end, 10) < self.printed]
            known = self.office.known(target[1], self.printed)
            if ends and (not known or max(known) < ends[-1]):
                found.append(target)
        return found

    def ends_before(self, target):
        return self.office.ends(target, datetime.date(YEAR, 1, 1), self.last)

    def overdue(self, sentence, count, departments):
        self.equal(int(count), len(self.missing()), sentence)
        self.equal(int(departments), len({t[0] for t in self.missing()}), sentence)

    def overdue_of_one(self, sentence, department, count):
        counted = sum(DEPARTMENTS[t[0]] == department for t in self.missing())
        self.equal(int(count), counted, sentence)

    def none_overdue(self, sentence):
        self.equal(self.missing(), [], sentence)


class TheYearsBulletins(unittest.TestCase):
    def test_each_number_is_that_of_its_own_period(self):
        for seed in (1, 2):
            with self.subTest(seed=seed):
                self.live(a_year(random.Random(seed)))

    def live(self, sent):
        tokens = {department: f"token-of-{department}" for department in DEPARTMENTS}
        start = datetime.datetime(YEAR, 1, 2, 10, tzinfo=SHANGHAI)
        daemon = ADistrictWithAClock(
            start, '[bulletins]\ndirectory = "@DIR@/b"\n', targets=catalogue(), tokens=tokens)
        self.addCleanup(daemon.stop)
        daemon.start()
        for day in sorted({one.on for one in sent}):
            daemon.sleep_until(datetime.datetime.combine(day, datetime.time(10), SHANGHAI))
            for department, token in tokens.items():
                rows = [one for one in sent if one.on == day and one.target.startswith(department + ".")]
                if not rows:
                    continue
                body = "target,as_of,value\n" + "".join(
                    f"{one.target},{one.as_of},{one.value}\n" for one in rows)
                answer = daemon.post(OBSERVATIONS, body, {"Content-Type": "text/csv",
                                                          "Authorization": f"Bearer {token}"})
                self.assertEqual((answer.status, json.loads(answer.text)["rejected"]), (200, 0), answer.text)
        daemon.terminate()
        office = Office(sent)
        counts_before = collections.Counter()
        for month in range(1, 13):
            printed = after(month_end(month), 12)
            period = (datetime.date(YEAR, month, 1), month_end(month))
            counts_before = self.bulletin(daemon, office, "monthly", printed, period, counts_before)
        counts_before = collections.Counter()
        for month in (3, 6, 9, 12):
            period = (datetime.date(YEAR, month - 2, 1), month_end(month))
            counts_before = self.bulletin(daemon, office, "quarterly", after(month_end(month), 12),
                                          period, counts_before)
        year = (datetime.date(YEAR, 1, 1), month_end(12))
        for days in (5, 20, 60):  # before the last report is due, and long after
            self.bulletin(daemon, office, "annual", after(month_end(12), days), year,
                          collections.Counter())

    def bulletin(self, daemon, office, kind, printed, period, counts_before):
        out = daemon.directory / f"{kind}-{printed}"
        done = run_districtd("bulletin", kind, "--config", daemon.config_path, "--on", str(printed),
                             "--out", out, env={"PATH": "/nonexistent"})
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads((out / f"{kind}-{printed}.json").read_text())
        bulletin = ABulletin(self, office, kind, printed, period, document, counts_before)
        bulletin.check()
        return bulletin.counts


if __name__ == "__main__":
    unittest.main()
