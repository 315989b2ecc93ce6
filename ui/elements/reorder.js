/** Rows of a list brought to another place: by a finger on a row's handle, or by the arrow keys there. */
import { mark } from "./element.js"

const EDGE_PX = 56
const SCROLL_PX = 9

/**
 * The rows of `list` follow the handles that match `grip`; `moved()` is called when a row has come to another place. The dragged
 * row stays the same part of the page while the others step aside, so the finger never loses it.
 */
export function reorderRows(list, grip, moved) {
	let drag = null
	const follow = () => {
		const { row, y } = drag
		const over = [...list.children].find((other) => other !== row && holds(other, row, y))
		if (!over) return
		stepAside(row, over)
		drag.changed = true
	}
	const scroll = () => {
		if (!drag) return
		const { top, bottom } = list.closest(".body").getBoundingClientRect()
		const way = drag.y < top + EDGE_PX ? -1 : drag.y > bottom - EDGE_PX ? 1 : 0
		if (way && drag.moves) {
			list.closest(".body").scrollBy(0, way * SCROLL_PX)
			follow()
		}
		requestAnimationFrame(scroll)
	}
	const drop = ({ pointerId }) => {
		if (drag?.id !== pointerId) return
		mark(drag.row, "data-dragged", null)
		const { changed } = drag
		drag = null
		if (changed) moved()
	}
	list.addEventListener("pointerdown", (event) => {
		const handle = event.target.closest?.(grip)
		if (!handle || drag || event.button !== 0) return
		list.setPointerCapture(event.pointerId)
		drag = { row: handle.closest("li"), id: event.pointerId, y: event.clientY, moves: false, changed: false }
		mark(drag.row, "data-dragged", true)
		requestAnimationFrame(scroll)
	})
	list.addEventListener("pointermove", ({ pointerId, clientY }) => {
		if (drag?.id !== pointerId) return
		Object.assign(drag, { y: clientY, moves: true })
		follow()
	})
	for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) list.addEventListener(type, drop)
	list.addEventListener("keydown", (event) => {
		const row = event.target.closest?.(grip)?.closest("li")
		const over = event.key === "ArrowUp" ? row?.previousElementSibling : event.key === "ArrowDown" ? row?.nextElementSibling : null
		if (!over) return
		event.preventDefault()
		event.stopPropagation()
		stepAside(row, over)
		moved()
	})
}

/** Whether a finger at `y` has brought a row past the middle of another one. */
function holds(other, row, y) {
	const { top, height } = other.getBoundingClientRect()
	const isBelow = Boolean(row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING)
	return isBelow ? y > top + height / 2 : y < top + height / 2
}

/** All rows between step aside with the one that a row comes to; the row itself stays. */
function stepAside(row, over) {
	const isBelow = Boolean(row.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING)
	while (isBelow ? row.nextElementSibling : row.previousElementSibling) {
		const next = isBelow ? row.nextElementSibling : row.previousElementSibling
		if (isBelow) row.before(next)
		else row.after(next)
		if (next === over) return
	}
}
