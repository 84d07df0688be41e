import { addCurves } from './add-curves.ts';

// Entry of /curves.js: evaluated before anything else by the page and the service worker of a browser
// whose Web Crypto lacks the curves.

addCurves(crypto.subtle);
