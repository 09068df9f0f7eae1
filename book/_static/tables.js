/* Long tables (.exhibit-scroll.long): sort by any column, filter by words and by the columns that have
   few values. Needs no network; without this script the table is simply all there. Rows are sorted
   within their groups, so that a group's heading keeps its meaning. Where a phone shows rows as blocks
   there are no headings to press, and a list offers the same. And of every table: one that scrolls
   sideways says so, and only one that scrolls takes a stop of the Tab key. */
(() => {
  const FEW = 12; // as many different values make a list to choose from
  const text = (cell) => (cell ? cell.textContent.trim() : "");
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  /* A number as the table shows it (1,234 or 72.7% or $2,000,000 or a true minus), or null; of two
     (5 of 9, 12% to 20%) the first, of a limit (at least 2, above 50%) the number in its words. */
  const LIMIT = "(?:above|over|more than|at least|below|under|less than|at most|up to|about|nearly)";
  const DIGITS = "(\\d[\\d,]*(?:\\.\\d+)?|\\.\\d+)";
  const NUMBER = new RegExp(`^(?:${LIMIT} )?([-−]?)[$€£]?${DIGITS}\\s*%?(?:\\s*(?:to|of|–|-|/|\\(|${LIMIT} ).*)?$`);
  const number = (shown) => {
    const [, minus, digits] = NUMBER.exec(shown) || [];
    return digits ? Number(digits.replace(/,/g, "")) * (minus ? -1 : 1) : null;
  };

  /* Numbers before words, and what is missing at the end in both directions. */
  const compare = (a, b, down) => {
    const missing = (value) => value === "" || value === "–";
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    const [x, y] = [number(a), number(b)];
    const mixed = (x === null) - (y === null);
    const order = mixed || (x !== null ? x - y : a.localeCompare(b, undefined, { numeric: true }));
    return down ? -order : order;
  };

  /* The rows of a table by group, each a body of its own: [{body, heading, name, rows}]. */
  const groupsOf = (table) =>
    [...table.tBodies].map((body) => {
      const [heading] = body.querySelectorAll("tr.group");
      return { body, heading, name: text(heading), rows: [...body.rows].filter((row) => row !== heading) };
    });

  /* A column's name as a heading: characteristic_group is Characteristic group. */
  const groupName = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");

  /* A name of several parts, as of a recorded number, may be broken after each part. */
  const LONG_NAME = /[a-z]\w*(?:[._][a-z]\w*){2,}/;
  const breakNames = (table) => {
    for (const cell of table.querySelectorAll("td")) {
      if (cell.firstElementChild || !LONG_NAME.test(cell.textContent)) continue;
      const parts = cell.textContent.split(/(?<=[a-z][._])(?=[a-z])/);
      cell.replaceChildren(...parts.flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part])));
    }
  };

  const enhance = (box) => {
    const table = box.querySelector("table");
    breakNames(table);
    const heads = [...table.tHead.querySelectorAll("th")];
    const groups = groupsOf(table);
    const rows = groups.flatMap((group) => group.rows); // as they stand
    const groupOf = new Map(groups.flatMap((group) => group.rows.map((row) => [row, group.name])));
    const choices = []; // [select, row => value]
    const words = make("input", { type: "search", autocomplete: "off" });
    const count = make("output", { "aria-live": "polite" });
    const tools = make("form", { class: "table-tools", role: "search" });
    tools.setAttribute("aria-label", `Filter ${box.getAttribute("aria-label")}`);
    tools.addEventListener("submit", (event) => event.preventDefault());
    tools.append(make("label", {}, "Filter ", words));

    const choose = (label, valueOf) => {
      const values = [...new Set(rows.map(valueOf))].filter((value) => value && value !== "–");
      if (values.length < 2 || values.length > FEW || values.length > rows.length / 2) return;
      if (values.some((value) => value.length > 60) || values.every((v) => number(v) !== null)) return;
      const select = make("select", {}, make("option", { value: "" }, "all"));
      for (const value of values.sort((a, b) => compare(a, b))) {
        select.append(make("option", { value }, value));
      }
      select.addEventListener("change", filter);
      choices.push([select, valueOf]);
      tools.append(make("label", {}, `${label} `, select));
    };

    function filter() {
      const wanted = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const group of groups) {
        let any = false;
        for (const row of group.rows) {
          const all = `${row.textContent} ${group.name}`.toLowerCase();
          row.hidden =
            !wanted.every((word) => all.includes(word)) ||
            !choices.every(([select, valueOf]) => !select.value || valueOf(row) === select.value);
          any ||= !row.hidden;
          shown += !row.hidden;
        }
        if (group.heading) group.heading.hidden = !any;
      }
      count.value = shown
        ? `${shown} of ${rows.length} rows`
        : `No row has all of this. Choose fewer words or "all" (${rows.length} rows).`;
    }

    /* By a column, up or down, or as it stands, for which there is no column. */
    const sort = (column, down) => {
      for (const other of heads) other.removeAttribute("aria-sort");
      heads[column]?.setAttribute("aria-sort", down ? "descending" : "ascending");
      order.value = heads[column] ? `${column},${Number(down)}` : "";
      for (const group of groups) {
        const sorted = heads[column]
          ? [...group.rows].sort((a, b) => compare(text(a.cells[column]), text(b.cells[column]), down))
          : group.rows;
        group.body.append(...sorted);
      }
    };

    const order = make("select", {}, make("option", { value: "" }, "as it stands"));
    order.addEventListener("change", () => {
      const [column, down] = order.value ? order.value.split(",").map(Number) : [-1, 0];
      sort(column, Boolean(down));
    });

    if (groups.length > 1) choose(groupName(box.dataset.group || "group"), (row) => groupOf.get(row));
    heads.forEach((head, column) => {
      if (!text(head)) return;
      choose(text(head), (row) => text(row.cells[column]));
      for (const [down, way] of ["ascending", "descending"].entries()) {
        order.append(make("option", { value: `${column},${down}` }, `${text(head)}, ${way}`));
      }
      const button = make("button", { type: "button" }, ...head.childNodes);
      // Up, down, and back to as it stands.
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        sort(now === "descending" ? -1 : column, now === "ascending");
      });
      head.append(button);
    });
    // Where rows are blocks the headings are out of sight, and so no stops of the Tab key.
    const blocks = matchMedia("(max-width: 600px)");
    const reach = () => {
      const stop = table.matches(".stack") && blocks.matches ? -1 : 0;
      for (const button of table.querySelectorAll("thead button")) button.tabIndex = stop;
    };
    blocks.addEventListener("change", reach);
    reach();
    tools.append(make("label", { class: "sort-choice" }, "Sort ", order));
    words.addEventListener("input", filter);
    tools.append(count);
    box.before(tools);
    filter();
  };

  /* How far cells stand over the edges of their box. What is less than letters are from the edge of
     their cell hides nothing. */
  const SLACK = 6;

  const watch = (box) => {
    const hint = make("p", { class: "scroll-hint", "aria-hidden": "true" });
    hint.hidden = true;
    box.before(hint);
    const inside = box.firstElementChild;
    const seen = new ResizeObserver(() => {
      // Rows that are not laid out yet have no size; the box is asked again when they have.
      if (inside?.checkVisibility?.({ contentVisibilityAuto: true }) === false) return;
      const wide = box.scrollWidth > box.clientWidth + SLACK;
      const high = box.scrollHeight > box.clientHeight + 1;
      const scrolls = wide || high;
      hint.hidden = !scrolls;
      hint.textContent = `scrolls ${wide ? "sideways →" : ""}${wide && high ? " and " : ""}${high ? "down ↓" : ""}`;
      if (!box.matches(".exhibit-scroll")) return; // the theme sees to the tables of the text
      box.setAttribute("role", scrolls ? "region" : "group"); // only a region is a landmark
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
    seen.observe(box);
    if (inside) seen.observe(inside); // whose rows a filter may take away
  };

  /* A table of the text with three columns or more, two of them of sentences: on a phone its rows become
     blocks, as exhibits' do (compendium.exhibits.layout). */
  const SENTENCE = 28; // letters
  const stack = (table) => {
    const heads = [...(table.tHead?.rows[0]?.cells || [])];
    const rows = [...(table.tBodies[0]?.rows || [])];
    const long = heads.filter((_, i) => i && rows.some((row) => text(row.cells[i]).length > SENTENCE));
    if (heads.length < 3 || long.length < 2) return;
    table.classList.add("stack");
    for (const cell of rows.flatMap((row) => [...row.cells])) {
      cell.replaceChildren(make("div", {}, ...cell.childNodes)); // one item beside its heading
    }
    heads.forEach((head, i) => table.style.setProperty(`--head-${i + 1}`, JSON.stringify(text(head))));
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".pst-scrollable-table-container table").forEach(stack);
    document.querySelectorAll(".exhibit-scroll.long").forEach(enhance);
    document.querySelectorAll(".exhibit-scroll, .pst-scrollable-table-container").forEach(watch);
  });
})();
