/** A finger that pulls the header down opens the search, as "/" does at a keyboard. */
const PULL_PX = 56

export function watchPull({ view }, header) {
	let from = null
	header.addEventListener("pointerdown", ({ pointerType, isPrimary, clientX: x, clientY: y }) => (from = pointerType === "touch" && isPrimary ? { x, y } : null))
	header.addEventListener("pointermove", ({ isPrimary, clientX, clientY }) => {
		if (!from || !isPrimary || clientY - from.y < Math.max(PULL_PX, 2 * Math.abs(clientX - from.x))) return
		from = null
		view.panel.set({ name: "help", find: true })
	})
	for (const type of ["pointerup", "pointercancel"]) header.addEventListener(type, () => (from = null))
	return header
}
