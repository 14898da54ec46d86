import { describe, expect, it } from 'vitest';
import { commandFor, found, type Command } from './command.ts';

const command = (title: string, keys: string[], possible = true): Command => ({
  ...{ id: title, title, group: 'Everywhere', keys },
  when: () => possible,
  run: () => undefined,
});

describe('the list of commands', () => {
  it('gives a key to the command that can be done now', () => {
    const list = [command('Fit the picture', ['Z'], false), command('Undo', ['Z'])];
    expect(commandFor(list, 'Z')?.title).toBe('Undo');
  });

  it('finds words in any order', () => {
    const list = [command('Open the gallery', []), command('Open the loupe', [])];
    expect(found(list, 'gal open').map(({ title }) => title)).toEqual(['Open the gallery']);
  });

  it('puts titles that begin with the word first', () => {
    const list = [command('Show similarity', []), command('Similarity', [])];
    expect(found(list, 'sim').map(({ title }) => title)).toEqual(['Similarity', 'Show similarity']);
  });

  it('offers nothing that cannot be done', () => {
    expect(found([command('Compare', ['C'], false)], '')).toEqual([]);
  });
});
