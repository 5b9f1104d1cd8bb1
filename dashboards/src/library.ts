// The parts that the dashboards are made of, as classic dashboard JSON for Grafana 10 to 13, typed by
// Grafana's own schema.
import type {
  DashboardLink,
  DataTransformerConfig,
  FieldColor,
  Panel,
  Threshold,
  ValueMapping,
  VariableModel,
} from '@grafana/schema';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  FieldColorModeId,
  GraphDrawStyle,
  type GraphFieldConfig,
  LegendDisplayMode,
  type LegendPlacement,
  SortOrder,
  StackingMode,
  type TableFieldOptions,
  TableCellHeight,
  ThresholdsMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
} from '@grafana/schema';
import type { Options as BarChartOptions } from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TableOptions } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { type Options as TextOptions, TextMode } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Options as TrendOptions } from '@grafana/schema/dist/esm/raw/composable/trend/panelcfg/x/TrendPanelCfg_types.gen';

// Dashboards of this project and their addresses.
export const UIDS = {
  overview: 'districtd-overview',
  department: 'districtd-department',
  target: 'districtd-target',
  quality: 'districtd-quality',
  operation: 'districtd-operation',
};

export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

// ---- queries -----------------------------------------------------------------------------------

// What the Prometheus data source understands; its type is not part of @grafana/schema for panels.
export type Query = {
  refId: string;
  datasource: typeof DATASOURCE;
  expr: string;
  instant: boolean;
  range: boolean;
  format: 'time_series' | 'table';
  legendFormat: string;
  interval?: string;
  hide?: boolean;
};

const query = (expr: string, rest: Partial<Query>): Query => ({
  refId: 'A',
  datasource: DATASOURCE,
  expr: expr.replace(/\s+/g, ' ').trim(),
  instant: true,
  range: false,
  format: 'time_series',
  legendFormat: '__auto',
  ...rest,
});

// The value now, one series a legend.
export const now = (expr: string, legendFormat = '', rest: Partial<Query> = {}): Query =>
  query(expr, { legendFormat, ...rest });

// Rows of a table: one a series, its labels as columns.
export const rows = (refId: string, expr: string): Query => query(expr, { refId, format: 'table' });

// Over the time range of the page.
export const over = (refId: string, expr: string, legendFormat: string): Query =>
  query(expr, { refId, instant: false, range: true, legendFormat });

// ---- fields ------------------------------------------------------------------------------------

export type Field<Custom = Record<string, unknown>> = {
  displayName?: string;
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  color?: FieldColor;
  mappings?: ValueMapping[];
  thresholds?: { mode: ThresholdsMode; steps: Threshold[] };
  noValue?: string;
  links?: DataLink[];
  custom?: Custom;
};

export const fixed = (colour: string): FieldColor => ({ mode: FieldColorModeId.Fixed, fixedColor: colour });
export const byThresholds: FieldColor = { mode: FieldColorModeId.Thresholds };

// Colours from values on; the first colour is for what lies below. JSON has no -Infinity: null is
// what Grafana writes for it.
export function thresholds(below: string, ...steps: [number, string][]): Field['thresholds'] {
  return {
    mode: ThresholdsMode.Absolute,
    steps: [
      { value: null as unknown as number, color: below },
      ...steps.map(([value, color]) => ({ value, color })),
    ],
  };
}

export type Override = { matcher: { id: string; options: string }; properties: { id: string; value?: unknown }[] };

const properties = (field: Field<object>): Override['properties'] =>
  Object.entries(field).flatMap(([id, value]) =>
    id === 'custom'
      ? Object.entries(value as object).map(([key, each]) => ({ id: `custom.${key}`, value: each as unknown }))
      : [{ id, value: value as unknown }],
  );

// For the column, or the series, of that name.
export const column = (name: string, field: Field<Partial<TableFieldOptions>>): Override => ({
  matcher: { id: 'byName', options: name },
  properties: properties(field),
});
export const series = (name: string, field: Field<GraphFieldConfig>): Override => ({
  matcher: { id: 'byName', options: name },
  properties: properties(field),
});
// For what one query answers.
export const answer = (refId: string, field: Field): Override => ({
  matcher: { id: 'byFrameRefID', options: refId },
  properties: properties(field),
});
export const matching = (pattern: string, field: Field): Override => ({
  matcher: { id: 'byRegexp', options: pattern },
  properties: properties(field),
});

