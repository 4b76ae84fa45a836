// dashboards.mjs FILE...: checks Grafana dashboards with the types of @grafana/schema, as the compiler does: no value of another type or outside its
// enumeration, and in the options of panels no field that does not exist. Prints what is wrong; exit code 1 if anything is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const panels = join(dirname(createRequire(import.meta.url).resolve('@grafana/schema/package.json')), 'dist', 'esm', 'raw', 'composable');

// Enumerations are written as their values in JSON, which the compiler accepts only as such.
const preamble = `
import type { Dashboard } from '@grafana/schema';
type Written<T> = T extends string ? \`\${T}\` : T extends number ? T : T extends boolean | null | undefined ? T : T extends Array<infer E> ? Array<Written<E>> : T extends object ? { [K in keyof T]: Written<T[K]> } : T;
`;

// The module with the options of a kind of panel, such as "timeseries"; what has no options of its own, such as a row, has none.
const moduleOf = type => {
  const folder = join(panels, type, 'panelcfg', 'x');
  if (!existsSync(folder)) return null;
  return `@grafana/schema/dist/esm/raw/composable/${type}/panelcfg/x/${readdirSync(folder).find(name => name.endsWith('.d.ts')).replace(/\.d\.ts$/, '')}`;
};

const sources = new Map();
let unknown = 0;
for (const file of process.argv.slice(2)) {
  const dashboard = JSON.parse(readFileSync(file, 'utf8'));
  const lines = [preamble, `const dashboard: Written<Dashboard> = ${JSON.stringify(dashboard, null, 1)};`];
  for (const panel of dashboard.panels.filter(panel => panel.type !== 'row')) {
    const module = moduleOf(panel.type.replaceAll('-', ''));
    if (!module) { unknown++; console.log(`${basename(file)}: panel ${panel.id}: there is no schema of ${panel.type}`); continue; }
    lines.push(`const options${panel.id}: Written<Partial<import('${module}').Options>> = ${JSON.stringify(panel.options ?? {}, null, 1)};`);
  }
  sources.set(join(here, basename(file, '.json') + '.check.ts'), lines.join('\n'));
}

const options = { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ESNext, types: [] };
const host = ts.createCompilerHost(options);
const [exists, read] = [host.fileExists.bind(host), host.readFile.bind(host)];
host.fileExists = name => sources.has(name) || exists(name);
host.readFile = name => sources.get(name) ?? read(name);
const program = ts.createProgram([...sources.keys()], options, host);
const wrong = ts.getPreEmitDiagnostics(program);
console.log(ts.formatDiagnostics(wrong, { getCanonicalFileName: name => name, getCurrentDirectory: () => here, getNewLine: () => '\n' }));
process.exit(wrong.length + unknown > 0 ? 1 : 0);
