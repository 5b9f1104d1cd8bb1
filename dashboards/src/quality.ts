// 数据质量: what comes in, what is refused and why, who reports in time, the sources that are pulled.
import type { Panel } from '@grafana/schema';
import { BigValueColorMode, GraphDrawStyle, StackingMode, TableCellDisplayMode } from '@grafana/schema';
import {
  bars,
  column,
  columns,
  fixed,
  matrix,
  merge,
  now,
  over,
  rows,
  series,
  sortedBy,
  stat,
  table,
  timeseries,
  toDepartment,
} from './library';
import { DEPARTMENTS, inWords, of, ofDepartmentName } from './promql';
import { BLUE, COLLECTORS, GREEN, GREY, PURPLE, RED, REFUSALS, RESULTS, YELLOW, words, yesOrNo, FLAGS } from './words';

const ROWS = of('districtd_rows_total');

const number = (x: number, title: string, expr: string, field: Parameters<typeof stat>[0]['field']): Panel =>
  stat({
    at: { x, y: 0, w: 6, h: 4 },
    title,
    queries: [now(expr, title)],
    field: { color: fixed('text'), decimals: 0, ...field },
    options: { colorMode: BigValueColorMode.Value },
  });

const tiles = (): Panel[] => [
  number(0, '按时报送率（各部门平均）', `avg(${of('district_department_reports_on_time_ratio')})`, { unit: 'percentunit', noValue: '尚未到期' }),
  number(6, '现在迟报', `sum(${of('district_target_report_overdue')})`, { unit: 'suffix: 项' }),
  number(12, '服务启动以来的报送', `sum(${of('districtd_submissions_total')})`, { unit: 'suffix: 份', noValue: '还没有' }),
  number(
    18,
    '退回行的比例（服务启动以来）',
    `sum(${of('districtd_rows_total', 'result="rejected"')}) / (sum(${ROWS}) > 0)`,
    { unit: 'percentunit', decimals: 1, noValue: '还没有' },
  ),
];

const byResult = (result: string) =>
  `max by (department) (sum by (department) (${of('districtd_rows_total', `result="${result}"`)}))`;

const departments = (): Panel =>
  table({
    at: { x: 0, y: 4, w: 14, h: 11 },
    title: '各部门的报送（行数为服务启动以来）',
    queries: [
      rows('A', `max by (department, department_name) (${DEPARTMENTS})`),
      rows('B', `max by (department) (${of('district_department_reports_on_time_ratio')})`),
      rows('C', `sum by (department) (${of('district_target_report_overdue')})`),
      rows('D', byResult('accepted')),
      rows('E', byResult('corrected')),
      rows('F', byResult('unchanged')),
      rows('G', byResult('rejected')),
    ],
    transformations: [
      merge,
      columns(
        {
          department_name: '部门',
          'Value #B': '按时报送率',
          'Value #C': '现在迟报',
          'Value #D': '新收',
          'Value #E': '更正',
          'Value #F': '未变',
          'Value #G': '退回',
          department: '编号',
        },
        ['Value #A'],
      ),
      sortedBy('Value #G', true),
    ],
    field: { noValue: '—', decimals: 0 },
    overrides: [
      column('部门', { links: [toDepartment('${__data.fields.department}')], custom: { minWidth: 140 } }),
      column('按时报送率', { unit: 'percentunit', custom: { width: 110 } }),
    ],
  });

const refusals = (): Panel =>
  table({
    at: { x: 14, y: 4, w: 10, h: 6 },
    title: '退回的原因（服务启动以来）',
    queries: [
      rows(
        'A',
        `max by (department_name, reason) (${ofDepartmentName(`sum by (department, reason) (${of('districtd_refusals_total')})`)})`,
      ),
    ],
    transformations: [
      columns({ department_name: '部门', reason: '原因', Value: '行数' }),
      sortedBy('Value', true),
    ],
    field: { noValue: '没有退回', decimals: 0 },
    overrides: [column('原因', { mappings: words(REFUSALS) }), column('行数', { custom: { width: 90 } })],
  });

