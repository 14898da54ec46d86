import { contextBridge } from 'electron';

/** The page learns where it runs, and nothing else: its data comes through the `app:` protocol. */
contextBridge.exposeInMainWorld('eidoscopeHost', { kind: 'desktop', platform: process.platform });
