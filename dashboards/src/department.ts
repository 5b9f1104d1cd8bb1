// 部门: one department, each of its targets, and how its year went.
import type { Panel } from '@grafana/schema';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphGradientMode,
  StackingMode,
  TableCellBackgroundDisplayMode,
  TableCellDisplayMode,
  LineInterpolation,
} from '@grafana/schema';
import {
  byThresholds,
  column,
  columns,
  fixed,
  matrix,
  merge,
  now,
  over,
  rows,
  series,
  stackedBars,
  stat,
  table,
  thresholds,
  timeseries,
  toOverview,
  toTarget,
  withoutLegend,
  queryVariable,
  sortedBy,
} from './library';
import { count, named, of, ofDepartment, quoted, statusCode } from './promql';
import { BLUE, GREEN, LIGHTS, YELLOW, statusMappings, yesOrNo } from './words';

// The value is the id, the text the name, whatever characters it has.
export const departmentVariable = queryVariable(
  'department',
  '部门',
  `query_result(max by (department, department_name) (${of('district_target_info')}))`,
  { regex: '/department="(?<value>[^"]+)",department_name="(?<text>[\\s\\S]*)"}/' },
);

const LIGHT_TILES = [LIGHTS.red, LIGHTS.yellow, LIGHTS.green, LIGHTS.grey];

const tiles = (): Panel[] => [
  stat({
    at: { x: 0, y: 0, w: 4, h: 4 },
    title: '得分',
    queries: [now(ofDepartment('district_department_score_ratio'), '得分')],
    field: { unit: 'percentunit', decimals: 1, noValue: '尚无' },
    options: { colorMode: BigValueColorMode.None },
  }),
  stat({
    at: { x: 4, y: 0, w: 4, h: 4 },
    title: '名次（右为上期）',
    queries: [
      now(ofDepartment('district_department_rank'), '本期', { refId: 'A' }),
      now(ofDepartment('district_department_rank_before'), '上期', { refId: 'B' }),
    ],
    field: { unit: 'prefix:第 ', decimals: 0, noValue: '尚无' },
    options: { colorMode: BigValueColorMode.None, textMode: BigValueTextMode.ValueAndName },
  }),
  ...LIGHT_TILES.map(({ word, shape, colour, statuses }, index) =>
    stat({
      at: { x: 8 + index * 3, y: 0, w: 3, h: 4 },
      title: `${shape} ${word}`,
      queries: [now(count(statuses, ofDepartment), word)],
      field: { color: byThresholds, thresholds: thresholds('text', [1, colour]), decimals: 0, links: [toOverview] },
    }),
  ),
  stat({
    at: { x: 20, y: 0, w: 4, h: 4 },
    title: '今年按时报送率',
    queries: [now(ofDepartment('district_department_reports_on_time_ratio'), '按时报送率')],
    field: { unit: 'percentunit', decimals: 0, noValue: '尚未到期' },
    options: { colorMode: BigValueColorMode.None },
  }),
];

// A level has no share of a way: its completion is the value by the goal, its schedule the expected
// value by the goal.
const withGoal = (family: string) =>
  `${ofDepartment(family)} / on (target) ${ofDepartment('district_target_goal')}`;
const DONE = `(${ofDepartment('district_target_progress_ratio')} or on (target) (${withGoal('district_target_actual')}))`;
const DUE = `(${ofDepartment('district_target_expected_ratio')} or on (target) (${withGoal('district_target_expected')}))`;

// A bar with its schedule mark: what is done up to the schedule, the gap to it, the mark, and what is
// ahead of it, each of targets that have both; of a target that expects nothing yet only what is done.
const BOTH = `${DUE} and on (target) ${DONE}`;
const bar = (value: string) => `max by (name) (${named(value, 'name')})`;

const completion = (): Panel =>
  stackedBars({
    at: { x: 0, y: 4, w: 24, h: 10 },
    title: '完成率与序时进度（竖线为序时进度）',
    description: '水平类目标（如优良率）按“实际值÷目标值”计，序时为“应达值÷目标值”。期限制目标到期前没有序时，只画完成率。承诺类目标没有数字，不在此列。',
    queries: [
      rows('A', bar(`(${DONE} < on (target) ${DUE}) or on (target) (${BOTH}) or on (target) ${DONE}`)),
      rows('B', bar(`clamp_min(${DUE} - on (target) ${DONE}, 0)`)),
      rows('C', bar(`(${BOTH}) * 0 + 0.006`)),
      rows('D', bar(`clamp_min(${DONE} - on (target) ${DUE}, 0)`)),
    ],
    transformations: [
      merge,
      columns({ name: '指标', 'Value #A': '已完成', 'Value #B': '落后序时', 'Value #C': '序时进度', 'Value #D': '超出序时' }),
    ],
    field: { unit: 'percentunit', decimals: 0, min: 0, custom: { fillOpacity: 90, lineWidth: 0, gradientMode: GraphGradientMode.None } },
    overrides: [
      series('已完成', { color: fixed(BLUE) }),
      series('落后序时', { color: fixed('rgba(196, 22, 42, 0.30)') }),
      series('序时进度', { color: fixed('text') }),
      series('超出序时', { color: fixed(GREEN) }),
    ],
    options: { xField: '指标', stacking: StackingMode.Normal },
  });

