import { type ClusterNodes, type Node } from './cluster-nodes.js';
import { type Argument, isForgotten, type Step, wordsOf } from './scripts.js';

/** One command, which goes to the master of its key. */
export interface Command {
  readonly key: string;
  /** Its name and arguments; of a step, by its digest or by its text. */
  readonly words: (how: 'digest' | 'text') => readonly [string, ...Argument[]];
  /** Its reply is bytes. */
  readonly binary: boolean;
}

export interface Reply {
  readonly value: unknown;
  /** The run of the server that answered. */
  readonly run: string;
}

interface Sent {
  readonly command: Command;
  readonly index: number;
  /** Where it was sent on to, and whether it has to say that it was. */
  readonly to?: Node;
  readonly asking?: boolean;
  readonly how: 'digest' | 'text';
}

/** How often a command is sent on before it fails. */
const MOST_REDIRECTIONS = 8;

export function command(name: string, key: string, ...rest: Argument[]): Command {
  return { key, words: () => [name, key, ...rest], binary: false };
}

export function binaryCommand(name: string, key: string, ...rest: Argument[]): Command {
  return { ...command(name, key, ...rest), binary: true };
}

/** @param keysAndArguments the first is the key that says where it goes */
export function stepAt(step: Step, key: string, ...rest: Argument[]): Command {
  return { key, words: (how) => wordsOf(step, how, [key, ...rest]), binary: false };
}

/**
 * Carries out commands on the masters of their keys. Between servers there is no order, so whatever has to come after something else
 * waits for it: commands that are handed over together may be carried out in any order, and one that a server sends on comes late.
 */
export class ClusterLane {
  constructor(private readonly nodes: ClusterNodes) {}

  /** Resolves when all of them are carried out. */
  async all(commands: readonly Command[]): Promise<Reply[]> {
    const replies: Reply[] = [];
    let left: readonly Sent[] = commands.map((command, index) => ({ command, index, how: 'digest' }));
    for (let turn = 0; left.length > 0; turn += 1) {
      if (turn > MOST_REDIRECTIONS) throw new Error('a slot is sent from one server to another and back');
      const again = [...this.byNode(left)].map(([node, some]) => this.send(node, some, replies));
      left = (await Promise.all(again)).flat();
    }
    return replies;
  }

  async one(command: Command): Promise<Reply> {
    const [reply] = await this.all([command]);
    if (reply === undefined) throw new Error('no reply');
    return reply;
  }

  private byNode(sent: readonly Sent[]): Map<Node, Sent[]> {
    const groups = new Map<Node, Sent[]>();
    for (const one of sent) {
      const node = one.to ?? this.nodes.of(one.command.key);
      if (groups.get(node)?.push(one) === undefined) groups.set(node, [one]);
    }
    return groups;
  }

  /** Resolves to those that must be sent again, elsewhere or otherwise. */
  private async send(node: Node, some: readonly Sent[], replies: Reply[]): Promise<Sent[]> {
    const run = await this.nodes.meet(node);
    const pipeline = node.redis.pipeline();
    for (const { command, asking, how } of some) {
      if (asking === true) pipeline.call('asking');
      pipeline[command.binary ? 'callBuffer' : 'call'](...command.words(how));
    }
    const results = (await pipeline.exec()) ?? [];
    const again: Sent[] = [];
    let at = 0;
    for (const one of some) {
      if (one.asking === true) at += 1;
      const [error, value] = results[at++] ?? [new Error('the pipeline was aborted')];
      if (error === null) replies[one.index] = { value, run };
      else again.push(this.sentOn(one, error, node));
    }
    return again;
  }

  /** What was not carried out, and why it will be now. @throws the error, if there is no such reason */
  private sentOn(sent: Sent, error: Error, from: Node): Sent {
    const { command, index, how } = sent;
    if (isForgotten(error)) return { ...sent, how: 'text' };
    const [kind, , address = ''] = error.message.split(' ');
    if (kind !== 'MOVED' && kind !== 'ASK') throw error;
    if (kind === 'MOVED') this.nodes.refresh();
    return { command, index, how, to: this.nodes.at(address, from), asking: kind === 'ASK' };
  }
}
