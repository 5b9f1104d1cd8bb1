// 全区总览: the wall page. 24 grid rows are 24*30 + 23*8 = 904 pixels, so that it fits a screen of
// 1920x1080 with and without Grafana's own bars (about 130 pixels), and letters of 20 pixels and more
// read from four metres.
import type { Panel } from '@grafana/schema';
import { BigValueColorMode, BigValueTextMode } from '@grafana/schema';
import {
  answer,
  bars,
  byThresholds,
  fixed,
  matching,
  now,
  type Place,
  stat,
  thresholds,
  toDepartment,
  toQuality,
  toTarget,
  type DataLink,
} from './library';
import {
  DEPARTMENTS,
  WEEK_AGO,
  asLabel,
  count,
  countAWeekAgo,
  named,
  of,
  ofDepartmentName,
  statusCode,
  withLabel,
} from './promql';
import { BLUE, GREEN, GREY, LIGHTS, RED, STATUSES, YELLOW } from './words';

const CALM = '#3A3D45';

type Tile = { name: string; colour: string; value: string; before: string; isBad: boolean; link?: DataLink };

const light = ({ word, shape, colour, statuses }: (typeof LIGHTS)['red'], isBad: boolean): Tile => ({
  name: `${shape} ${word}`,
  colour,
  value: count(statuses),
  before: countAWeekAgo(statuses),
  isBad,
});

const MISSED = `${of('district_target_goal_probability_ratio')} < 0.5`;
const missed = (family: string) => `count(${family} < 0.5) or sum(0 * max(${family}))`;

const TILES: Tile[] = [
  light(LIGHTS.red, true),
  light(LIGHTS.yellow, true),
  light(LIGHTS.green, false),
  light(LIGHTS.grey, true),
  {
    name: '◆ 预计完不成',
    colour: RED,
    value: missed(of('district_target_goal_probability_ratio')),
    before: missed(`last_over_time(${of('district_target_goal_probability_ratio')}${WEEK_AGO})`),
    isBad: true,
  },
  {
    name: '✕ 迟报',
    colour: YELLOW,
    value: `sum(${of('district_target_report_overdue')})`,
    before: `sum(last_over_time(${of('district_target_report_overdue')}${WEEK_AGO}))`,
    isBad: true,
    link: toQuality,
  },
];

const place = (index: number, y: number, h: number): Place => ({ x: index * 4, y, w: 4, h });

const tile = (each: Tile, index: number): Panel =>
  stat({
    at: place(index, 0, 5),
    queries: [now(each.value, each.name)],
    field: {
      displayName: each.name,
      color: byThresholds,
      thresholds: thresholds(CALM, [1, each.colour]),
      links: each.link ? [each.link] : [],
    },
    options: {
      colorMode: BigValueColorMode.Background,
      textMode: BigValueTextMode.ValueAndName,
      text: { titleSize: 28, valueSize: 84 },
    },
  });

// One of the three has an answer: so the arrow stands beside the number.
const change = (each: Tile, index: number): Panel => {
  const difference = `(${each.value}) - (${each.before})`;
  const worse = each.isBad ? RED : GREEN;
  const better = each.isBad ? GREEN : RED;
  return stat({
    at: place(index, 5, 2),
    queries: [
      now(`${difference} > 0`, '增', { refId: 'A' }),
      now(`-(${difference} < 0)`, '减', { refId: 'B' }),
      now(`${difference} == 0`, '平', { refId: 'C' }),
    ],
    field: { noValue: '较上周 —', decimals: 0 },
    overrides: [
      answer('A', { unit: 'prefix:较上周 ↑ ', color: fixed(worse) }),
      answer('B', { unit: 'prefix:较上周 ↓ ', color: fixed(better) }),
      answer('C', { unit: 'prefix:较上周 → ', color: fixed('text') }),
    ],
    options: { text: { valueSize: 26 } },
  });
};

// A department's light is its worst target's.
const lightOf = (by: string, series: (statuses: string) => string): string =>
  `max by (${by}) ((${series(LIGHTS.red.statuses)} > 0) * 0 + 3
    or (${series(LIGHTS.yellow.statuses)} > 0) * 0 + 2
    or (${series(LIGHTS.green.statuses)} > 0) * 0 + 1
    or (${series(LIGHTS.grey.statuses)} > 0) * 0
    or ${series('reported')} * 0 - 1)`;

const SHAPES = { '3': '■', '2': '▲', '1': '●', '0': '○', '-1': '·' };
const byShape = [
  matching('/^■/', { color: fixed(RED) }),
  matching('/^▲/', { color: fixed(YELLOW) }),
  matching('/^●/', { color: fixed(GREEN) }),
  matching('/^[○·]/', { color: fixed(GREY) }),
];

