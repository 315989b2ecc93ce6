/** A row of strips that a finger has scrolled rolls on to a whole strip. */
import { rolledTo } from "../desk/fling.js"
import { whenStill } from "./fingers.js"

const HALTS = ["pointerdown", "wheel"]
/** The newest roll of each row. */
const newest = new WeakMap()

/** Rolls a row on by about so many px. The next finger on the page stops it; once no finger is down it comes to a whole strip. */
export function rollOn(row, px) {
	if (matchMedia("(prefers-reduced-motion: reduce)").matches) return
	const [from, began] = [row.scrollLeft, performance.now()]
	const goal = wholeStrip(row, from + px)
	let frame = null
	const leave = () => {
		cancelAnimationFrame(frame)
		for (const type of HALTS) removeEventListener(type, halt, true)
	}
	const halt = () => {
		leave()
		whenStill(() => newest.get(row) === step && rollOn(row, 0))
	}
	const step = (now) => {
		const at = rolledTo(from, goal, now - began)
		row.scrollTo({ left: at, behavior: "instant" })
		if (at !== goal) return (frame = requestAnimationFrame(step))
		leave()
		row.classList.remove("rolling")
	}
	newest.set(row, step)
	row.classList.add("rolling")
	for (const type of HALTS) addEventListener(type, halt, { capture: true, passive: true })
	frame = requestAnimationFrame(step)
}

/** Where a strip begins at the row's edge, nearest to a place. All strips are as wide as the last one: the first of a musician's row may stay at the edge. */
function wholeStrip(row, at) {
	const { width } = row.lastElementChild.getBoundingClientRect()
	return Math.max(0, Math.min(row.scrollWidth - row.clientWidth, Math.round(at / width) * width))
}
