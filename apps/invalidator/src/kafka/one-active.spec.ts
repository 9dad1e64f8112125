import { AssignerProtocol, type Cluster, type GroupMember, type Logger } from 'kafkajs';
import { oneActive } from './one-active.js';

const partitions: Readonly<Record<string, number>> = { a: 3, b: 1 };
const cluster = {
  findTopicPartitionMetadata: (topic: string) =>
    Array.from({ length: partitions[topic] ?? 0 }, (_, partitionId) => ({ partitionId })),
} as unknown as Cluster;
const assignerOf = (since?: number) => oneActive(() => since)({ cluster, groupId: 'g', logger: {} as Logger });

function member(memberId: string, since?: number): GroupMember {
  return { memberId, memberMetadata: assignerOf(since).protocol({ topics: ['a', 'b'] }).metadata };
}

async function assigned(members: GroupMember[]): Promise<Record<string, unknown>> {
  const all = await assignerOf().assign({ members, topics: ['a', 'b'] });
  return Object.fromEntries(
    all.map((one) => [
      one.memberId,
      AssignerProtocol.MemberAssignment.decode(one.memberAssignment)?.assignment as unknown,
    ]),
  );
}

describe('oneActive', () => {
  test('one member has every partition of every topic', async () => {
    expect(await assigned([member('y'), member('x')])).toEqual({ x: { a: [0, 1, 2], b: [0] } });
  });

  test('who has them keeps them when another joins', async () => {
    expect(Object.keys(await assigned([member('a'), member('z', 5)]))).toEqual(['z']);
  });

  test('of two who believe they have them, the later one does', async () => {
    expect(Object.keys(await assigned([member('frozen', 5), member('zombie-no-more', 9)]))).toEqual(['zombie-no-more']);
  });
});
