import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportReport } from '../../src-main/report/export.ts';
import { auditWith } from '../../src-main/report/support/audited.ts';
import { scratchFolder } from '../../src-main/store/support/sample.ts';
import { openWorkspace } from '../../src-main/store/workspace.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath } from './support/chromium.ts';

describe.skipIf(!chromiumPath)('the page of a report in a browser', () => {
  const scratch = scratchFolder();
  const address = pathToFileURL(join(scratch.path, 'report', 'report.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    const workspace = openWorkspace(join(scratch.path, 'workspace'));
    const names = { label: '<img src=http://example.org onerror=alert(1)>'.repeat(20) };
    await exportReport(workspace, auditWith(workspace, names), join(scratch.path, 'report'), {
      formats: ['html'],
    });
    workspace.close();
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    scratch.remove();
  });

  it('opens without network and scripts, asks for nothing, and shows every picture', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(address);
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([address]);
    expect(complaints).toEqual([]);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Cats');
    expect(await page.locator('img').count()).toBeGreaterThan(4);
    for (const picture of await page.locator('img').all()) {
      expect((await picture.boundingBox())!.width).toBeGreaterThan(8);
    }
    await context.close();
  });

  it('prints every hash on a line of its own, within the margins of A4', async () => {
    // 210 mm less the margins, at 96 pixels an inch.
    const page = await browser.newPage({ viewport: { width: 658, height: 900 } });
    await page.emulateMedia({ media: 'print' });
    await page.goto(address);
    const hashes = page.locator('code.hash');
    expect(await hashes.count()).toBeGreaterThan(1);
    for (const hash of await hashes.all()) {
      const [own, cell] = [
        (await hash.boundingBox())!,
        (await hash.locator('xpath=..').boundingBox())!,
      ];
      expect([own.x, own.width]).toEqual([cell.x, cell.width]);
      // One line, and nothing of it beyond the cell.
      expect(own.height).toBeLessThan(24);
      expect(await hash.evaluate((element: { scrollWidth: number }) => element.scrollWidth)).toBe(
        await hash.evaluate((element: { clientWidth: number }) => element.clientWidth),
      );
    }
    await page.close();
  });

  it('is accessible in both themes, and no wider than the window', async () => {
    // Its own policy would keep axe out.
    const context = await browser.newContext({
      ...{ bypassCSP: true, viewport: { width: 1024, height: 768 } },
    });
    const page = await context.newPage();
    await page.goto(address);
    expect(await faultsInBothThemes(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(1024);
    await context.close();
  });
});
