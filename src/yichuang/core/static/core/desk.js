/* The desk by keyboard: / finds, j and k move, Enter opens, x ticks, g w goes to the worklist, ? explains. */

const rows = () => [...document.querySelectorAll("tr[data-href]")];
let here = -1;
let prefix = "";

/* The rail of places: open beside the page, folded above it where the page is narrow. */
const wide = matchMedia("(min-width: 62em)");
function rail() {
  for (const details of document.querySelectorAll("details[data-open-wide]")) details.open = wide.matches;
}
wide.addEventListener("change", rail);
rail();

function go(step) {
  const all = rows();
  if (!all.length) return;
  here = Math.min(Math.max(here + step, 0), all.length - 1);
  all.forEach((row, at) => row.classList.toggle("yc-row-here", at === here));
  const row = all[here];
  row.querySelector("a")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
  const key = event.key;
  if (prefix === "g") {
    prefix = "";
    if (key === "w") document.querySelector(".yc-side-brand")?.click();
    return;
  }
  if (key === "/") {
    document.getElementById("quick")?.focus();
    event.preventDefault();
  } else if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if (key === "x") rows()[here]?.querySelector("input[type=checkbox]")?.click();
  else if (key === "g") prefix = "g";
  else if (key === "?") document.getElementById("yc-keys")?.showModal();
  else if (key === "Enter" && event.target === document.body && rows()[here]) location.assign(rows()[here].dataset.href);
});
document.addEventListener("htmx:afterSettle", () => { here = -1; });
