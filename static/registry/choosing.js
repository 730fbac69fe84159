// Choosing rows of a list: all of the page at once, and how many there are. The boxes work without this file.
(function () {
  "use strict";
  document.querySelectorAll("[data-choose-all]").forEach(function (all) {
    var form = document.getElementById(all.dataset.chooseAll);
    if (!form) return;
    var count = document.querySelector('[data-choose-count="' + form.id + '"]');
    function boxes() {
      return Array.prototype.filter.call(form.elements, function (one) { return one.type === "checkbox"; });
    }
    function told() {
      var each = boxes(), chosen = each.filter(function (one) { return one.checked; }).length;
      all.checked = chosen > 0 && chosen === each.length;
      all.indeterminate = chosen > 0 && chosen < each.length;
      if (count) count.textContent = chosen ? count.dataset.words.replace("{n}", chosen) : "";
      form.classList.toggle("has-chosen", chosen > 0);
    }
    all.hidden = false;
    all.addEventListener("change", function () {
      boxes().forEach(function (one) { one.checked = all.checked; });
      told();
    });
    document.addEventListener("change", function (event) {
      if (event.target.form === form) told();
    });
    window.addEventListener("pageshow", told);
    told();
  });
})();
