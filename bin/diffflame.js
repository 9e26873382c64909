#!/usr/bin/env node
if (process.argv[2] !== '--version') process.argv.splice(2, 0, 'diff');
require('./pforge-prof.js');
