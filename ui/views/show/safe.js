/** Safes: what no recall sets on a strip. A section of the strip's sheet, and the marks on the strips of the bank. */
import { make, mark } from "../../elements/element.js"

/** The section of a strip's sheet; null for who is not of the crew. */
export function safeSection({ show, people, vocabulary }, { path }, until) {
	if (!people.isCrew) return null
	const { names } = vocabulary.value.sections
	const set = (sections) => show.ask("safe", { strip: path, sections })
	const whole = make("button.safe-key", { press: () => set(show.safeOf(path).length ? [] : true) })
	const keys = Object.entries(names).map(([name, word]) => make("button", { press: () => set(flipped(show.safeOf(path), name)), "data-section": name }, word))
	const words = make("p.quiet", {}, "No recall of a scene moves what is safe.")
	const field = make("div.field.safes", {}, "Recalls", whole, make("details", {}, make("summary", {}, "Only some sections"), make("div.choices", {}, ...keys)), words)
	until(show.list.watch(() => {
		const safe = show.safeOf(path)
		whole.textContent = wordOf(safe, names)
		mark(whole, "aria-pressed", safe.length === 0 ? "false" : safe.length < keys.length ? "mixed" : "true")
		for (const key of keys) mark(key, "aria-pressed", String(safe.includes(key.dataset.section)))
	}))
	return field
}

function flipped(sections, name) {
	return sections.includes(name) ? sections.filter((one) => one !== name) : [...sections, name]
}

function wordOf(safe, names) {
	if (safe.length === 0) return "SAFE"
	return safe.length < Object.keys(names).length ? `SAFE: ${safe.map((name) => names[name]).join(", ")}` : "SAFE"
}

/** Call once: strips with a safe wear it, whenever safes change or the bank is filled. */
export function markSafes({ show, vocabulary }, document = globalThis.document) {
	const draw = () => {
		const all = Object.keys(vocabulary.value.sections.names ?? {}).length
		for (const strip of document.querySelectorAll(".mixer rm-strip")) {
			const safe = show.safeOf(strip.dataset.strip)
			mark(strip, "data-safe", safe.length === 0 ? null : safe.length < all ? "some" : "all")
			mark(strip, "data-safe-level", safe.includes("levels"))
		}
	}
	show.list.watch(draw)
	document.addEventListener("filled", draw, true)
}
