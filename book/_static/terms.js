/* Hover cards of the glossary: a link to a term carries its meaning as a title, which this shows as a
   card on hover and on focus, and where there is nothing to hover with at the first tap; the second
   follows the link. Escape closes it; the pointer may move onto it. */
document.addEventListener("DOMContentLoaded", () => {
  const card = document.createElement("div");
  Object.assign(card, { id: "term-card", className: "term-card", hidden: true });
  card.setAttribute("role", "tooltip");
  document.body.append(card);
  let shown = null;
  let closing = 0;

  const hide = () => {
    card.hidden = true;
    shown?.removeAttribute("aria-describedby");
    shown = null;
  };
  const later = () => {
    closing = setTimeout(hide, 200);
  };
  const show = (link) => {
    clearTimeout(closing);
    hide();
    shown = link;
    card.replaceChildren(
      Object.assign(document.createElement("strong"), { textContent: link.dataset.term }),
      link.dataset.meaning
    );
    card.hidden = false;
    link.setAttribute("aria-describedby", card.id);
    const at = link.getBoundingClientRect();
    // On a phone the style sheet docks it at the foot of the screen, so that it covers no line around
    // the word; a word down there has it at the top.
    card.classList.toggle("at-top", at.bottom > window.innerHeight - card.offsetHeight - 16);
    if (getComputedStyle(card).position === "fixed") {
      card.removeAttribute("style");
      return;
    }
    const left = Math.min(at.left, document.documentElement.clientWidth - card.offsetWidth - 8);
    const above = at.bottom + card.offsetHeight + 8 > window.innerHeight;
    card.style.left = `${Math.max(left, 8) + window.scrollX}px`;
    card.style.top = `${(above ? at.top - card.offsetHeight - 4 : at.bottom + 4) + window.scrollY}px`;
  };

  /* The term as the glossary has it, which the address of its entry says; else as it stands here. */
  const termOf = (link) => {
    const name = decodeURIComponent(link.hash).replace(/^#term-/, "").replaceAll("-", " ");
    return name ? name[0].toUpperCase() + name.slice(1) : link.textContent;
  };

  for (const word of document.querySelectorAll("a[title] > .std-term")) {
    const link = word.parentElement;
    link.classList.add("term");
    link.dataset.meaning = link.title;
    link.dataset.term = termOf(link);
    link.removeAttribute("title"); // or the browser would show its own beside the card
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("mouseleave", later);
    link.addEventListener("blur", later);
    let before = null; // what the card showed when the finger came down, before focus moved
    link.addEventListener("pointerdown", () => { before = card.hidden ? null : shown; });
    link.addEventListener("click", (event) => {
      if (event.pointerType !== "touch" || before === link) return;
      event.preventDefault();
      show(link);
    });
  }
  document.addEventListener("pointerdown", (event) => {
    if (!card.contains(event.target) && !event.target.closest("a.term")) hide();
  });
  card.addEventListener("mouseenter", () => clearTimeout(closing));
  card.addEventListener("mouseleave", later);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
});
