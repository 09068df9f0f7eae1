/* What the theme leaves undone, for every page. */
document.addEventListener("DOMContentLoaded", () => {
  // One switch shows and hides all code of a page; the choice holds for the session. Without this
  // script each piece of code has a pill of its own.
  const pieces = document.querySelectorAll("div.cell > details.hide.above-input");
  const title = document.querySelector(".bd-article h1");
  if (pieces.length && title) {
    const button = document.createElement("button");
    const show = (shown) => {
      document.documentElement.classList.toggle("without-code", !shown);
      for (const piece of pieces) piece.open = shown;
      button.setAttribute("aria-pressed", shown);
    };
    Object.assign(button, { type: "button", className: "show-code", textContent: "Show code" });
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      sessionStorage.setItem("show-code", shown);
      show(shown);
    });
    title.after(button);
    show(sessionStorage.getItem("show-code") === "true");
  }

  // The theme takes the focus away from the button of the colour mode: give it back to the keyboard.
  for (const button of document.querySelectorAll(".theme-switch-button")) {
    button.addEventListener("click", (event) => {
      if (event.detail === 0) setTimeout(() => button.focus());
    });
  }

  // The theme keeps the sidebar where it was; a page reached by its neighbour may be out of sight.
  const side = document.querySelector(".bd-sidebar-primary");
  // On a phone the sidebar moves into a dialog, which is to open at the page, too.
  const here = side?.querySelector("a.current") ?? side?.querySelector("li.current > a");
  const reveal = (holder) => {
    const [box, top] = [holder.getBoundingClientRect(), here.getBoundingClientRect().top];
    const hidden = top < box.top + 130 || top > box.bottom - 60; // name and search cover the top
    if (hidden) holder.scrollTop += top - box.top - holder.clientHeight / 3;
  };
  if (here && getComputedStyle(side).position === "sticky") reveal(side);
  document.querySelector(".primary-toggle")?.addEventListener("click", () =>
    setTimeout(() => {
      const dialog = document.getElementById("pst-primary-sidebar-modal");
      if (here && dialog?.open) reveal(dialog);
    })
  );

  // A formula that is wider than the page scrolls, and so must be reached by the Tab key.
  for (const box of document.querySelectorAll("div.math")) {
    new ResizeObserver(() => { box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1; }).observe(box);
  }

  // A figure leads to its file. With this script it is shown in place, as large as the window lets it
  // be; a tap shows it larger, the next whole again. Escape, the button or a tap beside it leads back.
  const enlarged = document.createElement("dialog");
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
  enlarged.className = "enlarged exhibit-picture";
  close.addEventListener("click", () => enlarged.close());
  enlarged.addEventListener("click", (event) => {
    if (event.target === enlarged) enlarged.close();
    if (event.target.matches("img")) enlarged.classList.toggle("zoomed");
  });
  document.body.append(enlarged);
  for (const link of document.querySelectorAll(".exhibit-picture > a")) {
    link.title = "Enlarge";
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // to another tab or window
      event.preventDefault();
      enlarged.setAttribute("aria-label", link.closest("figure").querySelector("figcaption").textContent);
      enlarged.classList.remove("zoomed");
      enlarged.replaceChildren(close, link.firstElementChild.cloneNode());
      enlarged.showModal();
    });
  }

  // Names of files and fields may be broken after a slash, a stop or an underscore, options nowhere.
  for (const name of document.querySelectorAll("code.literal .pre")) {
    name.classList.toggle("option", name.textContent.startsWith("-"));
    const parts = name.textContent.split(/(?<=[/_.])(?=[^/_.])/);
    name.replaceChildren(...parts.flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part])));
  }
});
