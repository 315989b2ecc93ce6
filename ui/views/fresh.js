/** A part of a panel that stands on one console's layout, and is drawn anew when that changes. */

/** `draw(console, until)` → elements. Never redrawn while somebody types in it; the key that was in focus is so again. */
export function fresh(page, name, body, until, draw) {
	const stops = []
	let drawn = null
	const stop = () => stops.splice(0).forEach((one) => one())
	const redraw = () => {
		const now = page.consoles.find(name)
		if (now === drawn || body.querySelector("input:focus")) return
		drawn = now
		stop()
		const label = body.contains(document.activeElement) && document.activeElement.getAttribute("aria-label")
		body.replaceChildren(...draw(now, (one) => stops.push(one)).filter(Boolean))
		if (label) body.querySelector(`[aria-label="${CSS.escape(label)}"]`)?.focus()
	}
	body.addEventListener("focusout", () => requestAnimationFrame(redraw))
	until(page.consoles.list.watch(redraw))
	until(stop)
	return body
}
