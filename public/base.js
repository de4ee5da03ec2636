// What every page has: copy buttons, Esc, Ctrl+Enter, / for search, busy buttons, the time zone cookie. Pages work without it.
"use strict";
const one = (selector) => document.querySelector(selector);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes("tz=")) document.cookie = `tz=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax`;
(one(".summary[data-focus], .notice[data-focus]") ?? one("[data-focus]"))?.focus({ preventScroll: location.hash });

addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  // Without TLS browsers offer no clipboard: the text is selected for Ctrl+C.
  if (!navigator.clipboard) return getSelection().selectAllChildren(button.closest(".code-block")?.querySelector("pre") ?? button.previousElementSibling);
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.dataset.label ??= button.ariaLabel;
  button.ariaLabel = "Copied";
  button.title = "Copied";
  setTimeout(() => { button.ariaLabel = label; button.title = ""; }, 1500);
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !event.target.matches("select, input[list]")) {
    const menu = one(".menu[open]");
    if (menu) menu.removeAttribute("open");
    else one("[data-esc]")?.click();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  const search = event.key === "/" && !event.target.matches("input, select, textarea") && one("[type=search]:not([inert] *)");
  if (search) { event.preventDefault(); search.focus(); }
});

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { event.submitter?.classList.add("busy"); event.submitter?.setAttribute("aria-busy", "true"); }, 200);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".busy")) { button.classList.remove("busy"); button.ariaBusy = null; }
});
