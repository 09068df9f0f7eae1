/* The search: weighs where the words of a query stand in the index that the build wrote
   (bookbuilder.site.search), and shows the sentences around them. Needs no network. */
document.addEventListener("DOMContentLoaded", () => {
  const query = (new URLSearchParams(location.search).get("q") || "").trim();
  const box = document.getElementById("search-results");
  document.querySelectorAll("form.bd-search input").forEach((input) => { input.value = query; });
  if (!box) return;
  const say = (text) => {
    const summary = Object.assign(document.createElement("p"), { className: "search-summary", textContent: text });
    summary.setAttribute("role", "status");
    return summary;
  };

  const plain = (text) =>
    text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[-\u2010-\u2014\u00a0]/g, " ").replace(/\u2019/g, "'");
  const EMPTY = new Set("a an and are as at by do does for from how i in is it of on or that the this to was what which who with".split(" "));
  const all = plain(query).match(/[\p{L}\p{N}'_.$%]+[+#]*/gu) || [];
  if (!all.length) {
    box.replaceChildren(say("Type what you look for: a topic, a name, or the number of a table or figure, such as “pace”, “Padgett” or “Table 12”."));
    return;
  }
  const words = all.some((w) => !EMPTY.has(w)) ? all.filter((w) => !EMPTY.has(w)) : all;
  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // A number, and a word of one or two letters, are meant as they stand; of a longer one, the rest may differ.
  const end = (word) => (/\d$/.test(word) ? "(?!\\d)" : word.length < 3 ? "(?![\\p{L}\\p{N}+#])" : "");
  // A word without its ending (competencies, competency), and with American letters as with British.
  const ENDINGS = [[/(ies|y)$/, "(?:y|ies)"], [/(ing|es|ed|s)$/, ""]];
  const stem = (word) => {
    const [ending, instead] = (word.length > 4 && ENDINGS.find(([ending]) => ending.test(word))) || [/$/, ""];
    const kept = escape(word.replace(ending, ""));
    return kept.replace(/(?<=\p{L}{3})([iy])[sz](?=e|ing|ation|$)/u, "$1[sz]").replace(/(?<=\p{L}{3})our/u, "ou?r") + instead;
  };
  const pattern = (word) => `(?<![\\p{L}\\p{N}])${stem(word)}${end(word)}`;
  // The name of an exhibit or a passage is meant as a whole: Table 67, EPIC-054.
  const name = /^((table|figure)\s+\d+|[a-z\d]+(-[a-z])?-\d+)$/i.test(query);
  const each = words.map((word) => new RegExp(pattern(word), "u"));
  const phrase = new RegExp(words.map(pattern).join("\\p{L}*\\W+(?:of |the |and )?"), "u");

  /* How well a line of text meets the query: 1 as a phrase, less where only its words stand. */
  const share = (text) => each.filter((word) => word.test(text)).length / each.length;
  const meets = (line) => {
    const text = plain(line);
    if (!text) return 0;
    const part = share(text);
    if (part < 1) return part > 0.5 ? 0.3 * part : 0;
    // A short line that is little else is about the words; a long one only mentions them.
    const length = Math.min(1, (2 * words.length + 2) / text.split(/\s+/).length);
    return (phrase.test(text) ? 1 : 0.7) * (0.5 + 0.5 * length);
  };

  const rowsOf = (part) => (part[4] || []).map((place) => SEARCH_ROWS[place]);
  const textOf = (page) => plain([page.title, page.nav, ...page.words, ...page.parts.flatMap((part) => [...part.slice(1, 4), ...rowsOf(part)])].join(" "));

  const judge = (page) => {
    const whole = textOf(page);
    if (name ? !phrase.test(whole) : share(whole) < 1) return null;
    const keys = page.words.some((key) => plain(key) === plain(query)) ? 300 : 100 * Math.max(0, ...page.words.map((key) => (meets(key) >= 0.7 ? meets(key) : 0)));
    const titles = 60 * Math.max(meets(page.nav), meets(page.title));
    const places = page.parts.map((part, i) => {
      const [kind, anchor, heading, text] = part;
      const line = kind === "e" ? `${heading} ${text}` : heading;
      let score = (i === 0 ? 0 : kind === "t" ? 22 : kind === "e" ? 25 : 30) * meets(line);
      const [row, fit] = rowsOf(part).map((r) => [r, meets(r)]).sort((a, b) => b[1] - a[1])[0] || ["", 0];
      score += 8 * fit;
      if (kind === "e" && plain(heading) === plain(query)) score = 1000; // Table 67 is meant
      if (kind !== "e" && text && share(plain(text)) === 1) score += phrase.test(plain(text)) ? 5 : 2;
      return { kind, anchor, heading, text, row: fit ? row : "", score };
    });
    places.sort((a, b) => b.score - a.score);
    const [first, ...rest] = places.map((place) => place.score);
    const more = rest.slice(0, 6).reduce((sum, score) => sum + Math.min(score, 12), 0);
    return { page, places, score: page.weight * (keys + titles + (first || 0) + more) };
  };

  /* The text around the first place where words stand, with these marked. */
  const excerpt = (text) => {
    const folded = plain(text);
    const hit = folded.search(phrase) >= 0 ? folded.search(phrase) : Math.max(0, folded.search(each[0]));
    const start = hit < 90 ? 0 : text.lastIndexOf(" ", hit - 60) + 1;
    const piece = text.slice(start, start + 220).replace(/\s\S*$/, (end) => (start + 220 < text.length ? "" : end));
    const paragraph = document.createElement("p");
    paragraph.className = "context";
    paragraph.append(start ? "… " : "");
    const marks = new RegExp(`(${words.map((w) => `${pattern(w)}\\p{L}*`).join("|")})`, "giu");
    for (const [i, bit] of piece.split(marks).entries()) {
      paragraph.append(i % 2 ? Object.assign(document.createElement("mark"), { textContent: bit }) : bit);
    }
    paragraph.append(start + 220 < text.length ? " …" : "");
    return paragraph;
  };
  /* How many letters have to be put in, taken out, changed or swapped to make one word another. */
  const distance = (one, other) => {
    let [before, last] = [[], [...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
        if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  };

  /* The query with each word that stands nowhere replaced by the nearest that does, of equally near
     ones the most frequent; nothing where a word has none near it. */
  const nearest = () => {
    const counts = new Map();
    for (const page of SEARCH_INDEX) {
      for (const [word] of textOf(page).matchAll(/\p{L}{3,}/gu)) counts.set(word, (counts.get(word) || 0) + 1);
    }
    const known = [...counts.keys()];
    const mended = words.map((word, i) => {
      if (known.some((one) => each[i].test(one))) return word;
      const reach = word.length > 6 ? 2 : word.length > 3 ? 1 : 0;
      const near = known
        .filter((one) => Math.abs(one.length - word.length) <= reach)
        .map((one) => [distance(word, one), -counts.get(one), one])
        .filter(([steps]) => steps <= reach);
      return near.sort((a, b) => a[0] - b[0] || a[1] - b[1])[0]?.[2];
    });
    const changed = mended.some((word, i) => word !== words[i]);
    return changed && mended.every(Boolean) ? mended.join(" ") : "";
  };

  const link = (url, text) => Object.assign(document.createElement("a"), { href: url, textContent: text });

  const found = SEARCH_INDEX.map(judge).filter(Boolean).sort((a, b) => b.score - a.score);
  const summary = say(found.length
    ? `${found.length} ${found.length === 1 ? "page" : "pages"} with “${query}”, best matches first.`
    : `No page has “${query}”.`);
  if (!found.length) {
    const meant = nearest();
    if (meant) summary.append(" Did you mean ", link(`?q=${encodeURIComponent(meant)}`, meant), "?");
    else summary.append(" Try fewer or other words; the glossary lists the book's terms.");
  }
  const list = Object.assign(document.createElement("ul"), { className: "search" });
  for (const { page, places } of found.slice(0, 40)) {
    const item = document.createElement("li");
    item.append(link(page.url, page.title));
    if (page.nav && page.nav !== page.title) item.append(Object.assign(document.createElement("span"), { className: "nav-title", textContent: ` ${page.nav}` }));
    const shown = places.filter((place) => place.score > 1).slice(0, 3);
    for (const place of shown) {
      const line = document.createElement("p");
      line.className = "place";
      const name = place.kind === "e" ? `${place.heading}. ${place.text}` : place.heading;
      if (place.anchor !== page.parts[0][1]) line.append(link(`${page.url}#${place.anchor}`, name));
      if (line.childNodes.length) item.append(line);
      const around = place.kind === "e" ? place.row : place.text;
      if (around) item.append(excerpt(around));
    }
    if (!shown.length && page.parts[0]?.[3]) item.append(excerpt(page.parts[0][3]));
    list.append(item);
  }
  box.replaceChildren(summary, list);
});
