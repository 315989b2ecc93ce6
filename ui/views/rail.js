/**
 * The rail below the bank: every strip as a mark in its colour, a window that shows which are in sight, and under a finger a name.
 * At its ends, but not on a phone held upright, a key for the next strips and one for those before: as many as are in sight.
 */
import { make, wear } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { shapeOfPage } from "./shape.js"

export function buildRail(page, bank) {
	const view = make("span.window")
	const marks = make("span.marks")
	const bubble = make("span.under", { hidden: true }, make("small"), make("b"))
	const rail = make("div.rail", { "aria-hidden": "true" }, marks, view, bubble)
	let widths = { bank: 1, whole: 1 }
	const keys = [bankKey(bank, -1, "back"), bankKey(bank, 1, "next")]
	const draw = () => {
		;[keys[0].disabled, keys[1].disabled] = [bank.scrollLeft < 1, bank.scrollLeft + widths.bank > widths.whole - 1]
		view.style.setProperty("--start", bank.scrollLeft / widths.whole)
		view.style.setProperty("--share", Math.min(1, widths.bank / widths.whole))
	}
	const size = () => {
		widths = { bank: bank.clientWidth || 1, whole: bank.scrollWidth || 1 }
		// Upright, keys stand beside it: they keep their place until the strips are here.
		rail.hidden = bank.childElementCount === 0 ? shapeOfPage() !== "upright" : widths.whole <= widths.bank + 1
		for (const key of keys) key.hidden = widths.whole <= widths.bank + 1
		draw()
	}
	bank.addEventListener("scroll", draw, { passive: true })
	bank.addEventListener("fitted", size)
	bank.addEventListener("filled", () => {
		drawMarks(page, bank, marks)
		size()
	})
	scrollByRail(rail, bank, () => widths.whole, (share) => nameStrip(bubble, bank, share))
	return [keys[0], rail, keys[1]]
}

/** Banks begin at whole numbers of what is in sight: with 8, the second is that of strip 9. */
function bankKey(bank, way, symbol) {
	const press = () => {
		const across = Number(bank.style.getPropertyValue("--across"))
		const each = bank.scrollWidth / bank.childElementCount
		const at = Math.round(bank.scrollLeft / each) / across
		bank.scrollTo({ left: (way > 0 ? Math.floor(at) + 1 : Math.ceil(at) - 1) * across * each, behavior: "instant" })
	}
	return make("button.bank-key", { press, "aria-label": way > 0 ? "Next strips" : "Strips before", hidden: true }, icon(symbol))
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
