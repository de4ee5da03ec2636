// What every page has: copy buttons, Esc, Ctrl+Enter, busy buttons, the time zone cookie. Pages work without it.
"use strict";
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes("tz=")) document.cookie = `tz=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax`;
(document.querySelector(".summary[data-focus], .notice[data-focus]") ?? document.querySelector("[data-focus]"))?.focus();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  // Without TLS browsers offer no clipboard: the text is selected, for the person's own Ctrl+C.
  if (!navigator.clipboard) return getSelection().selectAllChildren(button.closest(".code-block")?.querySelector("pre") ?? button.previousElementSibling);
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.dataset.label ??= button.getAttribute("aria-label");
  button.setAttribute("aria-label", "Copied");
  button.title = "Copied";
  setTimeout(() => { button.setAttribute("aria-label", label); button.title = ""; }, 1500);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !event.target.matches("select, input[list]")) {
    const menu = document.querySelector(".menu[open]");
    if (menu) menu.removeAttribute("open");
    else document.querySelector("[data-esc]")?.click();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { event.submitter?.classList.add("busy"); event.submitter?.setAttribute("aria-busy", "true"); }, 200);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".busy")) { button.classList.remove("busy"); button.removeAttribute("aria-busy"); }
});
