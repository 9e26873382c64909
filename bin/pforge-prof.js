#!/usr/bin/env node
require('../dist/cli.cjs')
  .main(process)
  .then((code) => {
    process.exitCode = code;
  });
