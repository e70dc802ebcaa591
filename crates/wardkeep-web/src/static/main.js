// The scripts of every page. Each does nothing where its elements are missing; no page needs any of them.
import "./palette.js";
import "./sheet.js";
import "./keys.js";
import "./form.js";
import "./live.js";
import "./passkey.js";
import "./risk.js";
