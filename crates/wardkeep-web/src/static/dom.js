// What every script needs. Nothing here turns text into markup: nodes are made one by one, and whole pages
// are parsed by the browser itself as inert documents.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const on = (type, act, root = document) => root.addEventListener(type, act);

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const token = () => one('meta[name="csrf"]')?.content ?? "";

// JSON in, JSON out; a refusal becomes an Error with the words of its problem details.
export async function ask(path, body, signal) {
  const options = { headers: { accept: "application/json" }, signal };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["content-type"] = "application/json";
    options.headers["x-csrf-token"] = token();
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  const value = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(value.detail || value.title || String(answer.status));
  return value;
}

// A page of ours as a document without life: no script of it runs.
export const page = (path) => new Promise((done, failed) => {
  const request = new XMLHttpRequest();
  request.responseType = "document";
  request.onload = () => request.status < 400 && request.response ? done(request.response) : failed(request.status);
  request.onerror = failed;
  request.open("GET", path);
  request.send();
});

export function later(act, pause) {
  let timer;
  return (...values) => { clearTimeout(timer); timer = setTimeout(act, pause, ...values); };
}

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