// @grafana/schema has no type for it before version 11.
export type DataLink = { title: string; url: string; targetBlank: boolean };

// ---- links -------------------------------------------------------------------------------------

const carried = '${__url_time_range}&${datasource:queryparam}&${job:queryparam}&${programme:queryparam}';

// From a light to the page that explains it, with the time range and the variables.
const link = (title: string, uid: string, ...variables: string[]): DataLink => ({
  title,
  url: [`/d/${uid}?${carried}`, ...variables].join('&'),
  targetBlank: false,
});
export const toDepartment = (value = '${__field.labels.department}'): DataLink =>
  link('打开部门页', UIDS.department, `var-department=${value}`);
export const toTarget = (value = '${__field.labels.target}'): DataLink =>
  link('打开目标页', UIDS.target, `var-target=${value}`);
export const toOverview = link('打开全区总览', UIDS.overview);
export const toQuality = link('打开数据质量页', UIDS.quality);

export const pageLinks: DashboardLink[] = [
  { title: '全区总览', uid: UIDS.overview },
  { title: '部门', uid: UIDS.department },
  { title: '目标', uid: UIDS.target },
  { title: '数据质量', uid: UIDS.quality },
  { title: '运行', uid: UIDS.operation },
].map(({ title, uid }) => ({
  title,
  type: 'link',
  url: `/d/${uid}`,
  icon: 'dashboard',
  tooltip: '',
  tags: [],
  asDropdown: false,
  targetBlank: false,
  keepTime: true,
  includeVars: true,
}));

// ---- variables ---------------------------------------------------------------------------------

// Of the versions' enumerations the numbers are the same.
const HIDDEN = 2 as NonNullable<VariableModel['hide']>;
const ON_LOAD = 1 as NonNullable<VariableModel['refresh']>;
const ON_TIME_RANGE = 2 as NonNullable<VariableModel['refresh']>;

export const datasourceVariable: VariableModel = {
  type: 'datasource',
  name: 'datasource',
  label: '数据源',
  query: 'prometheus',
  refresh: ON_LOAD,
  regex: '',
};

// A query to the data source; the first value is chosen unless the address says another. `regex`
// takes the text that is shown and the value apart.
export function queryVariable(
  name: string,
  label: string,
  expr: string,
  { regex = '', hidden = false }: { regex?: string; hidden?: boolean } = {},
): VariableModel {
  const variable = {
    type: 'query' as const,
    name,
    label,
    datasource: DATASOURCE,
    definition: expr,
    query: { query: expr, refId: `variable-${name}` },
    regex,
    refresh: ON_TIME_RANGE,
    ...(hidden ? { hide: HIDDEN } : {}),
  };
  return variable;
}

// Of those under way the one that ends first comes first, and what is over last: in January the new
// year's, beside it the old one's while it settles, and one of five years.
const lastDeadlines = 'max by (programme) (district_target_deadline_timestamp_seconds{job="$job"})';
export const programmeVariable = queryVariable(
  'programme',
  '年度',
  `query_result(sort(${lastDeadlines} + 1e10 * (${lastDeadlines} + 86400 < bool time())))`,
  { regex: '/programme="(?<value>[^"]+)"}/' },
);

export const jobVariable = queryVariable('job', '区', 'label_values(districtd_build_info, job)');

// ---- panels ------------------------------------------------------------------------------------

export type Place = { x: number; y: number; w: number; h: number };

type PanelOf<Options, Custom> = {
  at: Place;
  title?: string;
  description?: string;
  queries?: Query[];
  field?: Field<Custom>;
  overrides?: Override[];
  transformations?: DataTransformerConfig[];
  options?: Partial<Options>;
  transparent?: boolean;
  links?: DashboardLink[];
};

const panel = <Options extends object, Custom extends object>(
  type: string,
  options: Partial<Options>,
  spec: PanelOf<Options, Custom>,
): Panel => ({
  type,
  title: spec.title ?? '',
  ...(spec.description === undefined ? {} : { description: spec.description }),
  ...(spec.transparent === undefined ? {} : { transparent: spec.transparent }),
  gridPos: spec.at,
  ...(spec.queries === undefined ? {} : { datasource: DATASOURCE, targets: spec.queries as unknown as Record<string, unknown>[] }),
  fieldConfig: {
    defaults: { noValue: '未报送', ...spec.field, custom: (spec.field?.custom ?? {}) as Record<string, unknown> },
    overrides: (spec.overrides ?? []) as NonNullable<Panel['fieldConfig']>['overrides'],
  },
  ...(spec.transformations === undefined ? {} : { transformations: spec.transformations }),
  options: { ...options, ...spec.options } as Record<string, unknown>,
});

