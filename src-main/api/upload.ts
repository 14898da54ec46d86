/** What a page may send to the workspace at once: known to the page, so that it says so before it sends anything. */

/** A folder of TensorFlow.js has a file for every 4 MB of weights. */
export const mostSentFiles = 2048;

/** Folders in folders, the file's own name among them. */
export const mostSentDepth = 8;

/** What no file system that we know takes in a name, or takes for more than a name. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const UNSUITABLE = /[/\\<>:"|?*\x00-\x1f]|^\.|[. ]$/;

/** Bytes of a name that every file system takes. */
const LONGEST = 200;

/** Whether a file or folder can be kept under a name. */
export const isPlainName = (name: string): boolean =>
  name !== '' && !UNSUITABLE.test(name) && new TextEncoder().encode(name).length <= LONGEST;
