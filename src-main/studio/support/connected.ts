import { StudioClient } from '../../api/client.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Workspace } from '../../store/workspace.ts';
import { push } from '../door.ts';
import { StudioService } from '../service.ts';

/** A service and a page's end of its line, without a host between them. */
export function connected(
  workspace: Workspace,
  engine: Engine,
): { service: StudioService; client: StudioClient } {
  let tell: (message: unknown) => void = () => undefined;
  const service = new StudioService(workspace, engine, (event, value) => tell(push(event, value)));
  const client = new StudioClient({
    send: (message) => void service.answer(message).then((reply) => tell(reply)),
    listen(hear) {
      tell = hear;
      return () => undefined;
    },
  });
  tell(push('service', { state: 'ready' }));
  return { service, client };
}
