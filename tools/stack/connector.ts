import { readFile } from 'node:fs/promises';
import { quietKafka } from './kafka.js';
import { GiveUp, until } from './until.js';

const CONNECTOR_FILE = 'infra/debezium/connector.json';
const CONNECTOR_NAME = 'freshet';
export const CHANGES_TOPIC = 'freshet.changes';

const RUNNING_MS = 120_000;
const STREAMING_MS = 60_000;
const TRY_AGAIN_MS = 3_000;

/** What connector.json leaves open: where the database is as Connect sees it, and the account. */
export interface ConnectorValues {
  readonly DATABASE_HOST: string;
  readonly DATABASE_PORT: string;
  readonly DATABASE_NAME: string;
  readonly CDC_USER: string;
  readonly CDC_PASSWORD: string;
}

interface ConnectorStatus {
  readonly connector: { readonly state: string };
  readonly tasks: readonly { readonly state: string; readonly trace?: string }[];
}

export async function connectorSettings(values: ConnectorValues): Promise<Record<string, string>> {
  const open: Partial<Record<string, string>> = { ...values };
  const settings = JSON.parse(await readFile(CONNECTOR_FILE, 'utf8')) as Record<string, string>;
  const filled = Object.entries(settings).map(([name, text]) => [name, fill(text, open)]);
  return Object.fromEntries(filled) as Record<string, string>;
}

function fill(text: string, values: Partial<Record<string, string>>): string {
  return text.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${CONNECTOR_FILE} asks for ${name}, which has no value`);
    return value;
  });
}

/** Gives Connect the settings, with `more` on top, and waits until the connector and its task run. Safe to repeat. */
export async function registerConnector(
  connectUrl: string,
  values: ConnectorValues,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const url = `${connectUrl}/connectors/${CONNECTOR_NAME}`;
  const body = JSON.stringify({ ...(await connectorSettings(values)), ...more });
  await until('Kafka Connect to take the connector', RUNNING_MS, async () => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${url}/config`, { method: 'PUT', body, headers });
    if (answer.status === 400) throw new GiveUp(`Kafka Connect refused the connector: ${await answer.text()}`);
    return answer.ok; // 409 while the workers agree on who does what
  });
  let triedAgain = 0;
  await until('the connector to run', RUNNING_MS, async () => {
    const { connector, tasks } = (await (await fetch(`${url}/status`)).json()) as ConnectorStatus;
    const failed = tasks.find((task) => task.state === 'FAILED');
    if (failed === undefined) return connector.state === 'RUNNING' && tasks[0]?.state === 'RUNNING';
    // A task that failed stays so, also over a restart of Connect, until it is told to try again.
    if (Date.now() - triedAgain > TRY_AGAIN_MS) {
      triedAgain = Date.now();
      await fetch(`${url}/restart?includeTasks=true&onlyFailed=true`, { method: 'POST' });
    }
    throw new Error(failed.trace ?? 'the task failed and gave no reason');
  });
}

/** Waits for a change that reaches the topic after this call; the heartbeat sends one every second. */
export async function changesFlow(broker: string): Promise<void> {
  const admin = quietKafka(broker).admin();
  await admin.connect();
  const end = async () => Number((await admin.fetchTopicOffsets(CHANGES_TOPIC))[0]?.high ?? 0);
  try {
    const before = await end().catch(() => 0); // the topic comes with its first message
    await until(`a change to reach ${CHANGES_TOPIC}`, STREAMING_MS, async () => (await end()) > before);
  } finally {
    await admin.disconnect();
  }
}