const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };

// One number, large.
export const stat = (spec: PanelOf<StatOptions, object>): Panel =>
  panel<StatOptions, object>(
    'stat',
    {
      colorMode: BigValueColorMode.Value,
      graphMode: BigValueGraphMode.None,
      justifyMode: BigValueJustifyMode.Center,
      orientation: VizOrientation.Auto,
      textMode: BigValueTextMode.Value,
      reduceOptions,
    },
    spec,
  );

// A bar a series, with its name and its number.
export const bars = (spec: PanelOf<BarGaugeOptions, object>): Panel =>
  panel<BarGaugeOptions, object>(
    'bargauge',
    {
      displayMode: BarGaugeDisplayMode.Basic,
      orientation: VizOrientation.Horizontal,
      valueMode: BarGaugeValueMode.Text,
      showUnfilled: true,
      minVizHeight: 16,
      minVizWidth: 0,
      reduceOptions,
    },
    spec,
  );

export const table = (spec: PanelOf<TableOptions, Partial<TableFieldOptions>>): Panel =>
  panel<TableOptions, Partial<TableFieldOptions>>(
    'table',
    { showHeader: true, cellHeight: TableCellHeight.Md, frameIndex: 0, sortBy: [] },
    spec,
  );

const tooltip = { mode: TooltipDisplayMode.Multi, sort: SortOrder.None };
const legend = {
  showLegend: true,
  displayMode: LegendDisplayMode.List,
  placement: 'bottom' as LegendPlacement,
  calcs: [],
};

// Where the title says it all.
export const withoutLegend = { legend: { ...legend, showLegend: false } };

export const timeseries = (spec: PanelOf<TimeSeriesOptions, GraphFieldConfig>): Panel =>
  panel<TimeSeriesOptions, GraphFieldConfig>(
    'timeseries',
    { legend, tooltip },
    {
      ...spec,
      field: {
        ...spec.field,
        custom: { drawStyle: GraphDrawStyle.Line, lineWidth: 2, fillOpacity: 0, ...spec.field?.custom },
      },
    },
  );

// Lines over the months of a year.
export const trend = (spec: PanelOf<TrendOptions, GraphFieldConfig>): Panel =>
  panel<TrendOptions, GraphFieldConfig>('trend', { legend, tooltip }, spec);

// Bars of parts that add up, one a row of the table.
export const stackedBars = (spec: PanelOf<BarChartOptions, object>): Panel =>
  panel<BarChartOptions, object>(
    'barchart',
    {
      orientation: VizOrientation.Horizontal,
      stacking: StackingMode.Normal,
      showValue: VisibilityMode.Never,
      barWidth: 0.8,
      groupWidth: 0.7,
      fullHighlight: false,
      xTickLabelRotation: 0,
      xTickLabelMaxLength: 14,
      legend,
      tooltip,
    },
    spec,
  );

export const text = (at: Place, content: string): Panel =>
  panel<TextOptions, object>('text', { mode: TextMode.Markdown, content }, { at, transparent: true });

// ---- transformations ---------------------------------------------------------------------------

// The answers of several queries as one table, a row for what has the same labels.
export const merge: DataTransformerConfig = { id: 'merge', options: {} };

// The columns to show, in order, under their Chinese names; every other known one is left out.
export const columns = (shown: Record<string, string>, hidden: string[] = []): DataTransformerConfig => ({
  id: 'organize',
  options: {
    excludeByName: Object.fromEntries(['Time', ...hidden].map((name) => [name, true])),
    indexByName: Object.fromEntries(Object.keys(shown).map((name, index) => [name, index])),
    renameByName: shown,
  },
});

export const asNumber = (field: string): DataTransformerConfig => ({
  id: 'convertFieldType',
  options: { fields: {}, conversions: [{ targetField: field, destinationType: 'number' }] },
});

export const sortedBy = (field: string, desc = false): DataTransformerConfig => ({
  id: 'sortBy',
  options: { fields: {}, sort: [{ field, desc }] },
});

export const matrix = (columnField: string, rowField: string, valueField: string): DataTransformerConfig => ({
  id: 'groupingToMatrix',
  options: { columnField, rowField, valueField, emptyValue: 'null' },
});
