/** The rail below the bank: every strip as a mark in its colour, and a window that shows which are in sight. */
import { make, wear } from "../elements/element.js"
import { shapeOfPage } from "./shape.js"

export function buildRail(page, bank) {
	const view = make("span.window")
	const marks = make("span.marks")
	const rail = make("div.rail", { "aria-hidden": "true" }, marks, view)
	let widths = { bank: 1, whole: 1 }
	const draw = () => {
		view.style.setProperty("--start", bank.scrollLeft / widths.whole)
		view.style.setProperty("--share", Math.min(1, widths.bank / widths.whole))
	}
	const size = () => {
		widths = { bank: bank.clientWidth || 1, whole: bank.scrollWidth || 1 }
		// Upright, keys stand beside it: they keep their place until the strips are here.
		rail.hidden = bank.childElementCount === 0 ? shapeOfPage() !== "upright" : widths.whole <= widths.bank + 1
		draw()
	}
	bank.addEventListener("scroll", draw, { passive: true })
	bank.addEventListener("fitted", size)
	bank.addEventListener("filled", () => {
		drawMarks(page, bank, marks)
		size()
	})
	scrollByRail(rail, bank, () => widths.whole)
	return rail
}

let unwatch = []

function drawMarks(page, bank, marks) {
	for (const stop of unwatch) stop()
	const strips = [...bank.querySelectorAll("rm-strip")].map(({ strip }) => strip)
	marks.replaceChildren(...strips.map(() => make("i")))
	unwatch = strips.map((strip, index) => wear(page, strip, marks.children[index]))
}

/** A finger on the rail brings that place of the bank to the middle. */
function scrollByRail(rail, bank, whole) {
	let box = null
	const go = ({ clientX }) => {
		const at = (clientX - box.left) / box.width
		bank.scrollTo({ left: at * whole() - bank.clientWidth / 2, behavior: "instant" })
	}
	rail.addEventListener("pointerdown", (event) => {
		box = rail.getBoundingClientRect()
		rail.setPointerCapture(event.pointerId)
		go(event)
	})
	rail.addEventListener("pointermove", (event) => rail.hasPointerCapture(event.pointerId) && go(event))
}
