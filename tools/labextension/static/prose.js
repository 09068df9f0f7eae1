// Shows the prose of the compendium's notebooks with its numbers: where a text cell quotes a result,
// {value}`run.name:.1f`, JupyterLab shows what results/ holds of it, as the book does, not the role.
// A number is the recorded one until the next build, also after a cell has been run with other
// settings; the mouse held over it says so. Hand-written in the form that JupyterLab loads
// extensions in, so that it needs no build of its own and no package.
(() => {
  const NAME = 'compendium-prose';
  const ROLE = /\{(value|own|parameter|see|cite:[pt]|doc|py:func)\}`([^`]+)`/g;
  const DROPDOWN = /^:::\{dropdown\} (.*)\n([^]*?)\n:::$/gm;
  // What is said of collected survey rows only, or of reconstructed ones only.
  const ONLY = /^(:{3,4})\{only\} (not )?collected\n([^]*?)\n\1$/gm;
  const ASKED = /^(:{3,4})\{asked\} .*\n([^]*?)\n\1$/gm; // what rests on questions of the survey
  const records = new Map(); // by folder: what a record holds
  let shared;

  // Python's format specifications as far as prose uses them: "", ",", ".1f", ",.0f".
  const format = (number, spec) => {
    const form = /^(,?)(?:\.(\d)f)?$/.exec(spec);
    if (!form) return null;
    const digits = form[2] === undefined ? {} : { minimumFractionDigits: +form[2], maximumFractionDigits: +form[2] };
    return number.toLocaleString('en-US', { maximumFractionDigits: 8, useGrouping: form[1] === ',', ...digits });
  };

  const escape = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);
  const recorded = (key, text) => `<span title="recorded: ${escape(key)}">${escape(text)}</span>`;

  // One role as text; null where the record knows nothing of it, which leaves the role as written.
  const show = (role, target, record, run) => {
    const [name, spec = ''] = target.split(/:(.*)/);
    const key = role === 'own' ? `${run && run.run}.${name}` : name;
    if (role === 'value' || role === 'own') {
      const entry = record.values[key];
      const text = entry && (entry.unit === 'words' ? entry.value : format(entry.value, spec));
      return text ? recorded(key, text) : null;
    }
    if (role === 'parameter') return run && name in run.parameters ? escape(String(run.parameters[name])) : null;
    if (role === 'see') return record.exhibits[target] ? recorded(target, record.exhibits[target].label) : null;
    if (role.startsWith('cite')) return `(${escape(target.replaceAll(',', ', '))})`;
    return escape(target.replace(/\s*<.*>$/, '').replace(/^~?.*\./, ''));
  };

  const read = async (contents, folder) => {
    const options = { type: 'file', format: 'text', content: true };
    const load = async name => JSON.parse((await contents.get(`${folder}/${name}`, options)).content);
    const [values, exhibits, runs] = await Promise.all(['values.json', 'exhibits.json', 'runs.json'].map(load));
    return { values, exhibits, runs };
  };

  // The run that a notebook is, as its cell of parameters stands: one notebook may have many.
  const runOf = (widget, record) => {
    const path = widget?.context?.path ?? '';
    const runs = Object.entries(record.runs).map(([run, entry]) => ({ run, ...entry })).filter(entry => path.endsWith(entry.notebook));
    const cells = [...(widget?.content?.model?.cells ?? [])];
    const source = cells.find(cell => cell.getMetadata('tags')?.includes('parameters'))?.sharedModel.source ?? '';
    const words = run => Object.values(run.parameters).filter(value => typeof value === 'string');
    return runs.find(run => words(run).every(word => source.includes(`"${word}"`))) ?? runs[0];
  };

  // The record lies beside the folder of the notebook; which notebook it is, the shell knows.
  const fill = async (text, resolver, app) => {
    if (!resolver || ![ROLE, ONLY, ASKED].some(mark => text.match(mark))) return text;
    const folder = decodeURI(await resolver.resolveUrl('../results'));
    if (!records.has(folder)) records.set(folder, read(app.serviceManager.contents, folder).catch(() => null));
    const record = await records.get(folder);
    if (!record) return text;
    const run = runOf(app.shell.currentWidget, record);
    const collected = !Object.values(record.exhibits).some(entry => entry.reconstructed);
    const held = text.replace(ONLY, (whole, colons, not, words) => Boolean(not) === collected ? '' : words);
    const said = held.replace(ASKED, '$2');
    const filled = said.replace(ROLE, (whole, role, target) => show(role, target, record, run) ?? whole);
    return filled.replace(DROPDOWN, '<details><summary>$1</summary>\n\n$2\n\n</details>');
  };

  const get = async () => {
    const [version] = Object.values(shared['@jupyterlab/rendermime']);
    const { markdownRendererFactory } = (await version.get())();
    const activate = app => {
      const create = markdownRendererFactory.createRenderer;
      markdownRendererFactory.createRenderer = options => {
        const widget = create(options);
        const render = widget.render.bind(widget);
        widget.render = async ({ data, metadata, trusted }) => {
          const text = String(data['text/markdown'] ?? '');
          const filled = await fill(text, options.resolver, app);
          return render({ data: { 'text/markdown': filled }, metadata, trusted, setData: () => undefined });
        };
        return widget;
      };
    };
    return () => ({ __esModule: true, default: { id: `${NAME}:plugin`, autoStart: true, activate } });
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = { init: scope => { shared = scope; }, get };
})();
