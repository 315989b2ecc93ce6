/** Hollow caps on the faders of the page where a recall will leave them, with the way that they will go. */
import { make, mark } from "../../elements/element.js"

/** Call once; draws anew whenever the targets change, the bank is filled, or its last strips are built. */
export function showTargets({ show, store }, document = globalThis.document) {
	let stops = []
	const draw = () => {
		for (const stop of stops.splice(0)) stop()
		const targets = show.targets.value
		for (const fader of document.querySelectorAll(".mixer rm-fader")) if (targets.has(fader.dataset.path)) stops.push(lay(store, fader, targets.get(fader.dataset.path)))
		mark(document.documentElement, "data-targets", targets.size > 0)
	}
	show.targets.watch(draw)
	for (const type of ["filled", "built"]) document.addEventListener(type, draw, true)
}

function lay(store, fader, at) {
	const target = make("span.target", { "aria-hidden": "true" })
	target.style.setProperty("--at", at)
	fader.querySelector(".run").append(target)
	const stop = store.watch(fader.dataset.path, (now) => mark(target, "data-way", now === at ? "there" : (now ?? 0) < at ? "up" : "down"))
	return () => {
		stop()
		target.remove()
	}
}
