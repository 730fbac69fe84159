// The score sheet: Enter and the arrow keys walk through the points, progress is counted, what is typed is kept.
// Without this file the sheet is filled in and saved by its buttons.
(function () {
  "use strict";
  document.querySelectorAll("form[data-scoring]").forEach(function (form) {
    var inputs = Array.prototype.slice.call(form.querySelectorAll("input[data-points]"));
    var bar = form.querySelector("[data-progress]"), words = form.querySelector("[data-progress-words]");
    var kept = form.querySelector("[data-kept]"), waiting = null, sent = "";

    function counted() {
      var done = 0, total = 0;
      inputs.forEach(function (input) {
        var points = Number(input.value);
        if (input.value.trim() === "" || isNaN(points)) return;
        done += 1;
        total += points;
      });
      bar.value = done;
      words.textContent = form.dataset.words.replace("{done}", done).replace("{items}", inputs.length)
        .replace("{total}", String(Math.round(total * 100) / 100));
    }

    function keep() {
      var data = new FormData(form);
      data.append("by-itself", "1");
      var now = new URLSearchParams(data).toString();
      if (now === sent) return;
      fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).then(function (answer) {
        return answer.json().then(function (said) {
          kept.textContent = answer.ok ? said.kept : said.refused.join(" ");
          if (answer.ok) sent = now;
        });
      }).catch(function () { kept.textContent = form.dataset.failed; });
    }

    form.addEventListener("input", function () {
      counted();
      window.clearTimeout(waiting);
      waiting = window.setTimeout(keep, 1500);
    });
    form.addEventListener("submit", function () { window.clearTimeout(waiting); });
    form.addEventListener("keydown", function (event) {
      var at = inputs.indexOf(event.target);
      var step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (at < 0 || !step) return;
      event.preventDefault();
      var next = inputs[at + step];
      if (next) { next.focus(); next.select(); }
    });
    counted();
  });
})();
