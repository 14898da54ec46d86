import type { Message } from '../../api/wire.ts';

/** What a host and its service say to each other: messages of pages, which the host does not look into. */
export type ToService = { readonly page: number; readonly message: unknown };

export type FromService =
  /** To one page, or an event to all. */
  | { readonly page?: number; readonly message: Message }
  /** It can be asked from now on. */
  | { readonly ready: true }
  /** It wants to be started anew, with other settings. */
  | { readonly restart: true }
  /** It cannot start, in one sentence. */
  | { readonly failed: string };
