// Makes every published figure a button that tells in a dialog what it rests on.

// By button: the figure's key and its n, null where it is suppressed.
const figureOf = new WeakMap();
const figureButton = (key, n, ...content) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "figure";
  button.setAttribute("aria-haspopup", "dialog");
  button.append(...content);
  figureOf.set(button, [key, n]);
  return button;
};
// A table is one stop of the tab key.
const enterTable = (table, button) => {
  for (const other of table.querySelectorAll("button.figure")) other.tabIndex = -1;
  if (button) button.tabIndex = 0;
};

(() => {
  const { tables, figures, words } = JSON.parse(document.getElementById("figures").textContent);

  for (const place of document.querySelectorAll("[data-ref]")) {
    const [of, rest, n] = figures[place.dataset.ref];
    place.append(figureButton(`${tables[of]}/${rest}`, n, ...place.childNodes));
  }
  for (const hint of document.querySelectorAll(".figure-hint")) hint.hidden = false;

  // Arrows go from figure to figure.
  const ways = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  for (const table of document.querySelectorAll("table")) {
    enterTable(table, table.querySelector("button.figure"));
  }
  const step = (event) => {
    const button = event.target.closest("td button.figure");
    const way = ways[event.key];
    if (!button || !way) return;
    event.preventDefault();
    const table = button.closest("table");
    let { rowIndex } = button.closest("tr");
    let { cellIndex } = button.closest("td");
    for (;;) {
      rowIndex += way[0];
      cellIndex += way[1];
      const cell = table.rows[rowIndex]?.cells[cellIndex];
      if (!cell) return;
      const next = cell.querySelector("button.figure");
      if (next) {
        enterTable(table, next);
        next.focus();
        return;
      }
    }
  };

  const pair = (term, meaning) => {
    const [name, told] = [document.createElement("dt"), document.createElement("dd")];
    name.textContent = term;
    told.textContent = meaning;
    return [name, told];
  };

  const tell = (button) => {
    const edition = button.closest(".edition");
    const dialog = edition.querySelector(".figure-details");
    const names = words[edition.lang];
    const [key, n] = figureOf.get(button);
    const [path, query] = key.split("?");
    const [month, table, county, measure] = path.split("/").map(decodeURIComponent);
    const cell = [...new URLSearchParams(query)];
    const within = cell.map(([code, category]) => names.categories[code]?.[category] ?? category);
    const [name, definition] = names.measures[measure];
    const put = (part, text) => {
      dialog.querySelector(part).textContent = text;
    };

    put("h2", `${name}: ${button.textContent}`);
    put(".of", [...within, names.areas[county], names.months[month]].join(" · "));
    dialog.querySelector(".hidden-why").hidden = n !== null;
    dialog.querySelector(".n").parentElement.hidden = !n;
    put(".n", (n ?? 0).toLocaleString(edition.lang));
    put(".table", names.tables[table]);
    const defined = cell.map(([code]) => names.dimensions[code]).filter(([, meaning]) => meaning);
    const terms = new Map([[definition, name], ...defined.map(([term, told]) => [told, term])]);
    dialog.querySelector(".definition").replaceChildren(
      ...[...terms].flatMap(([told, term]) => (told ? pair(term, told) : [])),
    );
    for (const version of dialog.querySelectorAll("[data-of]")) {
      const dimensions = version.dataset.of.split(" ");
      version.hidden = !cell.some(([code]) => dimensions.includes(code));
    }
    put("code", `aspa trace '${key}'`);
    put(".copied", "");
    dialog.showModal();
    dialog.querySelector("h2").focus();
  };

  const copy = async (dialog) => {
    const code = dialog.querySelector("code");
    getSelection().selectAllChildren(code);
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      document.execCommand("copy"); // a page opened from disk may have no clipboard of its own
    }
    const said = dialog.querySelector(".copied");
    said.textContent = said.dataset.copied;
  };

  document.addEventListener("keydown", step);
  document.addEventListener("click", (event) => {
    const { target } = event;
    const button = target.closest("button.figure");
    const dialog = target.closest(".figure-details");
    if (button) tell(button);
    else if (dialog && (target === dialog || target.closest(".close"))) dialog.close();
    else if (dialog && target.closest(".copy")) copy(dialog);
  });
})();
