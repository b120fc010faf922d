/* The editor: what a check found is told beside each element too, and nobody leaves with unsaved work unasked. */

const form = document.getElementById("edit");
const panel = document.getElementById("findings");

/* The panel is drawn by the server; its words are repeated where they belong, and counted by section. */
function tell() {
  for (const place of document.querySelectorAll("[data-said]")) place.replaceChildren();
  const counts = new Map();
  for (const line of panel.querySelectorAll("[data-element]")) {
    const place = document.querySelector(`[data-said="${CSS.escape(line.dataset.element)}"]`);
    if (!place) continue;
    place.append(line.querySelector(".ed-words").cloneNode(true));
    const part = place.closest("section")?.id;
    const [n, wrong] = counts.get(part) ?? [0, false];
    counts.set(part, [n + 1, wrong || line.dataset.severity === "error"]);
  }
  for (const count of document.querySelectorAll("[data-counts]")) {
    const [n, wrong] = counts.get(count.dataset.counts) ?? [0, false];
    count.textContent = n || "";
    count.classList.toggle("ed-n-error", wrong);
  }
}
document.addEventListener("htmx:afterSwap", (event) => { if (event.target === panel) tell(); });

/* A link to an element opens what it is folded into. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#at-']");
  const place = link && document.getElementById(link.hash.slice(1));
  for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
});

/* The section that is being read is marked among the names of the sections. */
const reading = new IntersectionObserver((seen) => {
  for (const { target } of seen.filter((one) => one.isIntersecting)) {
    for (const link of document.querySelectorAll(".ed-nav a")) {
      if (link.hash !== `#${target.id}`) {
        link.removeAttribute("aria-current");
        continue;
      }
      link.setAttribute("aria-current", "true");
      link.closest("ol").scrollLeft = link.offsetLeft - 16;
    }
  }
}, { rootMargin: "-15% 0px -80% 0px" });
function watch() {
  reading.disconnect();
  for (const section of document.querySelectorAll(".ed-section, .ed-asked")) reading.observe(section);
}
watch();
document.addEventListener("htmx:afterSettle", watch);

let dirty = "dirty" in form.dataset;
form.addEventListener("input", () => { dirty = true; });
document.body.addEventListener("recheck", () => { dirty = true; });
document.addEventListener("submit", (event) => { if (event.target === form) dirty = false; });
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
