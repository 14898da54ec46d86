/** Members that serve one caller at a time. Who finds none idle waits; callers are served in the order they came. */
export class Turns {
  readonly #busy: boolean[];
  readonly #waiting: { readonly among: number; readonly take: (member: number) => void }[] = [];

  constructor(members: number) {
    this.#busy = new Array<boolean>(members).fill(false);
  }

  /**
   * Does a task with an idle member.
   * @param among so many members, the first, are fit for it
   * @param task is given the member's number
   */
  async with<T>(among: number, task: (member: number) => Promise<T>): Promise<T> {
    const member = await this.#take(among);
    try {
      return await task(member);
    } finally {
      this.#give(member);
    }
  }

  #take(among: number): number | Promise<number> {
    const idle = this.#busy.indexOf(false);
    if (idle < 0 || idle >= among) {
      return new Promise((take) => this.#waiting.push({ among, take }));
    }
    this.#busy[idle] = true;
    return idle;
  }

  /** Hands a member to whom has waited longest for one like it. */
  #give(member: number): void {
    const next = this.#waiting.findIndex(({ among }) => member < among);
    if (next < 0) this.#busy[member] = false;
    else this.#waiting.splice(next, 1)[0].take(member);
  }
}
