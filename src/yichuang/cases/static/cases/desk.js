// The desk's own keys: a digit opens the act of that number, Ctrl+Enter sends the form that is being filled in.
// The arrows lead from a search to what it found, and through it; a long form begins at its first empty field.
// Also: tick all points of a material, tick all rows of a list. A point that is ticked says that the paper lies there.

const busy = (target) => target.closest("input:not([type=checkbox]), textarea, select, dialog");

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.form ?? document.querySelector("form[data-send]");
    if (form?.matches("[data-send]")) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-send-button]"));
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || busy(event.target)) return;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const search = document.querySelector("input[data-list]");
  if (!search) return;
  const found = [search, ...document.querySelectorAll(`${search.dataset.list} a`)];
  const at = found.indexOf(event.target);
  const next = found[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
});

// A later answer to what was typed takes the place of the list: whoever stands in it stays on the same line, else on its first.
let stood = "";
const listed = () => document.querySelector(document.querySelector("input[data-list]")?.dataset.list ?? "#none");
document.addEventListener("htmx:beforeSwap", () => {
  stood = listed()?.contains(document.activeElement) ? document.activeElement.getAttribute("href") : "";
});
document.addEventListener("htmx:afterSwap", () => {
  if (stood) (listed()?.querySelector(`a[href="${CSS.escape(stood)}"]`) ?? listed()?.querySelector("a"))?.focus();
  stood = "";
});

const begun = document.querySelector("form[data-begin]");
if (begun && !document.querySelector("[data-focus]")) {
  const answered = (one) =>
    one.type === "radio" ? [...begun.elements].some((other) => other.name === one.name && other.checked) : one.value !== "";
  [...begun.querySelectorAll("[data-definition] :is(input, select, textarea)")]
    .find((one) => !["hidden", "checkbox"].includes(one.type) && one.offsetParent && !answered(one))
    ?.focus({ preventScroll: true });
}

function brought(box) {
  const row = box.closest("[data-material]");
  const copies = row?.querySelector("[data-copies]");
  const files = row?.querySelector("input[type=file]")?.files.length || row?.querySelector("[name$='.kept']");
  if (copies && !copies.value && !files && row.querySelector(".cases-points input:checked")) copies.value = copies.dataset.copies;
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".cases-points input[type=checkbox]")) brought(event.target);
  if (event.target.matches("[data-select-all]")) {
    for (const box of document.querySelectorAll("input[name=select]")) box.checked = event.target.checked;
  }
});

document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (!all) return;
  const boxes = [...all.closest("[data-material]").querySelectorAll(".cases-points input[type=checkbox]")];
  const on = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = on;
  if (boxes[0]) brought(boxes[0]);
});

for (const hidden of document.querySelectorAll("[data-script]")) hidden.hidden = false;
document.addEventListener("htmx:load", (event) => {
  for (const hidden of event.detail.elt.querySelectorAll?.("[data-script]") ?? []) hidden.hidden = false;
});
