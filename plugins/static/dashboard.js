/* A drawn chart wakes up when a mouse comes near or its button is pressed: then the offline
   bundle of Vega draws it again from the same rows, with hover; the button also makes it as
   large as the screen. The drawing stays in the page, for paper, and comes back if waking
   fails. Touch and keyboard readers keep the drawing, whose marks are ordinary links. */
"use strict";

(() => {
  const bundle = document.querySelector("[data-bundle]");
  if (!bundle || !window.fetch) return;
  let loading = null;

  function vega() {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = bundle.dataset.bundle;
      script.onload = () => done(window.vegaEmbed);
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  }

  /* A tooltip of text, never of markup: names of schools are written as they are. */
  function tooltip(handler, event, item, value) {
    let box = document.getElementById("vg-tooltip-element");
    if (!box) {
      box = document.createElement("div");
      box.id = "vg-tooltip-element";
      document.body.append(box);
    }
    const isEmpty = value === null || value === undefined || value === "";
    box.classList.toggle("visible", !isEmpty);
    if (isEmpty) return;
    box.replaceChildren();
    if (typeof value === "object") {
      const table = document.createElement("table");
      for (const [name, text] of Object.entries(value)) {
        const row = table.insertRow();
        const key = row.insertCell();
        key.className = "key";
        key.textContent = name;
        row.insertCell().textContent = String(text ?? "");
      }
      box.append(table);
    } else {
      box.textContent = String(value);
    }
    const left = Math.min(event.clientX + 14, window.innerWidth - box.offsetWidth - 8);
    const top = Math.min(event.clientY + 14, window.innerHeight - box.offsetHeight - 8);
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${Math.max(8, top)}px`;
  }

  /* Where the place is narrower than the drawing, draw as much narrower as that is. */
  function fitted(specification, chart) {
    const drawn = chart.querySelector(".still svg")?.viewBox.baseVal.width ?? 0;
    const excess = drawn - chart.querySelector(".drawing").clientWidth;
    if (excess > 0 && typeof specification.width === "number") {
      specification.width = Math.max(drawn > 600 ? 560 : 300, specification.width - excess);
    }
    return specification;
  }

  const views = new Map();

  async function wake(chart) {
    if (chart.dataset.woken) return;
    chart.dataset.woken = "yes";
    const place = chart.querySelector(".live");
    try {
      const [embed, answer] = await Promise.all([vega(), fetch(chart.dataset.source)]);
      if (!answer.ok) throw new Error(`${answer.status}`);
      const woken = await embed(place, fitted(await answer.json(), chart), {
        actions: false,
        ast: true,
        defaultStyle: false,
        loader: { target: "_self" },
        renderer: "canvas",
        tooltip,
      });
      chart.classList.add("awake");
      views.set(chart, [woken.view, woken.view.width(), woken.view.height()]);
      await fill(chart);
    } catch {
      place.replaceChildren();
      chart.classList.remove("awake");
      delete chart.dataset.woken;
      loading = window.vegaEmbed ? loading : null;
    }
  }

  /* As large as the screen while it has the screen, else as it was. */
  async function fill(chart) {
    if (!views.has(chart)) return;
    const [view, width, height] = views.get(chart);
    const room = chart.querySelector(".drawing");
    const isLarge = document.fullscreenElement === chart;
    await view
      .width(isLarge ? Math.max(width, room.clientWidth) : width)
      .height(isLarge ? Math.max(height, room.clientHeight - 12) : height)
      .runAsync();
  }

  async function enlarge(chart) {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
    } else {
      await chart.requestFullscreen?.().catch(() => {});
    }
    await wake(chart);
  }

  for (const chart of document.querySelectorAll(".chart[data-source]")) {
    chart.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") wake(chart);
    });
    chart.addEventListener("fullscreenchange", () => fill(chart));
    chart.querySelector(".wake")?.addEventListener("click", () => enlarge(chart));
  }
})();
