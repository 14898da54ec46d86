import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('studio');
if (target) mount(App, { target });
