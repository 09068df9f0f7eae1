/* The explorer: looks a setting up in the page's own block of data and shows it, in words first and
   as a drawing that repeats them. Native form controls; needs no network. */
document.addEventListener("DOMContentLoaded", () => {
  const WEIGHTS = {
    "equal district": "districts alike (the study's)",
    none: "every answer alike",
    nonresponse: "for nonresponse",
    raked: "raked to the teachers asked",
  };
  const percent = (share) => `${Math.round(100 * share)} %`;
  const svg = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  const start = (box) => {
    const data = JSON.parse(box.querySelector("script").textContent);
    const form = document.createElement("form");
    form.addEventListener("submit", (event) => event.preventDefault());
    const control = (label, options, usual) => {
      const select = document.createElement("select");
      for (const [value, text] of options) select.append(new Option(text, value));
      if (usual !== undefined) select.value = usual;
      select.addEventListener("change", show);
      const holder = document.createElement("label");
      holder.append(`${label} `, select);
      form.append(holder);
      return select;
    };
    const result = document.createElement("output");
    result.setAttribute("aria-live", "polite");
    const picture = svg("svg", { viewBox: "-14 0 328 62", "aria-hidden": "true" });

    const statement = control("Statement", Object.entries(data.statements), Object.keys(data.statements)[6]);
    const weights = control("Weights", data.weightings.map((one) => [one, WEIGHTS[one] || one]));
    const district = control("District", data.districts.map((d) => [d, d === "all" ? "all five" : d]));
    const zone = control(
      "No direction within",
      data.zones.map((z, i) => [i, z ? `${Math.round(100 * z)} points of one half` : "exactly one half"]),
      1
    );
    const part = control(
      "Heard, at least",
      data.parts.map((p, i) => [i, `${percent(p)} of the teachers`]),
      1
    );

    function show() {
      const [shares, counts, labels] = data.rows[`${statement.value}|${weights.value}|${district.value}`];
      const [share, lower, upper, openLower, openUpper] = shares;
      const [n, pro, contra, heard] = counts;
      const label = data.labels[labels[zone.value * data.parts.length + Number(part.value)]];
      const interval =
        lower === null ? "no interval" : `sampling interval ${percent(lower)} to ${percent(upper)}`;
      const open =
        openLower === null
          ? "what the print leaves open was not computed for this setting"
          : `left open, at least ${percent(openLower)} to ${percent(openUpper)}`;
      const lines = [
        share === null ? "No estimate." : `${percent(share)} of ${n} answers; ${interval}; ${open}.`,
        `Teachers of the case study: ${pro} for, ${contra} against, ${heard} heard.`,
        `Label: ${label}.`,
      ];
      result.replaceChildren(
        ...lines.map((line, i) => Object.assign(document.createElement("p"), {
          textContent: line,
          className: i === 2 ? "explorer-label" : "",
        }))
      );
      draw(share, lower, upper, openLower, openUpper, data.zones[zone.value]);
    }

    function draw(share, lower, upper, openLower, openUpper, none) {
      picture.replaceChildren();
      const add = (tag, attributes) => picture.append(svg(tag, attributes));
      const at = (value) => 300 * value;
      add("rect", { class: "zone", x: at(0.5 - none), width: Math.max(at(2 * none), 1), y: 4, height: 34 });
      add("line", { class: "axis", x1: 0, x2: 300, y1: 44, y2: 44 });
      for (const mark of [0, 0.25, 0.5, 0.75, 1]) {
        add("line", { class: "axis", x1: at(mark), x2: at(mark), y1: 44, y2: 47 });
        const text = svg("text", { x: at(mark), y: 58, "text-anchor": "middle" });
        text.textContent = percent(mark);
        picture.append(text);
      }
      if (openLower !== null) {
        const width = Math.max(at(openUpper - openLower), 1.5);
        add("rect", { class: "open", x: at(openLower), width, y: 26, height: 8 });
      }
      if (lower !== null) add("line", { class: "interval", x1: at(lower), x2: at(upper), y1: 16, y2: 16 });
      if (share !== null) add("circle", { class: "share", cx: at(share), cy: 16, r: 4 });
    }

    const key = document.createElement("p");
    key.className = "explorer-key";
    key.textContent =
      "Dot and line: share and sampling interval. Bar: left open, at least. Grey: no direction.";
    box.append(form, result, picture, key);
    show();
  };

  document.querySelectorAll(".explorer").forEach(start);
});
