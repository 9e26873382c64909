#!/usr/bin/env node
process.argv.splice(2, 0, 'diff');
require('./pforge-prof.js');
