// A text file is a module whose default export is its text; bundles do the same with esbuild's text loader.
module.exports = {
  process: (text) => ({ code: `module.exports = { __esModule: true, default: ${JSON.stringify(text)} };` }),
};