const status = (s: string) => ofDepartment('district_target_status', `status="${s}"`);
const inCatalogueUnit = (family: string) =>
  `max by (target) (${ofDepartment(family)} / on (target) ${ofDepartment('district_target_unit_scale')})`;

export const lightColumn = {
  mappings: statusMappings,
  custom: {
    width: 130,
    cellOptions: { type: TableCellDisplayMode.ColorBackground, mode: TableCellBackgroundDisplayMode.Basic },
  },
} as const;

const targets = (): Panel =>
  table({
    at: { x: 0, y: 14, w: 24, h: 11 },
    title: '全部目标',
    queries: [
      rows('A', `max by (target, name, unit, quote) (${quoted(named(statusCode(status, 'target'), 'name', 'unit'), 'quote')})`),
      rows('B', inCatalogueUnit('district_target_actual')),
      rows('C', inCatalogueUnit('district_target_goal')),
      rows('D', `max by (target) (${DONE})`),
      rows('E', `max by (target) (${DUE})`),
      rows('F', `100 * max by (target) (${ofDepartment('district_target_deviation_ratio')})`),
      rows('G', `max by (target) (${ofDepartment('district_target_forecast_ratio')})`),
      rows('H', `1000 * max by (target) (${ofDepartment('district_target_as_of_timestamp_seconds')})`),
      rows('I', `max by (target) (${ofDepartment('district_target_report_overdue')})`),
    ],
    transformations: [
      merge,
      columns(
        {
          'Value #A': '亮灯',
          name: '指标',
          'Value #B': '实际',
          'Value #C': '目标',
          unit: '单位',
          'Value #D': '完成率',
          'Value #E': '序时进度',
          'Value #F': '偏差（个百分点）',
          'Value #G': '预计完成率',
          'Value #H': '截至日期',
          'Value #I': '报送',
          quote: '报告原文',
          target: '编号',
        },
      ),
      sortedBy('亮灯', true),
    ],
    field: { noValue: '—' },
    overrides: [
      column('亮灯', { ...lightColumn, links: [toTarget('${__data.fields.target}')] }),
      column('指标', { links: [toTarget('${__data.fields.target}')], custom: { minWidth: 160 } }),
      column('实际', { decimals: 2, custom: { width: 90 } }),
      column('目标', { decimals: 2, custom: { width: 90 } }),
      column('单位', { custom: { width: 70 } }),
      column('完成率', {
        unit: 'percentunit',
        decimals: 1,
        min: 0,
        max: 1,
        color: fixed(BLUE),
        custom: { width: 190, cellOptions: { type: TableCellDisplayMode.Gauge, mode: BarGaugeDisplayMode.Basic } },
      }),
      column('序时进度', { unit: 'percentunit', decimals: 1, custom: { width: 90 } }),
      column('偏差（个百分点）', { decimals: 2, custom: { width: 140 } }),
      column('预计完成率', { unit: 'percentunit', decimals: 1, custom: { width: 100 } }),
      column('截至日期', { unit: 'time:YYYY-MM-DD', custom: { width: 110 } }),
      column('报送', {
        mappings: yesOrNo('✕ 迟报', YELLOW, '按时', 'text'),
        custom: { width: 90, cellOptions: { type: TableCellDisplayMode.ColorText } },
      }),
    ],
  });

const monthStatus = (s: string) => ofDepartment('district_target_month_status', `status="${s}"`);

const year = (): Panel =>
  table({
    at: { x: 0, y: 25, w: 24, h: 10 },
    title: '今年各月的亮灯（按数据的截至日期，不论何时报来）',
    queries: [rows('A', `max by (name, month) (${named(statusCode(monthStatus, 'target, month'), 'name')})`)],
    transformations: [sortedBy('month'), matrix('month', 'name', 'Value')],
    field: {
      noValue: '—',
      mappings: statusMappings,
      custom: { cellOptions: lightColumn.custom.cellOptions },
    },
    overrides: [
      column('name\\month', { displayName: '指标', custom: { minWidth: 160, cellOptions: { type: TableCellDisplayMode.Auto } } }),
    ],
  });

const history = (): Panel[] => [
  timeseries({
    at: { x: 0, y: 35, w: 12, h: 8 },
    title: '得分（所选时段，当时的得分）',
    queries: [over('A', ofDepartment('district_department_score_ratio'), '得分')],
    field: {
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      color: fixed(BLUE),
      noValue: '尚无得分',
      custom: { lineInterpolation: LineInterpolation.StepAfter },
    },
    options: withoutLegend,
  }),
  timeseries({
    at: { x: 12, y: 35, w: 12, h: 8 },
    title: '各灯数量（所选时段，当时的亮灯）',
    queries: LIGHT_TILES.map(({ word, shape, statuses }, index) =>
      over('ABCD'[index] as string, count(statuses, ofDepartment), `${shape} ${word}`),
    ),
    field: {
      decimals: 0,
      min: 0,
      custom: {
        drawStyle: GraphDrawStyle.Line,
        lineInterpolation: LineInterpolation.StepAfter,
        fillOpacity: 60,
        lineWidth: 1,
        stacking: { mode: StackingMode.Normal, group: 'A' },
      },
    },
    overrides: LIGHT_TILES.map(({ word, shape, colour }) => series(`${shape} ${word}`, { color: fixed(colour) })),
  }),
];

export const department: Panel[] = [...tiles(), completion(), targets(), year(), ...history()];
