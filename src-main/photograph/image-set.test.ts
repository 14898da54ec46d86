import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import golden from './golden/pillow.json' with { type: 'json' };
import { imageSet } from './image-set.ts';
import { matchClass, nearestLabels } from './match.ts';
import { photographs } from './stream.ts';

const labels = ['tench, Tinca tinca', 'academic gown', 'soccer ball', 'cock'];
const jpeg = Buffer.from(golden.files[0].file, 'base64');
const png = Buffer.from(golden.files[3].file, 'base64');
const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photographs-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, contents: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), contents);
}

describe('a folder name', () => {
  it.each([
    ['Academic_Gown', 1],
    ['SOCCER-ball', 2],
    ['tinca tinca', 0],
    ['3', 3],
    ['rooster', undefined],
    ['constructor', undefined],
    ['4', undefined],
  ])('%s means class %s', (name, index) => {
    expect(matchClass(name, { labels })).toBe(index);
  });

  it.each([
    ['n02669723', 1],
    ['n04254680_soccer_ball', 2],
    ['N01440764 tench', 0],
    ['n99999999', undefined],
    ['n026697230', undefined],
  ])('%s, a WordNet id of the map, means class %s', (name, index) => {
    const map = { n01440764: 'tench', n02669723: 'academic gown', n04254680: 2 };
    expect(matchClass(name, { labels, map })).toBe(index);
  });

  it('means what an explicit map says, by index or by label', () => {
    const map = { rooster: 'cock', robes: 1, cock: 99 };
    expect(matchClass('rooster', { labels, map })).toBe(3);
    expect(matchClass('robes', { labels, map })).toBe(1);
    expect(matchClass('cock', { labels, map })).toBeUndefined();
  });

  it('means no class where two labels fit, and a label before an index', () => {
    expect(matchClass('crane', { labels: ['crane', 'crane'] })).toBeUndefined();
    expect(matchClass('1', { labels: ['1', '0'] })).toBe(0);
  });

  it('finds the nearest labels', () => {
    expect(nearestLabels('academic gwn', labels, 1)).toEqual(['academic gown']);
  });
});

describe('an image set', () => {
  it('lists classes and files in order, with a fingerprint over names and contents', async () => {
    await put('soccer_ball/b.png', png);
    await put('soccer_ball/a.jpg', jpeg);
    await put('academic gown/deep/c.jpg', jpeg);
    await put('rooster/d.jpg', jpeg);
    const set = await imageSet(folder, { labels });
    expect(set.classes.map((each) => [each.index, each.files.map((file) => file.name)])).toEqual([
      [1, ['academic gown/deep/c.jpg']],
      [2, ['soccer_ball/a.jpg', 'soccer_ball/b.png']],
    ]);
    expect(set.unmatched).toEqual(['rooster']);
    expect(set.fingerprint).toBe(
      sha256(
        `academic gown/deep/c.jpg\0${sha256(jpeg)}\nsoccer_ball/a.jpg\0${sha256(jpeg)}\nsoccer_ball/b.png\0${sha256(png)}\n`,
      ),
    );
  });

  it('takes one flat folder for one class', async () => {
    await put('a.jpg', jpeg);
    const set = await imageSet(folder, { labels, only: 3 });
    expect(set.classes).toMatchObject([{ index: 3, label: 'cock', files: [{ name: 'a.jpg' }] }]);
    await expect(imageSet(folder, { labels })).rejects.toThrow('name the one class that it shows');
  });

  it('says which files it leaves out, and passes over hidden ones', async () => {
    await put('cock/a.jpg', jpeg);
    await put('cock/notes.txt', 'text');
    await put('cock/.DS_Store', 'x');
    await put('predictions.csv', 'x');
    const set = await imageSet(folder, { labels });
    expect(set.classes[0].files).toHaveLength(1);
    expect(set.skipped.map((each) => each.name)).toEqual(['predictions.csv', 'cock/notes.txt']);
    expect(set.skipped[1].reason).toMatch(
      /^cock\/notes\.txt cannot be read as a photograph: .*\.$/,
    );
  });

  it('follows links to files and folders, but not around in circles', async () => {
    await put('elsewhere/x/a.jpg', jpeg);
    const { mkdir, symlink } = await import('node:fs/promises');
    await mkdir(join(folder, 'set/cock'), { recursive: true });
    await symlink(join(folder, 'elsewhere/x/a.jpg'), join(folder, 'set/cock/b.jpg'));
    await symlink(join(folder, 'set/cock'), join(folder, 'set/cock/again'));
    await symlink(join(folder, 'elsewhere/x'), join(folder, 'set/tench'));
    await symlink(join(folder, 'nowhere.jpg'), join(folder, 'set/cock/c.jpg'));
    const set = await imageSet(join(folder, 'set'), { labels });
    const names = set.classes.flatMap(({ files }) => files.map((file) => file.name));
    expect(names.sort()).toEqual(['cock/b.jpg', 'tench/a.jpg']);
    expect(set.skipped.map((each) => each.name)).toEqual(['cock/c.jpg']);
  });

  it('reads only the classes that are wanted, and says when there are none of them', async () => {
    await put('cock/a.jpg', jpeg);
    await put('tench/a.jpg', 'damaged');
    const set = await imageSet(folder, { labels, among: [3] });
    expect(set.classes.map((each) => each.index)).toEqual([3]);
    expect([set.skipped, set.unmatched]).toEqual([[], []]);
    await expect(imageSet(folder, { labels, among: [1] })).rejects.toThrow('it has cock, tench.');
  });

  it('refuses a missing folder, a file, an empty folder, and one without a readable file', async () => {
    await expect(imageSet(join(folder, 'gone'), { labels })).rejects.toThrow('There is no folder');
    await expect(imageSet(folder, { labels })).rejects.toThrow('is empty');
    await put('cock/a.jpg', 'text');
    await expect(imageSet(folder, { labels })).rejects.toThrow('Not one file');
    await expect(imageSet(join(folder, 'cock/a.jpg'), { labels })).rejects.toThrow('is a file');
  });

  it('refuses folders that no class is named after, with the nearest names', async () => {
    await put('academic gwn/a.jpg', jpeg);
    await expect(imageSet(folder, { labels })).rejects.toThrow('nearest to "academic gown"');
  });
});

describe('a stream of photographs', () => {
  const view = { channels: 3 as const, height: 8, width: 8, resize: 8 };

  it('yields pixels in order and names what is damaged behind its header', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(`cock/${name}.jpg`, jpeg);
    await put('cock/c.jpg', jpeg.subarray(0, jpeg.length - 60));
    const { classes } = await imageSet(folder, { labels });
    const skipped: { name: string; reason: string }[] = [];
    const names: string[] = [];
    for await (const { file, pixels } of photographs(folder, classes[0].files, view, skipped)) {
      names.push(file.name);
      expect(pixels).toHaveLength(3 * 8 * 8);
    }
    expect(names).toEqual(['cock/a.jpg', 'cock/b.jpg', 'cock/d.jpg', 'cock/e.jpg']);
    expect(skipped.map((each) => each.name)).toEqual(['cock/c.jpg']);
  });

  it('names a file that has gone', async () => {
    const skipped: { name: string; reason: string }[] = [];
    const gone = photographs(folder, [{ name: 'gone.jpg', sha256: '' }], view, skipped);
    for await (const _ of gone) throw new Error('nothing should come');
    expect(skipped).toEqual([{ name: 'gone.jpg', reason: 'gone.jpg cannot be read (ENOENT).' }]);
  });
});
