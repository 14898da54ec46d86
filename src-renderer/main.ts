import { mount } from 'svelte';
import { z } from 'zod';
import App from './App.svelte';
import './tokens.css';
import './base.css';

// The content security policy forbids what zod would compile at run time.
z.config({ jitless: true });

const target = document.getElementById('studio');
if (target) mount(App, { target });
