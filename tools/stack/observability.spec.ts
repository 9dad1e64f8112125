import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOM = 'infra/observability';
/** What the metrics library adds by itself. */
const DEFAULTS = ['process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds'];

const text = (file: string): string => readFileSync(file, 'utf8');

function declaredMetrics(app: string): string[] {
  const folder = `apps/${app}/src`;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) =>
    [...text(join(folder, file)).matchAll(/name: '(\w+)',\s+help:/g)].map(([, name]) => String(name)),
  );
}

/** Every word that could be a metric: it is followed by labels, a range, or the end of its operand. */
function metricsIn(expression: string): string[] {
  const words = expression.match(/\b[a-z]+(?:_[a-z0-9]+)+\b(?=[{[)\s]|$)/g) ?? [];
  return words.map((word) => word.replace(/_bucket$/, ''));
}

const dashboard = parse(text(`${ROOM}/dashboard.json`)) as {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
};
const alerts = parse(text(`${ROOM}/alerts.yaml`)) as {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { action?: string };
    }[];
  }[];
};
const rules = alerts.groups.flatMap((group) => group.rules);
const known = new Set([...DEFAULTS, ...declaredMetrics('read-api'), ...declaredMetrics('invalidator')]);

test.each([
  ...dashboard.panels.map(({ title, targets }) => [title, targets.map(({ expr }) => expr).join('\n')] as const),
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
])('%s asks for metrics that the services have', (_, expression) => {
  const asked = metricsIn(expression);
  expect(asked).not.toEqual([]);
  for (const name of asked) expect(known).toContain(name);
});

test('every alert says what to do', () => {
  for (const { annotations } of rules) expect(annotations.action).toMatch(/\w/);
});
