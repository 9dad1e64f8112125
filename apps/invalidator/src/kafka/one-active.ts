import { AssignerProtocol, type GroupMember, type PartitionAssigner } from 'kafkajs';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;
const VERSION = 0;

/** Since when this process has had the partitions; undefined on a standby. */
export type ActiveSince = () => number | undefined;

/**
 * Gives all partitions to one member of the group, and leaves them where they are: who joins must not take the work from who is at it.
 * Of two who believe they have it, the later one does: the other was frozen meanwhile. Clocks only decide who is asked first.
 */
export function oneActive(activeSince: ActiveSince): PartitionAssigner {
  return ({ cluster }) => ({
    name: 'freshet-one-active',
    version: VERSION,
    protocol: ({ topics }) => {
      const userData = Buffer.from(String(activeSince() ?? ''));
      return { name: 'freshet-one-active', metadata: MemberMetadata.encode({ version: VERSION, topics, userData }) };
    },
    assign: async ({ members, topics }) => {
      const partitionsOf = (topic: string): number[] =>
        cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      const assignment = Object.fromEntries(topics.map((topic) => [topic, partitionsOf(topic)]));
      const memberAssignment = MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) });
      return [{ memberId: chosen(members), memberAssignment }];
    },
  });
}

function chosen(members: readonly GroupMember[]): string {
  const ranked = members
    .map(({ memberId, memberMetadata }) => ({ memberId, since: sinceOf(memberMetadata) }))
    .sort((a, b) => b.since - a.since || (a.memberId < b.memberId ? -1 : 1));
  return ranked[0]?.memberId ?? '';
}

function sinceOf(metadata: Buffer): number {
  const text = MemberMetadata.decode(metadata)?.userData.toString() ?? '';
  return text === '' ? -1 : Number(text);
}
