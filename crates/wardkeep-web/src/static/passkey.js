// Passkeys: <button data-passkey="sign-in" or "add">, its words for failure in data-failed, and an element
// with role="alert" and data-passkey-said in the same form. Binary fields travel as base64url.
import { one, on, ask } from "./dom.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const ids = (list) => list?.map((entry) => ({ ...entry, id: bytes(entry.id) }));

async function signIn() {
  const { publicKey } = await ask("/sign-in/passkey/start", { name: one('[name="email"]')?.value ?? "" });
  const key = await navigator.credentials.get({ publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: ids(publicKey.allowCredentials) } });
  const { authenticatorData, clientDataJSON, signature, userHandle } = key.response;
  return ask("/sign-in/passkey/finish", { ...whole(key), response: {
    authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  } });
}

async function addKey() {
  const { publicKey } = await ask("/me/passkeys/start", { name: one('[name="passkey_name"]')?.value ?? "" });
  const key = await navigator.credentials.create({ publicKey: { ...publicKey, challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) }, excludeCredentials: ids(publicKey.excludeCredentials) } });
  const { attestationObject, clientDataJSON } = key.response;
  return ask("/me/passkeys/finish", { ...whole(key), response: {
    attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON), transports: key.response.getTransports?.() ?? [],
  } });
}

const whole = (key) => ({ id: key.id, rawId: text(key.rawId), type: key.type, extensions: key.getClientExtensionResults() });

on("click", async ({ target }) => {
  const button = target.closest?.("button[data-passkey]");
  if (!button) return;
  const said = one("[data-passkey-said]");
  try {
    const { location: place } = await (button.dataset.passkey === "add" ? addKey() : signIn());
    location.assign(place ?? location.href);
  } catch (error) {
    // Closing the browser's own dialog is no fault worth a message of its own words.
    if (said) said.textContent = error instanceof DOMException ? button.dataset.failed : error.message;
  }
});
for (const button of document.querySelectorAll("button[data-passkey]")) button.hidden = !window.PublicKeyCredential;
