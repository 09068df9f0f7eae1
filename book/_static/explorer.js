/* The explorer: looks a setting up in the page's own block of data and shows it, in words first and
   as a drawing that repeats them. Native form controls; needs no network. */
document.addEventListener("DOMContentLoaded", () => {
  const WEIGHTS = {
    "equal district": "districts alike (the study's)",
    none: "every answer alike",
    nonresponse: "for nonresponse",
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
      // Within one district all answers count alike: there is nothing to weight.
      weights.disabled = district.value !== "all";
      const weighting = weights.disabled ? data.weightings[0] : weights.value;
      const [shares, counts, labels] = data.rows[`${statement.value}|${weighting}|${district.value}`];
      const [share, lower, upper, openLower, openUpper] = shares;
      const [n, pro, contra, both, heard] = counts;
      const label = data.labels[labels[zone.value * data.parts.length + Number(part.value)]];
      const allowed = `${percent(openLower)} to ${percent(openUpper)}`;
      const printed =
        share === null
          ? `The print allows any share from ${allowed}`
          : `The print fixes the share at ${percent(share)} (${allowed})`;
      const sampled = `with sampling error, ${percent(lower)} to ${percent(upper)}`;
      const lines = [
        `${printed}; ${sampled} (about ${n} answers).`,
        `Teachers of the case study: ${pro} for, ${contra} against, ${both} both, ${heard} in all.`,
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
      const width = Math.max(at(openUpper - openLower), 1.5);
      add("rect", { class: "open", x: at(openLower), width, y: 26, height: 8 });
      add("line", { class: "interval", x1: at(lower), x2: at(upper), y1: 16, y2: 16 });
      if (share !== null) add("circle", { class: "share", cx: at(share), cy: 16, r: 4 });
    }

    const key = document.createElement("p");
    key.className = "explorer-key";
    key.textContent =
      "Bar: what the print allows. Line: with sampling error. Dot: a share that the print fixes. Grey: no direction.";
    box.append(form, result, picture, key);
    show();
  };

  document.querySelectorAll(".explorer").forEach(start);
});
