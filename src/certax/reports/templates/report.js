"use strict";
(async () => {
  const options = {
    responsive: true,
    displaylogo: false,
    modeBarButtonsToRemove: [
      "pan2d", "select2d", "lasso2d", "autoScale2d", "hoverClosestCartesian",
      "hoverCompareCartesian", "toggleSpikelines",
    ],
  };
  const plots = [];
  for (const source of document.querySelectorAll("script[data-plot]")) {
    const place = document.getElementById(source.dataset.plot);
    const { data, layout } = JSON.parse(source.textContent);
    await Plotly.newPlot(place, data, layout, options);
    plots.push(place);
    await new Promise((resume) => setTimeout(resume));
  }
  const fit = (width) => plots.forEach((place) => {
    Plotly.relayout(place, width ? { width: width(place) } : { width: null, autosize: true });
  });
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((part) => { part.open = true; });
    fit((place) => ({ full: 680, half: 335, third: 220 })[place.parentElement.classList[1]]);
  });
  addEventListener("afterprint", () => fit(null));
  document.documentElement.dataset.drawn = plots.length;
  document.dispatchEvent(new Event("drawn"));
})();
