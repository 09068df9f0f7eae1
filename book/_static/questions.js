/* Exercises that answer: a field or choices, checked against the recorded result that stands with the
   question. A wrong answer opens the hint; the solution stays where it is, folded. */
document.addEventListener("DOMContentLoaded", () => {
  /* An answer without the unit behind it, which readers copy from beside the field: 32 points is 32. */
  const withoutUnit = (given, unit) => {
    const [, number, words] = /^(.*?[\d.,%])\s*(\p{L}[\p{L}\s]*)$/u.exec(given) || [];
    const one = (word) => word.toLowerCase().trim().replace(/s$/, "");
    const said = words && one(words);
    return said && (one(unit).startsWith(said) || said === "percent") ? number : given;
  };

  for (const [place, holder] of document.querySelectorAll("[data-question]").entries()) {
    const { answer, choices, unit, within } = JSON.parse(holder.dataset.question);
    const question = holder.closest(".question");
    const ask = question.querySelector("p");
    ask.id ||= `question-${place + 1}`;
    const form = document.createElement("form");
    form.setAttribute("aria-labelledby", ask.id);
    for (const choice of choices) {
      const input = Object.assign(document.createElement("input"), { type: "radio", name: "answer", value: choice });
      const label = document.createElement("label");
      label.append(input, ` ${choice}`);
      form.append(label);
    }
    if (!choices.length) {
      const input = Object.assign(document.createElement("input"), { name: "answer", inputMode: "decimal", autocomplete: "off", size: 8 });
      const label = document.createElement("label");
      label.append("Your answer ", input, ` ${unit}`);
      form.append(label);
    }
    const button = Object.assign(document.createElement("button"), { textContent: "Check" });
    const said = document.createElement("output");
    said.setAttribute("aria-live", "polite");
    form.append(button, said);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = new FormData(form).get("answer")?.trim() ?? "";
      // A comma groups thousands or, on many keyboards, stands for the decimal point.
      const plain = withoutUnit(given, unit).replace(/[%\s]/g, "").replace("−", "-");
      const grouped = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain);
      const number = plain ? Number(grouped ? plain.replaceAll(",", "") : plain.replace(",", ".")) : NaN;
      const right = choices.length ? given === answer : Math.abs(number - answer) <= within + 1e-9;
      if (!given) said.value = choices.length ? "Choose one first." : "Write a number first.";
      else if (!choices.length && Number.isNaN(number)) said.value = `“${given}” is no number.`;
      else if (right) said.value = "Right. The solution says why.";
      else {
        said.value = choices.length ? "No. Read the hint and try again." : `No, it is ${number < answer ? "more" : "less"}. Read the hint and try again.`;
        const hint = question.querySelector("details");
        if (hint) hint.open = true;
      }
      said.className = given && right ? "right" : "";
    });
    holder.replaceWith(form);
  }
});
