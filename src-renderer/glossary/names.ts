/** The names of the studio are those of its reports. */
export * from '../../src-main/api/names.ts';
