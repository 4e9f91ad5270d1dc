// The one build. Every *.js and *.css of this folder becomes a file of the same name in webapp/static/;
// feel/feel.js becomes the bundle that the server's V8 loads.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { trimmed, wordsOf } from "./trim.mjs";

const assets = dirname(fileURLToPath(import.meta.url));
const root = resolve(assets, "../..");
const out = join(root, "webapp/static");

// What comes before our own lines in a file.
const first = {
  "app.js": ["htmx.org"],
  "motcua.css": ["bootstrap/dist/css/bootstrap.css"],
};

const options = {
  bundle: true,
  minify: true,
  format: "iife",
  charset: "utf8",
  // Old office machines: see the budget of the pages.
  target: ["chrome80", "firefox78"],
  // bpmn-js brings its licence texts along; they stay in the files that we serve.
  legalComments: "inline",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file" },
  nodePaths: [join(assets, "node_modules")],
  logLevel: "warning",
};

async function page(name) {
  const css = name.endsWith(".css");
  const line = (path) => (css ? `@import ${JSON.stringify(path)};` : `import ${JSON.stringify(path)};`);
  const built = await build({
    ...options,
    write: false,
    stdin: {
      contents: [...(first[name] ?? []), `./${name}`].map(line).join("\n"),
      resolveDir: assets,
      loader: css ? "css" : "js",
    },
    outfile: join(out, name),
  });
  for (const file of built.outputFiles) writeFileSync(file.path, css ? trimmed(file.text, words) : file.contents);
}

const words = wordsOf(join(root, "webapp"));
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const pages = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name));
await Promise.all([
  ...pages.map(page),
  build({
    ...options,
    entryPoints: [join(root, "feel/feel.js")],
    outfile: join(root, "feel/feel.bundle.js"),
    target: "es2022",
  }),
]);
