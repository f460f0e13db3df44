// Adds a search and sorting to the table of letters. Without it the table reads as well.
(function () {
  "use strict";

  const table = document.getElementById("table-of-letters");
  const finder = document.querySelector(".finder");
  if (!table || !finder) return;

  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const found = document.getElementById("found");
  const nothing = document.getElementById("nothing-found");
  const input = document.getElementById("find");

  function plain(text) {
    return text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/[\u2018\u2019]/g, "'")
      .replace(/&/g, " and ")
      .toLowerCase()
      .replace(/\s+/g, " ")
      .trim();
  }

  const words = rows.map((row) => plain(row.cells[0].textContent + " " + row.cells[1].textContent));

  function search() {
    const asked = plain(input.value).split(" ");
    let count = 0;
    rows.forEach((row, n) => {
      const fits = asked.every((word) => words[n].includes(word));
      row.hidden = !fits;
      if (fits) count += 1;
    });
    found.textContent =
      count === rows.length
        ? "All " + rows.length + " letters are shown"
        : count + " of " + rows.length + " letters " + (count === 1 ? "is" : "are") + " shown";
    table.hidden = count === 0;
    nothing.hidden = count > 0;
  }

  function compared(column) {
    return function (one, other) {
      const a = one.cells[column], b = other.cells[column];
      if (a.dataset.order !== undefined && a.dataset.order !== b.dataset.order) {
        return Number(a.dataset.order) - Number(b.dataset.order);
      }
      return one.cells[0].textContent.localeCompare(other.cells[0].textContent, "en");
    };
  }

  function sort(head, column) {
    const turned = head.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", turned ? "descending" : "ascending");
    const order = rows.slice().sort(compared(column));
    if (turned) order.reverse();
    order.forEach((row) => body.append(row));
  }

  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    if (!("sorts" in head.dataset)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(head, column));
    head.replaceChildren(button);
  });

  table.tHead.classList.add("sorts");
  input.addEventListener("input", search);
  finder.addEventListener("submit", (event) => event.preventDefault());
  finder.hidden = false;
  search();
})();
