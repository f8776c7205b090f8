// Tells a panel's refusals as pages do: what is refused, by which article, what can be done.
window.zhuxinRefusals = (function () {
  "use strict";

  function row(name, value) {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    term.textContent = name;
    text.textContent = value;
    line.append(term, text);
    return line;
  }

  return function (panel, refusals) {
    const words = panel.dataset;
    const place = panel.querySelector("[data-refusals]");
    const list = document.createElement("ol");
    list.className = "zx-refusals";
    refusals.forEach(function (one) {
      const item = document.createElement("li");
      const said = document.createElement("p");
      const why = document.createElement("dl");
      said.className = "zx-refusal-words";
      said.textContent = one.message;
      why.className = "zx-why";
      if (one.article) why.append(row(words.article, one.article));
      if (one.cure) why.append(row(words.cure, one.cure));
      item.append(said);
      if (why.children.length) item.append(why);
      list.append(item);
    });
    place.replaceChildren(list);
    place.hidden = false;
  };
})();
