import { quietKafka } from '../stack/kafka.js';

/** As the invalidator calls it unless told otherwise. */
const GROUP = 'freshet-invalidator';

/** Who the group's members are. A member that was put out comes back under another name. */
export async function groupMembers(broker: string): Promise<string> {
  const admin = quietKafka(broker).admin();
  await admin.connect();
  try {
    await admin.describeCluster(); // the client learns of the brokers
    const { groups } = await admin.describeGroups([GROUP]);
    return (groups[0]?.members ?? [])
      .map(({ memberId }) => memberId)
      .sort()
      .join(' ');
  } finally {
    await admin.disconnect();
  }
}
