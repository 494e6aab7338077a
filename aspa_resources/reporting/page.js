"use strict";
// Shows the page in one language. The language is the end of the fragment: #sv, or #themes-sv.
(() => {
  const group = document.querySelector(".languages");
  const buttons = [...group.querySelectorAll("button")];
  const languages = buttons.map((button) => button.value);
  const first = languages[0];

  const told = () => {
    const ending = location.hash.slice(1).split("-").pop();
    return languages.includes(ending) ? ending : null;
  };

  const show = (language) => {
    document.documentElement.lang = language;
    for (const part of document.querySelectorAll("[data-language]")) {
      part.hidden = part.dataset.language !== language;
    }
    for (const button of buttons) {
      const chosen = button.value === language;
      button.setAttribute("aria-pressed", String(chosen));
      if (chosen) document.title = button.dataset.title;
    }
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const place = location.hash.slice(1).split("-").slice(0, -1);
      history.replaceState(null, "", `#${[...place, button.value].join("-")}`);
      show(button.value);
    });
  }

  const follow = () => {
    show(told() ?? document.documentElement.lang ?? first);
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target) target.scrollIntoView();
  };
  window.addEventListener("hashchange", follow);
  group.hidden = false;
  follow();

  // Paper has no buttons: what is folded away is printed open, and folded again.
  const folded = () => document.querySelectorAll("details:not([open])");
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...folded()];
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
})();
