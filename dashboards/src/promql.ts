// Expressions that several panels share. All are of one district: of the job that the variable says;
// and what is of targets is of one programme, so that nothing of two is added into one number.
import { STATUSES } from './words';

// SELECTOR of a family within the job; `more` are further matchers.
export const of = (family: string, more = ''): string =>
  `${family}{job="$job"${family.startsWith('district_') ? ',programme="$programme"' : ''}${more === '' ? '' : `,${more}`}}`;

export const ofDepartment = (family: string, more = ''): string =>
  of(family, `department="$department"${more === '' ? '' : `,${more}`}`);

export const ofTarget = (family: string, more = ''): string =>
  of(family, `target="$target"${more === '' ? '' : `,${more}`}`);

// What the text labels add to a value: names from district_target_info, the words of the report from
// district_target_quote_info.
export const named = (value: string, ...labels: string[]): string =>
  `(${value}) * on (target) group_left (${labels.join(', ')}) ${of('district_target_info')}`;

export const quoted = (value: string, ...labels: string[]): string =>
  `(${value}) * on (target) group_left (${labels.join(', ')}) ${of('district_target_quote_info')}`;

// 1 a department, with its name.
export const DEPARTMENTS = `max by (department, department_name) (${of('district_target_info')})`;

export const ofDepartmentName = (value: string): string =>
  `(${value}) * on (department) group_left (department_name) ${DEPARTMENTS}`;

// Counts of targets by their lights.
export const count = (statuses: string, select = of): string =>
  `sum(${select('district_department_targets', `status=~"${statuses}"`)})`;

// What an expression was a week ago, at the last scrape up to one hour before.
export const WEEK_AGO = '[1h] offset 1w';
export const countAWeekAgo = (statuses: string): string =>
  `sum(last_over_time(${of('district_department_targets', `status=~"${statuses}"`)}${WEEK_AGO}))`;

// The number of each status, as words.ts has it, of series of which one a target is 1.
export const statusCode = (series: (status: string) => string, by: string): string =>
  `max by (${by}) (${STATUSES.map(
    ({ status, code }) => `(${series(status)} == 1) * ${code}`,
  ).join(' or ')})`;

// VALUE with what the label NAME says put into words.
export const inWords = (value: string, name: string, words: Record<string, string>): string =>
  Object.entries(words).reduce(
    (sofar, [code, word]) => `label_replace(${sofar}, "${name}", "${word}", "${name}", "${code}")`,
    value,
  );

// The value as the label NAME, beside the department.
export const asLabel = (name: string, value: string, words: Record<string, string> = {}): string =>
  inWords(`count_values by (department) ("${name}", ${value})`, name, words);

export const withLabel = (value: string, name: string, labels: string): string =>
  `(${value}) * on (department) group_left (${name}) ${labels}`;
