"use strict";

const senders = {};
let lastPhone = document.querySelector(".phone");

function beginAnew() {
  for (const phone of document.querySelectorAll(".phone")) {
    senders[phone.dataset.channel] = Math.random().toString(36).slice(2);
    phone.querySelector(".log").replaceChildren();
  }
}

function add(phone, kind, text) {
  const item = document.createElement("li");
  item.className = kind;
  item.textContent = text;
  const log = phone.querySelector(".log");
  log.append(item);
  log.scrollTop = log.scrollHeight;
  return item;
}

function addKeys(phone, item, keys, kind) {
  if (!keys.length) return;
  const row = document.createElement("div");
  row.className = "keys";
  for (const key of keys) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = kind;
    button.textContent = key.label;
    button.addEventListener("click", () => say(phone, { choice: key.value }, key.label));
    row.append(button);
  }
  item.append(row);
}

function note(answer) {
  const size = answer.segments
    ? `${answer.segments} segment${answer.segments > 1 ? "s" : ""}, ${answer.encoding}, ${answer.characters} characters`
    : "";
  const meaning = `${answer.language} ${answer.intent} ${answer.confidence.toFixed(2)}`;
  return [size, meaning, `${answer.ms} ms`].filter(Boolean).join(" · ");
}

async function say(phone, what, shown) {
  lastPhone = phone;
  add(phone, "me", shown);
  const channel = phone.dataset.channel;
  let answer;
  try {
    const response = await fetch("/try/say", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ channel, sender: senders[channel], ...what }),
    });
    answer = await response.json();
  } catch {
    answer = { error: "The server does not answer. Is it running?" };
  }
  if (answer.error) {
    add(phone, "note", answer.error);
    return;
  }
  let item = null;
  for (const text of answer.texts) item = add(phone, "it", text);
  if (!item) {
    add(phone, "note", "(no answer)");
    return;
  }
  if (channel === "telegram") {
    addKeys(phone, item, answer.choices, "choice");
    addKeys(phone, item, answer.offers, "offer");
    for (const pin of answer.pins) add(phone, "pin", `${pin.title}\n${pin.at}\n${pin.address}`);
  }
  add(phone, "note", note(answer)).title = answer.reasons.join("\n");
}

for (const phone of document.querySelectorAll(".phone")) {
  const form = phone.querySelector("form");
  const input = phone.querySelector("input");
  input.addEventListener("focus", () => { lastPhone = phone; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value;
    input.value = "";
    say(phone, { text }, text);
  });
  phone.querySelector(".locate")?.addEventListener("click", () => {
    // Lagodekhi: a place to try with, as the page has no business asking where you are.
    say(phone, { location: [41.8275, 46.2749] }, "(41.8275, 46.2749)");
  });
}
for (const sample of document.querySelectorAll(".samples button")) {
  sample.addEventListener("click", () => say(lastPhone, { text: sample.textContent }, sample.textContent));
}
document.querySelector(".anew").addEventListener("click", beginAnew);
beginAnew();
