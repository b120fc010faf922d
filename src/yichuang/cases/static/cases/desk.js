// The desk's own keys: a digit opens the act of that number, Ctrl+Enter sends the form that is being filled in.
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
