/** How long a fade takes: some usual times, and any other up to a minute. */
import { make, mark } from "../../elements/element.js"

const USUAL_S = [0, 1, 3, 10]
const LONGEST_S = 60

/** `{element, seconds}`; `changed()` is called for each choice. */
export function fadeKeys(first, changed) {
	const keys = USUAL_S.map((seconds) => make("button", { press: () => set(seconds), "aria-label": `Fade ${seconds} s` }, `${seconds}`))
	const box = make("input", { type: "number", min: 0, max: LONGEST_S, step: "any", inputmode: "decimal", "aria-label": "Fade in seconds", placeholder: "…", enterkeyhint: "done" })
	const fade = { seconds: first, element: make("div.fade", { role: "group", "aria-label": "Fade" }, make("span", {}, "Fade"), make("div.segments", {}, ...keys, box), make("span", {}, "s")) }
	const set = (seconds) => {
		fade.seconds = seconds
		draw()
		changed()
	}
	const draw = () => {
		keys.forEach((key, at) => mark(key, "aria-pressed", String(USUAL_S[at] === fade.seconds)))
		box.value = USUAL_S.includes(fade.seconds) ? "" : fade.seconds
	}
	box.addEventListener("change", () => set(Math.min(LONGEST_S, Math.max(0, Number(box.value) || 0))))
	box.addEventListener("keydown", ({ key }) => key === "Enter" && box.blur())
	draw()
	return fade
}
