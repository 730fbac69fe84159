// The score sheet by keyboard: Enter goes from points to reason to the next item, the arrow keys walk through the
// points. Progress is counted and what is missing is named; what is typed is kept by itself, also through a lost
// connection. Without this file the sheet is filled in and saved by its buttons.
(function () {
  "use strict";
  var PAUSE = 1500, AGAIN = 5000;

  document.querySelectorAll("form[data-scoring]").forEach(function (form) {
    var words = form.dataset, rows = Array.prototype.slice.call(form.querySelectorAll("[data-item]"));
    var inputs = rows.map(function (row) { return row.querySelector("input[data-points]"); });
    var bar = form.querySelector("[data-progress]"), told = form.querySelector("[data-progress-words]");
    var kept = form.querySelector("[data-kept]"), lacking = form.querySelector("[data-lacking]");
    var waiting = null, underway = false, leaving = false, saved = asText();
    var shelf = "scores:" + form.getAttribute("action");

    function asText() {
      var data = new URLSearchParams(new FormData(form));
      data.delete("csrfmiddlewaretoken");
      return data.toString();
    }

    function isUnsaved() { return asText() !== saved; }

    function say(text, state) {
      kept.textContent = text;
      kept.dataset.state = state;
    }

    // --- progress -----------------------------------------------------------------------------------

    function hasPoints(input) { return input.value.trim() !== "" && !isNaN(Number(input.value)); }

    function isOff(input) {
      if (input.value.trim() === "") return false;
      var points = Number(input.value), steps = points / Number(input.dataset.step);
      return isNaN(points) || points < 0 || points > Number(input.dataset.points) || Math.abs(steps - Math.round(steps)) > 1e-9;
    }

    function isWhole(row, number) {
      return hasPoints(inputs[number]) && !isOff(inputs[number]) && row.querySelector("[data-reason]").value.trim() !== "";
    }

    function counted() {
      var done = 0, total = 0;
      lacking.textContent = "";
      rows.forEach(function (row, number) {
        var input = inputs[number];
        if (isOff(input)) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
        if (hasPoints(input)) total += Number(input.value);
        if (isWhole(row, number)) { done += 1; return; }
        var way = document.createElement("a");
        way.href = "#" + input.id;
        way.textContent = row.dataset.item;
        var item = document.createElement("li");
        item.appendChild(way);
        lacking.appendChild(item);
      });
      bar.value = done;
      told.textContent = words.words.replace("{done}", done).replace("{items}", rows.length)
        .replace("{total}", String(Math.round(total * 100) / 100));
      lacking.parentNode.hidden = done === rows.length;
    }

    // --- keeping ------------------------------------------------------------------------------------

    function put() {
      try { window.sessionStorage.setItem(shelf, asText()); } catch (error) { /* no storage: the page itself holds it */ }
    }

    function clear() {
      try { window.sessionStorage.removeItem(shelf); } catch (error) { /* nothing was put there */ }
    }

    function takeBack() {
      var found = null;
      try { found = window.sessionStorage.getItem(shelf); } catch (error) { return; }
      if (!found || found === saved) { clear(); return; }
      new URLSearchParams(found).forEach(function (value, name) {
        var field = form.elements[name];
        if (field && "value" in field) field.value = value;
      });
      say(words.restored, "waiting");
      later(PAUSE);
    }

    function later(pause) {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(keep, pause);
    }

    // One at a time and the latest last: an answer that is slow must not overwrite what was typed since.
    function keep() {
      if (underway || leaving || !isUnsaved()) return;
      var now = asText(), data = new FormData(form);
      data.append("by-itself", "1");
      underway = true;
      say(words.saving, "waiting");
      fetch(form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "manual" })
        .then(function (answer) { return heard(answer, now); })
        .catch(lost)
        .then(function () { underway = false; });
    }

    function heard(answer, now) {
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        say(words.login, "bad");
        return null;
      }
      if (answer.status >= 500 || answer.status === 429) return lost();
      return answer.json().then(function (said) {
        if (!answer.ok) { say(said.refused.join(" "), "bad"); return; }
        saved = now;
        if (isUnsaved()) { put(); later(PAUSE); return; }
        clear();
        say(said.kept, "good");
      });
    }

    function lost() {
      say(words.failed, "bad");
      later(AGAIN);
    }

    // --- keyboard -----------------------------------------------------------------------------------

    function go(field) {
      field.focus();
      if (field.select) field.select();
    }

    function next(number) {
      if (inputs[number]) go(inputs[number]); else form.querySelector("[data-hand-in]").focus();
    }

    function onPoints(event, number) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter") { event.preventDefault(); go(rows[number].querySelector("[data-reason]")); }
      if (!step) return;
      event.preventDefault();
      if (inputs[number + step]) go(inputs[number + step]);
    }

    form.addEventListener("keydown", function (event) {
      // While a Chinese word is being composed, Enter belongs to the input method.
      if (event.isComposing || event.keyCode === 229) return;
      var row = event.target.closest("[data-item]"), number = rows.indexOf(row);
      if (number < 0) return;
      if (event.target === inputs[number]) { onPoints(event, number); return; }
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); next(number + 1); }
    });
    lacking.addEventListener("click", function (event) {
      var way = event.target.closest("a");
      if (!way) return;
      event.preventDefault();
      go(document.getElementById(way.hash.slice(1)));
    });

    form.addEventListener("input", function () {
      counted();
      put();
      say(words.unsaved, "waiting");
      later(PAUSE);
    });
    form.addEventListener("submit", function () { leaving = true; window.clearTimeout(waiting); });
    window.addEventListener("online", keep);
    window.addEventListener("beforeunload", function (event) {
      if (!leaving && isUnsaved()) event.preventDefault();
    });
    window.addEventListener("pageshow", function (event) { if (event.persisted) leaving = false; });
    takeBack();
    counted();
  });
})();
