// 目标: one target: its year by the dates of its figures, its forecast, its source.
import type { Panel, VariableModel } from '@grafana/schema';
import {
  BigValueColorMode,
  BigValueTextMode,
  GraphDrawStyle,
  LineInterpolation,
  VisibilityMode,
} from '@grafana/schema';
import {
  asNumber,
  column,
  columns,
  fixed,
  merge,
  now,
  over,
  queryVariable,
  rows,
  series,
  sortedBy,
  stat,
  table,
  timeseries,
  toDepartment,
  trend,
} from './library';
import { lightColumn } from './department';
import { named, of, ofTarget, quoted, statusCode } from './promql';
import { BLUE, GREEN, GREY, statusMappings } from './words';

export const targetVariables: VariableModel[] = [
  queryVariable(
    'target',
    '目标',
    `query_result(max by (target, text) (label_join(${of('district_target_info')}, "text", " · ", "department_name", "name")))`,
    { regex: '/target="(?<value>[^"]+)",text="(?<text>[\\s\\S]*)"}/' },
  ),
  queryVariable('unit', '单位', `label_values(${ofTarget('district_target_info')}, unit)`, { hidden: true }),
];

const SCALE = `on (target) ${ofTarget('district_target_unit_scale')}`;
const inUnit = (family: string) => `${ofTarget(family)} / ${SCALE}`;

const number = (
  x: number,
  title: string,
  expr: string,
  field: Parameters<typeof stat>[0]['field'],
  w = 4,
  y = 0,
): Panel =>
  stat({
    at: { x, y, w, h: 4 },
    title,
    queries: [now(expr, title)],
    field: { color: fixed('text'), ...field },
    options: { colorMode: BigValueColorMode.Value },
  });

const tiles = (): Panel[] => [
  stat({
    at: { x: 0, y: 0, w: 4, h: 4 },
    title: '亮灯',
    queries: [now(statusCode((s) => ofTarget('district_target_status', `status="${s}"`), 'target, department'), '亮灯')],
    field: { mappings: statusMappings, links: [toDepartment()] },
    options: { colorMode: BigValueColorMode.Background },
  }),
  number(4, '实际（${unit}）', inUnit('district_target_actual'), { decimals: 2 }),
  number(8, '目标（${unit}）', inUnit('district_target_goal'), { decimals: 2, noValue: '无数字目标' }),
  stat({
    at: { x: 12, y: 0, w: 5, h: 4 },
    title: '完成率与序时进度',
    queries: [
      now(ofTarget('district_target_progress_ratio'), '完成率', { refId: 'A' }),
      now(ofTarget('district_target_expected_ratio'), '序时', { refId: 'B' }),
    ],
    field: { unit: 'percentunit', decimals: 1, color: fixed('text'), noValue: '无' },
    options: { textMode: BigValueTextMode.ValueAndName },
  }),
  number(17, '偏差', `100 * ${ofTarget('district_target_deviation_ratio')}`, { unit: 'suffix: 个百分点', decimals: 2, noValue: '无' }, 4),
  number(21, '截至日期', `1000 * ${ofTarget('district_target_as_of_timestamp_seconds')}`, { unit: 'time:YYYY-MM-DD' }, 3),
];

// ---- the year by as_of, from the months that districtd exports ------------------------------------

// The month's number as the label m: what the page's horizontal axis counts in.
const byMonth = (value: string) =>
  `max by (m) (label_replace(${value}, "m", "$1", "month", "[0-9]+-0?([0-9]+)"))`;
const month = (family: string) => byMonth(`${ofTarget(family)} / on (target) group_left () ${ofTarget('district_target_unit_scale')}`);

const GOAL = inUnit('district_target_goal');
const BASELINE = inUnit('district_target_baseline');
const valueAt = (ratio: string) =>
  `(${BASELINE} + on (target) ${ofTarget(ratio)} * on (target) (${GOAL} - on (target) ${BASELINE}))`;

