// Shows and hides questions as the answers decide, as the server will: its word is final when the page is sent.
// Also sends "add a row" and "remove a row" without leaving the page, and shows how far an upload is.

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

function arrange(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    part.hidden = !holds(form, JSON.parse(part.dataset.when));
  }
}

document.addEventListener("input", (event) => event.target.form?.querySelector("[data-when]") && arrange(event.target.form));
document.addEventListener("change", (event) => event.target.form?.querySelector("[data-when]") && arrange(event.target.form));

// Rows: the same request as without script, but only the form is exchanged and the place on the page is kept.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-rows]");
  if (!button || !window.htmx) return;
  const form = button.form;
  const part = form.querySelector("[data-definition]");
  if (!part) return;
  event.preventDefault();
  window.htmx
    .ajax("POST", form.getAttribute("action") || window.location.href, {
      source: form,
      values: { action: button.value },
      target: part,
      swap: "innerHTML",
    })
    .then(() => {
      const [word, code, number] = button.value.split(":");
      const rows = part.querySelectorAll(`#group-${code} .cases-row`);
      const row = word === "add" ? rows[rows.length - 1] : rows[Math.min(Number(number), rows.length - 1)];
      row?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
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
  const form = event.target.closest?.("form");
  if (form) arrange(form);
});
