// Charts of credit pages. Everything that they show stands in a table beside them as well.
(function () {
  "use strict";

  const source = document.getElementById("chart-data");
  if (!source || !window.echarts) return;
  const data = JSON.parse(source.textContent);

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  // Below this width (pixels) bars lie, each beside its words; above it they stand over them.
  const NARROW = 560;
  // Words of so many letters are drawn in one line.
  const SHORT = 6;

  function axes(names, words, flat) {
    const ink = { color: colour("--ink-quiet") };
    const text = { interval: 0 };
    // Where words are wrapped, their width is taken even by short ones.
    if (names.some(function (name) { return name.length > SHORT; })) {
      Object.assign(text, { width: flat ? 128 : 96, overflow: "break", lineHeight: 16 });
    }
    const category = { type: "category", data: names, inverse: flat, axisLabel: Object.assign(text, ink) };
    const line = { lineStyle: { color: colour("--line") } };
    const value = { type: "value", name: words, nameTextStyle: ink, axisLabel: Object.assign({ hideOverlap: true }, ink), splitLine: line };
    // The axis' name begins at its line: centred over it, it would leave the drawing.
    value.nameTextStyle = Object.assign({ align: "left" }, ink);
    if (flat) Object.assign(value, { nameLocation: "middle", nameGap: 28, splitNumber: 4, nameTextStyle: ink });
    return flat ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
  }

  function frame(names, words, flat, extra) {
    return Object.assign({
      animation: false,
      // Words are drawn, not written as HTML: the page's policy allows no style in markup.
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      grid: { left: 8, right: 24, top: flat ? 8 : 32, bottom: flat ? 32 : 8, containLabel: true },
    }, axes(names, words, flat), extra);
  }

  function hundredths(value) {
    return Math.round(value) / 100;
  }

  const draw = {
    waterfall: function (flat) {
      const steps = data.steps.concat([Object.assign({ whole: true }, data.total)]);
      const below = [], whole = [], up = [], down = [];
      let at = 0;
      steps.forEach(function (step) {
        const from = step.whole ? 0 : at;
        const to = step.whole ? step.change : at + step.change;
        below.push(hundredths(Math.min(from, to)));
        const size = hundredths(Math.abs(to - from));
        // The base and the score itself are amounts, not changes.
        const amount = step.whole || !whole.length;
        whole.push(amount ? size : 0);
        up.push(!amount && to >= from ? size : 0);
        down.push(!amount && to < from ? size : 0);
        at = to;
      });
      const urls = steps.map(function (step) { return step.url || ""; });
      const option = frame(steps.map(function (step) { return step.label; }), data.words.points, flat, {
        series: [
          { type: "bar", barMaxWidth: 64, stack: "all", data: below, itemStyle: { color: "transparent" }, silent: true, tooltip: { show: false } },
          { type: "bar", barMaxWidth: 64, stack: "all", data: whole, itemStyle: { color: colour("--action") } },
          { type: "bar", barMaxWidth: 64, stack: "all", name: "+", data: up, itemStyle: { color: colour("--done") } },
          { type: "bar", barMaxWidth: 64, stack: "all", name: "−", data: down, itemStyle: { color: colour("--stop") } },
        ],
      });
      option.tooltip.formatter = function (parts) {
        const step = steps[parts[0].dataIndex];
        return step.label + "\n" + hundredths(step.change).toFixed(2);
      };
      return { option: option, rows: steps.length, click: function (event) { if (urls[event.dataIndex]) location.assign(urls[event.dataIndex]); } };
    },
    trend: function () {
      const option = frame(data.trend.map(function (one) { return one.day; }), data.words.score, false, {
        series: [{ type: "line", step: "end", data: data.trend.map(function (one) { return one.value; }), itemStyle: { color: colour("--action") } }],
      });
      // As many days as have room, the first and the last among them and inside the drawing.
      Object.assign(option.xAxis.axisLabel, {
        interval: "auto", hideOverlap: true, showMinLabel: true, showMaxLabel: true, alignMinLabel: "left", alignMaxLabel: "right",
      });
      return { option: option };
    },
    grades: function (flat) { return counts(data.grades, flat); },
    points: function (flat) { return counts(data.points, flat); },
  };

  function counts(rows, flat) {
    const option = frame(rows.map(function (row) { return String(row[0]); }), data.words.enterprises, flat, {
      series: [{ type: "bar", barMaxWidth: 64, data: rows.map(function (row) { return row[1]; }), itemStyle: { color: colour("--action") } }],
    });
    // Enterprises are counted whole.
    option[flat ? "xAxis" : "yAxis"].minInterval = 1;
    return { option: option, rows: rows.length };
  }

  const drawn = [];
  document.querySelectorAll("[data-chart]").forEach(function (place) {
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    let flat = null;
    let click = null;
    function fit() {
      const narrow = place.clientWidth < NARROW;
      if (narrow !== flat) {
        flat = narrow;
        const made = draw[place.dataset.chart](flat);
        click = made.click;
        place.style.height = flat && made.rows ? Math.max(200, made.rows * 48 + 48) + "px" : "";
        chart.setOption(made.option, true);
      }
      chart.resize();
    }
    fit();
    chart.on("click", function (event) { if (click) click(event); });
    place.dataset.drawn = "yes";
    drawn.push(fit);
  });
  window.addEventListener("resize", function () {
    drawn.forEach(function (fit) { fit(); });
  });
})();