// The forecast is a fan: from the newest value to the deadline, where both are in one year.
const AS_OF = ofTarget('district_target_as_of_timestamp_seconds');
const DEADLINE = ofTarget('district_target_deadline_timestamp_seconds');
const atMonthOf = (date: string, value: string) =>
  `max by (m) (count_values by (target) ("m", month(${date})) * on (target) group_left () ${value})`;
const fan = (ratio: string) => `(${atMonthOf(DEADLINE, valueAt(ratio))}
  or ${atMonthOf(AS_OF, `(${inUnit('district_target_actual')} and on (target) ${ofTarget(ratio)})`)})
  and on () (year(${DEADLINE}) == on (target) year(${AS_OF}))`;

const year = (): Panel =>
  trend({
    at: { x: 0, y: 4, w: 16, h: 12 },
    title: '今年各月：实际、序时、目标与预计（${unit}）',
    description:
      '横轴是数据的截至月份，不是报送时间：系统年中才装上，也从 1 月画起，更正也算在内。阴影是到期时有八成把握的区间。',
    queries: [
      rows('A', month('district_target_month_actual')),
      rows('B', month('district_target_month_expected')),
      rows('C', `${month('district_target_month_expected')} * 0 + on () group_left () max(${GOAL})`),
      rows('D', fan('district_target_forecast_ratio')),
      rows('E', fan('district_target_forecast_lower_ratio')),
      rows('F', fan('district_target_forecast_upper_ratio')),
    ],
    transformations: [
      merge,
      asNumber('m'),
      sortedBy('m'),
      columns({
        m: '月份',
        'Value #A': '实际',
        'Value #B': '序时应达',
        'Value #C': '目标',
        'Value #D': '预计',
        'Value #E': '预计下限',
        'Value #F': '预计上限',
      }),
    ],
    field: {
      decimals: 1,
      custom: {
        drawStyle: GraphDrawStyle.Line,
        lineInterpolation: LineInterpolation.Linear,
        lineWidth: 2,
        fillOpacity: 0,
        spanNulls: true,
        showPoints: VisibilityMode.Never,
      },
    },
    overrides: [
      series('月份', { unit: 'suffix:月', decimals: 0 }),
      series('实际', { color: fixed(BLUE), custom: { lineWidth: 4, showPoints: VisibilityMode.Always, pointSize: 9 } }),
      series('序时应达', { color: fixed(GREY), custom: { lineStyle: { fill: 'dash', dash: [10, 8] } } }),
      series('目标', { color: fixed(GREEN), custom: { lineStyle: { fill: 'dot', dash: [2, 6] } } }),
      series('预计', { color: fixed('#B877D9'), custom: { lineStyle: { fill: 'dash', dash: [4, 4] }, showPoints: VisibilityMode.Always, pointSize: 6 } }),
      series('预计下限', { color: fixed('#B877D9'), custom: { lineWidth: 0 } }),
      series('预计上限', { color: fixed('#B877D9'), custom: { lineWidth: 0, fillBelowTo: '预计下限', fillOpacity: 18 } }),
    ],
    options: { xField: '月份' },
  });

const monthStatus = (s: string) => ofTarget('district_target_month_status', `status="${s}"`);

const months = (): Panel =>
  table({
    at: { x: 16, y: 4, w: 8, h: 12 },
    title: '各月数据与更正（${unit}）',
    queries: [
      rows('A', `max by (month) (${ofTarget('district_target_month_actual')} / on (target) group_left () ${ofTarget('district_target_unit_scale')})`),
      rows('B', `100 * max by (month) (${ofTarget('district_target_month_deviation_ratio')})`),
      rows('C', statusCode(monthStatus, 'month')),
      rows('D', `max by (month) (${ofTarget('district_target_month_corrections')})`),
    ],
    transformations: [
      merge,
      sortedBy('month', true),
      columns({ month: '月份', 'Value #A': '实际', 'Value #B': '偏差', 'Value #C': '亮灯', 'Value #D': '更正' }),
    ],
    field: { noValue: '—' },
    overrides: [
      column('月份', { custom: { width: 90 } }),
      column('实际', { decimals: 2 }),
      column('偏差', { decimals: 2 }),
      column('亮灯', lightColumn),
      column('更正', { unit: 'suffix: 次', decimals: 0, custom: { width: 80 } }),
    ],
  });

