"use strict";
// Keeps open pages up to date, and writes times as the reader's own. Everything works without it, only not by itself.
(() => {
  // --- Live parts: [data-live=SECONDS] asks its address again while somebody can see the page -----------------
  //
  // Of the answer only the blocks ([data-block], each with an id) that the server has written differently since
  // the last time are put in place: what somebody reads, hears or has in focus is left alone.
  const written = new Map();
  const blocksIn = (root) => [...root.querySelectorAll("[data-block]")];
  const note = (root) => blocksIn(root).forEach((block) => written.set(block.id, block.outerHTML));

  const replace = (old, fresh) => {
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    written.set(fresh.id, fresh.outerHTML);
    old.replaceWith(fresh);
    localise(fresh);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  const isBeingTypedIn = (block) => block.contains(document.activeElement) && document.activeElement.matches("input");

  const patch = (target, answer) => {
    const fresh = blocksIn(answer);
    const old = blocksIn(target);
    const isSameList = fresh.length === old.length && fresh.every((block, i) => block.id === old[i].id);
    if (!isSameList && !old.some(isBeingTypedIn)) {
      const focused = target.contains(document.activeElement) ? document.activeElement.id : "";
      target.replaceChildren(...answer.childNodes);
      note(target);
      localise(target);
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      return;
    }
    const byId = new Map(fresh.map((block) => [block.id, block]));
    for (const block of old) {
      const next = byId.get(block.id);
      if (next && written.get(block.id) !== next.outerHTML && !isBeingTypedIn(block)) replace(block, next);
    }
  };

  htmx.defineExtension("patch", {
    isInlineSwap: (style) => style === "patch",
    handleSwap: (style, target, answer) => {
      if (style !== "patch") return false;
      patch(target, answer);
      return true;
    },
  });

  const follow = (part) => {
    const ask = () => document.visibilityState === "visible" && htmx.trigger(part, "tick");
    setInterval(ask, 1000 * Number(part.dataset.live));
    document.addEventListener("visibilitychange", ask);
  };

  // A part that says what went wrong comes with an error status, and is shown all the same.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("X-Part")) event.detail.shouldSwap = true;
  });

  const silence = (isSilent) => {
    const notice = document.getElementById("silence");
    if (notice) notice.hidden = !isSilent;
  };
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      if (event.target.matches("[data-live]")) silence(true);
      else giveUpWaiting(event.target, event.detail.xhr);
    });
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.target.matches("[data-live]")) silence(false);
  });

  // Something that was waited for does not come: say so, and offer to try again.
  const giveUpWaiting = (target, xhr) => {
    if (xhr?.getResponseHeader("X-Part")) return;
    const words = target.querySelector("[role=status]");
    if (!words) return;
    const again = Object.assign(document.createElement("a"), { href: location.href, textContent: "Try again" });
    words.replaceChildren("That did not work: the service did not answer. ", again);
  };

  // --- Times --------------------------------------------------------------------------------------------------
  const styles = {
    moment: new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }),
    day: new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" }),
  };
  const localise = (root) => {
    for (const time of root.querySelectorAll("time[data-local]")) {
      time.textContent = styles[time.dataset.local].format(new Date(time.dateTime));
    }
  };

  // --- Copying ------------------------------------------------------------------------------------------------
  const offerCopying = (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    });
  };

  note(document);
  localise(document);
  document.querySelectorAll("[data-live]").forEach(follow);
  document.querySelectorAll("[data-copy]").forEach(offerCopying);
  document.addEventListener("htmx:afterSettle", (event) => localise(event.target));
})();
