import {
  calls,
  events,
  isCall,
  type Call,
  type Checked,
  type EventName,
  type EventOf,
  type Output,
} from '../api/contract.ts';
import { requestSchema, ServiceError, type Message } from '../api/wire.ts';
import { inWords } from '../classifier/wording.ts';
import { failureOf } from './failure.ts';

/** What answers each call. */
export type Handlers = {
  readonly [C in Call]: (input: Checked<C>) => Output<C> | Promise<Output<C>>;
};

/**
 * Answers what comes over a line: everything that enters or leaves is what the contract says, and every failure is a
 * typed one.
 * @returns undefined for what bears no number, and so cannot be answered
 */
export async function answer(handlers: Handlers, heard: unknown): Promise<Message | undefined> {
  const request = requestSchema.safeParse(heard);
  if (!request.success) {
    const id = numberOf(heard);
    const failure = { code: 'bad-request', message: 'This is no call of the studio.' } as const;
    return id === undefined ? undefined : { id, failure };
  }
  const { id, call, input } = request.data;
  try {
    return { id, output: await respond(handlers, call, input) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

async function respond(handlers: Handlers, call: string, input: unknown): Promise<unknown> {
  if (!isCall(call))
    throw new ServiceError('bad-request', `There is no call ${call.slice(0, 80)}.`);
  const checked = calls[call].input.safeParse(input, { error: inWords });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const place = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
    throw new ServiceError('bad-request', `${call} cannot be done: ${place}${issue.message}.`);
  }
  const handle = handlers[call] as (input: unknown) => unknown;
  const output = calls[call].output.safeParse(await handle(checked.data));
  if (output.success) return output.data;
  const { path } = output.error.issues[0];
  throw new Error(`the answer of ${call} is not what it should be (${path.map(String).join('.')})`);
}

function numberOf(heard: unknown): number | undefined {
  const id = (heard as { id?: unknown } | null | undefined)?.id;
  return Number.isSafeInteger(id) && (id as number) >= 0 ? (id as number) : undefined;
}

/** An event as it leaves: what the contract does not name stays here. @throws ZodError for a fault of ours */
export const push = <E extends EventName>(event: E, value: EventOf<E>): Message => ({
  event,
  value: events[event].parse(value),
});