const forecast = (): Panel[] => [
  number(0, '预计完成率', ofTarget('district_target_forecast_ratio'), { unit: 'percentunit', decimals: 1, noValue: '三次填报后才预计' }, 6, 16),
  stat({
    at: { x: 6, y: 16, w: 6, h: 4 },
    title: '八成把握在此之间',
    queries: [
      now(ofTarget('district_target_forecast_lower_ratio'), '低', { refId: 'A' }),
      now(ofTarget('district_target_forecast_upper_ratio'), '高', { refId: 'B' }),
    ],
    field: { unit: 'percentunit', decimals: 1, color: fixed('text'), noValue: '三次填报后才预计' },
    options: { textMode: BigValueTextMode.ValueAndName },
  }),
  number(12, '达成概率', ofTarget('district_target_goal_probability_ratio'), { unit: 'percentunit', decimals: 0, noValue: '三次填报后才预计' }, 6, 16),
  number(18, '此后每月需完成', ofTarget('district_target_required_pace_ratio'), { unit: 'percentunit', decimals: 1, noValue: '无' }, 6, 16),
];

const source = (): Panel =>
  table({
    at: { x: 0, y: 20, w: 24, h: 4 },
    title: '出处',
    queries: [
      rows(
        'A',
        `1000 * max by (department_name, name, section, quote) (${quoted(named(DEADLINE, 'name', 'department_name'), 'section', 'quote')})`,
      ),
    ],
    transformations: [
      columns({ department_name: '责任部门', name: '指标', section: '报告小节', quote: '报告原文', Value: '完成期限' }),
    ],
    overrides: [
      column('责任部门', { custom: { width: 160 } }),
      column('指标', { custom: { width: 260 } }),
      column('报告小节', { custom: { width: 160 } }),
      column('完成期限', { unit: 'time:YYYY-MM-DD', custom: { width: 110 } }),
    ],
  });

const known = (): Panel =>
  timeseries({
    at: { x: 0, y: 24, w: 24, h: 8 },
    title: '当时所知的完成率与预计（所选时段；竖线为告警）',
    description: 'Prometheus 装上以后每次抓取时的数值。各月的历史见上面的“今年各月”。',
    queries: [
      over('A', ofTarget('district_target_progress_ratio'), '完成率'),
      over('B', ofTarget('district_target_expected_ratio'), '序时进度'),
      over('C', ofTarget('district_target_forecast_ratio'), '预计完成率'),
      over('D', ofTarget('district_target_forecast_lower_ratio'), '预计下限'),
      over('E', ofTarget('district_target_forecast_upper_ratio'), '预计上限'),
    ],
    field: { unit: 'percentunit', decimals: 0, custom: { lineInterpolation: LineInterpolation.StepAfter } },
    overrides: [
      series('完成率', { color: fixed(BLUE), custom: { lineWidth: 3 } }),
      series('序时进度', { color: fixed(GREY), custom: { lineStyle: { fill: 'dash', dash: [10, 8] } } }),
      series('预计完成率', { color: fixed('#B877D9') }),
      series('预计下限', { color: fixed('#B877D9'), custom: { lineWidth: 0 } }),
      series('预计上限', { color: fixed('#B877D9'), custom: { lineWidth: 0, fillBelowTo: '预计下限', fillOpacity: 18 } }),
    ],
  });

export const target: Panel[] = [...tiles(), year(), months(), ...forecast(), source(), known()];
