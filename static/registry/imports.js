// A file that is larger than may be taken is refused before it is sent; without this file the server says so.
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-most-bytes]")) return;
    var file = input.files && input.files[0];
    input.setCustomValidity(file && file.size > Number(input.dataset.mostBytes) ? input.dataset.tooLarge : "");
    input.reportValidity();
  });
})();
