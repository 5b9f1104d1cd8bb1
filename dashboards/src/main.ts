// npm run build: writes each dashboard as DIRECTORY/UID.json. With --check it writes nothing and fails
// where a file is not what the source says.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnnotationQuery, Dashboard, Panel, VariableModel } from '@grafana/schema';
import { DATASOURCE, UIDS, datasourceVariable, jobVariable, pageLinks, programmeVariable } from './library';
import { department, departmentVariable } from './department';
import { operation } from './operation';
import { overview } from './overview';
import { quality } from './quality';
import { target, targetVariables } from './target';
import { RED } from './words';

// 39 is Grafana 10.3's; later ones migrate it by themselves when they load it.
const SCHEMA_VERSION = 39;

type Page = {
  uid: string;
  title: string;
  panels: Panel[];
  variables?: VariableModel[];
  annotations?: AnnotationQuery[];
  from: string;
  refresh: string;
};

const alerts: AnnotationQuery = {
  name: '告警',
  datasource: DATASOURCE,
  enable: true,
  iconColor: RED,
  expr: 'ALERTS{alertstate="firing",programme="$programme",target="$target"}',
  step: '60s',
  titleFormat: '{{alertname}}',
  textFormat: '{{severity}}',
} as AnnotationQuery;

const PAGES: Page[] = [
  { uid: UIDS.overview, title: '全区总览', panels: overview, from: 'now-24h', refresh: '1m' },
  { uid: UIDS.department, title: '部门', panels: department, variables: [departmentVariable], from: 'now-30d', refresh: '1m' },
  { uid: UIDS.target, title: '目标', panels: target, variables: targetVariables, annotations: [alerts], from: 'now-30d', refresh: '1m' },
  { uid: UIDS.quality, title: '数据质量', panels: quality, from: 'now-7d', refresh: '1m' },
  { uid: UIDS.operation, title: '运行', panels: operation, from: 'now-6h', refresh: '30s' },
];

const dashboard = ({ uid, title, panels, variables = [], annotations = [], from, refresh }: Page): Dashboard => ({
  uid,
  title,
  tags: ['districtd'],
  schemaVersion: SCHEMA_VERSION,
  version: 1,
  editable: true,
  graphTooltip: 1,
  timezone: 'browser',
  time: { from, to: 'now' },
  refresh,
  links: pageLinks.filter((link) => link.url !== `/d/${uid}`),
  templating: { list: [datasourceVariable, jobVariable, ...(uid === UIDS.operation ? [] : [programmeVariable]), ...variables] },
  annotations: { list: annotations },
  panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
});

const files = new Map(PAGES.map((page) => [`${page.uid}.json`, `${JSON.stringify(dashboard(page), null, 2)}\n`]));

function stale(directory: string): string[] {
  const found = readdirSync(directory).filter((name) => name.endsWith('.json'));
  const read = (name: string) => (found.includes(name) ? readFileSync(join(directory, name), 'utf8') : undefined);
  return [...new Set([...files.keys(), ...found])].filter((name) => files.get(name) !== read(name));
}

const [first, second] = process.argv.slice(2);
if (first === '--check' && second !== undefined) {
  const names = stale(second);
  for (const name of names) console.error(`${join(second, name)} is not what src/ says`);
  if (names.length > 0) {
    console.error('Next: npm run build, in dashboards/, and commit what it writes');
    process.exit(1);
  }
} else if (first !== undefined && second === undefined) {
  for (const [name, content] of files) writeFileSync(join(first, name), content);
} else {
  console.error('usage: main.js [--check] DIRECTORY');
  process.exit(2);
}
