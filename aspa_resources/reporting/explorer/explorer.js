"use strict";
// Shows the published figures of one group. The choice stands in the fragment before the language:
// #explorer=service_class.2235-sv. Words are the page's own, in each language.
(() => {
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const SCALES = { score: [-100, 100], share: [0, 1], mean: [1, 5] };
  const BASES = { score: 0, share: 0, mean: 1, theme: 0 };

  // A figure of a group, of what it is set beside, and of everyone: [value, n] or [value, n,
  // margin] where published, 0 where suppressed, null where not published.
  const figuresOf = (key, name) => {
    const at = data.figures.indexOf(name);
    return [...data.groups[key].rows, data.whole].map((row) => row[at] ?? null);
  };
  // The keys of the same: see FigureKey in Python.
  const encoded = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt().toString(16)}`);
  const keysOf = (key, name) => {
    const at = data.figures.indexOf(name);
    const written = (area, way, cell) => {
      const [table, measure, within] = data.places[way][at] ?? [];
      const pairs = Object.entries({ ...cell, ...within }).sort(([a], [b]) => (a < b ? -1 : 1));
      const query = pairs.map((pair) => pair.map(encoded).join("=")).join("&");
      return table && `${data.month}/${table}/${area}/${measure}${query && "?"}${query}`;
    };
    const [way, cell] = [key.split(".")[0], data.groups[key].cell];
    return [...data.areas.map((area) => written(area, way, cell)), written(data.areas[0], "", {})];
  };
  const valueOf = (figure, otherwise) => (figure ? figure[0] : otherwise);

  // Numbers are written as the rest of the page has them: decimals' halves to even, whole ones' up.
  const voiceOf = (language, phrases) => {
    const say = (key, values = {}) =>
      phrases[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const decimal = (number, places) =>
      new Intl.NumberFormat(language, {
        minimumFractionDigits: places, maximumFractionDigits: places, roundingMode: "halfEven",
      }).format(number).replace(/^-/, "\u2212");
    const whole = (number) =>
      decimal(Math.sign(number) * Math.floor(Math.abs(number) + 0.5) + 0, 0);
    const share = (part) =>
      say("percent", { figure: decimal(100 * part, part > 0 && part < 0.01 ? 1 : 0) });
    const write = { count: whole, score: whole, share, theme: share, mean: (mean) => decimal(mean, 2) };
    const basis = ([, n, margin]) => [
      margin !== undefined && say("margin", { margin: whole(margin) }),
      n !== null && say("based_on", { n: whole(n) }),
    ].filter(Boolean).join(", ");
    const unshown = (figure) => say(figure === 0 ? "suppressed" : "missing");
    const points = (count) =>
      count === 1 ? say("points_one") : say("points_many", { count: whole(count) });
    return { say, whole, write, basis, unshown, points };
  };

  const shape = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  // The group is a bar, the same group in the country a stroke, everyone a ring.
  const draw = (figures, [low, high], base) => {
    const place = (value) => (100 * (value - low)) / (high - low);
    const svg = shape("svg", { class: "bar-drawn", "aria-hidden": "true" });
    const along = { y: 6, height: 8 };
    svg.append(shape("rect", { class: "track", x: 0, width: "100%", ...along }));
    const [own, ...alike] = figures;
    const everyone = alike.pop();
    if (own) {
      const [from, to] = [place(base), place(own[0])].sort((a, b) => a - b);
      svg.append(shape("rect", { class: "group", x: `${from}%`, width: `${to - from}%`, ...along }));
    }
    for (const other of alike.filter(Boolean)) {
      const x = `${place(other[0])}%`;
      for (const name of ["halo", "nation"]) {
        svg.append(shape("line", { class: name, x1: x, x2: x, y1: 1, y2: 19 }));
      }
    }
    if (everyone) {
      svg.append(shape("circle", { class: "whole", cx: `${place(everyone[0])}%`, cy: 10, r: 5 }));
    }
    return svg;
  };

  const fillCell = (cell, figure, key, kind, voice) => {
    cell.className = figure ? "number" : "unshown";
    const text = figure ? voice.write[kind](figure[0]) : voice.unshown(figure);
    cell.replaceChildren(figure === null ? text : figureButton(key, figure ? figure[1] : null, text));
    if (!figure || kind === "count") return;
    const basis = document.createElement("span");
    basis.className = "n";
    basis.textContent = voice.basis(figure);
    cell.append(" ", basis);
  };

  const fillRow = ({ row, kind, figures, keys }, largest, voice) => {
    row.querySelector("svg")?.remove();
    const scale = kind === "theme" ? [0, largest] : SCALES[kind];
    if (scale) row.querySelector("th").append(draw(figures, scale, BASES[kind]));
    row.querySelectorAll("td").forEach((cell, i) => fillCell(cell, figures[i], keys[i], kind, voice));
  };

  // Figures that neither the group nor its like in the country shows are named in a note instead.
  const fillPart = (part, key, voice) => {
    const lines = [...part.querySelectorAll("tbody tr")].map((row) => {
      const [figures, keys] = [figuresOf, keysOf].map((of) => of(key, row.dataset.figure));
      return { row, kind: row.dataset.kind, figures, keys, compared: figures.slice(0, -1) };
    });
    for (const { row, compared } of lines) {
      row.hidden = !compared.some(Boolean);
      for (const cell of row.querySelectorAll("td")) cell.replaceChildren();
    }
    const shown = lines.filter(({ row }) => !row.hidden);
    const hidden = lines.filter(({ row, compared }) => row.hidden && compared.includes(0));
    const values = shown.flatMap(({ figures }) => figures.map((figure) => valueOf(figure, 0)));
    for (const line of shown) fillRow(line, Math.max(...values), voice);
    if (lines[0].kind === "theme") {
      const weight = ({ compared }, i) => valueOf(compared.at(i), -1);
      shown.sort((a, b) => weight(b, 0) - weight(a, 0) || weight(b, -1) - weight(a, -1));
      part.querySelector("tbody").append(...shown.map(({ row }) => row));
    }
    const table = part.querySelector("table");
    table.hidden = !shown.length;
    enterTable(table, table.querySelector("button.figure"));
    const note = part.querySelector(".note");
    const names = hidden.map(({ row }) => row.querySelector("th").textContent).join("; ");
    if (names) note.textContent = voice.say("hidden", { names });
    else note.textContent = shown.length ? "" : voice.say("unpublished");
    note.hidden = !note.textContent;
  };

  const difference = (to, against, voice) => {
    if (!against) return "";
    const [points, beyond] = against;
    if (!points) return voice.say(`${to}_level`);
    if (!beyond) return voice.say(`${to}_chance`);
    const way = points > 0 ? "higher" : "lower";
    return voice.say(`${to}_${way}`, { points: voice.points(Math.abs(points)) });
  };

  const answer = (group, key, voice) => {
    const [score] = figuresOf(key, "nps");
    if (!score) return voice.say(score === 0 ? "score_suppressed" : "score_missing", { group });
    const { against } = data.groups[key];
    const others = against.length > 1 ? ["nation", "whole"] : ["whole_nation"];
    return [
      voice.say("score", { group, nps: voice.whole(score[0]), basis: voice.basis(score) }),
      ...others.map((to, i) => difference(to, against[i], voice)),
    ].filter(Boolean).join(" ");
  };

  // Each option gets the number of responses beside its name, or why that is not shown.
  const open = (chapter) => {
    const language = chapter.closest("[lang]").lang;
    const voice = voiceOf(language, JSON.parse(chapter.querySelector(".picker").dataset.phrases));
    const names = new Map();
    for (const option of chapter.querySelectorAll("option:not([value=''])")) {
      const name = option.textContent;
      const within = option.closest("optgroup")?.label;
      names.set(option.value, within ? `${within} \u2013 ${name}` : name);
      const [responses] = figuresOf(option.value, "responses");
      const basis = responses ? voice.basis(responses) : voice.unshown(responses);
      option.textContent = voice.say("option", { name, basis });
    }
    return { chapter, language, voice, names };
  };

  const address = (key, language) =>
    key === null ? `#explorer-${language}` : `#explorer=${encodeURI(key)}-${language}`;

  const show = ({ chapter, language, voice, names }, key, before) => {
    for (const list of chapter.querySelectorAll("select")) {
      list.value = [...list.options].some((option) => option.value === key) ? key : "";
      list.classList.toggle("chosen", list.value !== "");
      if (list.value) list.closest("details")?.setAttribute("open", "");
    }
    chapter.classList.toggle("chosen", key !== null);
    chapter.querySelector(".found").hidden = key === null;
    chapter.querySelector(".answer").textContent =
      key === null ? "" : answer(names.get(key), key, voice);
    chapter.querySelector(".told .note").textContent =
      before === null ? "" : voice.say(key === null ? "cleared" : "replaced", { group: names.get(before) });
    chapter.querySelector(".actions a").href = address(key, language);
    if (key === null) return;
    for (const part of chapter.querySelectorAll(".part")) fillPart(part, key, voice);
  };

  const chapters = [...document.querySelectorAll("section.explorer")].map(open);
  let chosen = null;

  const pick = (key) => {
    const other = chosen !== null && chosen.split(".")[0] !== key?.split(".")[0];
    const before = other ? chosen : null;
    chosen = key;
    for (const opened of chapters) show(opened, key, before);
  };

  for (const { chapter, language } of chapters) {
    const choose = (key) => {
      pick(key);
      history.replaceState(null, "", address(key, language));
    };
    chapter.addEventListener("change", (event) => choose(event.target.value || null));
    chapter.querySelector(".actions button").addEventListener("click", () => {
      choose(null);
      chapter.querySelector("select").focus();
    });
  }

  // An address without a choice, such as another chapter's, leaves the choice as it is.
  const follow = () => {
    const told = location.hash.match(/^#explorer=(.*)-[a-z]{2}$/)?.[1];
    const key = Object.keys(data.groups).find((one) => encodeURI(one) === told);
    if (key === undefined) return;
    if (key !== chosen) pick(key);
    chapters.find(({ chapter }) => chapter.offsetParent)?.chapter.scrollIntoView();
  };
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
  window.addEventListener("hashchange", follow);
  pick(null);
  follow();
})();
