/** Steps back and forth in a history. */
/** What an undo and a redo would find among moves, which are all there are or the newest of them. */
export function stepsIn(moves) {
	const own = moves.filter(({ mine }) => mine)
	const fresh = own.filter(({ cause }) => !["undo", "redo"].includes(cause))
	const last = Math.max(0, ...fresh.map(({ id }) => id))
	const redo = own.some(({ id, cause, of }) => cause === "undo" && id > last && fresh.some((move) => move.undone && of.includes(move.id)))
	return { undo: fresh.some(({ undone }) => !undone), redo }
}
