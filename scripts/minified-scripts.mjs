import { build, transform } from 'esbuild';

/** What runs inside of pictures stands in every one of them, so the bundles hold it without blanks and long names. */
export const minifiedScripts = {
  name: 'minified-scripts',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/render\/flame-script\.ts$/ }, async ({ path }) => {
      const bundled = await build({ entryPoints: [path], bundle: true, format: 'esm', write: false });
      const { FLAME_SCRIPT } = await import(`data:text/javascript,${encodeURIComponent(bundled.outputFiles[0].text)}`);
      // It stands in CDATA
      const { code } = await transform(FLAME_SCRIPT, { minify: true, charset: 'utf8' });
      return { contents: `export const FLAME_SCRIPT = ${JSON.stringify(code.replaceAll(']]>', ']] >'))};` };
    });
  },
};
