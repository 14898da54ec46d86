import { mediumOf } from '../../src-main/api/medium.ts';
import type { Method, Option } from '../../src-main/api/method.ts';
import { profileNames, type AuditRequest } from '../../src-main/api/request.ts';
import type { KnownModel } from '../../src-main/api/studio.ts';
import { makeable, offered } from './table.ts';

/** Value of an option of the method; text is what was typed and is no number. */
export type Value = number | boolean | string | readonly (number | string)[];

/** An audit that is being put together. What was typed is kept as it is: the service says what does not fit. */
export interface Draft {
  /** Ids of models of the library. */
  readonly models: readonly number[];
  /** As on the command line. */
  readonly classes: string;
  /** Folder of photographs for models of images, and file of rows for those of a table; '' for none. */
  readonly images: string;
  readonly rows: string;
  /** Of an audit that is begun again: the classes of folders that are not named after theirs. */
  readonly classMap: NonNullable<AuditRequest['classMap']>;
  readonly profiles: readonly string[];
  readonly prototypes: number | string;
  readonly seed: number | string;
  readonly layers: string;
  readonly natural: string;
  readonly controls: boolean;
  /** Options that differ from the profile, by profile and name. */
  readonly changes: Readonly<Record<string, Readonly<Record<string, Value>>>>;
}

export const empty: Draft = {
  ...{
    models: [],
    classes: 'all',
    images: '',
    rows: '',
    profiles: profileNames,
    prototypes: 1,
    seed: 0,
  },
  ...{ layers: 'modules', natural: 'predicted', controls: true, changes: {}, classMap: {} },
};

/** A draft that was remembered; whatever does not look like one is left out. */
export function draftOf(value: unknown): Draft {
  if (typeof value !== 'object' || value === null) return empty;
  const found = Object.entries(value).filter(([key, each]) => {
    const usual = (empty as unknown as Record<string, unknown>)[key];
    return typeof each === typeof usual && Array.isArray(each) === Array.isArray(usual);
  });
  return { ...empty, ...Object.fromEntries(found) };
}

type Options = Record<string, unknown>;

/** `affine.rotation` into its group. */
function nested(changes: Readonly<Record<string, Value>>): Options {
  const options: Options = {};
  for (const [name, value] of Object.entries(changes)) {
    const [head, leaf] = name.split('.');
    if (leaf === undefined) options[head] = value;
    else options[head] = { ...(options[head] as Options | undefined), [leaf]: value };
  }
  return options;
}

/**
 * The audit that the service is asked for. Options that all chosen profiles share are those of the audit; a group is
 * shared as a whole or not at all, for a profile's own group takes the place of the audit's.
 */
export function requestOf(draft: Draft, known: readonly KnownModel[]): Record<string, unknown> {
  const asked = makeable(draft.profiles, mediumOf(chosen(draft, known)));
  const profiles = profileNames.filter((name) => asked.includes(name));
  const own = profiles.map((name) => nested(draft.changes[name] ?? {}));
  const isShared = (key: string): boolean =>
    own.every((options) => JSON.stringify(options[key]) === JSON.stringify(own[0][key]));
  const part = (options: Options, shared: boolean): Options =>
    Object.fromEntries(Object.entries(options).filter(([key]) => isShared(key) === shared));
  const { classes, classMap, prototypes, seed, layers, natural, controls } = draft;
  return {
    ...naturalOf(draft, chosen(draft, known)),
    classes,
    ...(Object.keys(classMap).length > 0 && { classMap }),
    profiles: profiles.map((profile, place) => {
      const options = part(own[place], false);
      return Object.keys(options).length > 0 ? { profile, options } : profile;
    }),
    ...{ prototypes, seed, options: part(own[0] ?? {}, true), layers, natural, controls },
  };
}

/** What each model is compared with: all with the same, unless some take rows and some take images. */
function naturalOf({ images, rows }: Draft, models: readonly KnownModel[]) {
  const medium = mediumOf(models);
  if (medium === 'both')
    return {
      models: models.map(({ request, features }) => {
        const own = features === undefined ? images : rows;
        return { ...request, ...(own !== '' && { images: own }) };
      }),
    };
  const shared = medium === 'rows' ? rows : images;
  return {
    models: models.map(({ request }) => request),
    ...(shared !== '' && { images: shared }),
  };
}

/** Models of the draft that the library has, in the order in which they were chosen. */
export const chosen = ({ models }: Draft, known: readonly KnownModel[]): KnownModel[] =>
  models.flatMap((id) => known.find((model) => model.id === id) ?? []);

/** The draft that asks for an audit like this one. Models that the library no longer has are left out. */
export function draftLike(
  request: AuditRequest,
  known: readonly KnownModel[],
  method: Method,
): Draft {
  const { classes, classMap = {} } = request;
  const { prototypes, seed, layers, natural, controls } = request;
  const entries = request.profiles.map((entry) =>
    typeof entry === 'string' ? { profile: entry, options: {} } : entry,
  );
  const models = request.models.flatMap(({ images: _own, ...how }) => {
    const same = known.find(
      ({ request: { path, preprocessing } }) =>
        path === how.path && preprocessing === how.preprocessing,
    );
    return same ?? known.find(({ path }) => path === how.path) ?? [];
  });
  const fitting = offered(method, mediumOf(models));
  const changes = entries.map(({ profile, options }) => [
    profile,
    differences({ ...request.options, ...options }, profile, fitting),
  ]);
  return {
    ...{ classes, classMap, prototypes, seed, layers, natural, controls },
    ...naturalIn(request),
    models: [...new Set(models.map(({ id }) => id))],
    profiles: entries.map(({ profile }) => profile),
    changes: Object.fromEntries(changes) as Draft['changes'],
  };
}

/** Photographs lie in a folder, rows in a file. */
function naturalIn({ images, models }: AuditRequest): Pick<Draft, 'images' | 'rows'> {
  const paths = [images, ...models.map((model) => model.images)].filter(
    (path) => path !== undefined,
  );
  const isTable = (path: string): boolean => path.toLowerCase().endsWith('.csv');
  return {
    images: paths.find((path) => !isTable(path)) ?? '',
    rows: paths.find(isTable) ?? '',
  };
}

/** Options that are others than the profile's. */
function differences(given: Options, profile: string, { options, profiles }: Method) {
  const usual = profiles.find(({ name }) => name === profile)?.values ?? {};
  const found = options.flatMap(({ name }) => {
    const value = name
      .split('.')
      .reduce<unknown>((inner, key) => (inner as Options | undefined)?.[key], given);
    const isSame = value === undefined || JSON.stringify(value) === JSON.stringify(usual[name]);
    return isSame ? [] : [[name, value as Value] as const];
  });
  return Object.fromEntries(found);
}

/** A draft in which an option of a profile has another value; its own value again is no change. */
export function withOption(
  draft: Draft,
  method: Method,
  profile: string,
  { name }: Option,
  value: Value | undefined,
): Draft {
  const { [name]: _before, ...others } = draft.changes[profile] ?? {};
  const usual = method.profiles.find((each) => each.name === profile)?.values[name];
  const isUsual = value === undefined || JSON.stringify(value) === JSON.stringify(usual);
  const own = isUsual ? others : { ...others, [name]: value };
  return { ...draft, changes: { ...draft.changes, [profile]: own } };
}
