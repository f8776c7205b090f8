// Charts of credit pages. Everything that they show stands in a table beside them as well.
(function () {
  "use strict";

  const source = document.getElementById("chart-data");
  if (!source || !window.echarts) return;
  const data = JSON.parse(source.textContent);

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function frame(names, words, extra) {
    const ink = { color: colour("--ink-quiet") };
    return Object.assign({
      animation: false,
      // Words are drawn, not written as HTML: the page's policy allows no style in markup.
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: names, axisLabel: Object.assign({ width: 88, overflow: "truncate", interval: 0, rotate: names.length > 5 ? 35 : 0 }, ink) },
      yAxis: { type: "value", name: words, nameTextStyle: ink, axisLabel: ink, splitLine: { lineStyle: { color: colour("--line") } } },
    }, extra);
  }

  function hundredths(value) {
    return Math.round(value) / 100;
  }

  const draw = {
    waterfall: function () {
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
      const option = frame(steps.map(function (step) { return step.label; }), data.words.points, {
        series: [
          { type: "bar", stack: "all", data: below, itemStyle: { color: "transparent" }, silent: true, tooltip: { show: false } },
          { type: "bar", stack: "all", data: whole, itemStyle: { color: colour("--action") } },
          { type: "bar", stack: "all", name: "+", data: up, itemStyle: { color: colour("--done") } },
          { type: "bar", stack: "all", name: "−", data: down, itemStyle: { color: colour("--stop") } },
        ],
      });
      option.tooltip.formatter = function (parts) {
        const step = steps[parts[0].dataIndex];
        return step.label + "\n" + hundredths(step.change).toFixed(2);
      };
      return { option: option, click: function (event) { if (urls[event.dataIndex]) location.assign(urls[event.dataIndex]); } };
    },
    trend: function () {
      return { option: frame(data.trend.map(function (one) { return one.day; }), data.words.score, {
        series: [{ type: "line", step: "end", data: data.trend.map(function (one) { return one.value; }), itemStyle: { color: colour("--action") } }],
      }) };
    },
    grades: function () { return counts(data.grades); },
    points: function () { return counts(data.points); },
  };

  function counts(rows) {
    return { option: frame(rows.map(function (row) { return String(row[0]); }), data.words.enterprises, {
      series: [{ type: "bar", data: rows.map(function (row) { return row[1]; }), itemStyle: { color: colour("--action") } }],
    }) };
  }

  const drawn = [];
  document.querySelectorAll("[data-chart]").forEach(function (place) {
    const made = draw[place.dataset.chart]();
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(made.option);
    if (made.click) chart.on("click", made.click);
    place.dataset.drawn = "yes";
    drawn.push(chart);
  });
  window.addEventListener("resize", function () {
    drawn.forEach(function (chart) { chart.resize(); });
  });
})();
