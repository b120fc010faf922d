// Shows and hides questions as the answers decide, as the server will: its word is final when the page is sent.
// Also keeps the cursor where rows are added and removed, and shows how far an upload is.

function answers(form, rule) {
  return rule.names.flatMap((name) => {
    const inputs = [...form.elements].filter((input) => input.name === name);
    if (!inputs.length || inputs[0].closest("[data-when][hidden]")) return [""];
    if (rule.type === "boolean") return [inputs[0].checked ? "true" : "false"];
    if (rule.type === "choices") return inputs.filter((input) => input.checked).map((input) => input.value);
    if (inputs[0].type === "radio") return [inputs.find((input) => input.checked)?.value ?? ""];
    return [inputs[0].value.trim()];
  });
}

function holds(form, rule) {
  const given = answers(form, rule);
  const among = given.some((one) => rule.values.includes(one)) || (!given.length && rule.values.includes(""));
  return rule.not ? !among : among;
}

// data-unneeded: sets of answers, {name: values}; a part is not needed when every answer of one set is given.
function unneeded(form, sets) {
  return sets.some((set) =>
    Object.entries(set).every(([name, values]) => holds(form, { names: [name], values, type: "choice" })),
  );
}

function arrange(form) {
  for (const part of form.querySelectorAll("[data-when], [data-unneeded]")) {
    const asked = !part.dataset.when || holds(form, JSON.parse(part.dataset.when));
    part.hidden = !asked || (part.dataset.unneeded ? unneeded(form, JSON.parse(part.dataset.unneeded)) : false);
  }
}

const ARRANGED = "[data-when], [data-unneeded]";

document.addEventListener("input", (event) => event.target.form?.querySelector(ARRANGED) && arrange(event.target.form));
document.addEventListener("change", (event) => event.target.form?.querySelector(ARRANGED) && arrange(event.target.form));

// After a row is added or removed the cursor goes to where the person works on.
let pressed = "";
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-rows]");
  if (button) pressed = button.value;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!pressed || !event.detail.target?.hasAttribute("data-definition")) return;
  const [word, code, number] = pressed.split(":");
  pressed = "";
  const rows = document.querySelectorAll(`#group-${code} .cases-row`);
  const row = word === "add" ? rows[rows.length - 1] : rows[Math.min(Number(number), rows.length - 1)];
  (row ?? document.getElementById(`group-${code}`))?.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
});

// Uploads
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("progress[data-upload]");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.max = event.detail.total;
  bar.value = event.detail.loaded;
});

for (const form of document.forms) arrange(form);
document.addEventListener("htmx:afterSwap", (event) => {
  // What has been handed in meanwhile leaves the summary of what was lacking.
  const summary = document.querySelector("[data-lacking]");
  for (const link of summary?.querySelectorAll("a[href^='#']") ?? []) {
    if (!document.getElementById(link.hash.slice(1))?.classList.contains("cases-material-wrong")) link.closest("li").remove();
  }
  if (summary && !summary.querySelector("li")) summary.remove();
  const form = event.target.closest?.("form");
  if (form) arrange(form);
  for (const inner of event.target.querySelectorAll?.("form") ?? []) arrange(inner);
});
