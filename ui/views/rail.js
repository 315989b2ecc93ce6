/** The rail below the bank: every strip as a mark in its colour, a window that shows which are in sight, and under a finger a name. */
import { make, wear } from "../elements/element.js"
import { shapeOfPage } from "./shape.js"

export function buildRail(page, bank) {
	const view = make("span.window")
	const marks = make("span.marks")
	const bubble = make("span.under", { hidden: true }, make("small"), make("b"))
	const rail = make("div.rail", { "aria-hidden": "true" }, marks, view, bubble)
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
	scrollByRail(rail, bank, () => widths.whole, (share) => nameStrip(bubble, bank, share))
	return rail
}

let unwatch = []

function drawMarks(page, bank, marks) {
	for (const stop of unwatch) stop()
	const strips = [...bank.querySelectorAll("rm-strip")].map(({ strip }) => strip)
	marks.replaceChildren(...strips.map(() => make("i")))
	unwatch = strips.map((strip, index) => wear(page, strip, marks.children[index]))
}

/** Says which strip lies at a share of the bank, 0–1, above that place of the rail; null takes the words away. */
function nameStrip(bubble, bank, share) {
	bubble.hidden = share === null
	if (share === null) return
	const strip = bank.children[Math.min(bank.childElementCount - 1, Math.floor(share * bank.childElementCount))]
	const [place, name] = bubble.children
	;[place.textContent, name.textContent] = [strip.kindWords, strip.page.nameOf(strip.dataset.strip)]
	bubble.style.setProperty("--at", share)
}

/** A finger on the rail brings that place of the bank to the middle; `told` follows that place, and null once the finger is gone. */
function scrollByRail(rail, bank, whole, told) {
	let box = null
	const go = ({ clientX }) => {
		const at = Math.max(0, Math.min(1, (clientX - box.left) / box.width))
		told(at)
		bank.scrollTo({ left: at * whole() - bank.clientWidth / 2, behavior: "instant" })
	}
	rail.addEventListener("pointerdown", (event) => {
		box = rail.getBoundingClientRect()
		rail.setPointerCapture(event.pointerId)
		go(event)
	})
	rail.addEventListener("pointermove", (event) => rail.hasPointerCapture(event.pointerId) && go(event))
	rail.addEventListener("lostpointercapture", () => told(null))
}
