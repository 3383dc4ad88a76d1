"use strict";
(() => {
  const source = document.getElementById("curve");
  const place = document.getElementById("plot-bound");
  const slider = document.getElementById("step");
  const words = document.getElementById("bound-now");
  const curve = source ? JSON.parse(source.textContent) : null;
  const bound = (count, step) => {
    const n = curve.numbers;
    if (curve.form === "geometric") return n.start * Math.max(0, 1 - step * n.rate) ** count;
    const entropy = n.start * Math.exp(-n.rate * step * count) + n.bend * step;
    return n.excess + n.oscillation * Math.min(1, Math.sqrt(entropy / 2));
  };
  const raised = (text) => [...text].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
  const say = (value) => {
    const [digits, power] = value.toExponential(2).split("e");
    const plain = value === 0 || (value >= 0.01 && value < 1e4);
    return plain ? value.toPrecision(3) : `${digits} × 10${raised(power.replace("+", ""))}`;
  };
  const update = () => {
    const step = curve.limit * 10 ** Number(slider.value);
    const shown = (value) => (value < curve.least ? null : value);
    const values = curve.steps.map((count) => shown(bound(count, step)));
    Plotly.restyle(place, { y: [values] }, [0]);
    words.textContent = `step ${say(step)}: after ${curve.last} steps at most ${say(bound(curve.last, step))}`;
    words.dataset.bound = bound(curve.last, step);
  };
  document.addEventListener("drawn", () => {
    if (curve) {
      slider.value = Math.log10(curve.step / curve.limit);
      slider.addEventListener("input", update);
      document.getElementById("reset").addEventListener("click", () => {
        slider.value = Math.log10(curve.step / curve.limit);
        update();
      });
      update();
    }
    const scale = document.getElementById("logarithmic");
    if (scale) scale.addEventListener("change", () => {
      Plotly.relayout(place, { "xaxis.type": scale.checked ? "log" : "linear", "xaxis.autorange": true });
    });
  });
  const only = document.getElementById("only-binding");
  if (only) only.addEventListener("change", () => {
    document.querySelectorAll("#constants tbody tr").forEach((row) => {
      row.hidden = only.checked && !row.classList.contains("rests");
    });
  });
})();
