import { ask } from '../web.js';
import { fail, ok, warn, type Check, type Finding } from './check.js';

type Settings = Readonly<Record<string, string>>;

interface Status {
  readonly connector: { readonly state: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly trace?: string }[];
}

interface Rule {
  readonly setting: string;
  readonly good: (value: string | undefined) => boolean;
  readonly want: string;
  readonly why: string;
  readonly state?: 'warn';
}

const is =
  (wanted: string) =>
  (value: string | undefined): boolean =>
    value === wanted;
const upTo =
  (most: number) =>
  (value: string | undefined): boolean =>
    value !== undefined && Number(value) > 0 && Number(value) <= most;

/** What safety or speed depends on, where the connector's own default is another, or a change of it would go unseen. */
const RULES: readonly Rule[] = [
  { setting: 'skipped.operations', good: is('none'), want: 'none', why: 'truncate is dropped by default' },
  {
    setting: 'event.processing.failure.handling.mode',
    good: (value) => value === undefined || value === 'fail',
    want: 'fail',
    why: 'otherwise changes are lost in silence',
  },
  {
    setting: 'errors.tolerance',
    good: (value) => value === undefined || value === 'none',
    want: 'none',
    why: 'otherwise changes are lost in silence',
  },
  {
    setting: 'heartbeat.interval.ms',
    good: upTo(5000),
    want: '1000',
    why: 'without it an idle database looks like a stopped log',
  },
  {
    setting: 'heartbeat.action.query',
    good: (value) => value?.includes('freshet_heartbeat_next') === true,
    want: 'SELECT freshet_heartbeat_next()',
    why: 'a gap in the log shows as a gap in its numbers, and a loss is over with a heartbeat behind it',
  },
  {
    setting: 'snapshot.mode',
    good: (value) => value === 'when_needed',
    want: 'when_needed',
    why: 'a connector that lost its place would go on without a word',
  },
  {
    setting: 'slot.drop.on.stop',
    good: (value) => value !== 'true',
    want: 'false',
    why: 'what happens while it is stopped would be lost',
  },
  {
    setting: 'publication.autocreate.mode',
    good: is('disabled'),
    want: 'disabled',
    why: 'a publication made by it leaves out truncate',
  },
  {
    setting: 'poll.interval.ms',
    good: upTo(50),
    want: '5',
    why: 'the default waits half a second before each batch',
    state: 'warn',
  },
];

export const connectorState: Check = {
  name: 'connector',
  async run({ connect, connector }) {
    if (connect === undefined) return notAsked;
    const answer = await ask(`${connect}/connectors/${connector}/status`);
    if (answer.status === 404)
      return fail(`Kafka Connect knows no connector ${connector}`, 'register infra/debezium/connector.json');
    const { connector: own, tasks } = (await answer.json()) as Status;
    const failed = tasks.find((task) => task.state !== 'RUNNING');
    if (own.state === 'RUNNING' && tasks.length > 0 && failed === undefined) return ok(`${connector} and its task run`);
    const reason = failed?.trace?.split('\n')[0] ?? `${own.state}, ${tasks.length} tasks`;
    return fail(reason, `POST ${connect}/connectors/${connector}/restart?includeTasks=true&onlyFailed=true`);
  },
};

export const connectorSettings: Check = {
  name: 'connector settings',
  async run({ connect, connector }) {
    if (connect === undefined) return notAsked;
    const answer = await ask(`${connect}/connectors/${connector}/config`);
    return answer.ok ? judgeSettings((await answer.json()) as Settings) : fail(`Kafka Connect answers ${answer.status}`, 'register infra/debezium/connector.json'); // prettier-ignore
  },
};

const notAsked = warn('not looked at', 'give the address of Kafka Connect with --connect or CONNECT_URL');

export function judgeSettings(settings: Settings): Finding {
  const broken = RULES.filter(({ setting, good }) => !good(settings[setting]));
  if (broken.length === 0) return ok(`${RULES.length} settings that safety and speed depend on are right`);
  const said = broken.map(({ setting, why }) => `${setting} is ${settings[setting] ?? 'not set'} (${why})`).join('; ');
  const mend = broken.map(({ setting, want }) => `${setting} = ${want}`).join(', ');
  return (broken.every(({ state }) => state === 'warn') ? warn : fail)(said, `set ${mend}`);
}
