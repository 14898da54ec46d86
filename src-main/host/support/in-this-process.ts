import type { Engine } from '../../engine/engine.ts';
import type { Workspace } from '../../store/workspace.ts';
import { push } from '../../studio/door.ts';
import { StudioService } from '../../studio/service.ts';
import type { ToService } from '../service/envelope.ts';
import type { ServiceProcess } from '../service/node-process.ts';

/** A service that lives in its test's own process. */
export function inThisProcess(workspace: Workspace, engine: Engine): ServiceProcess {
  let hear: (message: unknown) => void = () => undefined;
  let leave: (words: string) => void = () => undefined;
  const service = new StudioService(workspace, engine, (event, value) =>
    hear({ message: push(event, value) }),
  );
  setImmediate(() => hear({ ready: true }));
  return {
    pid: undefined,
    send(sent) {
      const { page, message } = sent as ToService;
      void service.answer(message).then((reply) => reply && hear({ page, message: reply }));
    },
    onMessage: (listener) => (hear = listener),
    onExit: (act) => (leave = act),
    stop: () => leave(''),
    kill: () => leave(''),
  };
}
