// The words, shapes and colours of the lights. A colour never stands alone: each has a shape and a
// word, for readers who cannot tell colours apart and for prints in black and white.
import type { ValueMapping } from '@grafana/schema';
import { MappingType } from '@grafana/schema';

export const RED = '#C4162A';
export const YELLOW = '#D9A300';
export const GREEN = '#37872D';
export const GREY = '#6E7079';
export const BLUE = '#1F60C4';
export const PURPLE = '#7C4DA8';

// Each status by the number by which tables are sorted, see promql.ts; worst is highest. They are those
// of daemon/domain/status.h: a test compares the two. Grey is what cannot be judged.
export const STATUSES = [
  { status: 'reported', light: 'none', code: 0, text: '· 已报送' },
  { status: 'settling', light: 'grey', code: 1, text: '○ 期满待报' },
  { status: 'no_data', light: 'grey', code: 2, text: '○ 未报送' },
  { status: 'stale', light: 'grey', code: 3, text: '○ 停报' },
  { status: 'achieved', light: 'green', code: 4, text: '● 已完成' },
  { status: 'ahead', light: 'green', code: 5, text: '● 超进度' },
  { status: 'on_track', light: 'green', code: 6, text: '● 达进度' },
  { status: 'achieved_late', light: 'yellow', code: 7, text: '▲ 逾期完成' },
  { status: 'at_risk', light: 'yellow', code: 8, text: '▲ 略滞后' },
  { status: 'behind', light: 'red', code: 9, text: '■ 欠进度' },
  { status: 'overdue', light: 'red', code: 10, text: '■ 逾期未完成' },
] as const;

const COLOURS = { red: RED, yellow: YELLOW, green: GREEN, grey: GREY, none: GREY };

// A pattern of a label: every status with the light.
const statusesOf = (light: keyof typeof COLOURS): string =>
  STATUSES.filter((row) => row.light === light).map(({ status }) => status).join('|');

export type Light = { word: string; shape: string; colour: string; statuses: string };

export const LIGHTS = {
  red: { word: '红灯', shape: '■', colour: COLOURS.red, statuses: statusesOf('red') },
  yellow: { word: '黄灯', shape: '▲', colour: COLOURS.yellow, statuses: statusesOf('yellow') },
  green: { word: '绿灯', shape: '●', colour: COLOURS.green, statuses: statusesOf('green') },
  grey: { word: '无数据', shape: '○', colour: COLOURS.grey, statuses: statusesOf('grey') },
} satisfies Record<string, Light>;

export const statusMappings: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      STATUSES.map(({ code, text, light }, index) => [String(code), { text, color: COLOURS[light], index }]),
    ),
  },
];

// Words for codes: of a label's values, shown in a column.
export function words(table: Record<string, string>): ValueMapping[] {
  return [
    {
      type: MappingType.ValueToText,
      options: Object.fromEntries(Object.entries(table).map(([code, text], index) => [code, { text, index }])),
    },
  ];
}

export const yesOrNo = (yes: string, yesColour: string, no: string, noColour: string): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: { '1': { text: yes, color: yesColour, index: 0 }, '0': { text: no, color: noColour, index: 1 } },
  },
];

// The codes of docs/api.md.
export const REFUSALS: Record<string, string> = {
  empty_submission: '空文件',
  binary: '不是文本',
  bad_encoding: '编码不对',
  damaged_workbook: '工作簿损坏',
  encrypted_workbook: '工作簿加密',
  macro_workbook: '工作簿带宏',
  workbook_too_large: '工作簿过大',
  no_such_sheet: '没有该工作表',
  too_large: '文件过大',
  not_a_file: '不是文件',
  html_page: '是网页不是表格',
  unsupported_media_type: '类型不支持',
  bad_json: 'JSON 有误',
  unknown_department: '部门不明',
  no_rows: '没有数据行',
  missing_column: '缺列',
  duplicate_column: '列重复',
  unterminated_quote: '引号未闭合',
  stray_quote: '引号多余',
  too_few_columns: '列数不足',
  too_many_columns: '列数过多',
  row_too_long: '行过长',
  wrong_type: '类型不对',
  duplicate_key: '键重复',
  missing_target: '未填指标',
  unknown_target: '指标不在目标库',
  other_department: '是别的部门的指标',
  sum_of_parts: '合计由分项相加得出',
  missing_date: '未填截至日期',
  bad_date: '日期有误',
  missing_year: '未写年份',
  future_date: '日期在将来',
  before_start: '早于起始日',
  after_the_period: '晚于期限或已结账',
  several_programmes: '年度不明',
  which_programme: '年度不明',
  not_the_total: '不是累计数',
  rate_in_doubt: '总量还是增速不明',
  months_in_doubt: '累计还是当月不明',
  negative_in_doubt: '正负不明',
  several_rows: '同日几行不同',
  check_failed: '与核对关系不符',
  unknown_basis: '数据性质不认识',
  narrative_too_long: '文字过长',
  narrative_without_day: '文字没有日期',
  conflicting_sheets: '几张表的数不同',
  unit_in_doubt: '单位不明',
  sheets_differ: '各工作表格式不同',
  only_example_sheets: '只有样表',
  other_workbook: '不是 xlsx 工作簿',
  merged_value: '数值合并单元格',
  unknown_key: '有不认得的键',
  cell_not_as_shown: '单元格显示与内容不符',
  unknown_programme: '年度有误',
  withdrawn: '目标已撤销',
  missing_value: '未填数值',
  formula_without_result: '公式没有结果',
  formula_error: '公式出错',
  not_a_number: '不是数字',
  approximate: '是约数',
  ambiguous_percentage: '百分比不明',
  conflicting_columns: '两列不一致',
  incompatible_unit: '单位不符',
  out_of_range: '超出范围',
  note_too_long: '备注过长',
  reading_failed: '读取出错',
  reserved_name: '名称被占用',
};

// What is odd about rows that were taken, docs/填报说明.md.
export const FLAGS: Record<string, string> = {
  decrease: '比上期减少',
  jump: '超过目标三倍',
  over_100_percent: '超过 100%',
  repeated: '三期不变',
};

export const RESULTS: Record<string, string> = {
  taken: '采纳',
  refused: '全部退回',
  unreadable: '无法读取',
  unavailable: '暂未保存',
  repeated: '重复送达',
  conflict: '键已用过',
};

export const COLLECTORS: Record<string, string> = {
  csv_drop: '收件目录',
  http_push: '网络报送',
  http_pull: '定时拉取',
};
