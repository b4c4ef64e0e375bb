// What scripts add to pages that work without them: dialogs, counting down, steppers, the warning before signing off.
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => within.querySelectorAll(selector);
  const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  // The menu is a bar where there is room for one.
  const menu = one("[data-menu]"), wide = matchMedia("(min-width: 46.01rem)");
  const unfold = () => { if (menu) menu.open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();

  // What is wrong with a field is told with its name, as on top of the form nobody sees or hears which it is.
  const nameOf = (field) => field?.ariaLabel || [...field?.labels?.[0]?.childNodes ?? []].map((each) => each.data?.trim()).find(Boolean);
  const name = () => all(".trouble a:not([data-named])").forEach((link) => {
    const words = nameOf(document.getElementById(link.hash.slice(1)));
    if (words) link.prepend(`${words}: `);
    link.dataset.named = "";
  });

  // A page that was refused begins where it says why; one that a script put there, too, if it asks for nothing.
  name();
  one(".trouble")?.focus();
  document.addEventListener("htmx:load", name);
  document.addEventListener("htmx:load", (event) => { if (event.target.matches("main:not(:has([autofocus]))")) one(".trouble")?.focus(); });

  // A form is sent once; the browser's back button gives its button back.
  addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.defaultPrevented && button && event.target.method === "post") setTimeout(() => {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    });
  });
  addEventListener("pageshow", () => all("button[aria-busy]").forEach((button) => {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }));

  // A page that asks to confirm something is shown as a dialog on the page that leads there.
  const dialog = one("#dialog");
  const show = async (url) => {
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" } });
      const away = answer.headers.get("HX-Redirect");
      const asked = one("[data-dialog-part]", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (away || !asked) { location.href = away || url; return; }
      const article = document.createElement("article");
      article.append(...asked.childNodes);
      dialog.replaceChildren(article);
      dialog.setAttribute("aria-label", one("h1, h2", article)?.textContent || "");
      prepare(dialog);
      dialog.showModal();
    } catch { location.href = url; }
  };
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-dialog]");
    if (link && dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      show(link.href);
    }
    if (event.target.closest?.("[data-close]") && dialog?.open) { event.preventDefault(); dialog.close(); }
    if (event.target.closest?.("[data-dismiss]")) event.target.closest("[data-said]").remove();
    if (event.target.closest?.("[data-print]")) print();
    const step = event.target.closest?.("[data-step]");
    if (step) {
      const number = document.getElementById(step.dataset.for);
      const next = Math.min(Number(number.max), Math.max(Number(number.min), Number(number.value || 0) + Number(step.dataset.step)));
      number.value = next;
      number.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  addEventListener("submit", (event) => {
    if (event.target.matches("form[data-dialog]") && dialog) {
      event.preventDefault();
      show(`${event.target.action.split("?")[0]}?${new URLSearchParams(new FormData(event.target))}`);
    }
  }, true);

  // The accounts' menu closes when one looks elsewhere.
  const accounts = one("[data-accounts]");
  addEventListener("click", (event) => { if (accounts?.open && !accounts.contains(event.target)) accounts.open = false; });
  accounts?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { accounts.open = false; one("summary", accounts).focus(); }
  });
  accounts?.addEventListener("toggle", () => { if (accounts.open) one("[type=search]", accounts).focus(); });

  // Where there is no room beside the list, an article of the Help Center is a page of its own.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches("a[data-beside]") || one("#article").offsetLeft > one("#found").offsetLeft) return;
    event.preventDefault();
    location.href = event.target.href;
  });

  // A form that a script sends is sent without it where there is no connection: the browser says so.
  document.addEventListener("htmx:sendError", (event) => { if (event.target.matches("[hx-boost] form")) event.target.submit(); });

  // What looks like a button is pressed like one.
  addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("a[role=button]")) { event.preventDefault(); event.target.click(); }
  });

  // What only scripts can do is hidden without them.
  const prepare = (within) => all("[data-step], [data-print], [data-dismiss]", within).forEach((each) => { each.hidden = false; });
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));

  // A file is sent to where it is kept, and used, by one button; a picture is shown before.
  all("form[data-upload]").forEach((form) => {
    const use = one(form.dataset.upload), file = one("[type=file]", form), preview = one("[data-preview]", form);
    const button = one("[type=submit]", form), most = Number(form.dataset.most);
    const sentences = { EntityTooLarge: `This file is larger than ${most / 1048576} MB.`, EntityTooSmall: "This file is empty." };
    use.hidden = true;
    const tell = (why) => {
      one("#file-below", form).textContent = why;
      if (why) file.setAttribute("aria-invalid", "true"); else file.removeAttribute("aria-invalid");
    };
    // What S3 would say of the file.
    const misfit = () => {
      const size = file.files[0]?.size;
      return size > most ? sentences.EntityTooLarge : size === 0 ? sentences.EntityTooSmall : "";
    };
    const refusal = async (answer) => answer
      ? sentences[/<Code>(\w+)/.exec(await answer.text())?.[1]] || "The file was not taken. This page works for ten minutes: go back and begin anew."
      : "The file was not sent. Look at your connection, then try again.";
    const send = async () => {
      tell(misfit());
      if (misfit()) return;
      button.setAttribute("aria-busy", "true");
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
      if (answer?.ok) { one("form", use).requestSubmit(); return; }
      button.removeAttribute("aria-busy");
      tell(await refusal(answer));
    };
    file.addEventListener("change", () => {
      tell(misfit());
      if (!preview) return;
      preview.hidden = !file.files[0] || Boolean(misfit());
      if (!preview.hidden) preview.src = URL.createObjectURL(file.files[0]);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
    button.textContent = form.dataset.say;
  });

  // What was typed when a session ends waits in this tab until whoever typed it signs in again, and comes back once. Not
  // so secrets, files, and forms whose values no browser is to keep.
  const who = document.body.dataset.who, place = "practice-admin typed", touched = new WeakSet();
  const forms = () => [...all("form[method=post]:not([autocomplete=off], [data-upload])")];
  const boxes = (form, name) => [...all("input, textarea, select", form)]
    .filter((each) => each.name === name && !["hidden", "password", "file"].includes(each.type));
  const typed = (form) => {
    const names = new Set([...form.elements].map((each) => each.name));
    const shownAgain = one("[role=alert]", form);
    return [...names].flatMap((name) => boxes(form, name).map((box, index) => ({ box, name, index })))
      .filter(({ box }) => shownAgain || touched.has(box))
      .map(({ box, name, index }) => ({ action: form.getAttribute("action"), name, index, value: box.value, checked: box.checked }));
  };
  const putBack = ({ action, name, index, value, checked }) => {
    const form = forms().find((each) => each.getAttribute("action") === action), box = form && boxes(form, name)[index];
    if (!box) return false;
    if (["checkbox", "radio"].includes(box.type)) box.checked = checked; else box.value = value;
    return box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const waiting = JSON.parse(sessionStorage.getItem(place));
  addEventListener("input", (event) => touched.add(event.target));
  addEventListener("pagehide", () => {
    const fields = who ? forms().flatMap(typed) : [];
    if (fields.length) sessionStorage.setItem(place, JSON.stringify({ who, fields }));
  });
  if (who) sessionStorage.removeItem(place);
  else if (waiting) sessionStorage.setItem(place, JSON.stringify({ ...waiting, ended: true }));
  if (who && waiting?.ended && waiting.who === who && waiting.fields.filter(putBack).length) {
    const back = document.createElement("p");
    back.className = "said";
    back.role = "status";
    back.textContent = "What you had typed is here again. It is not sent yet.";
    one("main").prepend(back);
  }

  // How long there is left.
  const left = (milliseconds) => {
    const minutes = Math.max(0, Math.floor(milliseconds / 60000));
    const parts = [[Math.floor(minutes / 1440), "day"], [Math.floor(minutes / 60) % 24, "hour"], [minutes % 60, "minute"]];
    return parts.filter(([number]) => number).slice(0, 2).map(([number, word]) => plural(number, word)).join(" ") || "less than a minute";
  };
  setInterval(() => all("[data-until]").forEach((time) => {
    time.textContent = left(new Date(time.dataset.until) - Date.now());
  }), 15000);

  // Who does nothing is signed out by the server; two minutes ahead they are asked, in whichever tab.
  const idle = one("#idle"), lasts = Number(document.body.dataset.idle || 0), used = "practice-admin used";
  if (idle && lasts) {
    // Not reload(): that would send a form again whose answer this page is.
    const anew = () => location.replace(location.pathname + location.search);
    const note = () => localStorage.setItem(used, String(Date.now()));
    note();
    document.addEventListener("htmx:afterRequest", note);
    one("[data-stay]").addEventListener("click", async () => {
      const answer = await fetch(document.body.dataset.alive, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer && answer.ok && !answer.headers.get("HX-Redirect")) { note(); idle.close(); } else anew();
    });
    setInterval(() => {
      const seconds = lasts - (Date.now() - Number(localStorage.getItem(used))) / 1000;
      if (seconds <= 0) anew();
      else if (seconds <= 120) {
        one("[data-idle-left]").textContent = seconds > 60 ? "2 minutes" : plural(Math.ceil(seconds), "second");
        if (!idle.open) idle.showModal();
      } else if (idle.open) idle.close();
    }, 1000);
  }
})();