const lightsLabel = (name: string, statuses: string): string =>
  asLabel(name, `sum by (department) (${of('district_department_targets', `status=~"${statuses}"`)})`);

const score = of('district_department_score_ratio');
const trendLabel = asLabel(
  'trend',
  `sgn(round(${score} - ${of('district_department_score_before_ratio')}, 0.0005)) or on (department) (${score} * 0 + 2)`,
  { '1': '↑', '-1': '↓', '0': '→', '2': '' },
);

// A department without a score yet has its place, with 0.
const scores = `(${score} or on (department) ${DEPARTMENTS} * 0)`;

const departments = (): Panel => {
  const lights = [
    ['light', asLabel('light', lightOf('department', (s) => of('district_department_targets', `status=~"${s}"`)), SHAPES)],
    ['red', lightsLabel('red', LIGHTS.red.statuses)],
    ['yellow', lightsLabel('yellow', LIGHTS.yellow.statuses)],
    ['green', lightsLabel('green', LIGHTS.green.statuses)],
    ['grey', lightsLabel('grey', LIGHTS.grey.statuses)],
    ['trend', trendLabel],
  ] as const;
  const labelled = lights.reduce(
    (sofar, [name, labels]) => withLabel(sofar, name, labels),
    ofDepartmentName(`sum by (department) (${scores})`),
  );
  return bars({
    at: { x: 0, y: 7, w: 9, h: 17 },
    title: '部门得分（最低的 12 个，由低到高；红 ■ 黄 ▲ 绿 ● 未报 ○）',
    description: '颜色和图形取该部门最差的一盏灯；箭头是得分较上期的变化。得分的算法见 docs/judging.md。',
    queries: [
      now(
        `sort(bottomk(12, ${labelled}))`,
        '{{light}} {{department_name}}{{trend}}　■{{red}} ▲{{yellow}} ●{{green}} ○{{grey}}',
      ),
    ],
    field: { unit: 'percentunit', decimals: 0, min: 0, max: 1, links: [toDepartment()] },
    overrides: byShape,
    options: { text: { titleSize: 20, valueSize: 26 } },
  });
};

const statusSeries = (status: string) => of('district_target_status', `status="${status}"`);
const targetShape = Object.fromEntries(
  STATUSES.map(({ code, text }) => [String(code), text]),
);

// Counted by target, as asLabel counts by department.
const targetStatusLabel = Object.entries(targetShape).reduce(
  (sofar, [code, word]) => `label_replace(${sofar}, "light", "${word}", "light", "${code}")`,
  `count_values by (target) ("light", ${statusCode(statusSeries, 'target')})`,
);
const withStatus = (value: string) => `${value} * on (target) group_left (light) ${targetStatusLabel}`;
const ofTargets = (value: string) => named(withStatus(`(${value})`), 'name', 'department_name');

const worst = (): Panel =>
  bars({
    at: { x: 9, y: 7, w: 8, h: 17 },
    title: '偏差最大的十项',
    queries: [
      now(
        `sort_desc(topk(10, ${ofTargets(`-100 * (${of('district_target_deviation_ratio')} < 0)`)}))`,
        '{{light}} {{name}}（{{department_name}}）',
      ),
    ],
    field: { unit: 'suffix: 个百分点', decimals: 1, min: 0, links: [toTarget()], noValue: '全部达到序时', color: fixed(BLUE) },
    overrides: byShape,
    options: { text: { titleSize: 20, valueSize: 24 } },
  });

const forecastMissed = (): Panel =>
  bars({
    at: { x: 17, y: 7, w: 7, h: 9 },
    title: '预计完不成的目标（达成概率）',
    queries: [now(`sort(bottomk(5, ${ofTargets(MISSED)}))`, '{{light}} {{name}}（{{department_name}}）')],
    field: { unit: 'percentunit', decimals: 0, min: 0, max: 1, links: [toTarget()], noValue: '目前没有', color: fixed(BLUE) },
    overrides: byShape,
    options: { text: { titleSize: 20, valueSize: 24 } },
  });

const late = (): Panel =>
  bars({
    at: { x: 17, y: 16, w: 7, h: 8 },
    title: '迟报、漏报的部门（项数）',
    queries: [
      now(
        `sort_desc(topk(5, ${ofDepartmentName(`sum by (department) (${of('district_target_report_overdue')}) > 0`)}))`,
        '✕ {{department_name}}',
      ),
    ],
    field: { unit: 'suffix: 项', decimals: 0, min: 0, color: fixed(YELLOW), links: [toDepartment()], noValue: '全部按时' },
    options: { text: { titleSize: 20, valueSize: 24 } },
  });

export const overview: Panel[] = [
  ...TILES.map(tile),
  ...TILES.map(change),
  departments(),
  worst(),
  forecastMissed(),
  late(),
];
