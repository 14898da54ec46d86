import type { Page } from 'playwright';
import type { Call, Input } from '../../../src-main/api/contract.ts';

interface Bridge {
  send(message: object): void;
}

/** The page's globals; tests are checked without a browser's types. */
declare const location: { href: string };

/** Says a call over the page's own line, as a page of another window would; its answer shows in what the page shows. */
export const ask = <C extends Call>(page: Page, call: C, input: Input<C>): Promise<void> =>
  page.evaluate(
    async (message) => {
      const { eidoscopeHost } = globalThis as { eidoscopeHost?: Bridge };
      if (eidoscopeHost) return eidoscopeHost.send(message);
      const socket = new WebSocket(new URL('line', location.href.replace(/^http/, 'ws')));
      await new Promise((resolve) => (socket.onopen = resolve));
      socket.send(JSON.stringify(message));
      await new Promise((resolve) => (socket.onmessage = resolve));
    },
    { id: 2 ** 40, call, input },
  );
