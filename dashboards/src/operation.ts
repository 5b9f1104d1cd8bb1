// 运行: the daemon itself.
import type { Panel } from '@grafana/schema';
import { BigValueColorMode, BigValueTextMode, GraphDrawStyle } from '@grafana/schema';
import { fixed, now, over, stat, timeseries, withoutLegend } from './library';
import { of } from './promql';
import { BLUE, GREEN, RED, yesOrNo } from './words';

type Tile = { title: string; expr: string; field: Parameters<typeof stat>[0]['field']; legend?: string };

const TILES: Tile[] = [
  { title: '服务', expr: of('up'), field: { mappings: yesOrNo('● 在运行', GREEN, '■ 抓取不到', RED) } },
  { title: '配置', expr: of('districtd_config_last_reload_successful'), field: { mappings: yesOrNo('● 已加载', GREEN, '■ 加载失败', RED) } },
  { title: '落盘', expr: of('districtd_store_failing'), field: { mappings: yesOrNo('■ 失败', RED, '● 正常', GREEN) } },
  { title: '已运行', expr: `time() - ${of('process_start_time_seconds')}`, field: { unit: 's', decimals: 0 } },
  { title: '内存', expr: of('process_resident_memory_bytes'), field: { unit: 'bytes', decimals: 1 } },
  { title: '数据库', expr: of('districtd_store_bytes'), field: { unit: 'bytes', decimals: 1 } },
  { title: '目标与部门的序列', expr: of('districtd_exposition_series'), field: { decimals: 0 } },
  { title: '版本', expr: of('districtd_build_info'), field: {}, legend: '{{version}}' },
];

const tile = ({ title, expr, field, legend }: Tile, index: number): Panel =>
  stat({
    at: { x: index * 3, y: 0, w: 3, h: 4 },
    title,
    queries: [now(expr, legend ?? title)],
    field: { color: fixed('text'), noValue: '没有数据', ...field },
    options: {
      colorMode: BigValueColorMode.Value,
      textMode: legend === undefined ? BigValueTextMode.Value : BigValueTextMode.Name,
    },
  });

type Chart = {
  title: string;
  lines: [string, string][];
  unit?: string;
  description?: string;
};

const RATE = '[$__rate_interval]';
const REQUESTS = 'districtd_http_request_duration_seconds';
const quantile = (q: number) =>
  `histogram_quantile(${q}, sum by (le) (rate(${of(`${REQUESTS}_bucket`)}${RATE})))`;

const CHARTS: Chart[] = [
  {
    title: '请求数（每秒）',
    lines: [[`sum by (handler) (rate(${of(`${REQUESTS}_count`)}${RATE}))`, '{{handler}}']],
    unit: 'reqps',
  },
  { title: '请求耗时', lines: [[quantile(0.5), '一半在此以内'], [quantile(0.99), '99% 在此以内']], unit: 's' },
  {
    title: '写入的填报数据（每秒）',
    lines: [[`rate(${of('districtd_store_observations_total')}${RATE})`, '填报数据']],
    unit: 'rowsps',
  },
  {
    title: '每次落盘的平均耗时',
    lines: [
      [
        `rate(${of('districtd_store_commit_seconds_total')}${RATE}) / (rate(${of('districtd_store_commits_total')}${RATE}) > 0)`,
        '平均',
      ],
    ],
    unit: 's',
    description: '没有写入的时候没有数值。',
  },
  { title: '等待写入的报送', lines: [[of('districtd_store_queue_length'), '等待']], unit: 'none' },
  {
    title: '落盘失败（每时段）',
    lines: [[`increase(${of('districtd_store_commit_failures_total')}${RATE})`, '失败']],
    unit: 'none',
  },
  { title: '内存', lines: [[of('process_resident_memory_bytes'), '常驻内存']], unit: 'bytes' },
  { title: '处理器（核）', lines: [[`rate(${of('process_cpu_seconds_total')}${RATE})`, '处理器']], unit: 'none' },
  { title: '打开的文件', lines: [[of('process_open_fds'), '已打开'], [of('process_max_fds'), '上限']], unit: 'none' },
  { title: '抓取耗时', lines: [[of('scrape_duration_seconds'), '抓取耗时']], unit: 's' },
  { title: '每次抓取的样本', lines: [[of('scrape_samples_scraped'), '样本']], unit: 'none' },
  { title: '数据库大小', lines: [[of('districtd_store_bytes'), '数据库']], unit: 'bytes' },
];

const chart = ({ title, lines, unit, description }: Chart, index: number): Panel =>
  timeseries({
    at: { x: (index % 3) * 8, y: 4 + Math.floor(index / 3) * 7, w: 8, h: 7 },
    title,
    ...(description === undefined ? {} : { description }),
    queries: lines.map(([expr, legend], line) => over('AB'[line] as string, expr, legend)),
    field: {
      ...(unit === undefined ? {} : { unit }),
      min: 0,
      noValue: '这段时间没有',
      ...(lines.length === 1 && !lines[0]?.[1].startsWith('{{') ? { color: fixed(BLUE) } : {}),
      custom: { drawStyle: GraphDrawStyle.Line, fillOpacity: 10 },
    },
    ...(lines.length === 1 && !lines[0]?.[1].startsWith('{{') ? { options: withoutLegend } : {}),
  });

export const operation: Panel[] = [...TILES.map(tile), ...CHARTS.map(chart)];
