// A plugin of the bundler: what composing and sending don't need is compiled when it is first called, not when the
// package is imported. The source says only what is used. Seen from outside its group, every function of a file in
// a group becomes a short one that requires the group's bundle and calls the function there; anything else that
// such a file exports (a class, a table) is imported as ever.
import { readFileSync } from 'node:fs';

const STUB = '\0first-use/stub:';
const BUNDLE = '\0first-use/bundle:';
const LOADER = '\0first-use/loader';
const EXPORTED = /^export (?:async )?(function|const|let|class)\*? (\w+)/gm;

// By name: a function with overloads is written several times.
const exportsOf = (path) => {
  const source = readFileSync(path, 'utf8');
  const kinds = new Map();
  for (const [, kind, name] of source.matchAll(EXPORTED)) kinds.set(name, kind);
  const other = /^export (?!type |interface |(?:async )?(?:function|const|let|class)\*? ).*/m.exec(
    source,
  );
  if (other) throw new Error(`${path}: '${other[0]}' can't be loaded on first use`);
  return [...kinds].map(([name, kind]) => ({ kind, name }));
};

/** Where the bundler puts and finds the bundles of the groups; the chunks are one folder beside it. */
const FOLDER = 'first-use';

/**
 * @param groups the files of each group: name → RegExp on the path
 * @param files every source file
 * @returns the plugin, and the entry points to add
 */
export function onFirstUse(groups, files) {
  const names = Object.keys(groups);
  const groupOf = (path) => names.find((name) => groups[name].test(path));
  const loader = `
    const bundles = new Map();
    export function bundle(name) {
      let found = bundles.get(name);
      if (found === undefined) {
        found = process.getBuiltinModule('node:module').createRequire(import.meta.url)('../${FOLDER}/' + name + '.js');
        bundles.set(name, found);
      }
      return found;
    }`;
  // Two files of a group may export the same name.
  const exported = (path, name) => `${name}_${files.indexOf(path)}`;
  const stub = (path) => {
    const list = exportsOf(path);
    const called = list.filter(({ kind }) => kind === 'function').map(({ name }) => name);
    const others = list.filter(({ kind }) => kind !== 'function').map(({ name }) => name);
    return [
      `import { bundle } from '${LOADER}';`,
      'let group;',
      ...called.map(
        (name) =>
          `export function ${name}(...given) { return (group ??= bundle('${groupOf(path)}')).${exported(path, name)}(...given); }`,
      ),
      others.length === 0 ? '' : `export { ${others} } from '${path}?itself';`,
    ].join('\n');
  };
  const whole = (group) =>
    files
      .filter((path) => groups[group].test(path))
      .flatMap((path) =>
        exportsOf(path)
          .filter(({ kind }) => kind === 'function')
          .map(({ name }) => `export { ${name} as ${exported(path, name)} } from '${path}';`),
      )
      .join('\n');

  const plugin = {
    name: 'on-first-use',
    async resolveId(source, importer, options) {
      if (source === LOADER || source.startsWith(BUNDLE)) return { id: source };
      if (source.endsWith('?itself')) return { id: source.slice(0, -'?itself'.length) };
      if (importer === undefined) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (found === null || found.external) return found;
      const group = groupOf(found.id);
      const from = importer.startsWith(BUNDLE) ? importer.slice(BUNDLE.length) : groupOf(importer);
      return group === undefined || from === group
        ? found
        : { id: `${STUB}${found.id}`, moduleSideEffects: false };
    },
    load(id) {
      if (id === LOADER) return { code: loader, moduleSideEffects: false };
      if (id.startsWith(STUB))
        return { code: stub(id.slice(STUB.length)), moduleSideEffects: false };
      if (id.startsWith(BUNDLE))
        return { code: whole(id.slice(BUNDLE.length)), moduleSideEffects: false };
      return null;
    },
  };
  return {
    plugin,
    input: Object.fromEntries(names.map((name) => [`${FOLDER}/${name}`, `${BUNDLE}${name}`])),
  };
}
