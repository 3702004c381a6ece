// What the pages can do beyond being read: the colours, the sidebar on a small screen, and copying. Everything else (boxes,
// hints, links) is plain HTML and works without this file.
"use strict";

const root = document.documentElement;

function setTheme(dark) {
  root.classList.toggle("dark-mode", dark);
  root.classList.toggle("light-mode", !dark);
  document.getElementById("theme").setAttribute("aria-pressed", String(dark));
}

function initTheme() {
  const button = document.getElementById("theme");
  setTheme(root.classList.contains("dark-mode"));
  button.addEventListener("click", () => {
    const dark = !root.classList.contains("dark-mode");
    setTheme(dark);
    try { localStorage.setItem("dockwright-theme", dark ? "dark" : "light"); } catch (error) { /* for this page only */ }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    let chosen = null;
    try { chosen = localStorage.getItem("dockwright-theme"); } catch (error) { /* nothing chosen */ }
    if (!chosen) setTheme(event.matches);
  });
}

function initMenu() {
  const button = document.getElementById("menu");
  const show = (open) => {
    root.classList.toggle("menu-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(!root.classList.contains("menu-open")));
  document.getElementById("sidebar").addEventListener("click", (event) => { if (event.target.closest("a")) show(false); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false); });
  document.querySelector("#sidebar [aria-current]")?.scrollIntoView({ block: "center" });
}

// The commands of a terminal session without prompts and output; of anything else, all of it.
function textToCopy(block) {
  if (block.classList.contains("console")) {
    const commands = [...block.querySelectorAll("kbd")].map((kbd) => kbd.textContent);
    if (commands.length) return commands.join("\n");
  }
  if (block.classList.contains("fragment")) return [...block.querySelectorAll(".line")].map((line) => line.textContent).join("\n");
  return block.querySelector("code").textContent;
}

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");  // pages from a disk in older browsers
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function initCopyButtons() {
  for (const block of document.querySelectorAll("div.fragment, pre.woven")) {
    const holder = document.createElement("div");
    holder.className = "copyable";
    block.replaceWith(holder);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await copyText(textToCopy(block));
        button.textContent = "Copied";
      } catch (error) {
        button.textContent = "Not allowed";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    holder.append(block, button);
  }
}

// A link into a closed box opens it.
function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = target && target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
}

initTheme();
initMenu();
initCopyButtons();
openTarget();
addEventListener("hashchange", openTarget);
