/* The explorer: looks a setting up in the page's own block of data and shows it, in words first and
   as a drawing that repeats them. The setting stands in the address, so that Back goes to the one
   before and a link leads to it. Native form controls; needs no network. */
document.addEventListener("DOMContentLoaded", () => {
  const WEIGHTS = {
    "equal district": "districts alike, as in the report",
    none: "each teacher the same",
    nonresponse: "corrected for who did not answer",
  };
  const WITHHELD = "No share is shown here: nobody answered, or it would show how few people did.";
  const percent = (share) => `${Math.round(100 * share)}%`;
  const exact = (share) => `${Number((100 * share).toFixed(1))}%`;
  const svg = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  const start = (box) => {
    const data = JSON.parse(box.querySelector("script").textContent);
    const form = document.createElement("form");
    form.addEventListener("submit", (event) => event.preventDefault());
    const controls = {}; // by the name that they have in the address
    const control = (name, label, options, usual = 0) => {
      const select = document.createElement("select");
      for (const [value, text] of options) select.append(new Option(text, value));
      select.selectedIndex = Math.min(usual, options.length - 1);
      select.addEventListener("change", choose);
      const holder = document.createElement("label");
      holder.append(`${label} `, select);
      form.append(holder);
      controls[name] = select;
      return select;
    };
    const result = document.createElement("output");
    result.setAttribute("aria-live", "polite");
    const picture = svg("svg", { viewBox: "-20 0 340 62", "aria-hidden": "true" });

    const statement = control("statement", "What teachers were asked", Object.entries(data.statements), 6);
    const district = control("district", "Whose answers", data.districts.map((d) => [d, d === "all" ? "all five districts" : d]));
    const weights = control("weights", "How answers count", data.weightings.map((one) => [one, WEIGHTS[one] || one]));
    const zone = control(
      "split",
      "The survey counts as split when the share is",
      data.zones.map((z) => [z, z ? `within ${Math.round(100 * z)} points of one half` : "exactly one half"]),
      1
    );
    const part = control(
      "heard",
      "The quoted teachers count when",
      data.parts.map((p) => [p, `${percent(p)} or more of them speak to it`]),
      1
    );
    const usual = Object.fromEntries(Object.entries(controls).map(([name, select]) => [name, select.value]));

    /* The address after the hash: only there may a page that is opened from a folder change it. */
    function choose() {
      const chosen = new URLSearchParams();
      for (const [name, select] of Object.entries(controls)) {
        if (select.value !== usual[name] && !select.disabled) chosen.set(name, select.value);
      }
      location.hash = chosen.toString() || "usual";
      show();
    }
    function read() {
      const chosen = new URLSearchParams(location.hash.slice(1));
      for (const [name, select] of Object.entries(controls)) {
        const known = [...select.options].some((option) => option.value === chosen.get(name));
        select.value = known ? chosen.get(name) : usual[name];
      }
      show();
    }

    /* What is known of the share: of collected rows an estimate, otherwise what the report allows. */
    function told(share, lower, upper, openLower, openUpper, n, effective) {
      if (openLower === null) return WITHHELD;
      const worth = effective < n ? `, which tell as much as ${effective} without weights` : "";
      const sampled = `with sampling error, ${percent(lower)} to ${percent(upper)} (${n} answers${worth}).`;
      if (data.collected) return `${percent(share)} of the answers; ${sampled}`;
      return share === null
        ? `The report's numbers allow any share from ${percent(openLower)} to ${percent(openUpper)}; ${sampled}`
        : `The report's numbers fix the share at ${percent(share)} (${exact(openLower)} to ${exact(openUpper)}); ${sampled}`;
    }

    function show() {
      // Within one district all answers count alike: there is nothing to weight.
      weights.disabled = district.value !== "all";
      const weighting = weights.disabled ? data.weightings[0] : weights.value;
      const row = data.rows[`${statement.value}|${weighting}|${district.value}`];
      if (!row) {
        result.textContent = `${WITHHELD} Choose another setting.`;
        picture.replaceChildren();
        return;
      }
      const [shares, [n, effective, pro, contra, both, heard], labels] = row;
      const label = data.labels[labels[zone.selectedIndex * data.parts.length + part.selectedIndex]];
      const spoken = heard
        ? `quoted teachers who speak to it: ${heard} (${pro} yes, ${contra} no, ${both} both).`
        : "no quoted teacher speaks to it.";
      const interviewed = label !== "not interviewed";
      const [asked] = statement.selectedOptions;
      const lines = [
        `${asked.text}.`, // in full: a phone cuts what is chosen
        `Survey: ${told(...shares, n, effective)}`,
        `Interviews: ${interviewed ? spoken : "no teacher was interviewed here."}`,
        ...(interviewed ? [`Label: ${label}.`] : []),
      ];
      result.replaceChildren(
        ...lines.map((line, i) => Object.assign(document.createElement("p"), {
          textContent: line,
          className: i === 3 ? "explorer-label" : "",
        }))
      );
      draw(...shares, Number(zone.value));
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
      if (openLower === null) return;
      const width = Math.max(at(openUpper - openLower), 1.5);
      if (!data.collected) add("rect", { class: "open", x: at(openLower), width, y: 26, height: 8 });
      add("line", { class: "interval", x1: at(lower), x2: at(upper), y1: 16, y2: 16 });
      if (share !== null) add("circle", { class: "share", cx: at(share), cy: 16, r: 4 });
    }

    const key = document.createElement("p");
    key.className = "explorer-key";
    key.textContent = data.collected
      ? "Dot: the share in the rows. Line: with sampling error. Grey: counts as split."
      : "Bar: the shares that the report allows. Line: the same with sampling error. Dot: a share that the report fixes. Grey: counts as split.";
    const link = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy a link to this setting" });
    link.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        link.textContent = "Copied";
        setTimeout(() => { link.textContent = "Copy a link to this setting"; }, 2000);
      } catch {
        prompt("Copy this address:", location.href);
      }
    });
    box.append(form, result, picture, key, link);
    window.addEventListener("hashchange", read);
    read();
  };

  document.querySelectorAll(".explorer").forEach(start);
});
