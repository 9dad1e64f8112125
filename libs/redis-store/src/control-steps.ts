import { type ChangeStore, type FenceRead, type Stream } from '@freshet/cache-engine';
import { type RedisControl } from './redis-control.js';

/** The steps that concern the control keys alone: those are on one server, whether it is the only one or one of a cluster. */
export class ControlSteps {
  constructor(protected readonly control: RedisControl) {}

  open(): Promise<{ opened: boolean }> {
    return this.control.open();
  }

  fence(xids: readonly number[], stream: Stream): Promise<FenceRead> {
    return this.control.fence(xids, stream);
  }

  readonly schemes: ChangeStore['schemes'] = () => this.control.schemes();
  readonly facts: ChangeStore['facts'] = () => this.control.facts();
  readonly footprints: ChangeStore['footprints'] = (ids) => this.control.footprints(ids);
  readonly schemaChanged: ChangeStore['schemaChanged'] = () => this.control.schemaChanged();
  readonly take: ChangeStore['take'] = (streams) => this.control.take(streams);
  readonly settle: ChangeStore['settle'] = (ends, watermarkMs) => this.control.settle(ends, watermarkMs);
  readonly publish: ChangeStore['publish'] = (progress) => this.control.publish(progress);
  readonly holdFills: ChangeStore['holdFills'] = (found) => this.control.holdFills(found);
  readonly resumeFills: ChangeStore['resumeFills'] = (hold, beyond) => this.control.resumeFills(hold, beyond);
  readonly raiseEpoch: ChangeStore['raiseEpoch'] = (reason) => this.control.raiseEpoch(reason);
  readonly positionOf: ChangeStore['positionOf'] = (topic, partition) => this.control.positionOf(topic, partition);
  readonly rewind: ChangeStore['rewind'] = (position) => this.control.rewind(position);
}
