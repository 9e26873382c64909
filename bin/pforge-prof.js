#!/usr/bin/env node
require('../dist/cli.cjs')
  .main(process)
  .then((code) => {
    process.exitCode = code;
    // All is written by then: without this node takes the engine apart, bit by bit
    process.once('beforeExit', () => process.exit());
  });
