// What articles do beyond reading; each part only where the page and the browser have what it needs.
const { copy: copyWord, copied: copiedWord } = document.currentScript?.dataset ?? {};

// Plays a video in place of its link. Nothing is asked of the video's host before the click.
document.addEventListener("click", (event) => {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const card = event.target.closest("a") && event.target.closest("[data-embed]");
  if (!card) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  frame.src = card.dataset.embed;
  frame.title = card.dataset.title;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.allowFullscreen = true;
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  card.replaceChildren(frame);
  frame.focus();
});

// Copies a text, and says so on the button and to those who listen.
const copies = (button, text) => {
  const word = button.textContent;
  const status = document.createElement("span");
  status.className = "vh";
  status.setAttribute("role", "status");
  button.after(status);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = status.textContent = copiedWord;
    setTimeout(() => {
      button.textContent = word;
      status.textContent = "";
    }, 2000);
  });
};

if (copiedWord && navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    copies(button, () => button.dataset.copy);
    button.parentElement.hidden = false;
  }
  for (const block of document.querySelectorAll(".prose pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copyWord;
    const frame = document.createElement("div");
    frame.className = "code";
    block.replaceWith(frame);
    frame.append(block, button);
    copies(button, () => block.textContent);
  }
}

if (navigator.share) {
  for (const button of document.querySelectorAll("button[data-share]")) {
    const url = document.querySelector("link[rel=canonical]")?.href ?? location.href;
    button.addEventListener("click", () => navigator.share({ title: document.title, url }).catch(() => {}));
    button.parentElement.hidden = false;
  }
}

// On a wide screen each footnote stands beside the line that calls it; otherwise all stand at the end.
const notes = document.querySelector(".prose > .footnotes");
if (notes) {
  const wide = matchMedia("screen and (min-width: 80rem)");
  const place = () => {
    notes.classList.toggle("aside", wide.matches);
    let free = 0;
    for (const note of notes.querySelectorAll("li")) {
      const call = wide.matches && document.getElementById(note.id.replace("fn:", "fnref:"));
      note.style.insetBlockStart = "";
      if (!call) continue;
      const top = Math.max(call.getBoundingClientRect().top - notes.parentElement.getBoundingClientRect().top - 4, free);
      note.style.insetBlockStart = `${top}px`;
      free = top + note.offsetHeight + 12;
    }
  };
  place();
  wide.addEventListener("change", place);
  addEventListener("resize", place);
  addEventListener("load", place);
}