const flagged = (): Panel =>
  bars({
    at: { x: 14, y: 10, w: 10, h: 5 },
    title: '收下但存疑的行（最多的五项，服务启动以来）',
    queries: [
      now(
        `sort_desc(topk(5, ${ofDepartmentName(inWords(`sum by (department, flag) (${of('districtd_rows_flagged_total')})`, 'flag', FLAGS))}))`,
        '{{department_name}} · {{flag}}',
      ),
    ],
    field: { decimals: 0, min: 0, unit: 'suffix: 行', color: fixed(YELLOW), noValue: '没有存疑的行' },
  });

const RESULT_COLOURS: Record<string, string> = {
  taken: GREEN,
  refused: RED,
  unreadable: YELLOW,
  unavailable: GREY,
  repeated: BLUE,
  conflict: PURPLE,
};

const submissions = (): Panel =>
  timeseries({
    at: { x: 0, y: 15, w: 12, h: 8 },
    title: '报送份数（每时段）',
    queries: Object.entries(RESULTS).map(([result, word], index) =>
      over(
        'ABCDEF'[index] as string,
        `sum(increase(${of('districtd_submissions_total', `result="${result}"`)}[$__rate_interval]))`,
        word,
      ),
    ),
    field: {
      decimals: 0,
      min: 0,
      noValue: '这段时间没有报送',
      custom: { drawStyle: GraphDrawStyle.Bars, fillOpacity: 70, stacking: { mode: StackingMode.Normal, group: 'A' } },
    },
    overrides: Object.entries(RESULTS).map(([result, word]) => series(word, { color: fixed(RESULT_COLOURS[result] as string) })),
  });

const collectors = (): Panel =>
  bars({
    at: { x: 12, y: 15, w: 12, h: 8 },
    title: '报送的途径（份数，服务启动以来）',
    queries: Object.entries(COLLECTORS).map(([collector, word], index) =>
      now(`sum(${of('districtd_submissions_total', `collector="${collector}"`)})`, word, { refId: 'ABC'[index] as string }),
    ),
    field: { decimals: 0, min: 0, unit: 'suffix: 份', color: fixed(BLUE), noValue: '还没有' },
  });

const pulls = (): Panel[] => [
  table({
    at: { x: 0, y: 23, w: 14, h: 7 },
    title: '定时拉取的来源',
    queries: [
      rows('A', `max by (name) (${of('districtd_pull_success')})`),
      rows('B', `time() - max by (name) (${of('districtd_pull_last_success_timestamp_seconds')})`),
      rows('C', `max by (name) (${of('districtd_pull_duration_seconds')})`),
      rows('D', `sum by (name) (${of('districtd_pull_failures_total')})`),
    ],
    transformations: [
      merge,
      columns({ name: '来源', 'Value #A': '最近一次', 'Value #B': '距上次成功', 'Value #C': '耗时', 'Value #D': '失败次数' }),
    ],
    field: { noValue: '—' },
    overrides: [
      column('最近一次', {
        mappings: yesOrNo('● 成功', GREEN, '■ 失败', RED),
        custom: { cellOptions: { type: TableCellDisplayMode.ColorText } },
      }),
      column('距上次成功', { unit: 's', decimals: 0 }),
      column('耗时', { unit: 's', decimals: 2 }),
      column('失败次数', { decimals: 0 }),
    ],
  }),
  table({
    at: { x: 14, y: 23, w: 10, h: 7 },
    title: '拉取失败的原因（服务启动以来）',
    queries: [rows('A', `sum by (name, reason) (${of('districtd_pull_failures_total')})`)],
    transformations: [matrix('reason', 'name', 'Value')],
    field: { noValue: '—', decimals: 0 },
    overrides: [column('name\\reason', { displayName: '来源' })],
  }),
];

export const quality: Panel[] = [...tiles(), departments(), refusals(), flagged(), submissions(), collectors(), ...pulls()];
