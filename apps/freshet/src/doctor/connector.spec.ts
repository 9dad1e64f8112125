import { readFileSync } from 'node:fs';
import { judgeSettings } from './connector.js';

const shipped = JSON.parse(readFileSync('infra/debezium/connector.json', 'utf8')) as Record<string, string>;

describe('judgeSettings', () => {
  it('finds nothing to say about the settings that ship', () => {
    expect(judgeSettings(shipped).state).toBe('ok');
  });

  it.each([
    ['skipped.operations', undefined],
    ['skipped.operations', 't'],
    ['event.processing.failure.handling.mode', 'skip'],
    ['event.processing.failure.handling.mode', 'warn'],
    ['errors.tolerance', 'all'],
    ['heartbeat.interval.ms', '0'],
    ['heartbeat.interval.ms', undefined],
    ['heartbeat.action.query', undefined],
    ['snapshot.mode', 'no_data'],
    ['slot.drop.on.stop', 'true'],
    ['publication.autocreate.mode', undefined],
  ])('fails with %s = %s, and names the setting', (setting, value) => {
    const others = Object.entries(shipped).filter(([name]) => name !== setting);
    const changed = Object.fromEntries(value === undefined ? others : [...others, [setting, value]]) as Record<
      string,
      string
    >;
    const finding = judgeSettings(changed);
    expect(finding.state).toBe('fail');
    expect(finding.said).toContain(setting);
    expect(finding.mend).toContain(setting);
  });

  it('only warns of a setting that costs time', () => {
    expect(judgeSettings({ ...shipped, 'poll.interval.ms': '500' }).state).toBe('warn');
    expect(judgeSettings({ ...shipped, 'poll.interval.ms': '500', 'errors.tolerance': 'all' }).state).toBe('fail');
  });
});
