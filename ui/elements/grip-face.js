/** The face of a grip: where it stands, how far that is true, who holds it, and its values in words. */
import { idleOf } from "../desk/reading.js"
import { mark } from "./element.js"

export function drawGrip(grip) {
	const { page, axes } = grip
	const { store, people } = page
	const by = axes.map(({ path }) => store.holder(path)).find(Boolean)
	const any = (test) => axes.some(({ path }) => test(path))
	mark(grip, "data-unknown", any((path) => typeof store.get(path) !== "number"))
	mark(grip, "data-held", any((path) => store.touched(path)))
	mark(grip, "data-way", any((path) => store.marks.onItsWay(path)))
	mark(grip, "data-idle", any((path) => idleOf(page, path) !== null))
	for (const name of ["data-inert", "aria-disabled"]) mark(grip, name, store.live(axes[0].path) ? null : "true")
	mark(grip, "data-by", by && people.mark(by).color)
	mark(grip, "title", by ? `In use by ${people.mark(by).name}` : null)
	for (const [letter, axis] of [["x", grip.x], ["y", grip.y]]) grip.style.setProperty(`--${letter}`, axis ? axis.share(grip.positionOf(axis)) : grip.level)
	say(grip)
}

function say(grip) {
	const [first] = grip.axes
	const texts = grip.axes.map((axis) => `${axis.says ?? ""}${axis.param.taper.spoken(grip.positionOf(axis))}`)
	mark(grip, "aria-valuenow", Number(first.param.taper.unit(grip.positionOf(first)).toFixed(2)))
	mark(grip, "aria-valuetext", grip.hasAttribute("data-unknown") ? "unknown" : texts.join(", "))
}
