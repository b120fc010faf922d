/* Small conveniences of every page. Nothing here is needed for a page to work. */

/* An error summary, or a page's answer to a fragment, is read out and reached first. */
function focusOn(root) {
  const first = root.querySelector("[data-focus]");
  if (first) first.focus();
}

/* Where tables turn into cards on a narrow page, each cell says its column. */
function labelCells(root) {
  for (const table of root.querySelectorAll("table.yc-table")) {
    const heads = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
    for (const row of table.tBodies[0]?.rows ?? []) {
      [...row.cells].forEach((cell, at) => {
        if (heads[at] && !cell.hasAttribute("data-label") && cell.tagName === "TD") cell.dataset.label = heads[at];
      });
    }
  }
}

function start(root) {
  labelCells(root);
  focusOn(root);
  for (const button of root.querySelectorAll("[data-close]")) button.hidden = false;
}

/* A form is sent once: the button waits, and comes back when the person returns to the page. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter ?? form.querySelector("[type=submit]");
  if (button) {
    button.setAttribute("aria-busy", "true");
    setTimeout(() => { button.setAttribute("aria-disabled", "true"); }, 0);
  }
});
function again(root) {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of root.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}
addEventListener("pageshow", (event) => { if (event.persisted) again(document); });
document.addEventListener("htmx:afterRequest", () => again(document));

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (close) close.parentElement.remove();
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  for (const menu of document.querySelectorAll("details.yc-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (event.target.closest("[data-print]")) print();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.yc-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* A link of an error summary puts the cursor into its field. */
document.addEventListener("click", (event) => {
  const link = event.target.closest(".yc-errors a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const group = field.closest(".yc-field") ?? field;
  group.scrollIntoView({ block: "center" });
  (field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea") ?? field).focus();
});

document.addEventListener("htmx:load", (event) => start(event.detail.elt));
for (const button of document.querySelectorAll("[data-dialog]")) button.hidden = false;
start(document);
