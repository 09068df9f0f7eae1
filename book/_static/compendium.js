/* What the theme leaves undone, for every page. */

// Excerpts of search results are fetched, which a browser forbids to a page opened from a folder.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

document.addEventListener("DOMContentLoaded", () => {
  // The theme takes the focus away from the button of the colour mode: give it back to the keyboard.
  for (const button of document.querySelectorAll(".theme-switch-button")) {
    button.addEventListener("click", (event) => {
      if (event.detail === 0) setTimeout(() => button.focus());
    });
  }

  // The theme keeps the sidebar where it was; a page reached by its neighbour may be out of sight.
  const side = document.querySelector(".bd-sidebar-primary");
  const here = side?.querySelector("a.current") ?? side?.querySelector("li.current > a");
  if (here && getComputedStyle(side).position === "sticky") {
    const [box, top] = [side.getBoundingClientRect(), here.getBoundingClientRect().top];
    const hidden = top < box.top + 130 || top > box.bottom - 60; // name and search cover the top
    if (hidden) side.scrollTop += top - box.top - side.clientHeight / 3;
  }

  // Names of files and fields may be broken after a slash, a stop or an underscore, options nowhere.
  for (const name of document.querySelectorAll("code.literal .pre")) {
    name.classList.toggle("option", name.textContent.startsWith("-"));
    const parts = name.textContent.split(/(?<=[/_.])(?=[^/_.])/);
    name.replaceChildren(...parts.flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part])));
  }
});
